//! Searches of spreadsheets in declared data: `XLOOKUP(Industry, Points.industry, Points.points)`, as lookups.

use super::Builder;
use crate::check::tree::DataId;
use crate::data::Dataset;
use crate::span::Spanned;
use crate::syntax::ast::{Accessor, Expr, ExprKind, FunctionName, Sign};
use crate::syntax::{bare_or_braced, field_name};

/// How a search compares its value with the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Exact,
    /// The greatest key that is not above the value.
    Nearest,
    /// The spreadsheet would take the nearest key; an exact search is more often what is meant.
    Either,
}

/// A search in declared data.
struct Search<'e> {
    value: &'e Expr,
    data: DataId,
    /// The column that is searched.
    key: usize,
    /// The column of the result; the whole row if there is none.
    result: Option<usize>,
    /// The result if nothing is found.
    otherwise: Option<&'e Expr>,
    mode: Mode,
}

impl Builder<'_> {
    /// The lookup that a search of a spreadsheet in declared data is.
    pub(super) fn search_in_data(&self, function: &Spanned<FunctionName>, args: &[Expr]) -> Option<String> {
        let search = match (function.value.to_ascii_uppercase().as_str(), args) {
            ("XLOOKUP", [value, keys, result, rest @ ..]) => {
                let mode = match rest.get(1) {
                    None => Mode::Exact,
                    Some(mode) => exact_or_nearest(mode, -1.0)?,
                };
                Search { otherwise: rest.first(), ..self.by_columns(value, keys, result, mode)? }
            }
            ("LOOKUP", [value, keys, result]) => self.by_columns(value, keys, result, Mode::Either)?,
            ("VLOOKUP", [value, table, number, rest @ ..]) => {
                let mode = match rest {
                    [] => Mode::Either,
                    [mode, ..] => exact_or_nearest(mode, 1.0)?,
                };
                self.by_number(value, table, number, mode)?
            }
            ("INDEX", [result, found, rest @ ..]) => self.by_position(result, found, rest.first())?,
            ("MATCH" | "XMATCH", [value, keys, rest @ ..]) => {
                let is_exact =
                    rest.first().is_none_or(|mode| exact_or_nearest(mode, 1.0) == Some(Mode::Exact));
                let (list, column) = self.rows_of(keys).filter(|_| is_exact)?;
                let value = value.span.of(self.source);
                return Some(format!("POSITION(MAP({list}, row, row.{column}), {value})"));
            }
            _ => return None,
        };
        self.written_lookup(&search)
    }

    /// `COUNTIF(Accounts.domain, website)` and its kin of spreadsheets, as they are written here.
    pub(super) fn aggregate_of_data(&self, function: &str, args: &[Expr]) -> Option<String> {
        let (column, criterion, summed) = match (function, args) {
            ("COUNTIF", [column, criterion]) => (column, criterion, None),
            ("SUMIF" | "AVERAGEIF", [column, criterion, summed]) => (column, criterion, Some(summed)),
            _ => return None,
        };
        let (list, key) = self.rows_of(column)?;
        if matches!(&criterion.kind, ExprKind::Text(text) if text.starts_with(['<', '>', '=']) || text.contains(['*', '?']))
        {
            return None;
        }
        let value = operand(criterion, criterion.span.of(self.source));
        let summed = match summed {
            Some(summed) => format!(", row.{}", self.rows_of(summed).filter(|(of, _)| *of == list)?.1),
            None => String::new(),
        };
        Some(format!("{function}({list}, row, row.{key} = {value}{summed})"))
    }

    /// The name of the data, and that of the column, as formulas write them.
    fn rows_of(&self, column: &Expr) -> Option<(String, String)> {
        let (data, column) = self.data_column(column)?;
        let name = bare_or_braced(&self.functions.data[data.0 as usize].name.value);
        Some((name, field_name(self.loaded(data)?.columns().get(column)?.name())))
    }

    fn by_columns<'e>(&self, value: &'e Expr, keys: &Expr, result: &Expr, mode: Mode) -> Option<Search<'e>> {
        let (data, key) = self.data_column(keys)?;
        let result = self.result_of(data, result)?;
        Some(Search { value, data, key, result, otherwise: None, mode })
    }

    /// `VLOOKUP(Industry, Points, 2, FALSE)`
    fn by_number<'e>(&self, value: &'e Expr, table: &Expr, number: &Expr, mode: Mode) -> Option<Search<'e>> {
        let data = self.data_of(table)?;
        let result = Some(self.numbered(data, number)?);
        Some(Search { value, data, key: 0, result, otherwise: None, mode })
    }

    /// `INDEX(Points.points, MATCH(Industry, Points.industry, 0))`, `INDEX(Points, MATCH(…), 2)`
    fn by_position<'e>(&self, result: &Expr, found: &'e Expr, number: Option<&Expr>) -> Option<Search<'e>> {
        let ExprKind::Call { function, args } = &found.kind else { return None };
        let upper = function.value.to_ascii_uppercase();
        let (value, keys, mode) = match (upper.as_str(), &args[..]) {
            ("MATCH", [value, keys]) => (value, keys, Mode::Either),
            ("MATCH", [value, keys, mode]) => (value, keys, exact_or_nearest(mode, 1.0)?),
            ("XMATCH", [value, keys]) => (value, keys, Mode::Exact),
            ("XMATCH", [value, keys, mode]) => (value, keys, exact_or_nearest(mode, -1.0)?),
            _ => return None,
        };
        let mut search = self.by_columns(value, keys, result, mode)?;
        if let Some(number) = number {
            search.result.is_none().then_some(())?;
            search.result = Some(self.numbered(search.data, number)?);
        }
        Some(search)
    }

    /// `Points.industry`, or `Points[industry]` as tables of spreadsheets are read
    fn data_column(&self, expr: &Expr) -> Option<(DataId, usize)> {
        let ExprKind::Access { base, path } = &expr.kind else { return None };
        let data = self.data_of(base)?;
        let name = match &path[..] {
            [Accessor::Field(name)] => &name.value,
            [Accessor::Index(Expr { kind: ExprKind::Name(name) | ExprKind::Text(name), .. })] => name,
            _ => return None,
        };
        Some((data, self.loaded(data)?.column(name)?))
    }

    /// The column of the same data that a search returns; the whole row if it names the data alone.
    #[expect(clippy::option_option, reason = "three answers: a column, the whole row, and neither")]
    fn result_of(&self, data: DataId, expr: &Expr) -> Option<Option<usize>> {
        if self.data_of(expr) == Some(data) {
            return Some(None);
        }
        self.data_column(expr).filter(|(of, _)| *of == data).map(|(_, column)| Some(column))
    }

    /// The column of this number, from 1, or of this name.
    fn numbered(&self, data: DataId, number: &Expr) -> Option<usize> {
        if let ExprKind::Text(name) = &number.kind {
            return self.loaded(data)?.column(name);
        }
        let ExprKind::Number(number) = number.kind else { return None };
        let columns = self.loaded(data)?.columns().len();
        (0..columns).find(|column| (*column + 1) as f64 == number)
    }

    fn loaded(&self, data: DataId) -> Option<&Dataset> {
        self.functions.data.get(data.0 as usize)?.loaded.as_deref()
    }

    fn written_lookup(&self, search: &Search<'_>) -> Option<String> {
        let data = self.loaded(search.data)?;
        let declaration = &self.functions.data[search.data.0 as usize];
        let name = bare_or_braced(&declaration.name.value);
        let value = search.value.span.of(self.source);
        let key = data.columns().get(search.key)?.name();
        let is_found_by = |range: bool| {
            let mut columns = data.key_columns();
            let is_it = columns.next().is_some_and(|column| column.name() == key);
            is_it && columns.next().is_none() && declaration.range.is_some() == range
        };
        let row = if let Some(keys) = self.joined_keys(search, data) {
            format!("{name}{keys}")
        } else if search.mode != Mode::Nearest && is_found_by(false)
            || search.mode != Mode::Exact && is_found_by(true)
        {
            format!("{name}[{value}]")
        } else if search.mode == Mode::Nearest || data.is_list_of_values() {
            return None;
        } else {
            let row = if value.contains("row") { "item" } else { "row" };
            format!("FILTER({name}, {row}, {row}.{} = {})[0]", field_name(key), operand(search.value, value))
        };
        let is_value = row.starts_with(&format!("{name}[")) && data.answer() == search.result;
        let field = search.result.filter(|_| !is_value).and_then(|column| data.columns().get(column));
        let field = field.map(|column| format!(".{}", field_name(column.name()))).unwrap_or_default();
        Some(match search.otherwise {
            Some(otherwise) => format!("COALESCE({row}{field}, {})", otherwise.span.of(self.source)),
            None => format!("{row}{field}"),
        })
    }
}

