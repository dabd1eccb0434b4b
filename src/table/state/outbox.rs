//! The outbox: effects on other systems, each sent once however often a run is interrupted.
//!
//! An effect is queued with its payload, marked as being sent before the call, and as sent, failed or unsent after
//! it. One that was being sent when the run ended is unknown, and is sent again with exactly the same payload.

use rusqlite::{Connection, OptionalExtension, Row};

use super::Store;
use super::error::{Failure, StateError};
use super::rows::RowId;
use super::words::{ids, stored_as_words};

ids! {
    /// An effect in the state file.
    EffectId;
}

/// How far an effect has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EffectState {
    /// To be sent.
    Queued,
    /// Being sent.
    Sending,
    /// Perhaps sent, as the run ended meanwhile; to be sent again as it is.
    Unknown,
    /// Sent.
    Sent,
    /// Refused for good.
    Failed,
}

stored_as_words!(EffectState {
    Queued = "queued",
    Sending = "sending",
    Unknown = "unknown",
    Sent = "sent",
    Failed = "failed",
});

/// An effect to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEffect {
    /// Which effect it is, such as the name of the sync.
    pub effect: String,
    /// What makes it the same as another one of this effect.
    pub dedup_key: String,
    /// The row it is for.
    pub row: RowId,
    /// What is sent: text, stored as it is.
    pub payload: String,
    /// When it was queued: ISO 8601, in UTC.
    pub at: String,
}

/// An effect as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// Its id.
    pub id: EffectId,
    /// Which effect it is.
    pub effect: String,
    /// What makes it the same as another one of this effect.
    pub dedup_key: String,
    /// The row it is for.
    pub row: RowId,
    /// What is sent.
    pub payload: String,
    /// How far it has come.
    pub state: EffectState,
    /// How many times it was sent or tried.
    pub tries: u32,
    /// What came back when it was last sent, such as the id of the record there.
    pub answer: Option<String>,
    /// Why it was last not sent, in words.
    pub problem: Option<String>,
    /// When it was last written: ISO 8601, in UTC.
    pub at: String,
}

/// The columns that [`from_row`] reads, in its order.
const COLUMNS: &str = "id, effect, dedup_key, row, payload, state, tries, answer, problem, at";

impl Store {
    /// The entry of an effect, where it was ever queued.
    pub fn outbox_entry(&self, effect: &str, dedup_key: &str) -> Result<Option<OutboxEntry>, StateError> {
        self.read(|db| find(db, effect, dedup_key))
    }

    /// The entries that are to be sent: those whose outcome is unknown, then those queued, each in order.
    pub fn outbox_to_send(&self) -> Result<Vec<OutboxEntry>, StateError> {
        self.read(|db| {
            let mut found = Vec::new();
            for state in ["unknown", "queued"] {
                let sql = format!("SELECT {COLUMNS} FROM outbox WHERE state = '{state}' ORDER BY id");
                for entry in db.prepare_cached(&sql)?.query_map([], from_row)? {
                    found.push(entry?);
                }
            }
            Ok(found)
        })
    }

    /// The entries of an effect for these keys, in their order; nothing where one was never queued.
    pub fn outbox_entries(
        &self,
        effect: &str,
        dedup_keys: &[String],
    ) -> Result<Vec<Option<OutboxEntry>>, StateError> {
        self.read(|db| dedup_keys.iter().map(|key| find(db, effect, key)).collect())
    }

