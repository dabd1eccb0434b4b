//! Examples in comments: `# example: {"ICP Score": 80} => "A"`, found, read and run.

use crate::check::{Checked, ColumnId, Node, NodeKind, SiteId};
use crate::diagnostics::{Diagnostic, ExampleError, did_you_mean, suggest};
use crate::eval::{Evaluation, Observer};
use crate::rules::Rules;
use crate::span::Span;
use crate::syntax::ast::{Contract, PathStep};
use crate::syntax::{Token, TokenKind, tokenize};
use crate::tools::owners::Owners;
use crate::tools::walk::within;
use crate::value::{Clock, ErrorCode, ErrorValue, Record, Value, json_text, read_json, same_number};
use serde::de::IgnoredAny;
use std::ops::Range;

const ERROR_CODES: [ErrorCode; 4] =
    [ErrorCode::DivisionByZero, ErrorCode::Value, ErrorCode::Number, ErrorCode::NotAvailable];

/// A row and the result of a column for it, or a call and its result.
#[derive(Clone, Debug)]
pub struct Example {
    /// What is evaluated.
    pub tested: Tested,
    /// The line of the file, from 1.
    pub line: usize,
    /// From the row or call to the expected value.
    pub span: Span,
    /// What is expected.
    pub expected: Expected,
}

/// What an example evaluates.
#[derive(Clone, Debug)]
pub enum Tested {
    /// `{"Visits": 5} => 10`
    Column {
        /// The column.
        column: ColumnId,
        /// The row.
        row: Record<'static>,
    },
    /// `DECAYED(20, 5, "2026-01-17") => 10`
    Call {
        /// The name of the function.
        function: String,
        /// The call.
        formula: String,
    },
}

impl Example {
    /// The name of the column or function that it tests.
    #[must_use]
    pub fn name<'e>(&'e self, checked: &'e Checked) -> &'e str {
        match &self.tested {
            Tested::Column { column, .. } => &checked.column(*column).name,
            Tested::Call { function, .. } => function,
        }
    }
}

/// What an example expects.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// This value.
    Value(Value<'static>),
    /// An error of this kind.
    Error(ErrorCode),
}

/// An example that did not come true.
#[derive(Clone, Debug, PartialEq)]
pub struct ExampleFailure {
    /// The column.
    pub column: String,
    /// The line of the file, from 1.
    pub line: usize,
    /// What was expected, as JSON or an error's code.
    pub expected: String,
    /// What came out, likewise; behind an error's code stands why.
    pub got: String,
    /// The range of the column, if the result is as expected but outside it.
    pub range: Option<Contract>,
    /// Names and values of the row, as JSON.
    pub row: Vec<(String, String)>,
}

/// All examples of a rule file, without those of its imports, and what is wrong with those that can't be read.
#[must_use]
pub fn read(rules: &Rules) -> (Vec<Example>, Vec<Diagnostic>) {
    let checked = rules.tree();
    let text = checked.source.own_text();
    let owners = Owners::of(checked);
    let (mut examples, mut findings) = (Vec::new(), Vec::new());
    for comment in
        tokenize(rules.own_text().text).into_iter().filter(|token| token.kind == TokenKind::Comment)
    {
        let Some(start) = example_start(text, comment) else { continue };
        let end = start + text[start..comment.span.end as usize].trim_end().len();
        let span = Span::new(start, end);
        let read = match owners.function_below(comment) {
            Some(function) => read_call(rules, &checked.functions[function].name.value, span),
            None => read_one(text, span).map(|(row, expected)| {
                findings.extend(unknown_keys(rules, &row, text, span));
                (Tested::Column { column: owners.owner(comment), row }, expected)
            }),
        };
        match read {
            Ok((tested, expected)) => {
                let line = checked.source.position(start).line;
                examples.push(Example { tested, line, span, expected });
            }
            Err(error) => findings.push(error.into()),
        }
    }
    (examples, findings)
}

/// A warning about the first example, if the rules read the clock: its result is another one on other days.
#[must_use]
pub fn without_clock(rules: &Rules, examples: &[Example]) -> Option<Diagnostic> {
    let needs_moment = rules.tree().now.is_none() && super::reads_clock(rules.tree());
    let first = examples.first().filter(|_| needs_moment)?;
    Some(ExampleError::ExampleWithoutClock { at: first.span }.into())
}

