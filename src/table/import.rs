//! Rows into the state: each with its key and its place, duplicates known before anything is spent.

use super::model::Table;
use super::run::{Layout, Row, RunError};
use super::state::{NewRow, RejectedRow, RowId, RowStatus, RunId, Store, StoredRow, numbered_key, said_key};
use super::template::as_text;
use crate::batch::{BatchError, Input, TextRow, texts};
use crate::diagnostics::suggest;
use crate::rows::read_keys;
use crate::value::{Clock, Value, to_text};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::collections::HashMap;
use std::hash::Hasher;
use std::io::Write;

/// How many rows are stored at once: so many that the disk is not waited for too often.
const CHUNK: usize = 5000;

/// What is done about rows that can't be read.
pub enum OnBadRow<'b> {
    /// The run does not begin.
    Fail,
    /// They are kept in the state, and byte for byte in a file if there is one.
    Skip(Option<&'b mut dyn Write>),
}

/// What came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The rows, bad ones and duplicates among them.
    pub rows: u64,
    /// Those that can't be read.
    pub rejected: u64,
    /// Those that are skipped, as earlier rows have all of their dedup keys.
    pub duplicates: u64,
    /// What is wrong with the first one that can't be read.
    pub first_bad: Option<String>,
    /// The columns that are read and that none of them has.
    pub missing: Vec<MissingColumn>,
    /// The rows that only their order tells apart.
    pub shared: Option<SharedKeys>,
}

/// Rows whose `row_key` an earlier row has. Those that are skipped are not among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedKeys {
    /// How many they are.
    pub rows: u64,
    /// Where the first of them stands.
    pub position: u64,
    /// The key that it shares.
    pub key: String,
}

/// A column that a table reads from its rows, and that none of them has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingColumn {
    /// Its name.
    pub name: String,
    /// The names of columns of the first row that are like it.
    pub similar: Vec<String>,
}

/// Puts all rows of `inputs` into a run.
pub fn import<'i>(
    table: &Table,
    store: &Store,
    run: RunId,
    clock: &Clock,
    inputs: impl Iterator<Item = Result<Input<'i>, BatchError>>,
    on_bad: OnBadRow<'_>,
) -> Result<Imported, RunError> {
    let mut importing = Importing {
        store,
        run,
        on_bad,
        imported: Imported::default(),
        keys: Keys::new(table, clock),
        chunk: Vec::new(),
        skipped: Vec::new(),
    };
    texts(inputs, |row| importing.add(row))?;
    importing.store_chunk()?;
    importing.imported.missing = importing.keys.missing();
    importing.imported.shared = importing.keys.shared.take();
    store.end_rows(run, importing.imported.rows)?;
    store.flush()?;
    Ok(importing.imported)
}

struct Importing<'a, 'b> {
    store: &'a Store,
    run: RunId,
    on_bad: OnBadRow<'b>,
    imported: Imported,
    keys: Keys<'a>,
    chunk: Vec<NewRow>,
    /// The rows of the chunk that are skipped, and why.
    skipped: Vec<(usize, String)>,
}

impl Importing<'_, '_> {
    fn add(&mut self, row: TextRow<'_>) -> Result<(), RunError> {
        self.imported.rows += 1;
        match row {
            TextRow::Row(text) => self.row(text),
            TextRow::Bad { bytes, error } => self.bad_row(bytes, error),
        }
    }

    fn bad_row(&mut self, bytes: &[u8], error: BatchError) -> Result<(), RunError> {
        let OnBadRow::Skip(rejects) = &mut self.on_bad else { return Err(error.into()) };
        if let Some(rejects) = rejects {
            let what = "rejected rows".to_owned();
            rejects.write_all(bytes).map_err(|error| RunError::Write { what, error })?;
        }
        let problem = error.to_string();
        self.imported.rejected += 1;
        self.imported.first_bad.get_or_insert_with(|| problem.clone());
        let position = self.imported.rows;
        self.store.reject_row(self.run, RejectedRow { position, bytes: bytes.to_vec(), problem });
        Ok(())
    }

    fn row(&mut self, text: &str) -> Result<(), RunError> {
        let position = self.imported.rows;
        let Identity { key, duplicate } = self.keys.identify(text, position);
        if let Some(reason) = duplicate {
            self.imported.duplicates += 1;
            self.skipped.push((self.chunk.len(), reason));
        }
        self.chunk.push(NewRow { position, key, source: one_line(text) });
        if self.chunk.len() == CHUNK { self.store_chunk() } else { Ok(()) }
    }

    fn store_chunk(&mut self) -> Result<(), RunError> {
        let rows = std::mem::take(&mut self.chunk);
        let ids = self.store.add_rows(self.run, &rows)?;
        for (index, reason) in self.skipped.drain(..) {
            if let Some(id) = ids.get(index) {
                self.store.set_row_status(self.run, *id, RowStatus::Skipped { reason });
            }
        }
        Ok(())
    }
}

/// What rows are known by, and which of them an earlier one makes needless.
#[derive(Debug)]
pub struct Keys<'t> {
    table: &'t Table,
    clock: &'t Clock,
    layout: Layout,
    /// How often rows of one key were seen.
    same: HashMap<String, u32>,
    /// The first row of each dedup key, by effect.
    first: HashMap<(usize, String), u64>,
    /// The columns that no row had so far, by their place in the layout.
    missing: Vec<usize>,
    /// The columns of the first row.
    columns: Option<Vec<String>>,
    /// The rows that only their order tells apart.
    shared: Option<SharedKeys>,
}

/// What a row is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its key, which no other row of the input has.
    pub key: String,
    /// Why it is skipped, if so: for each effect an earlier row has the same dedup key.
    pub duplicate: Option<String>,
}

