//! Lookup data read from CSV, JSON and text files.

use super::csv::{Records, field_text, field_value};
use super::{Format, read_value};
use crate::data::{Dataset, MOST_BYTES};
use crate::diagnostics::DataError;
use crate::rules::{DataTable, Files, Mixed, normalized};
use crate::syntax::ast::DataDeclaration;
use crate::value::Value;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

type Read = dyn Fn(&str) -> io::Result<Vec<u8>> + Send + Sync;

/// The files beside a rule file. Each is read once for the same declaration.
pub struct DataFiles {
    read: Box<Read>,
    loaded: Mutex<HashMap<String, Arc<Dataset>>>,
    texts: Mutex<HashMap<String, Arc<str>>>,
    /// The rule file, by its name in its folder.
    rule_file: Option<String>,
    /// The folder, if files are read from the disk.
    folder: Option<PathBuf>,
}

impl fmt::Debug for DataFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataFiles")
    }
}

impl DataFiles {
    /// Files that `read` returns, given their path as a declaration has it.
    pub fn new(read: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self::reading(read, None))
    }

    /// The same beside a rule file that has this name.
    pub fn of_rule_file(
        name: &str,
        read: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self::reading(read, Some(name.to_owned())))
    }

    fn reading(
        read: impl Fn(&str) -> io::Result<Vec<u8>> + Send + Sync + 'static,
        rule_file: Option<String>,
    ) -> Self {
        let (loaded, texts) = (Mutex::default(), Mutex::default());
        Self { read: Box::new(read), loaded, texts, rule_file, folder: None }
    }

    /// The files in the folder of a rule file.
    #[must_use]
    pub fn beside(rule_file: &Path) -> Arc<Self> {
        let folder: PathBuf = rule_file.parent().unwrap_or(Path::new("")).to_owned();
        let name = rule_file.file_name().map(|name| name.to_string_lossy().into_owned());
        let read_from = folder.clone();
        let read = move |path: &str| {
            let path = read_from.join(path);
            if std::fs::metadata(&path)?.len() > MOST_BYTES {
                let most = MOST_BYTES >> 20;
                return Err(io::Error::other(format!("the file is larger than {most} MiB")));
            }
            std::fs::read(path)
        };
        Arc::new(Self { folder: Some(folder), ..Self::reading(read, name) })
    }
}

impl Files for DataFiles {
    fn load(&self, declaration: &DataDeclaration) -> Result<Arc<Dataset>, Box<DataError>> {
        // What a declaration is printed as, and the folder, say all that its data depends on.
        let key = format!("{}\0{declaration}", declaration.folder);
        let known = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        format_of(declaration)?;
        let path = declaration.path().unwrap_or_default();
        let bytes = (self.read)(&path).map_err(|error| unreadable(declaration, &error))?;
        let data = Arc::new(dataset(declaration, &bytes)?);
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&data));
        Ok(data)
    }

    fn read_text(&self, path: &str) -> io::Result<Arc<str>> {
        let known = self.texts.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let bytes = (self.read)(path)?;
        let text = text_of(without_mark(&bytes));
        let text: Arc<str> = text.map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))?.into();
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), Arc::clone(&text));
        Ok(text)
    }

    fn id(&self, path: &str) -> String {
        let on_disk = self.folder.as_ref().and_then(|folder| folder.join(path).canonicalize().ok());
        on_disk.map_or_else(|| normalized(path), |path| path.to_string_lossy().into_owned())
    }

    fn own_id(&self) -> Option<String> {
        self.rule_file.as_ref().map(|name| self.id(name))
    }
}

fn unreadable(declaration: &DataDeclaration, error: &io::Error) -> DataError {
    let help = (error.kind() == io::ErrorKind::NotFound)
        .then(|| "paths are relative to the folder of the rule file".to_owned());
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => error.to_string(),
    };
    problem(declaration, "can't be read", &why, help)
}

fn problem(declaration: &DataDeclaration, why: &str, problem: &str, help: Option<String>) -> DataError {
    DataError::DataFile {
        file: declaration.label(),
        problem: problem.to_owned(),
        at: declaration.source.span,
        why: why.to_owned(),
        help,
    }
}

/// Reads and indexes the bytes of a file.
fn dataset(declaration: &DataDeclaration, bytes: &[u8]) -> Result<Dataset, Box<DataError>> {
    let bytes = without_mark(bytes);
    let table = match format_of(declaration)? {
        None => texts(declaration, bytes)?,
        Some(Format::Csv) => csv(declaration, bytes)?,
        Some(Format::JsonLines) => json_lines(declaration, bytes)?,
        Some(Format::Json) => json(declaration, bytes)?,
    };
    table.finish(declaration, &declaration.keys).map_err(|error| error.report(declaration, &[]).into())
}

