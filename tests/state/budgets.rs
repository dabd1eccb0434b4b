//! Budgets hold, exactly, whatever the number of threads.

use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clayf::table::state::{
    CellState, ChargeFilter, ChargeState, Reservation, Reserved, RowId, RunId, Scope, Settlement, SpentIn,
    StateError, Store,
};

use crate::support::{cell, credits, fresh, granted, limit, reservation, with_rows};

const STEPS: [&str; 2] = ["company", "email"];
const RUN: u64 = 30_000;
const STEP: u64 = 20_000;
const ROW: u64 = 4_000;
const MONTH: u64 = 28_000;

/// What each step and row came to cost by the settlements that were made.
type Paid = HashMap<(&'static str, RowId), u64>;

#[test]
fn no_budget_is_overshot_by_64_threads() {
    let (store, run, rows) = with_rows(&fresh("budgets"), 16);
    let (store, rows, ended) = (&store, &rows, &AtomicBool::new(false));
    let paid = std::thread::scope(|scope| {
        let watcher = scope.spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                assert_within(store, run, rows);
            }
        });
        let buyers: Vec<_> = (0..64).map(|seed| scope.spawn(move || buy(store, run, rows, seed))).collect();
        let mut paid = Paid::new();
        for one in buyers.into_iter().flat_map(|buyer| buyer.join().expect("a buyer")) {
            *paid.entry(one.0).or_default() += one.1;
        }
        ended.store(true, Ordering::Relaxed);
        watcher.join().expect("the watcher");
        paid
    });
    assert_within(store, run, rows);
    let total: u64 = paid.values().sum();
    assert!(total > 20_000, "only {total} were spent, so the budgets were not tried");
    assert_eq!(store.spent(SpentIn::Run(run)), Ok(credits(total)));
    for step in STEPS {
        let of_step = paid.iter().filter(|((of, _), _)| *of == step).map(|(_, spent)| spent).sum();
        assert_eq!(store.spent(SpentIn::Step(run, step)), Ok(credits(of_step)));
    }
    for row in rows {
        let of_row = paid.iter().filter(|((_, of), _)| of == row).map(|(_, spent)| spent).sum();
        assert_eq!(store.spent(SpentIn::Row(*row)), Ok(credits(of_row)));
    }
}

/// Buys at random, and gives what each settlement came to.
fn buy(store: &Store, run: RunId, rows: &[RowId], seed: u64) -> Paid {
    let mut random = fastrand::Rng::with_seed(seed);
    let limits = [
        limit(Scope::Run, RUN),
        limit(Scope::Step, STEP),
        limit(Scope::Row, ROW),
        limit(Scope::Month, MONTH),
    ];
    let mut paid = Paid::new();
    for _ in 0..25 {
        let (row, step) = (rows[random.usize(..rows.len())], STEPS[random.usize(..2)]);
        let amount = random.u64(1..80);
        let wanted = Reservation { step, limits: &limits, ..reservation(run, row, amount) };
        let Reserved::Granted(charge) = store.reserve(&wanted).expect("an answer") else { continue };
        let (settlement, cost) = match random.u8(..4) {
            0 => (Settlement::Released, 0),
            1 => (Settlement::Unknown, amount),
            2 => (Settlement::Charged(credits(amount + 7)), amount),
            _ => (Settlement::Charged(credits(amount / 2)), amount / 2),
        };
        store.settle(charge, settlement, cell(row, CellState::Success));
        *paid.entry((step, row)).or_default() += cost;
    }
    paid
}

fn assert_within(store: &Store, run: RunId, rows: &[RowId]) {
    let spent = |within| store.spent(within).expect("a sum");
    assert!(spent(SpentIn::Run(run)) <= credits(RUN));
    assert!(spent(SpentIn::Month(crate::support::MONTH)) <= credits(MONTH));
    assert!(STEPS.iter().all(|step| spent(SpentIn::Step(run, step)) <= credits(STEP)));
    assert!(spent(SpentIn::Row(rows[0])) <= credits(ROW));
}

