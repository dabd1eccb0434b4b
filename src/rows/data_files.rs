//! Lookup data read from CSV, JSON and text files.

use super::csv::{Records, field_text, field_value};
use super::{Format, read_value};
use crate::data::{Column, ColumnBuilder, Dataset, KeyError, MOST_BYTES, Rows};
use crate::diagnostics::{DataError, did_you_mean, suggest};
use crate::rules::{Files, normalized};
use crate::span::{Span, Spanned};
use crate::syntax::ast::DataDeclaration;
use crate::types::Type;
use crate::value::{Clock, Value, json_text, to_boolean, to_date, to_exact_number, to_text};
use std::collections::HashMap;
use std::fmt;
use std::io;
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
        let bytes = (self.read)(&declaration.path()).map_err(|error| unreadable(declaration, &error))?;
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
    problem(declaration, "can't be read", &error.to_string(), help)
}

fn problem(declaration: &DataDeclaration, why: &str, problem: &str, help: Option<String>) -> DataError {
    DataError::DataFile {
        file: declaration.file.value.clone(),
        problem: problem.to_owned(),
        at: declaration.file.span,
        why: why.to_owned(),
        help,
    }
}

/// Reads and indexes the bytes of a file.
fn dataset(declaration: &DataDeclaration, bytes: &[u8]) -> Result<Dataset, Box<DataError>> {
    let bytes = without_mark(bytes);
    let mut table = match format_of(declaration)? {
        None => texts(declaration, bytes)?,
        Some(Format::Csv) => csv(declaration, bytes)?,
        Some(Format::JsonLines) => json_lines(declaration, bytes)?,
        Some(Format::Json) => json(declaration, bytes)?,
    };
    table.declare(declaration)?;
    let place = |name: &Spanned<String>| table.place(declaration, name);
    let keys = declaration.keys.iter().map(place).collect::<Result<Vec<usize>, _>>()?;
    let range = declaration.range.as_ref().map(place).transpose()?;
    let columns: Vec<Column> = table.columns.into_iter().map(ColumnBuilder::finish).collect();
    let rows = Rows { columns, lines: table.lines };
    Dataset::new(rows, keys, range).map_err(|error| key_error(declaration, error).into())
}

/// The format that the ending of a file names; none for a list of texts.
fn format_of(declaration: &DataDeclaration) -> Result<Option<Format>, Box<DataError>> {
    let path = Path::new(&declaration.file.value);
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("txt")) {
        return Ok(None);
    }
    Format::of_path(path).map(Some).ok_or_else(|| {
        let help = "save it as .csv, .jsonl, .ndjson, .json, or .txt with a text on each line".to_owned();
        problem(declaration, "unknown ending", "its ending names no format of lookup data", Some(help)).into()
    })
}

fn key_error(declaration: &DataDeclaration, error: KeyError) -> DataError {
    let file = &declaration.file.value;
    let last = declaration.range.as_ref().or(declaration.keys.last());
    let at = last.map_or(declaration.file.span, |name| name.span);
    match error {
        KeyError::Duplicate { key, lines: (one, two) } => DataError::DuplicateKey {
            problem: format!("{file} has the key {key} on lines {one} and {two}"),
            at,
        },
        KeyError::Threshold { value, line } => DataError::DataCell {
            problem: format!("{file}:{line}: the threshold {value} is not a number or a date"),
            at,
            why: "the column of thresholds".to_owned(),
            help: "write a number in each row; `0` begins the lowest range".to_owned(),
        },
    }
}

/// A table while its rows are read.
#[derive(Debug, Default)]
struct Table {
    columns: Vec<ColumnBuilder>,
    by_name: HashMap<String, usize>,
    lines: Vec<u32>,
}