    /// The entries of an effect that were perhaps sent, in order.
    pub fn outbox_unsettled(&self, effect: &str) -> Result<Vec<OutboxEntry>, StateError> {
        self.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM outbox WHERE effect = ?1 AND state IN ('unknown', 'sending') ORDER BY id"
            );
            db.prepare_cached(&sql)?.query_map([effect], from_row)?.collect()
        })
    }

    /// Queues effects, durably, and gives their entries in the same order.
    ///
    /// An effect that was sent with the same payload stays sent. One that is being sent, or whose outcome is unknown,
    /// keeps the payload it was sent with; queue it again once it is settled. Any other gets the new payload and is
    /// queued.
    pub fn enqueue(&self, effects: &[NewEffect]) -> Result<Vec<OutboxEntry>, StateError> {
        let effects = effects.to_vec();
        self.writer.run(move |db| effects.iter().map(|effect| enqueue(db, effect)).collect())
    }

    /// Says that effects are about to be sent, and waits until that is durable.
    pub fn mark_sending(&self, effects: &[EffectId], at: &str) -> Result<(), StateError> {
        let (effects, at) = (effects.to_vec(), at.to_owned());
        self.writer.run(move |db| {
            let mut update = db.prepare_cached(
                "UPDATE outbox SET state = 'sending', tries = tries + 1, problem = NULL, at = ?2 WHERE id = ?1",
            )?;
            effects.iter().try_for_each(|effect| update.execute((effect, &at)).map(drop))?;
            Ok(())
        })
    }

    /// Says that an effect was sent and what came back, soon.
    pub fn mark_sent(&self, effect: EffectId, answer: Option<String>, at: &str) {
        let at = at.to_owned();
        self.writer.queue(move |db| {
            db.prepare_cached(
                "UPDATE outbox SET state = 'sent', answer = coalesce(?2, answer), problem = NULL, at = ?3 WHERE id = ?1",
            )?
            .execute((effect, answer, at))?;
            Ok(())
        });
    }

    /// Says that an effect was refused for good and why, soon.
    pub fn mark_failed(&self, effect: EffectId, problem: &str, at: &str) {
        self.mark_problem(effect, EffectState::Failed, problem, at);
    }

    /// Says that an effect was surely not sent and why, soon; it is queued again.
    pub fn mark_unsent(&self, effect: EffectId, problem: &str, at: &str) {
        self.mark_problem(effect, EffectState::Queued, problem, at);
    }

    /// Says that an effect was perhaps sent, soon; it is to be sent again as it is.
    pub fn mark_unknown(&self, effect: EffectId, problem: &str, at: &str) {
        self.mark_problem(effect, EffectState::Unknown, problem, at);
    }

    fn mark_problem(&self, effect: EffectId, state: EffectState, problem: &str, at: &str) {
        let (problem, at) = (problem.to_owned(), at.to_owned());
        self.writer.queue(move |db| {
            db.prepare_cached("UPDATE outbox SET state = ?2, problem = ?3, at = ?4 WHERE id = ?1")?
                .execute((effect, state, problem, at))?;
            Ok(())
        });
    }
}

fn find(db: &Connection, effect: &str, dedup_key: &str) -> rusqlite::Result<Option<OutboxEntry>> {
    let sql = format!("SELECT {COLUMNS} FROM outbox WHERE effect = ?1 AND dedup_key = ?2");
    db.prepare_cached(&sql)?.query_row((effect, dedup_key), from_row).optional()
}

fn enqueue(db: &Connection, new: &NewEffect) -> Result<OutboxEntry, Failure> {
    let sql = format!(
        "INSERT INTO outbox (effect, dedup_key, row, payload, state, at) VALUES (?1, ?2, ?3, ?4, 'queued', ?5)
         ON CONFLICT (effect, dedup_key) DO UPDATE SET
            row = excluded.row, payload = excluded.payload, state = 'queued', tries = 0, problem = NULL, at = excluded.at
         WHERE state IN ('queued', 'failed') OR (state = 'sent' AND payload <> excluded.payload)
         RETURNING {COLUMNS}"
    );
    let values = (&new.effect, &new.dedup_key, new.row, &new.payload, &new.at);
    let queued = db.prepare_cached(&sql)?.query_row(values, from_row).optional()?;
    // Nothing is returned where the entry stays as it is.
    let entry = if queued.is_some() { queued } else { find(db, &new.effect, &new.dedup_key)? };
    entry.ok_or(Failure::Fatal(rusqlite::Error::QueryReturnedNoRows))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<OutboxEntry> {
    Ok(OutboxEntry {
        id: row.get(0)?,
        effect: row.get(1)?,
        dedup_key: row.get(2)?,
        row: row.get(3)?,
        payload: row.get(4)?,
        state: row.get(5)?,
        tries: row.get(6)?,
        answer: row.get(7)?,
        problem: row.get(8)?,
        at: row.get(9)?,
    })
}