impl<'t> Keys<'t> {
    /// Before the first row.
    #[must_use]
    pub fn new(table: &'t Table, clock: &'t Clock) -> Self {
        let layout = Layout::new(table);
        let missing = layout.brought().map(|(slot, _)| slot).collect();
        let (same, first) = (HashMap::new(), HashMap::new());
        Self { table, clock, layout, same, first, missing, columns: None, shared: None }
    }

    /// The columns that are read and that no row had so far; nothing before the first row.
    #[must_use]
    pub fn missing(&self) -> Vec<MissingColumn> {
        let Some(columns) = &self.columns else { return Vec::new() };
        let is_read = |column: &&str| self.layout.brought().any(|(_, read)| read == *column);
        let free: Vec<&str> = columns.iter().map(String::as_str).filter(|column| !is_read(column)).collect();
        let missing = self.layout.brought().filter(|(slot, _)| self.missing.contains(slot));
        let told = missing.map(|(_, name)| {
            let similar = suggest(name, free.iter().copied()).into_iter().map(ToOwned::to_owned).collect();
            MissingColumn { name: name.to_owned(), similar }
        });
        told.collect()
    }

    /// The rows so far that only their order tells apart.
    #[must_use]
    pub fn shared(&self) -> Option<&SharedKeys> {
        self.shared.as_ref()
    }

    /// What the row at `position` is known by; `text` is that of a JSON object.
    pub fn identify(&mut self, text: &str, position: u64) -> Identity {
        let (row, key, source) = (RowId::of_number(0), String::new(), text.to_owned());
        let stored = StoredRow { row, key, source, cells: Vec::new() };
        let row = Row::new(stored, position, 0, self.table, &self.layout, self.clock);
        self.missing.retain(|slot| !row.brings(*slot));
        self.columns.get_or_insert_with(|| read_keys(text).unwrap_or_default());
        let (said, keys) = {
            let results = row.eval(self.table, &self.layout, self.clock);
            let values = results.values();
            let said = self.table.row_key.as_ref().and_then(|tree| {
                let value = tree.fill(values).ok()?;
                as_text(&value).ok().filter(|text| !text.trim().is_empty())
            });
            let effects = self.table.effects.iter().map(|effect| {
                let (_, tree) = effect.dedup.as_ref()?;
                normalized(&tree.fill(values).ok()?)
            });
            (said, effects.collect::<Vec<_>>())
        };
        let duplicate = self.duplicate(keys, position);
        let said = said.map(|said| said_key(&said));
        // Rows that are the same in all of their text may change places.
        let shares = said.clone().filter(|said| duplicate.is_none() && self.same.contains_key(said));
        shares.into_iter().for_each(|key| self.share(key, position));
        let key = self.numbered(said.unwrap_or_else(|| digest(text)));
        Identity { key, duplicate }
    }

    /// Why a row with these keys, one for each effect, has nothing to add for any of them. Where one effect may need
    /// it, it is worked on, and the others leave it out when their turn comes.
    fn duplicate(&mut self, keys: Vec<Option<String>>, position: u64) -> Option<String> {
        let mut reasons: Vec<String> = Vec::new();
        let mut is_needed = keys.is_empty();
        for (effect, key) in keys.into_iter().enumerate() {
            let first = key.map_or(position, |key| *self.first.entry((effect, key)).or_insert(position));
            is_needed |= first == position;
            let name = self.table.effects[effect].dedup.as_ref().map_or("key", |(name, _)| name);
            let reason = format!("the same {name} as row {first}");
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        (!is_needed).then(|| reasons.join(", "))
    }

    /// Counts a row whose key an earlier one has.
    fn share(&mut self, key: String, position: u64) {
        self.shared.get_or_insert(SharedKeys { rows: 0, position, key }).rows += 1;
    }

    /// Of rows with one key, each but the first has a number.
    fn numbered(&mut self, key: String) -> String {
        let count = self.same.entry(key.clone()).or_insert(0);
        *count += 1;
        numbered_key(key, *count)
    }
}

/// A digest that stays the same from version to version.
fn digest(text: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    let hash = hasher.finish128();
    format!("{:016x}{:016x}", hash.h1, hash.h2)
}

/// A dedup key as keys are compared; nothing where it is empty, or nothing that a contact could be known by.
#[must_use]
pub fn normalized(key: &Value<'_>) -> Option<String> {
    let key = comparable(to_text(key).ok()?.as_str());
    (!key.is_empty()).then_some(key)
}

/// The text of a dedup key as keys are compared: in lower case, without blanks and signs of no width around it.
///
/// No more than that, as mailboxes may differ in what folding makes the same: `strasse@` and `straße@`.
#[must_use]
pub fn comparable(key: &str) -> String {
    trimmed(key).to_lowercase()
}

/// A dedup key without blanks around it, and without signs there that nobody sees.
#[must_use]
pub fn trimmed(key: &str) -> &str {
    let is_unseen = |next: char| matches!(next, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    key.trim_matches(|next: char| next.is_whitespace() || is_unseen(next))
}

/// A row of several lines as one; a string can't hold a bare line end, so all of them stand between tokens.
fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::comparable;

    #[test]
    fn keys_are_compared_without_what_nobody_sees() {
        assert_eq!(comparable(" \u{feff}\u{200b} Ada@Stripe.COM\u{a0}"), "ada@stripe.com");
        assert_eq!(comparable("a\u{200d}b"), "a\u{200d}b");
        assert_eq!(comparable("\u{200b} "), "");
        assert_ne!(comparable("straße@x.com"), comparable("strasse@x.com"));
    }
}