/// Where the example of a comment begins, if it holds one.
fn example_start(text: &str, comment: Token) -> Option<usize> {
    let written = comment.text(text);
    let body = written.trim_start_matches('#').trim_start_matches('/').trim_start();
    let mark = "example:";
    let rest = body.get(mark.len()..)?;
    let is_example = body.get(..mark.len())?.eq_ignore_ascii_case(mark);
    let rest = rest.trim_start();
    is_example.then(|| comment.span.start as usize + (written.len() - rest.len()))
}

/// An example at `span` with a mistake in a range of its bytes.
fn invalid(text: &str, span: Span, problem: &str, range: Range<usize>, what: &str) -> ExampleError {
    let (start, length) = (span.start as usize, span.of(text).len());
    ExampleError::InvalidExample {
        problem: problem.to_owned(),
        at: Span::new(start + range.start.min(length), start + range.end.min(length)),
        what: what.to_owned(),
        help: "an example is a row as JSON, `=>`, and the result: `# example: {\"ICP Score\": 80} => \"A\"`"
            .to_owned(),
    }
}

fn read_one(text: &str, span: Span) -> Result<(Record<'static>, Expected), ExampleError> {
    let written = span.of(text);
    let invalid =
        |problem: &str, from: usize, to: usize, what: &str| invalid(text, span, problem, from..to, what);
    if !written.starts_with('{') {
        let end = written.find("=>").map_or(written.len(), |at| written[..at].trim_end().len());
        return Err(invalid("it has no row", 0, end, "a row in braces belongs here"));
    }
    let mut rows = serde_json::Deserializer::from_str(written).into_iter::<IgnoredAny>();
    if let Some(Err(error)) = rows.next() {
        let at = error.column().saturating_sub(1);
        let end = at + written[floor(written, at)..].chars().next().map_or(0, char::len_utf8);
        return Err(invalid("its row is not JSON", floor(written, at), end, &json_problem(&error)));
    }
    let row_end = rows.byte_offset();
    let row =
        read_json(&written[..row_end]).map_err(|_| invalid("its row is not JSON", 0, row_end, "this"))?;
    let Value::Record(row) = row.into_owned() else {
        return Err(invalid("its row is not a JSON object", 0, row_end, "this"));
    };
    Ok(((*row).clone(), read_result(text, span, row_end)?))
}

/// An example of a function: `DECAYED(20, 5, "2026-01-17") => 10`.
fn read_call(rules: &Rules, name: &str, span: Span) -> Result<(Tested, Expected), ExampleError> {
    let text = rules.tree().source.text();
    let start = span.start as usize;
    let invalid = |problem: String, at: Span, what: &str| ExampleError::InvalidExample {
        problem,
        at,
        what: what.to_owned(),
        help: format!(
            "an example of a function is a call, `=>`, and the result: `# example: {name}(…) => 10`"
        ),
    };
    let tokens = tokenize(span.of(text));
    let arrow = tokens.windows(2).find(|pair| {
        pair[0].text(span.of(text)) == "=" && pair[1].text(span.of(text)) == ">"
            || pair[0].text(span.of(text)) == "=>"
    });
    let call_end = arrow.map_or(span.of(text).len(), |pair| pair[0].span.start as usize);
    let formula = span.of(text)[..call_end].trim_end();
    let at = Span::new(start, start + formula.len());
    let call = rules.compile_call(formula).map_err(|found| {
        let problem = found.iter().find(|one| !one.is_warning());
        invalid(
            "its call is not a formula".to_owned(),
            at,
            &problem.map_or_else(String::new, ToString::to_string),
        )
    })?;
    if let Some(key) = call.keys().first() {
        return Err(invalid(format!("it reads the column `{key}`"), at, "a call of values belongs here"));
    }
    let expected = read_result(text, span, formula.len())?;
    Ok((Tested::Call { function: name.to_owned(), formula: formula.to_owned() }, expected))
}

