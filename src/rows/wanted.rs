//! Which keys of a row are read, and which will be written.

/// The columns of a row that matter. Every other key is skipped unread.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    inputs: Vec<String>,
    outputs: Vec<String>,
    /// Entries by [`bucket`] of their name; the length is a power of two.
    buckets: Vec<Vec<(String, Slots)>>,
}

/// Where a key belongs; a key that is not wanted belongs nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// Its place in [`Wanted::inputs`].
    pub input: Option<usize>,
    /// Its place in [`Wanted::outputs`].
    pub output: Option<usize>,
}

impl Wanted {
    /// Reads the columns `inputs` and writes the columns `outputs`. A name may stand once in each.
    #[must_use]
    pub fn new(inputs: Vec<String>, outputs: Vec<String>) -> Self {
        let size = (8 * (inputs.len() + outputs.len())).next_power_of_two().max(64);
        let mut wanted = Self { buckets: vec![Vec::new(); size], ..Self::default() };
        for (slot, name) in inputs.iter().enumerate() {
            wanted.slots_mut(name).input = Some(slot);
        }
        for (slot, name) in outputs.iter().enumerate() {
            wanted.slots_mut(name).output = Some(slot);
        }
        Self { inputs, outputs, ..wanted }
    }

    /// The names of the columns that are read.
    #[must_use]
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The names of the columns that are written.
    #[must_use]
    pub fn outputs(&self) -> &[String] {
        &self.outputs
    }

    /// Where `key` belongs.
    #[must_use]
    pub fn find(&self, key: &str) -> Slots {
        let Some(bucket) = self.buckets.get(bucket(key, self.buckets.len())) else { return Slots::default() };
        bucket.iter().find(|(name, _)| name == key).map_or_else(Slots::default, |(_, slots)| *slots)
    }

    fn slots_mut(&mut self, name: &str) -> &mut Slots {
        let size = self.buckets.len();
        let bucket = &mut self.buckets[bucket(name, size)];
        let at = bucket.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            bucket.push((name.to_owned(), Slots::default()));
            bucket.len() - 1
        });
        &mut bucket[at].1
    }
}

/// A cheap spread over `size` buckets, a power of two: the length and three letters tell most column names apart.
fn bucket(key: &str, size: usize) -> usize {
    let bytes = key.as_bytes();
    let [Some(first), Some(middle), Some(last)] = [bytes.first(), bytes.get(bytes.len() / 2), bytes.last()]
    else {
        return 0;
    };
    let mixed = bytes.len() + 7 * usize::from(*first) + 31 * usize::from(*middle) + 113 * usize::from(*last);
    mixed & size.wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::{Slots, Wanted};

    #[test]
    fn keys_are_found_as_inputs_and_outputs() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let wanted = Wanted::new(names(&["Job Title", "", "Score"]), names(&["Tier", "Score"]));
        let cases = [
            ("Job Title", Some(0), None),
            ("", Some(1), None),
            ("Score", Some(2), Some(1)),
            ("Tier", None, Some(0)),
            ("job title", None, None),
            ("é", None, None),
        ];
        for (key, input, output) in cases {
            assert_eq!(wanted.find(key), Slots { input, output }, "{key}");
        }
        assert_eq!(Wanted::default().find("Score"), Slots::default());
    }

    #[test]
    fn many_keys_are_all_found() {
        let names: Vec<String> = (0..500).map(|number| format!("Column {number}")).collect();
        let wanted = Wanted::new(names.clone(), Vec::new());
        for (slot, name) in names.iter().enumerate() {
            assert_eq!(wanted.find(name).input, Some(slot));
        }
    }
}
