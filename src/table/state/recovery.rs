//! What an interrupted run left behind, put in order: nobody knows any more how its calls ended.

use rusqlite::Connection;

/// Does [`recover`] in a transaction of its own, at the time it is now.
pub(super) fn recover_on_opening(db: &Connection) -> rusqlite::Result<()> {
    let now: String = db.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')", [], |row| row.get(0))?;
    let transaction = db.unchecked_transaction()?;
    recover(&transaction, &now)?;
    transaction.commit()
}

/// Makes charges without an outcome unknown, which leaves them charged; cells that were under way new, with their
/// progress kept; and effects that were being sent unknown, to be sent again as they are.
///
/// Each such charge gets an event `outcome unknown`, and each such cell that has no such charge.
pub(super) fn recover(db: &Connection, at: &str) -> rusqlite::Result<()> {
    db.execute(
        "INSERT INTO events (row, step, at, what, detail)
         SELECT row, step, ?1, 'outcome unknown', json_object('charge', id, 'provider', provider, 'lookup', lookup,
                'epoch', epoch, 'attempt', attempt, 'credits', reserved / 1000.0)
         FROM charges WHERE state = 'reserved' ORDER BY id",
        [at],
    )?;
    // Written out, as an index with a condition serves only a query that spells the condition.
    for state in ["queued", "running"] {
        let sql = format!(
            "INSERT INTO events (row, step, at, what, detail)
             SELECT row, step, ?1, 'outcome unknown', json_object('state', state)
             FROM cells WHERE state = '{state}' AND NOT EXISTS (
                SELECT 1 FROM charges
                WHERE charges.row = cells.row AND charges.step = cells.step AND charges.state = 'reserved')"
        );
        db.execute(&sql, [at])?;
        db.execute(&format!("UPDATE cells SET state = 'new' WHERE state = '{state}'"), [])?;
    }
    db.execute("UPDATE charges SET state = 'unknown' WHERE state = 'reserved'", [])?;
    db.execute("UPDATE outbox SET state = 'unknown' WHERE state = 'sending'", [])?;
    Ok(())
}