impl Builder<'_> {
    /// `[country][plan]` for a search of `country & "-" & plan` in data with two keys.
    fn joined_keys(&self, search: &Search<'_>, data: &Dataset) -> Option<String> {
        let ExprKind::Join(parts) = &search.value.kind else { return None };
        let keys: Vec<&Expr> = parts.iter().filter(|part| !matches!(part.kind, ExprKind::Text(_))).collect();
        let is_range = self.functions.data[search.data.0 as usize].range.is_some();
        (keys.len() > 1 && keys.len() == data.key_columns().count() && !is_range).then(|| {
            format!("[{}]", keys.iter().map(|key| key.span.of(self.source)).collect::<Vec<_>>().join("]["))
        })
    }
}

/// A value on one side of a comparison.
fn operand(value: &Expr, written: &str) -> String {
    let is_simple = matches!(
        value.kind,
        ExprKind::Name(_)
            | ExprKind::Text(_)
            | ExprKind::Number(_)
            | ExprKind::Boolean(_)
            | ExprKind::Call { .. }
            | ExprKind::Access { .. }
    );
    if is_simple { written.to_owned() } else { format!("({written})") }
}

/// What the mode of a search asks for: 0 or FALSE is an exact search, `nearest` or TRUE the nearest key below.
fn exact_or_nearest(mode: &Expr, nearest: f64) -> Option<Mode> {
    let number = match &mode.kind {
        ExprKind::Boolean(mode) => return Some(if *mode { Mode::Nearest } else { Mode::Exact }),
        ExprKind::Number(number) => *number,
        ExprKind::Sign { op: Sign::Minus, operand } => match operand.kind {
            ExprKind::Number(number) => -number,
            _ => return None,
        },
        _ => return None,
    };
    match number {
        0.0 => Some(Mode::Exact),
        _ if number == nearest => Some(Mode::Nearest),
        _ => None,
    }
}