/// The result of the example at `span`, whose first part ends at the byte `end` of it.
fn read_result(text: &str, span: Span, end: usize) -> Result<Expected, ExampleError> {
    let written = span.of(text);
    let invalid =
        |problem: &str, from: usize, to: usize, what: &str| invalid(text, span, problem, from..to, what);
    let behind = written[end..].trim_start();
    let Some(result) = behind.strip_prefix("=>") else {
        let from = written.len() - behind.len();
        let end = from + behind.chars().next().map_or(0, |_| behind.find(' ').unwrap_or(behind.len()));
        return Err(invalid("`=>` is missing", from, end, "`=>` belongs here"));
    };
    let result = result.trim();
    let from = written.len() - result.len();
    if let Some(code) = ERROR_CODES.into_iter().find(|code| code.as_str().eq_ignore_ascii_case(result)) {
        return Ok(Expected::Error(code));
    }
    match read_json(result) {
        Ok(value) => Ok(Expected::Value(value.into_owned())),
        Err(_) if result.is_empty() => {
            Err(invalid("its result is missing", end, written.len(), "the result belongs behind this"))
        }
        Err(_) => {
            let what = "write it as JSON: a number, a text in double quotes, true, false or null; or an error such as #N/A";
            Err(invalid("its result is not a value", from, written.len(), what))
        }
    }
}

/// The greatest boundary of a character that is not beyond `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// What serde says, without the line and column that the label shows.
fn json_problem(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Keys that no formula reads, where they are probably misspelled, or the name of an input that is read from elsewhere.
fn unknown_keys(rules: &Rules, row: &Record<'_>, text: &str, span: Span) -> Vec<Diagnostic> {
    let known = || rules.keys().iter().map(String::as_str).chain(rules.column_names());
    let mut found = Vec::new();
    for (key, _) in row.members() {
        let key = key.as_str();
        if known().any(|name| name == key) {
            continue;
        }
        let near = suggest(key, known().filter(|name| row.get(name).is_none()));
        let help = from_elsewhere(rules, key).or_else(|| did_you_mean(&near));
        if help.is_some() {
            let quoted = quoted_key(key);
            let place = span.of(text).find(&quoted).map(|at| span.start as usize + at);
            let at = place.map_or(span, |at| Span::new(at, at + quoted.len()));
            found.push(ExampleError::UnknownExampleKey { key: key.to_owned(), at, help }.into());
        }
    }
    found
}

/// What to give instead of the value of an input, which is read from a path or computed.
fn from_elsewhere(rules: &Rules, key: &str) -> Option<String> {
    let tree = rules.tree();
    let input = tree.inputs.iter().find(|input| input.name == key && !input.is_raw)?;
    let Some(path) = input.path() else {
        let mut keys: Vec<&str> = Vec::new();
        for node in within(input.formula()?) {
            let NodeKind::Input(read) = &node.kind else { continue };
            let own = tree.input(*read).own_key().filter(|own| !keys.contains(own));
            keys.extend(own);
        }
        let keys: Vec<String> = keys.iter().map(|key| quoted_key(key)).collect();
        return Some(format!("an example gives the columns of a row: {}", keys.join(", ")));
    };
    let value = path.steps.iter().rev().fold("…".to_owned(), |inner, step| match step {
        PathStep::Field(name) => format!("{{{}: {inner}}}", quoted_key(name)),
        PathStep::Index(index) => format!("[{}{inner}]", "null, ".repeat(*index)),
    });
    Some(format!("an example gives the columns of a row: write `{{{}: {value}}}`", quoted_key(&path.key)))
}

fn quoted_key(key: &str) -> String {
    let mut quoted = String::new();
    crate::value::write_json_text(&mut quoted, key);
    quoted
}

/// Runs one example. A column that the row gives is not computed, unless it is the one that is tested.
pub fn run<O: Observer>(
    rules: &Rules,
    example: &Example,
    clock: &Clock,
    observer: &mut O,
) -> Result<(), Box<ExampleFailure>> {
    match &example.tested {
        Tested::Column { column, row } => {
            let got = evaluate(rules, *column, row, clock, observer);
            let column = rules.tree().column(*column);
            let range = column.contract.filter(|_| column.is_outside_range(&got));
            let row = row.members().iter();
            let row = row.map(|(name, value)| (name.as_str().to_owned(), json_text(value))).collect();
            example.judge(&got, &column.name, range, row)
        }
        Tested::Call { function, formula } => {
            let row = vec![("call".to_owned(), json_text(&Value::borrowed(formula)))];
            match rules.compile_call(formula) {
                Ok(call) => {
                    let sites = rules.tree().function_sites;
                    let mut observer = OfFunctions { observer, sites };
                    let got = evaluate(&call, ColumnId(0), &Record::default(), clock, &mut observer);
                    example.judge(&got, function, None, row)
                }
                // A version of the rules in which the call is wrong.
                Err(found) => {
                    let got = Value::from(ErrorValue::value(found.to_string()));
                    example.judge(&got, function, None, row)
                }
            }
        }
    }
}

/// The result of a column for a row.
fn evaluate<O: Observer>(
    rules: &Rules,
    column: ColumnId,
    row: &Record<'static>,
    clock: &Clock,
    observer: &mut O,
) -> Value<'static> {
    let (keyed, given) = keyed_and_given(rules, column, row);
    let mut inputs = Vec::new();
    let mut evaluation = Evaluation::new(rules.tree(), clock);
    rules.inputs_observed(&mut evaluation, &keyed, &mut inputs, observer);
    let values = evaluation.row_given(&inputs, &given, observer);
    values.get(column.0 as usize).cloned().unwrap_or_default().into_owned()
}

