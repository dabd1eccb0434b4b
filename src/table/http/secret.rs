//! Secrets: where they come from, and that nothing shows them by mistake.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};
use thiserror::Error;

/// A key or password. Printing it shows `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `value` secret.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A secret that can't be had. No message holds a value.
#[derive(Debug, Error)]
pub enum SecretError {
    /// Neither the environment nor the file knows the name.
    #[error("no secret `{name}`: set the environment variable {name}, or {name}_FILE to the path of a file with it{}", match file { Some(file) => format!(", or write {name}=… in {}", file.display()), None => String::new() })]
    Missing {
        /// The name asked for.
        name: String,
        /// The file that was looked into.
        file: Option<PathBuf>,
    },
    /// The value is empty, is not text, or holds what no header can.
    #[error("the secret `{name}` can't be used: its value {reason}")]
    Unusable {
        /// The name asked for.
        name: String,
        /// What is wrong with the value.
        reason: &'static str,
    },
    /// The file can't be read.
    #[error("can't read the secrets in {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A line of the file is not `KEY=VALUE`.
    #[error("{}:{line}: not a line of the form KEY=VALUE, a comment or an empty one", path.display())]
    BadLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
}

/// Where secrets are looked up: the environment, a file that it names (`NAME_FILE`), then a file of `KEY=VALUE` lines.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    path: Option<PathBuf>,
    of_file: BTreeMap<String, Secret>,
}

impl Secrets {
    /// Those of the environment alone.
    #[must_use]
    pub fn of_environment() -> Self {
        Self::default()
    }

    /// Those of the environment, and for names that it lacks those of the file at `path`.
    ///
    /// A line is `KEY=VALUE`, `export KEY=VALUE`, empty, or a comment behind `#`; quotes around a whole value are taken off.
    pub fn with_file(path: &Path) -> Result<Self, SecretError> {
        let unreadable = |error| SecretError::Unreadable { path: path.to_owned(), error };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let mut of_file = BTreeMap::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad_line = || SecretError::BadLine { path: path.to_owned(), line: index + 1 };
            let (name, value) = key_and_value(line).ok_or_else(bad_line)?;
            of_file.insert(name.to_owned(), Secret::new(value));
        }
        Ok(Self { path: Some(path.to_owned()), of_file })
    }

    /// The secret called `name`.
    pub fn get(&self, name: &str) -> Result<Secret, SecretError> {
        let unusable = |reason| SecretError::Unusable { name: name.to_owned(), reason };
        let secret = match env::var(name) {
            Ok(value) => Secret::new(value.trim()),
            Err(env::VarError::NotUnicode(_)) => return Err(unusable("is not valid UTF-8")),
            Err(env::VarError::NotPresent) => {
                match in_named_file(name)?.as_ref().or(self.of_file.get(name)) {
                    Some(secret) => secret.clone(),
                    None => {
                        return Err(SecretError::Missing { name: name.to_owned(), file: self.path.clone() });
                    }
                }
            }
        };
        match secret.expose() {
            "" => Err(unusable("is empty")),
            value if value.chars().any(char::is_control) => {
                Err(unusable("holds a control character or a line end"))
            }
            _ => Ok(secret),
        }
    }
}

/// The secret in the file that the environment variable `NAME_FILE` names, as containers hand secrets over.
fn in_named_file(name: &str) -> Result<Option<Secret>, SecretError> {
    let Some(path) = env::var_os(format!("{name}_FILE")).filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Secret::new(text.trim()))),
        Err(error) => Err(SecretError::Unreadable { path, error }),
    }
}

/// The two sides of a line such as `export KEY="value"`.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let is_word = |next: char| next.is_ascii_alphanumeric() || next == '_';
    let unquoted = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    (!name.is_empty() && name.chars().all(is_word)).then_some((name, unquoted.unwrap_or(value)))
}

#[cfg(test)]
mod tests {
    use super::{Secret, SecretError, Secrets, key_and_value};

    #[test]
    fn printing_shows_nothing() {
        let secret = Secret::new("canary");
        assert_eq!(format!("{secret} {secret:?} {:?}", [("key", &secret)]), "*** *** [(\"key\", ***)]");
        assert_eq!(secret.expose(), "canary");
    }

    #[test]
    fn lines_are_read_as_shells_write_them() {
        assert_eq!(key_and_value("export KEY=\"a=b\""), Some(("KEY", "a=b")));
        assert_eq!(key_and_value("KEY = 'x y'"), Some(("KEY", "x y")));
        assert_eq!(key_and_value("just words"), None);
        assert_eq!(key_and_value("=value"), None);
    }

    #[test]
    fn what_is_missing_is_told_with_the_way_out() {
        let error = Secrets::of_environment().get("CLAYF_TEST_NO_SUCH_KEY").expect_err("no such secret");
        assert!(matches!(&error, SecretError::Missing { .. }));
        assert!(error.to_string().contains("set the environment variable CLAYF_TEST_NO_SUCH_KEY"));
    }
}
