//! Snapshot files: a YAML header between `---` lines, then what was seen. The format is that of the crate insta.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A snapshot: what it is of, and what was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The rule file's name.
    pub source: String,
    /// The moment and time zone that it was made for, if that matters.
    pub description: Option<String>,
    /// The columns, as a formula would name them.
    pub expression: Option<String>,
    /// The file of rows, as seen from the rule file.
    pub input_file: Option<String>,
    /// What was seen, without line ends at its end.
    pub body: String,
}

impl Snapshot {
    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = "---\n".to_owned();
        let fields = [
            ("source", Some(&self.source)),
            ("description", self.description.as_ref()),
            ("expression", self.expression.as_ref()),
            ("input_file", self.input_file.as_ref()),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                text.push_str(&format!("{name}: {}\n", scalar(value)));
            }
        }
        text.push_str("---\n");
        text.push_str(self.body.trim_end());
        text.push('\n');
        text
    }

    /// Reads the text of a file; says what is wrong with one that is no snapshot.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.replace("\r\n", "\n");
        let rest = text.strip_prefix("---\n").ok_or("it does not begin with `---`")?;
        let (header, body) = rest
            .split_once("\n---\n")
            .or_else(|| rest.strip_suffix("\n---").map(|header| (header, "")))
            .ok_or("its header has no end: a line `---`")?;
        let mut snapshot = Self { body: body.trim_end().to_owned(), ..Self::default() };
        for line in header.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = unscalar(value.trim());
            match name {
                "source" => snapshot.source = value,
                "description" => snapshot.description = Some(value),
                "expression" => snapshot.expression = Some(value),
                "input_file" => snapshot.input_file = Some(value),
                _ => {}
            }
        }
        if snapshot.body.lines().any(|line| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ")) {
            return Err("it holds the marks of a merge conflict".to_owned());
        }
        Ok(snapshot)
    }

    /// Reads a file; `None` where there is none.
    pub fn read(path: &Path) -> Result<Option<Self>, String> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text")?;
        Self::parse(&text).map(Some)
    }
}

/// Whether a file of a snapshot's name says that it is of the rule file `rule`, be it readable otherwise or not. What
/// another tool wrote under such a name does not.
pub(super) fn is_of(path: &Path, rule: &Path) -> bool {
    let text = fs::read(path).unwrap_or_default();
    let rule = rule.file_name().unwrap_or_default().to_string_lossy();
    let names_it =
        |line: &str| line.strip_prefix("source:").is_some_and(|name| unscalar(name.trim()) == rule);
    String::from_utf8_lossy(&text).lines().any(names_it)
}

/// A text as a YAML scalar on one line.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(char::is_alphanumeric)
        && !text.contains([':', '#', '"', '\'', '\\', '{', '}', '[', ']', ',', '&', '*', '!', '|', '>', '%', '@', '`'])
        && !text.ends_with(' ')
        && !text.contains(char::is_control)
        // What reads as a number, a Boolean or nothing would not be a text.
        && text.contains(['.', ' '])
        && text.parse::<f64>().is_err();
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::new();
    crate::value::write_json_text(&mut quoted, text);
    quoted.replace('\u{7f}', "\\u007f")
}

/// What a scalar of YAML on one line says.
fn unscalar(written: &str) -> String {
    if let Some(inside) = written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return inside.replace("''", "'");
    }
    serde_json::from_str(written).unwrap_or_else(|_| written.to_owned())
}

/// Where a change waits to be looked at.
#[must_use]
pub fn pending_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Removes a change that waits no longer.
pub(super) fn forget_pending(path: &Path) {
    // Mostly there is none.
    let _ = fs::remove_file(pending_path(path));
}

/// The name of the snapshot that a rule file has for a file of rows, or for its reports.
#[must_use]
pub fn path_for(rule: &Path, rows: Option<&Path>) -> PathBuf {
    let mut name = rule.file_name().unwrap_or_default().to_owned();
    if let Some(rows) = rows.and_then(Path::file_name) {
        let stem = rule.file_stem().unwrap_or_default().to_string_lossy();
        let shown = rows.to_string_lossy();
        let own = shown.strip_prefix(&*stem).filter(|rest| rest.starts_with(".rows."));
        if let Some(rest) = own {
            name.push(rest);
        } else {
            name.push(".");
            name.push(rows);
        }
    }
    name.push(".snap");
    rule.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::{Snapshot, path_for, pending_path};
    use std::path::Path;

    #[test]
    fn what_is_written_is_read_back() {
        let snapshot = Snapshot {
            source: "a: \"b\".clay".to_owned(),
            description: Some("12".to_owned()),
            expression: Some("ICP Score, {{a # b}}".to_owned()),
            input_file: Some("größe\n.jsonl".to_owned()),
            body: "Ada · X 1\n\nBo".to_owned(),
        };
        assert_eq!(Snapshot::parse(&snapshot.to_text()), Ok(snapshot.clone()));
        assert_eq!(Snapshot::parse(&snapshot.to_text().replace('\n', "\r\n")), Ok(snapshot));
        assert!(Snapshot::parse("abc").is_err() && Snapshot::parse("---\nsource: a\n").is_err());
    }

    #[test]
    fn names_stand_beside_the_rule() {
        let path = |rows: &str| path_for(Path::new("a/score.clay"), Some(Path::new(rows)));
        assert_eq!(path("b/leads.csv"), Path::new("a/score.clay.leads.csv.snap"));
        assert_eq!(path("a/score.rows.jsonl"), Path::new("a/score.clay.rows.jsonl.snap"));
        assert_eq!(path_for(Path::new("x.clay"), None), Path::new("x.clay.snap"));
        assert_eq!(pending_path(Path::new("x.snap")), Path::new("x.snap.new"));
    }
}
