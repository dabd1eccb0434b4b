//! Killed at any moment, or out of disk: what was answered is there, and the sums agree.
#![cfg(unix)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Child;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clayf::table::state::{
    CellState, CellUpdate, Charge, ChargeFilter, ChargeId, ChargeState, Reservation, Reserved, RowId, RunId,
    Scope, Settlement, SpentIn, Store,
};

use crate::support::{
    MONTH, cell, child, credits, file_of_child, fresh, granted, limit, reservation, with_rows,
};

const WORKERS: u64 = 8;
const BUDGET: u64 = 40_000_000;

/// What a child said that it had been answered.
#[derive(Default)]
struct Said {
    /// Charge and amount of each reservation.
    reserved: Vec<(i64, u64)>,
    /// Charge, state and amount of each settlement that was flushed.
    settled: Vec<(i64, String, u64)>,
    /// The last round that each row's cell was flushed with.
    rounds: HashMap<i64, u64>,
    /// The errors it met.
    errors: Vec<String>,
}

#[test]
fn nothing_answered_is_lost_by_a_kill() {
    kill_again_and_again("kills", 10);
}

#[test]
#[ignore = "200 kills take a minute"]
fn nothing_answered_is_lost_by_200_kills() {
    kill_again_and_again("kills-200", 200);
}

fn kill_again_and_again(name: &str, times: u64) {
    let path = fresh(name);
    let mut reserved = 0;
    for seed in 0..times {
        let mut child =
            child("kills::work_in_child", &path, "").env("SEED", seed.to_string()).spawn().expect("a child");
        let wait = Duration::from_micros(fastrand::Rng::with_seed(seed).u64(20_000..160_000));
        let said = std::thread::scope(|scope| {
            let listener = scope.spawn({
                let output = child.stdout.take().expect("its output");
                move || listen(BufReader::new(output))
            });
            std::thread::sleep(wait);
            kill(&mut child);
            listener.join().expect("what it said")
        });
        reserved += said.reserved.len();
        assert_eq!(said.errors, [""; 0]);
        check(&path, &said);
    }
    assert!(reserved > 20, "only {reserved} reservations were made, so the kills came too early");
}

fn kill(child: &mut Child) {
    child.kill().expect("killed");
    child.wait().expect("ended");
}

/// Reads what a child says, up to the last whole line.
fn listen(mut output: impl BufRead) -> Said {
    let mut said = Said::default();
    let mut line = String::new();
    while output.read_line(&mut line).expect("a line") > 0 {
        if line.ends_with('\n') {
            said.hear(line.trim_end());
        }
        line.clear();
    }
    said
}

impl Said {
    fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |word: &str| word.parse::<u64>().expect("a number");
        let id = |word: &str| word.parse::<i64>().expect("an id");
        match words[..] {
            ["@reserved", charge, amount] => self.reserved.push((id(charge), number(amount))),
            ["@settled", charge, state, amount, row, round] => {
                self.settled.push((id(charge), state.to_owned(), number(amount)));
                self.rounds.insert(id(row), number(round));
            }
            ["@error", ..] => self.errors.push(line["@error ".len()..].to_owned()),
            // The test harness of the child says more.
            _ => {}
        }
    }
}

/// Opens the file as the next run would, and holds it to what the child said.
fn check(path: &Path, said: &Said) {
    if !path.exists() {
        assert!(said.reserved.is_empty());
        return;
    }
    let reader = Store::open_to_read(path).expect("a reader, before anything is put in order");
    assert!(reader.charges(ChargeFilter::default()).expect("charges").len() >= said.reserved.len());
    drop(reader);
    let store = Store::open(path).expect("a store");
    let charges: Vec<Charge> = store.charges(ChargeFilter::default()).expect("charges");
    let by_id: HashMap<i64, &Charge> = charges.iter().map(|charge| (charge.id.number(), charge)).collect();
    for (charge, amount) in &said.reserved {
        let found = by_id.get(charge).unwrap_or_else(|| panic!("charge {charge} is lost"));
        assert_eq!(found.reserved, credits(*amount));
    }
    for (charge, state, amount) in &said.settled {
        let found = by_id.get(charge).expect("a settled charge");
        assert_eq!((found.state.word(), found.spent), (state.as_str(), credits(*amount)));
    }
    for charge in &charges {
        let is_whole = match charge.state {
            ChargeState::Reserved => false,
            ChargeState::Unknown => charge.spent == charge.reserved,
            ChargeState::Charged | ChargeState::Released => charge.spent <= charge.reserved,
        };
        assert!(is_whole, "{charge:?}");
    }
    if let Some(run) = store.last_run().expect("a run") {
        check_sums(&store, run, &charges);
        check_cells(&store, run, said);
    }
    drop(store);
    let db = rusqlite::Connection::open(path).expect("a database");
    let health: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(health, "ok");
}

