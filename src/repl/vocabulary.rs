//! The names that formulas of a session can use.

/// What the editor knows of the session while a line is typed.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The columns of the row and the computed ones, each once.
    pub columns: Vec<String>,
}

impl Vocabulary {
    /// Whether there is a column of this name.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }
}
