//! The tables of a state file, and the marks it is recognised by.

/// Says in the file's header whose it is: "clyf".
pub(super) const APPLICATION_ID: i64 = 0x636c_7966;

/// The format that is written and read here.
pub(super) const FORMAT: i64 = 2;

/// Creates the tables of an empty file.
///
/// Amounts are thousandths of a credit; times are ISO 8601 in UTC. A charge counts with `spent`, which is what was
/// reserved until a settlement lowers it; `spent_by_run` and `spent_by_month` are its running totals, written in the
/// same transaction. `interrupted` holds the rows of a run that goes on until those that it goes on with are known. The conditions of the partial indexes are those of the queries that look for little among much.
pub(super) const TABLES: &str = "
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    table_file TEXT
) STRICT;

CREATE TABLE rows (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL
) STRICT;

CREATE TABLE run_rows (
    run INTEGER NOT NULL REFERENCES runs,
    position INTEGER NOT NULL,
    row INTEGER NOT NULL REFERENCES rows,
    status TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_rows_of_row ON run_rows (row, run);

CREATE TABLE interrupted (
    row INTEGER PRIMARY KEY REFERENCES rows
) STRICT;

CREATE TABLE rejected (
    run INTEGER NOT NULL REFERENCES runs,
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE cells (
    row INTEGER NOT NULL REFERENCES rows,
    step TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    state TEXT NOT NULL,
    outputs TEXT,
    provider TEXT,
    class TEXT,
    status TEXT,
    reason TEXT,
    progress TEXT NOT NULL,
    due TEXT,
    fetched_at TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (row, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX cells_to_look_for ON cells (state) WHERE state = 'queued' OR state = 'running' OR state = 'error';

CREATE TABLE charges (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs,
    row INTEGER NOT NULL REFERENCES rows,
    step TEXT NOT NULL,
    provider TEXT NOT NULL,
    lookup TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    month TEXT NOT NULL,
    reserved INTEGER NOT NULL CHECK (reserved >= 0),
    spent INTEGER NOT NULL CHECK (spent BETWEEN 0 AND reserved),
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    settled_at TEXT
) STRICT;
CREATE INDEX charges_of_row ON charges (row, step);
CREATE INDEX charges_without_outcome ON charges (state) WHERE state = 'reserved' OR state = 'unknown';

CREATE TABLE spent_by_run (
    run INTEGER NOT NULL REFERENCES runs,
    step TEXT NOT NULL,
    spent INTEGER NOT NULL CHECK (spent >= 0),
    PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE spent_by_month (
    month TEXT NOT NULL,
    step TEXT NOT NULL,
    spent INTEGER NOT NULL CHECK (spent >= 0),
    PRIMARY KEY (month, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    row INTEGER NOT NULL REFERENCES rows,
    step TEXT NOT NULL,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_row ON events (row, step);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    effect TEXT NOT NULL,
    dedup_key TEXT NOT NULL,
    row INTEGER NOT NULL REFERENCES rows,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    answer TEXT,
    problem TEXT,
    at TEXT NOT NULL,
    UNIQUE (effect, dedup_key)
) STRICT;
CREATE INDEX outbox_to_send ON outbox (state) WHERE state = 'queued' OR state = 'sending' OR state = 'unknown';
";