fn check_sums(store: &Store, run: RunId, charges: &[Charge]) {
    let total = charges.iter().map(|charge| charge.spent).sum();
    assert_eq!(store.spent(SpentIn::Run(run)), Ok(total));
    assert_eq!(store.spent(SpentIn::Step(run, "email")), Ok(total));
    assert_eq!(store.spent(SpentIn::Month(MONTH)), Ok(total));
    assert!(total <= credits(BUDGET));
}

fn check_cells(store: &Store, run: RunId, said: &Said) {
    for row in store.rows(run, 0, usize::MAX).expect("rows") {
        let Some(round) = said.rounds.get(&row.row.number()) else { continue };
        let stored = store.load_row(row.row).expect("a row");
        let found: u64 = stored.cell("email").expect("a cell").progress.parse().expect("a round");
        assert!(found >= *round, "the cell of row {} went back to {found}", row.row.number());
    }
}

#[test]
#[ignore = "what a child of another test does"]
fn work_in_child() {
    let Some(path) = file_of_child() else { return };
    let seed = std::env::var("SEED").expect("a seed").parse::<u64>().expect("a number");
    let (store, run, rows) = with_rows(&path, WORKERS);
    let rounds = AtomicU64::new(seed << 32);
    std::thread::scope(|scope| {
        for (worker, row) in (0..).zip(rows) {
            let (store, rounds) = (&store, &rounds);
            scope.spawn(move || work(store, run, row, rounds, seed * WORKERS + worker));
        }
    });
}

/// Reserves and settles until it is killed or meets an error.
fn work(store: &Store, run: RunId, row: RowId, rounds: &AtomicU64, seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let limits = [limit(Scope::Run, BUDGET)];
    loop {
        let amount = random.u64(1..2000);
        let wanted = Reservation { limits: &limits, ..reservation(run, row, amount) };
        let charge = match store.reserve(&wanted) {
            Ok(Reserved::Granted(charge)) => charge,
            Ok(Reserved::Refused(_)) => return,
            Err(error) => return tell(&format!("@error {error}")),
        };
        tell(&format!("@reserved {} {amount}", charge.number()));
        let round = rounds.fetch_add(1, Ordering::Relaxed);
        let (state, spent) = settle_at_random(store, charge, amount, row, round, &mut random);
        if random.bool() && store.flush().is_ok() {
            tell(&format!("@settled {} {state} {spent} {} {round}", charge.number(), row.number()));
        }
    }
}

fn settle_at_random(
    store: &Store,
    charge: ChargeId,
    amount: u64,
    row: RowId,
    round: u64,
    random: &mut fastrand::Rng,
) -> (&'static str, u64) {
    let (settlement, state, spent) = match random.u8(..3) {
        0 => (Settlement::Charged(credits(amount / 2)), "charged", amount / 2),
        1 => (Settlement::Released, "released", 0),
        _ => (Settlement::Unknown, "unknown", amount),
    };
    let progress = round.to_string();
    store.settle(charge, settlement, CellUpdate { progress, ..cell(row, CellState::Running) });
    (state, spent)
}

/// Says a line whole, whatever other threads say.
fn tell(line: &str) {
    std::io::stdout().lock().write_all(format!("{line}\n").as_bytes()).expect("stdout");
}

#[test]
fn a_full_disk_stops_with_a_clear_error_and_loses_nothing() {
    let path = fresh("full");
    let (store, run, rows) = with_rows(&path, WORKERS);
    let before = granted(store.reserve(&reservation(run, rows[0], 700)).expect("an answer"));
    drop(store);
    // No file may grow beyond 3 or 6 MB, by the shell; the signal that says so is ignored, so that writing fails.
    let output =
        child("kills::work_in_child", &path, "trap '' XFSZ; ulimit -f 6000;").env("SEED", "1").output();
    let mut said = listen(BufReader::new(&output.expect("a child").stdout[..]));
    assert_eq!(said.errors.len() as u64, WORKERS, "every thread meets the error: {:?}", said.errors);
    for error in &said.errors {
        assert!(error.contains("can't be written"), "{error}");
        assert!(error.contains("what was stored before is safe"), "{error}");
    }
    said.reserved.push((before.number(), 700));
    assert!(said.reserved.len() > 50, "the file grew for a while");
    check(&path, &said);
}
