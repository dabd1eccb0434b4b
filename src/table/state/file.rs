//! The state file on disk: recognised, locked, created and connected to.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::{StateError, opening};
use super::schema::{APPLICATION_ID, FORMAT, TABLES};

/// How long a statement waits for a lock that another program holds on the file for a moment.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often a lock that is held is tried, and how long is waited each time.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Held by the one process that may write.
///
/// It is a lock of the operating system on a file of its own beside the state file: the system lets go of it however
/// the process ends, SIGKILL included, so none is ever left behind; and since it is not on the state file itself, it
/// neither keeps readers out nor mixes with the locks of the database. The lock file stays, as deleting it would race.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Makes sure that there is a state file at `path`, that it is ours and fit to be written, and takes its lock.
pub(super) fn prepare(path: &Path) -> Result<Lock, StateError> {
    // A file of another program is left alone, without even a lock beside it.
    if refuse_unfit(path, true)? {
        connect_to_read(path)?;
    }
    let lock = take_lock(path)?;
    if !refuse_unfit(path, true)? {
        create(path)?;
    }
    Ok(lock)
}

/// A connection that reads the file at `path`, which must be there and be ours.
pub(super) fn connect_to_read(path: &Path) -> Result<Connection, StateError> {
    if !refuse_unfit(path, false)? {
        return Err(StateError::Missing { path: path.display().to_string() });
    }
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    recognise(&db, path)?;
    Ok(db)
}

/// The connection that writes the file at `path`, which must be there and be ours.
pub(super) fn connect_to_write(path: &Path) -> Result<Connection, StateError> {
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    recognise(&db, path)?;
    // In WAL mode only FULL makes a commit durable before it returns.
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        .map_err(|problem| opening(path, &problem))?;
    Ok(db)
}

/// Whether the file is there; an error where what is there can't be a state file.
fn refuse_unfit(path: &Path, to_write: bool) -> Result<bool, StateError> {
    let shown = || path.display().to_string();
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(problem) if problem.kind() == ErrorKind::NotFound => return Ok(false),
        Err(problem) => return Err(opening(path, &problem)),
    };
    if found.is_dir() {
        return Err(StateError::Folder { path: shown() });
    }
    if !found.is_file() {
        return Err(StateError::Foreign { path: shown() });
    }
    if found.len() == 0 {
        return Err(StateError::Empty { path: shown() });
    }
    if to_write && found.permissions().readonly() {
        return Err(StateError::ReadOnly { path: shown() });
    }
    Ok(true)
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, StateError> {
    let connected = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let db = connected.map_err(|problem| opening(path, &problem))?;
    db.busy_timeout(PATIENCE).map_err(|problem| opening(path, &problem))?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}

/// Checks the marks in the header of the file.
fn recognise(db: &Connection, path: &Path) -> Result<(), StateError> {
    let shown = || path.display().to_string();
    let mark = |name: &str| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let marks = mark("application_id").and_then(|owner| Ok((owner, mark("user_version")?)));
    match marks {
        Ok((APPLICATION_ID, FORMAT)) => Ok(()),
        Ok((APPLICATION_ID, found)) if found > FORMAT => {
            Err(StateError::Newer { path: shown(), found, known: FORMAT })
        }
        Ok((APPLICATION_ID, found)) if found > 0 => Err(StateError::Older { path: shown(), found }),
        Ok(_) => Err(StateError::Foreign { path: shown() }),
        Err(problem) if problem.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(StateError::Foreign { path: shown() })
        }
        Err(problem) => Err(opening(path, &problem)),
    }
}

fn take_lock(path: &Path) -> Result<Lock, StateError> {
    // A file that is reached by a link has one lock all the same.
    let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let opened =
        private(OpenOptions::new().write(true).create(true).truncate(false)).open(beside(&file, ".lock"));
    let file = opened.map_err(|problem| match problem.kind() {
        ErrorKind::NotFound => StateError::NoFolder { path: path.display().to_string() },
        _ => opening(path, &problem),
    })?;
    // A process that starts another one shares its locks with it for a moment, so one that was let go may still seem
    // to be held.
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(problem)) => return Err(opening(path, &problem)),
        }
    }
    Err(StateError::InUse { path: path.display().to_string() })
}

/// Creates the file under another name and renames it when it is whole, so that a process killed meanwhile leaves
/// nothing that has to be told from a damaged file.
fn create(path: &Path) -> Result<(), StateError> {
    // The changes of a file that is gone would be played into the new one.
    if fs::metadata(beside(path, "-wal")).is_ok_and(|left| left.len() > 0) {
        return Err(StateError::Orphaned { path: path.display().to_string() });
    }
    let unfinished = beside(path, ".new");
    for left in [unfinished.clone(), beside(path, ".new-journal")] {
        match fs::remove_file(left) {
            Err(problem) if problem.kind() != ErrorKind::NotFound => return Err(opening(path, &problem)),
            _ => {}
        }
    }
    let created = private(OpenOptions::new().write(true).create_new(true)).open(&unfinished);
    created.map_err(|problem| opening(path, &problem))?;
    let db = connect(&unfinished, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let marks = format!("PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT};");
    db.execute_batch(&format!("BEGIN; {marks} {TABLES} COMMIT;"))
        .map_err(|problem| opening(path, &problem))?;
    drop(db);
    fs::rename(&unfinished, path).and_then(|()| sync_folder(path)).map_err(|problem| opening(path, &problem))
}

/// Makes the file's name durable, where a folder can be synced.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// The path with `ending` added to the file's name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Lets only its owner read a file that is created: it holds personal data.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
