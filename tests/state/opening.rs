//! Opening: what is no state file, or may not be used, is refused clearly and left as it is.

use std::fs;
use std::path::Path;

use clayf::table::state::{RowStatus, StateError, Store};

use crate::support::{AT, child, file_of_child, fresh, with_rows};

fn refusal(path: &Path) -> StateError {
    Store::open(path).expect_err("a refusal")
}

#[test]
fn files_of_others_are_refused_and_left_alone() {
    let path = fresh("foreign");
    let shown = path.display().to_string();
    for bytes in ["domain\nacme.com\n".repeat(200), "x".to_owned()] {
        fs::write(&path, &bytes).expect("written");
        assert_eq!(refusal(&path), StateError::Foreign { path: shown.clone() });
        assert_eq!(fs::read_to_string(&path).expect("text"), bytes);
    }
    fs::remove_file(&path).expect("removed");
    let other = rusqlite::Connection::open(&path).expect("a database");
    other.execute_batch("CREATE TABLE notes (text TEXT)").expect("a table");
    assert_eq!(refusal(&path), StateError::Foreign { path: shown });
    let beside: Vec<_> = fs::read_dir(path.parent().expect("a folder")).expect("a folder").collect();
    assert_eq!(beside.len(), 1, "nothing is written beside it: {beside:?}");
}

#[test]
fn what_can_be_no_state_file_is_refused() {
    let path = fresh("unfit");
    let shown = path.display().to_string();
    assert_eq!(Store::open_to_read(&path).expect_err("missing"), StateError::Missing { path: shown.clone() });
    fs::write(&path, "").expect("written");
    assert_eq!(refusal(&path), StateError::Empty { path: shown.clone() });
    fs::remove_file(&path).expect("removed");
    fs::create_dir(&path).expect("a folder");
    assert_eq!(refusal(&path), StateError::Folder { path: shown });
    let inside = path.join("none/table.state");
    assert_eq!(refusal(&inside), StateError::NoFolder { path: inside.display().to_string() });
}

#[test]
fn a_newer_format_is_refused() {
    let path = fresh("newer");
    drop(Store::open(&path).expect("a store"));
    let db = rusqlite::Connection::open(&path).expect("a database");
    db.execute_batch("PRAGMA user_version = 7").expect("a newer format");
    drop(db);
    let error = refusal(&path);
    assert!(matches!(error, StateError::Newer { found: 7, known: 2, .. }), "{error:?}");
    let message = format!(
        "the state file `{}` has format 7, and this clayf knows formats up to 2; use a newer clayf",
        path.display()
    );
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_format_from_before_is_told_as_such() {
    let path = fresh("older");
    drop(Store::open(&path).expect("a store"));
    let db = rusqlite::Connection::open(&path).expect("a database");
    db.execute_batch("PRAGMA user_version = 1").expect("an older format");
    drop(db);
    assert!(matches!(refusal(&path), StateError::Older { found: 1, .. }));
}

#[test]
fn a_read_only_file_can_be_read() {
    let path = fresh("read-only");
    drop(Store::open(&path).expect("a store"));
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("read-only");
    assert!(matches!(refusal(&path), StateError::ReadOnly { .. }));
    Store::open_to_read(&path).expect("a store to read");
}

#[test]
fn changes_left_of_a_file_that_is_gone_are_not_played_into_a_new_one() {
    let path = fresh("orphaned");
    let mut left = path.clone().into_os_string();
    left.push("-wal");
    fs::write(left, "changes").expect("written");
    assert!(matches!(refusal(&path), StateError::Orphaned { .. }));
}

#[test]
fn a_process_killed_while_it_created_the_file_leaves_nothing_in_the_way() {
    let path = fresh("unfinished");
    let mut left = path.clone().into_os_string();
    left.push(".new");
    fs::write(left, "half").expect("written");
    drop(Store::open(&path).expect("a store"));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let path = fresh("private");
    let (store, ..) = with_rows(&path, 1);
    store.flush().expect("durable");
    for entry in fs::read_dir(path.parent().expect("a folder")).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", entry.path().display());
    }
}

#[test]
fn a_reader_sees_a_run_that_is_under_way_and_writes_nothing() {
    let path = fresh("reader");
    let (store, run, rows) = with_rows(&path, 2);
    let reader = Store::open_to_read(&path).expect("a reader");
    assert_eq!(reader.counts(run).expect("counts").pending, 2);
    store.set_row_status(run, rows[0], RowStatus::Done);
    store.flush().expect("durable");
    assert_eq!(reader.counts(run).expect("counts").done, 1);
    let shown = path.display().to_string();
    assert_eq!(reader.begin_run(AT), Err(StateError::OpenedToRead { path: shown.clone() }));
    reader.set_row_status(run, rows[1], RowStatus::Done);
    assert_eq!(reader.flush(), Err(StateError::OpenedToRead { path: shown }));
    assert_eq!(store.counts(run).expect("counts").done, 1);
}

#[cfg(unix)]
#[test]
fn a_second_process_is_refused() {
    let path = fresh("second");
    let store = Store::open(&path).expect("a store");
    assert!(matches!(refusal(&path), StateError::InUse { .. }));
    let said = || {
        let output = child("opening::open_in_child", &path, "").output().expect("a child");
        String::from_utf8(output.stdout).expect("text")
    };
    assert!(said().contains("another run is using the state file"), "{}", said());
    drop(store);
    assert!(said().contains("opened"), "{}", said());
}

#[cfg(unix)]
#[test]
fn a_file_reached_by_a_link_has_one_lock() {
    let path = fresh("linked");
    let link = path.with_file_name("link");
    let store = Store::open(&path).expect("a store");
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    assert_eq!(refusal(&link), StateError::InUse { path: link.display().to_string() });
    drop(store);
    Store::open(&link).expect("a store");
}

#[test]
#[ignore = "what a child of another test does"]
fn open_in_child() {
    use std::io::Write;
    let Some(path) = file_of_child() else { return };
    let said = Store::open(&path).map_or_else(|error| error.to_string(), |_| "opened".to_owned());
    writeln!(std::io::stdout(), "{said}").expect("stdout");
}
