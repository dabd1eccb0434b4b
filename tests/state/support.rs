//! What the tests of the state share: files, rows, reservations, and children to be killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clayf::table::credits::Credits;
use clayf::table::state::{
    CellState, CellUpdate, ChargeId, Limit, NewRow, Reservation, Reserved, RowId, RunId, Scope, Store,
};

pub(crate) const AT: &str = "2026-11-25T10:00:00Z";
pub(crate) const MONTH: &str = "2026-11";

/// A path for a state file in a new, empty folder.
pub(crate) fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("state").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder.join("table.state")
}

pub(crate) fn credits(thousandths: u64) -> Credits {
    Credits::thousandths(thousandths)
}

/// A store with a run of this many rows.
pub(crate) fn with_rows(path: &Path, count: u64) -> (Store, RunId, Vec<RowId>) {
    let store = Store::open(path).expect("a store");
    let run = store.begin_run(AT).expect("a run").id;
    let rows = store.add_rows(run, &new_rows(count)).expect("rows");
    (store, run, rows)
}

pub(crate) fn new_rows(count: u64) -> Vec<NewRow> {
    (1..=count).map(new_row).collect()
}

pub(crate) fn new_row(position: u64) -> NewRow {
    NewRow { position, key: format!("row {position}"), source: format!(r#"{{"n":{position}}}"#) }
}

/// A reservation without limits, to be changed where a test needs it.
pub(crate) fn reservation(run: RunId, row: RowId, amount: u64) -> Reservation<'static> {
    Reservation {
        run,
        row,
        step: "email",
        provider: "hunter",
        lookup: "find",
        epoch: 1,
        attempt: 1,
        credits: credits(amount),
        at: AT,
        month: MONTH,
        limits: &[],
    }
}

pub(crate) fn limit(scope: Scope, most: u64) -> Limit {
    Limit { scope, most: credits(most) }
}

pub(crate) fn granted(reserved: Reserved) -> ChargeId {
    match reserved {
        Reserved::Granted(charge) => charge,
        Reserved::Refused(limit) => panic!("refused by {limit:?}"),
    }
}

pub(crate) fn cell(row: RowId, state: CellState) -> CellUpdate {
    CellUpdate::new(row, "email", state, AT.to_owned())
}

/// A process of this test binary that runs one ignored test on the file, in a shell that first does `before`.
pub(crate) fn child(test: &str, path: &Path, before: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{before} exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().expect("this binary"))
        .args([test, "--exact", "--ignored", "--nocapture", "--test-threads=1"])
        .env("STATE_OF_CHILD", path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// The file that a child is to work on; none where nobody's child is asked.
pub(crate) fn file_of_child() -> Option<PathBuf> {
    std::env::var_os("STATE_OF_CHILD").map(PathBuf::from)
}