#[test]
fn each_scope_counts_what_is_its_own() {
    use Scope::{Month, Row, Run, Step, StepMonth};
    let (store, run, rows) = with_rows(&fresh("scopes"), 2);
    granted(store.reserve(&reservation(run, rows[0], 600)).expect("an answer"));
    let limits_that_refuse = |wanted: &Reservation<'_>| {
        let scopes = [Scope::Run, Scope::Step, Scope::Row, Scope::Month, Scope::StepMonth];
        let refuses = |scope: &Scope| {
            let limits = [limit(*scope, 1000)];
            match store.reserve(&Reservation { limits: &limits, ..*wanted }).expect("an answer") {
                Reserved::Refused(limit) => limit == limits[0],
                // Given back, so that each scope meets the same sums.
                Reserved::Granted(charge) => {
                    store.settle_only(charge, Settlement::Released, crate::support::AT);
                    false
                }
            }
        };
        scopes.into_iter().filter(refuses).collect::<Vec<Scope>>()
    };
    let other_row = reservation(run, rows[1], 500);
    assert_eq!(limits_that_refuse(&reservation(run, rows[0], 500)), [Run, Step, Row, Month, StepMonth]);
    assert_eq!(limits_that_refuse(&other_row), [Run, Step, Month, StepMonth]);
    assert_eq!(limits_that_refuse(&Reservation { step: "company", ..other_row }), [Run, Month]);
    assert_eq!(limits_that_refuse(&Reservation { month: "2026-12", ..other_row }), [Run, Step]);
    store.finish_run(run, crate::support::AT).expect("finished");
    let next = store.begin_run(crate::support::AT).expect("a run").id;
    assert_eq!(limits_that_refuse(&reservation(next, rows[0], 500)), [Row, Month, StepMonth]);
    assert_eq!(limits_that_refuse(&reservation(next, rows[0], 0)), [], "what is free breaks no budget");
}

#[test]
fn a_settlement_beyond_the_reservation_is_cut_and_one_too_many_changes_nothing() {
    let (store, run, rows) = with_rows(&fresh("overcharged"), 1);
    let charge = granted(store.reserve(&reservation(run, rows[0], 500)).expect("an answer"));
    store.settle(charge, Settlement::Charged(credits(900)), cell(rows[0], CellState::Success));
    store.settle(charge, Settlement::Released, cell(rows[0], CellState::Success));
    let found =
        &store.charges(ChargeFilter { row: Some(rows[0]), ..ChargeFilter::default() }).expect("charges")[0];
    assert_eq!(
        (found.state, found.spent, found.reserved),
        (ChargeState::Charged, credits(500), credits(500))
    );
    let history = store.history(rows[0], Some("email")).expect("a history");
    assert_eq!(
        history.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(),
        ["overcharged", "settled twice"]
    );
    assert_eq!(
        history[0].detail,
        format!(r#"{{"charge":{},"reserved":0.5,"charged":0.9}}"#, charge.number())
    );
}

#[test]
fn an_unknown_charge_can_still_be_settled() {
    let (store, run, rows) = with_rows(&fresh("unknown"), 1);
    let charge = granted(store.reserve(&reservation(run, rows[0], 500)).expect("an answer"));
    store.settle_only(charge, Settlement::Unknown, crate::support::AT);
    let unknown = ChargeFilter { unknown_only: true, ..ChargeFilter::default() };
    assert_eq!(store.charges(unknown).expect("charges").len(), 1);
    assert_eq!(store.spent(SpentIn::Run(run)), Ok(credits(500)));
    store.settle_only(charge, Settlement::Charged(credits(200)), crate::support::AT);
    assert_eq!(store.charges(unknown), Ok(vec![]));
    assert_eq!(store.spent(SpentIn::Month(crate::support::MONTH)), Ok(credits(200)));
}

#[test]
fn amounts_that_can_not_be_summed_are_refused() {
    let (store, run, rows) = with_rows(&fresh("too-much"), 1);
    let refused = store.reserve(&reservation(run, rows[0], u64::MAX));
    assert!(matches!(refused, Err(StateError::TooMuch { .. })), "{refused:?}");
    assert_eq!(store.flush(), Ok(()));
}

#[test]
#[ignore = "a measurement: cargo test --release --test state -- --ignored --nocapture pairs_per_second"]
fn pairs_per_second() {
    let (store, run, rows) = with_rows(&fresh("pairs"), 64);
    let (store, began) = (&store, Instant::now());
    std::thread::scope(|scope| {
        for row in rows {
            scope.spawn(move || {
                for _ in 0..300 {
                    let limits = [limit(Scope::Run, u64::MAX), limit(Scope::Row, u64::MAX)];
                    let wanted = Reservation { limits: &limits, ..reservation(run, row, 10) };
                    let charge = granted(store.reserve(&wanted).expect("an answer"));
                    store.settle(charge, Settlement::Charged(credits(5)), cell(row, CellState::Success));
                }
            });
        }
    });
    store.flush().expect("durable");
    let rate = 64.0 * 300.0 / began.elapsed().as_secs_f64();
    writeln!(std::io::stderr(), "{rate:.0} pairs a second").expect("stderr");
}