/// The format that the ending of a file names; none for a list of texts.
fn format_of(declaration: &DataDeclaration) -> Result<Option<Format>, Box<DataError>> {
    let path = Path::new(declaration.file().unwrap_or_default());
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt")) {
        return Ok(None);
    }
    Format::of_path(path).map(Some).ok_or_else(|| {
        let help = "save it as .csv, .jsonl, .ndjson, .json, or .txt with a text on each line".to_owned();
        problem(declaration, "unknown ending", "its ending names no format of lookup data", Some(help)).into()
    })
}

fn utf8<'b>(declaration: &DataDeclaration, bytes: &'b [u8]) -> Result<&'b str, Box<DataError>> {
    text_of(bytes).map_err(|why| problem(declaration, "not text", &why, None).into())
}

/// The bytes as text, or the line that is not.
fn text_of(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line} is not UTF-8; save the file as UTF-8")
    })
}

/// The bytes without the byte order mark that some editors write.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// One text a line; blank lines don't count.
fn texts(declaration: &DataDeclaration, bytes: &[u8]) -> Result<DataTable, Box<DataError>> {
    let mut table = DataTable::default();
    table.column("");
    for (index, line) in utf8(declaration, bytes)?.lines().enumerate() {
        let text = line.trim();
        if !text.is_empty() {
            table.push("", &Value::borrowed(text));
            table.end_row(index + 1);
        }
    }
    Ok(table)
}

fn csv(declaration: &DataDeclaration, bytes: &[u8]) -> Result<DataTable, Box<DataError>> {
    let mut table = DataTable::default();
    let mut records = Records::new(bytes, 1);
    let mut fields = Vec::new();
    let mut columns: Option<Vec<usize>> = None;
    while let Some(record) = records.next(&mut fields) {
        let line = record.line;
        let text = record.text.map_err(|bad| {
            problem(declaration, "can't be read", &format!("line {line}: {}", bad.problem), None)
        })?;
        let Some(columns) = &columns else {
            let column = |field: &Range<usize>| table.column(field_text(&text[field.clone()]).trim());
            columns = Some(fields.iter().map(column).collect());
            continue;
        };
        if fields.len() > columns.len() {
            let wrong =
                format!("line {line} has {} fields, and the header has {}", fields.len(), columns.len());
            return Err(problem(declaration, "can't be read", &wrong, None).into());
        }
        for (column, field) in columns.iter().zip(&fields) {
            table.push_to(*column, &field_value(&text[field.clone()]));
        }
        table.end_row(line);
    }
    Ok(table)
}

fn json_lines(declaration: &DataDeclaration, bytes: &[u8]) -> Result<DataTable, Box<DataError>> {
    let mut table = DataTable::default();
    for (index, line) in utf8(declaration, bytes)?.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let value = read_value(line).map_err(|bad| {
            problem(declaration, "can't be read", &format!("line {}: {}", index + 1, bad.problem), None)
        })?;
        add(&mut table, declaration, &value, index + 1)?;
    }
    Ok(table)
}

/// A JSON array: records, or values of any kind.
fn json(declaration: &DataDeclaration, bytes: &[u8]) -> Result<DataTable, Box<DataError>> {
    let mut table = DataTable::default();
    let text = utf8(declaration, bytes)?;
    let value = read_value(text).map_err(|bad| problem(declaration, "can't be read", &bad.problem, None))?;
    let Value::List(items) = &value else {
        let help = Some("write the rows in an array: `[{…}, {…}]`".to_owned());
        return Err(problem(declaration, "not a list of rows", "the file is not a JSON array", help).into());
    };
    let lines = lines_of_items(text);
    for (index, item) in items.iter().enumerate() {
        add(&mut table, declaration, item, lines.get(index).copied().unwrap_or(1))?;
    }
    Ok(table)
}

/// The line on which each item of a JSON array begins, from 1.
fn lines_of_items(text: &str) -> Vec<usize> {
    let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    let (mut line, mut counted) = (1, 0);
    let line_of = |item: &RawValue| {
        let start = item.get().as_ptr() as usize - text.as_ptr() as usize;
        line += text[counted..start].bytes().filter(|byte| *byte == b'\n').count();
        counted = start;
        line
    };
    items.into_iter().map(line_of).collect()
}

fn add(
    table: &mut DataTable,
    declaration: &DataDeclaration,
    value: &Value<'_>,
    line: usize,
) -> Result<(), Box<DataError>> {
    table.add(value, line).map_err(|mixed| {
        let wrong = match mixed {
            Mixed::Record => format!("row {line} is a record, and the rows before it are not"),
            Mixed::Value => format!("row {line} is not a record, and the rows before it are"),
        };
        problem(declaration, "rows of two kinds", &wrong, None).into()
    })
}