impl Table {
    fn column(&mut self, name: &str) -> usize {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        self.columns.push(ColumnBuilder::new(name, self.lines.len()));
        self.by_name.insert(name.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }

    /// Ends a row: the columns that it did not have are Blank in it.
    fn end_row(&mut self, line: usize) {
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        let rows = self.lines.len();
        for column in self.columns.iter_mut().filter(|column| column.len() < rows) {
            column.push(&Value::Blank);
        }
    }

    /// Adds a value to the row that has begun; of a name that a row has twice, the first counts.
    fn push(&mut self, name: &str, value: &Value<'_>) {
        let rows = self.lines.len();
        let column = self.column(name);
        if self.columns[column].len() == rows {
            self.columns[column].push(value);
        }
    }

    /// The column of this name.
    fn place(&self, declaration: &DataDeclaration, name: &Spanned<String>) -> Result<usize, Box<DataError>> {
        self.by_name.get(&name.value).copied().ok_or_else(|| {
            let names: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
            let near = did_you_mean(&suggest(&name.value, names));
            let mut all: Vec<(usize, &str)> =
                self.by_name.iter().map(|(name, at)| (*at, name.as_str())).collect();
            all.sort_unstable();
            let all: Vec<String> = all.iter().take(12).map(|(_, name)| format!("`{name}`")).collect();
            Box::new(DataError::UnknownDataColumn {
                file: declaration.file.value.clone(),
                name: name.value.clone(),
                at: name.span,
                help: near.unwrap_or_else(|| format!("its columns are {}", all.join(", "))),
            })
        })
    }

    /// Reads the columns with a declared type as that type.
    fn declare(&mut self, declaration: &DataDeclaration) -> Result<(), Box<DataError>> {
        let clock = Clock::system();
        for declared in &declaration.columns {
            let place = self.place(declaration, &declared.name)?;
            let ty = declared.ty.value;
            let given = std::mem::replace(&mut self.columns[place], ColumnBuilder::new("", 0)).finish();
            let mut column = ColumnBuilder::new(given.name(), 0);
            for (row, line) in self.lines.iter().enumerate() {
                let value = given.value(row);
                match as_type(&value, ty, &clock) {
                    Some(value) => column.push(&value),
                    None => {
                        return Err(misfit(
                            declaration,
                            &declared.name.value,
                            ty,
                            &value,
                            *line,
                            declared.ty.span,
                        )
                        .into());
                    }
                }
            }
            self.columns[place] = column;
        }
        Ok(())
    }
}

fn misfit(
    declaration: &DataDeclaration,
    column: &str,
    ty: Type,
    value: &Value<'_>,
    line: u32,
    at: Span,
) -> DataError {
    let file = &declaration.file.value;
    let (shown, kind) = (json_text(value), ty.with_article());
    DataError::DataCell {
        problem: format!("{file}:{line}: {shown} in column `{column}` is not {kind}"),
        at,
        why: format!("declared as {ty}"),
        help: "correct the cell, or declare another type: `Any` takes all values".to_owned(),
    }
}

/// A cell as the declared type; nothing where it is none.
fn as_type<'v>(value: &Value<'v>, ty: Type, clock: &Clock) -> Option<Value<'v>> {
    match (ty, value) {
        (_, Value::Blank) | (Type::Any | Type::Blank, _) => Some(value.clone()),
        (Type::Number, _) => to_exact_number(value).ok(),
        (Type::Text, _) => to_text(value).ok().map(Value::Text),
        (Type::Boolean, _) => to_boolean(value).ok().map(Value::Boolean),
        (Type::Date, _) => to_date(value, clock).ok().map(Value::Date),
        (Type::List | Type::Record, _) => (value.ty() == ty).then(|| value.clone()),
    }
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
fn texts(declaration: &DataDeclaration, bytes: &[u8]) -> Result<Table, Box<DataError>> {
    let mut table = Table::default();
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

fn csv(declaration: &DataDeclaration, bytes: &[u8]) -> Result<Table, Box<DataError>> {
    let mut table = Table::default();
    let mut records = Records::new(bytes, 1);
    let mut fields = Vec::new();
    let mut names: Option<Vec<String>> = None;
    while let Some(record) = records.next(&mut fields) {
        let line = record.line;
        let text = record.text.map_err(|bad| {
            problem(declaration, "can't be read", &format!("line {line}: {}", bad.problem), None)
        })?;
        let Some(names) = &names else {
            let header: Vec<String> =
                fields.iter().map(|field| field_text(&text[field.clone()]).trim().to_owned()).collect();
            for name in &header {
                table.column(name);
            }
            names = Some(header);
            continue;
        };
        if fields.len() > names.len() {
            let wrong =
                format!("line {line} has {} fields, and the header has {}", fields.len(), names.len());
            return Err(problem(declaration, "can't be read", &wrong, None).into());
        }
        for (name, field) in names.iter().zip(&fields) {
            table.push(name, &field_value(&text[field.clone()]));
        }
        table.end_row(line);
    }
    Ok(table)
}

fn json_lines(declaration: &DataDeclaration, bytes: &[u8]) -> Result<Table, Box<DataError>> {
    let mut table = Table::default();
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

/// A JSON array: records, or values of any kind. Rows are numbered from 1, since an array need not have lines.
fn json(declaration: &DataDeclaration, bytes: &[u8]) -> Result<Table, Box<DataError>> {
    let mut table = Table::default();
    let value = read_value(utf8(declaration, bytes)?)
        .map_err(|bad| problem(declaration, "can't be read", &bad.problem, None))?;
    let Value::List(items) = &value else {
        let help = Some("write the rows in an array: `[{…}, {…}]`".to_owned());
        return Err(problem(declaration, "not a list of rows", "the file is not a JSON array", help).into());
    };
    for (index, item) in items.iter().enumerate() {
        add(&mut table, declaration, item, index + 1)?;
    }
    Ok(table)
}

fn add(
    table: &mut Table,
    declaration: &DataDeclaration,
    value: &Value<'_>,
    line: usize,
) -> Result<(), Box<DataError>> {
    let is_list_of_values = table.by_name.contains_key("");
    match value {
        Value::Record(record) if !is_list_of_values => {
            // Of a name that a record has twice, the last counts.
            record.members().iter().rev().for_each(|(name, value)| table.push(name, value));
        }
        Value::Record(_) => {
            let mixed = format!("row {line} is a record, and the rows before it are not");
            return Err(problem(declaration, "rows of two kinds", &mixed, None).into());
        }
        _ if table.lines.is_empty() || is_list_of_values => table.push("", value),
        _ => {
            let mixed = format!("row {line} is not a record, and the rows before it are");
            return Err(problem(declaration, "rows of two kinds", &mixed, None).into());
        }
    }
    table.end_row(line);
    Ok(())
}