/// The values of an example's row under the rules' keys, and those of the columns that it gives.
pub(crate) fn keyed_and_given<'r>(
    rules: &Rules,
    tested: ColumnId,
    row: &'r Record<'static>,
) -> (Vec<Value<'r>>, Vec<Option<Value<'r>>>) {
    let keyed = rules.keys().iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect();
    let given = (0..)
        .map(ColumnId)
        .zip(&rules.tree().columns)
        .map(|(id, own)| row.get(&own.name).filter(|_| id != tested).cloned())
        .collect();
    (keyed, given)
}

impl Example {
    /// Whether a result is as expected, and within its range.
    fn judge(
        &self,
        got: &Value<'_>,
        name: &str,
        range: Option<Contract>,
        row: Vec<(String, String)>,
    ) -> Result<(), Box<ExampleFailure>> {
        let is_expected = self.expected.is(got);
        let range = range.filter(|_| is_expected);
        if is_expected && range.is_none() {
            return Ok(());
        }
        Err(Box::new(ExampleFailure {
            column: name.to_owned(),
            line: self.line,
            expected: match &self.expected {
                Expected::Value(value) => json_text(value),
                Expected::Error(code) => code.to_string(),
            },
            got: got
                .as_error()
                .map_or_else(|| json_text(got), |error| format!("{} ({})", error.code, error.message)),
            range,
            row,
        }))
    }
}

/// Sees what functions decide, whose sites are those of the rule file, and nothing of the formula that calls them.
struct OfFunctions<'o, O> {
    observer: &'o mut O,
    sites: usize,
}

impl<O> OfFunctions<'_, O> {
    fn has(&self, site: SiteId) -> bool {
        (site.0 as usize) < self.sites
    }
}

impl<O: Observer> Observer for OfFunctions<'_, O> {
    const SEES_COMPARISONS: bool = O::SEES_COMPARISONS;

    fn branch(&mut self, site: SiteId, value: &Value<'_>) {
        if self.has(site) {
            self.observer.branch(site, value);
        }
    }

    fn none(&mut self, first: SiteId) {
        if self.has(first) {
            self.observer.none(first);
        }
    }

    fn arm(&mut self, site: SiteId, held: bool) {
        if self.has(site) {
            self.observer.arm(site, held);
        }
    }

    fn compared(&mut self, sides: (&Node, &Node), values: (&Value<'_>, &Value<'_>), held: bool) {
        self.observer.compared(sides, values, held);
    }
}

impl Expected {
    /// Whether a result is what is expected.
    #[must_use]
    pub fn is(&self, got: &Value<'_>) -> bool {
        match (self, got) {
            (Self::Error(code), Value::Error(error)) => error.code == *code,
            (Self::Value(wanted), got) => same(wanted, got),
            (Self::Error(_), _) => false,
        }
    }
}

/// Whether two values are the same, as JSON shows them: numbers in 15 digits, dates as text, text exactly.
fn same(wanted: &Value<'_>, got: &Value<'_>) -> bool {
    match (wanted, got) {
        (Value::Number(one), Value::Number(two)) => same_number(*one, *two),
        (Value::Text(text), Value::Date(date)) => text.as_str() == date.to_string(),
        (Value::List(one), Value::List(two)) => {
            one.len() == two.len() && one.iter().zip(two.iter()).all(|(one, two)| same(one, two))
        }
        (Value::Record(one), Value::Record(two)) => {
            one.members().len() == two.members().len()
                && one.members().iter().all(|(name, value)| two.get(name).is_some_and(|got| same(value, got)))
        }
        (one, two) => one == two,
    }
}
