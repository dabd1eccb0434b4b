//! What the analysis claims of rules holds for rows: rules and rows at random, and the evaluator as the judge.

mod common;

use clayf::analysis::facts::Facts;
use clayf::analysis::paths::Paths;
use clayf::analysis::possible::Possible;
use clayf::analysis::values::{Rows, Values};
use clayf::diagnostics::Source;
use clayf::tools::prove::{Claim, Equivalence, Status, prove};
use clayf::value::json_text;
use clayf::{Clock, Record, Rules, Value};
use std::fmt::Write;

/// A source of random choices that is the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const NUMBERS: [&str; 9] = ["0", "1", "5", "10", "50", "100", "2.5", "-3", "9007199254740993"];
const TEXTS: [&str; 14] = [
    "\"VP\"",
    "\"SVP\"",
    "\"vp\"",
    "\"Software\"",
    "\"software\"",
    "\"\"",
    "\"US\"",
    "\"10\"",
    "\"10.0\"",
    "\"true\"",
    "\"TRUE\"",
    "\"2026-01-15\"",
    "\"President\"",
    "\"Vice President\"",
];
const NAMES: [&str; 5] = ["a", "b", "c", "d", "t"];
/// What rows hold, as JSON.
const VALUES: [&str; 38] = [
    "null",
    "0",
    "1",
    "5",
    "10",
    "50",
    "99.5",
    "100",
    "-3",
    "1000",
    "2.5",
    "true",
    "false",
    "\"\"",
    "\" \"",
    "\"VP\"",
    "\"SVP of Sales\"",
    "\"vp\"",
    "\"Vice President\"",
    "\"Software\"",
    "\"SOFTWARE\"",
    "\"US\"",
    "\"Germany\"",
    "\"10\"",
    "\" 50 \"",
    "\"51-200\"",
    "\"N/A\"",
    "9007199254740992",
    "9007199254740993",
    "\"9007199254740993\"",
    "\"true\"",
    "\"FALSE\"",
    "\"2026-01-15\"",
    "\"2025-06-01T10:00:00Z\"",
    "[]",
    "[\"VP\", 10]",
    "{}",
    "{\"x\": 5}",
];

/// Which files are written.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    /// With declared and cleaned inputs.
    WithInputs,
}

/// A formula at random, of a kind that fits its place more often than not.
struct Author<'d> {
    dice: &'d mut Dice,
    columns: Vec<String>,
}

impl Author<'_> {
    fn name(&mut self) -> String {
        if !self.columns.is_empty() && self.dice.below(6) == 0 {
            let at = self.dice.below(self.columns.len());
            return self.columns[at].clone();
        }
        match self.dice.below(14) {
            0 => "r.x".to_owned(),
            _ => self.dice.of(&NAMES).to_owned(),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.dice.below(17) {
                0..=3 => {
                    let op = self.dice.of(&[">", ">=", "<", "<=", "=", "<>"]);
                    format!("{} {op} {}", self.name(), self.dice.of(&NUMBERS))
                }
                4 | 5 => {
                    let op = self.dice.of(&["=", "<>", "=", ">", "<="]);
                    format!("{} {op} {}", self.name(), self.dice.of(&TEXTS))
                }
                6 | 7 => {
                    let function =
                        self.dice.of(&["CONTAINS", "ICONTAINS", "CONTAINSWORD", "STARTSWITH", "ENDSWITH"]);
                    let more = if self.dice.below(3) == 0 {
                        format!(", {}", self.dice.of(&TEXTS))
                    } else {
                        String::new()
                    };
                    format!("{function}({}, {}{more})", self.name(), self.dice.of(&TEXTS))
                }
                8 => {
                    let function = self.dice.of(&[
                        "ISEMPTY",
                        "ISNOTEMPTY",
                        "ISBLANK",
                        "ISNUMBER",
                        "ISTEXT",
                        "ISERROR",
                        "ISDATE",
                        "ISLOGICAL",
                    ]);
                    format!("{function}({})", self.name())
                }
                9 => {
                    let not = self.dice.of(&["", "NOT "]);
                    format!(
                        "{} {not}IN [{}, {}, {}]",
                        self.name(),
                        self.dice.of(&TEXTS),
                        self.dice.of(&TEXTS),
                        self.dice.of(&NUMBERS)
                    )
                }
                10 => format!(
                    "BETWEEN({}, {}, {})",
                    self.name(),
                    self.dice.of(&NUMBERS),
                    self.dice.of(&NUMBERS)
                ),
                11 => {
                    let op = self.dice.of(&[">", "<", "=", ">=", "<>"]);
                    format!("{} {op} {}", self.number(1), self.number(1))
                }
                14 => format!("EXACT({}, {})", self.name(), self.dice.of(&TEXTS)),
                15 => {
                    format!(
                        "MONTH(TODAY()) {} {}",
                        self.dice.of(&[">", "=", "<"]),
                        self.dice.of(&["1", "5", "11"])
                    )
                }
                12 => format!("{} {} {}", self.name(), self.dice.of(&["<", "=", ">"]), self.name()),
                _ => self.name(),
            };
        }
        match self.dice.below(6) {
            0 | 1 => format!("({} AND {})", self.condition(depth - 1), self.condition(depth - 1)),
            2 | 3 => format!("({} OR {})", self.condition(depth - 1), self.condition(depth - 1)),
            4 => format!("NOT ({})", self.condition(depth - 1)),
            _ => self.condition(0),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.dice.below(3) == 0 { self.name() } else { self.dice.of(&TEXTS).to_owned() };
        }
        match self.dice.below(8) {
            0 => format!("LOWER({})", self.text(depth - 1)),
            1 => format!("TRIM({})", self.text(depth - 1)),
            2 => format!("SENIORITY({})", self.text(depth - 1)),
            3 => format!("{} & {}", self.name(), self.dice.of(&TEXTS)),
            4 => format!("COUNTRYCODE({})", self.text(depth - 1)),
            5 => format!("IF({}, {}, {})", self.condition(1), self.text(depth - 1), self.text(depth - 1)),
            6 => format!("COALESCE({}, {}, {})", self.name(), self.name(), self.dice.of(&TEXTS)),
            _ => self.text(0),
        }
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.dice.below(2) == 0 { self.name() } else { self.dice.of(&NUMBERS).to_owned() };
        }
        let number = |author: &mut Self| author.number(depth - 1);
        match self.dice.below(27) {
            0..=4 => {
                let condition = self.condition(1);
                let (one, two) = (number(self), number(self));
                format!("IF({condition}, {one}, {two})")
            }
            5 => format!("IF({}, {})", self.condition(0), number(self)),
            6 => format!("({} + {})", number(self), number(self)),
            7 => format!("({} - {})", number(self), number(self)),
            8 => format!("({} * {})", number(self), self.dice.of(&NUMBERS)),
            9 => format!("({} / {})", number(self), number(self)),
            10 => format!("MIN({}, {})", number(self), number(self)),
            11 => format!("MAX({}, {}, {})", number(self), number(self), self.name()),
            12 => format!("CLAMP({}, 0, 50)", number(self)),
            13 => format!("{}({})", self.dice.of(&["ROUND", "INT", "ABS"]), number(self)),
            14 => format!("SUM({}, {})", number(self), number(self)),
            15 => format!(
                "BUCKET({}, 5, {}, 50, {}, {})",
                self.name(),
                number(self),
                number(self),
                number(self)
            ),
            16 => {
                format!("POINTS({}, {}, {}, 7)", self.condition(1), self.dice.of(&NUMBERS), self.condition(0))
            }
            17 => {
                format!(
                    "SWITCH({}, {}, {}, {}, {}, {})",
                    self.text(1),
                    self.dice.of(&TEXTS),
                    number(self),
                    self.dice.of(&NUMBERS),
                    number(self),
                    number(self)
                )
            }
            18 => format!("IFERROR({}, {})", number(self), number(self)),
            19 => format!("LET(x, {}, IF(x > 5, x, {}))", number(self), number(self)),
            20 => format!("CHOOSE(IF({}, 1, 2), {}, {})", self.condition(0), number(self), number(self)),
            21 => format!("{}({})", self.dice.of(&["DAYSSINCE", "RANGEMID", "PARSENUMBER"]), self.name()),
            22 => format!("DECAY({}, 30, {})", number(self), self.name()),
            24 | 25 => self.member(depth),
            23 => format!("SUMIF([{}, {}], n, n > 5)", self.name(), number(self)),
            _ => format!("LEN({})", self.text(1)),
        }
    }

    /// What a record that is written out has under a name.
    fn member(&mut self, depth: usize) -> String {
        let (one, two, name) = (self.number(depth - 1), self.number(depth - 1), self.name());
        let condition = self.condition(1);
        match self.dice.below(15) {
            8 => format!("MAXBY([{one}, {name}], n, n)"),
            9 => format!("MINBY([{{p: {one}}}, {{p: {two}}}], n, n.p).p"),
            10 => format!("REDUCE([{one}, {name}], {two}, total, n, total + n)"),
            11 => format!("COUNTA(GROUPBY([{one}, {two}, {name}], n, n))"),
            12 => format!("SUM(SORTBY([{one}, {two}], n, n, {condition}))"),
            13 => format!("UNIQUEBY([{one}, {two}], n, n)[1]"),
            0 => format!("{{p: {one}, q: {name}}}.p"),
            1 => format!("{{p: {one}, q: {two}}}.z"),
            2 => format!("IF({condition}, {{p: {one}, q: {name}}}, {{p: {two}}}).p"),
            3 => format!("IF({condition}, {{p: {one}, q: {name}}}).q"),
            4 => format!("LET(o, {{p: {one}, q: {two}}}, IF(o.p > 5, o.q, o.p))"),
            5 => format!("{{...{name}, x: {one}}}.x"),
            6 => format!("{{x: {one}, ...{name}}}.x"),
            7 => format!("IFERROR(SWITCH({name}, 5, {{p: {one}}}, 10, {{p: TODAY()}}).p, {two})"),
            _ => format!("[{one}, {{p: TODAY(), q: {two}}}][1].p"),
        }
    }

    fn file(&mut self) -> String {
        let mut text = String::new();
        for index in 0..=self.dice.below(3) {
            let depth = 1 + self.dice.below(3);
            let formula = match self.dice.below(5) {
                0 => self.condition(depth),
                1 => self.text(depth.min(2)),
                _ => self.number(depth),
            };
            let name = format!("Col {index}");
            if self.dice.below(3) == 0 {
                let word = self.dice.of(&["always", "never", "rising", "falling"]);
                let body = match word {
                    "always" | "never" => self.condition(1),
                    _ => self.dice.of(&NAMES).to_owned(),
                };
                let _ = writeln!(text, "# {word}: {body}");
            }
            let range = if self.dice.below(4) == 0 { " (0-50)" } else { "" };
            let _ = writeln!(text, "{name}{range} := {formula}");
            self.columns.push(name);
        }
        text
    }

    fn file_of(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Plain => self.file(),
            Kind::WithInputs => self.file_with_inputs(),
        }
    }

    /// A file whose inputs are declared, many of them with formulas. A formula is not a number of the row that could be
    /// made to rise.
    fn file_with_inputs(&mut self) -> String {
        let mut text = String::new();
        if self.dice.below(2) == 0 {
            text.push_str("blank \"VP\", \"10\"\n");
        }
        for name in NAMES.into_iter().chain(["r"]) {
            let ty =
                self.dice.of(&["Any", "Any", "Number", "Text", "Boolean", "Date", "Date \"yyyy-dd-mm\""]);
            let _ = match self.dice.below(6) {
                0 => writeln!(text, "input {name}: {ty} = {}", self.condition(1)),
                1 => writeln!(text, "input {name}: {ty} = {}", self.text(2)),
                2 | 3 => writeln!(text, "input {name}: {ty} = {}", self.number(2)),
                _ => writeln!(text, "input {name}: {ty}"),
            };
        }
        let columns = self.file();
        let lines =
            columns.lines().filter(|line| !line.starts_with("# rising") && !line.starts_with("# falling"));
        lines.for_each(|line| {
            let _ = writeln!(text, "{line}");
        });
        text
    }

    fn row(&mut self) -> String {
        let mut members: Vec<String> = Vec::new();
        for name in NAMES {
            if self.dice.below(5) > 0 {
                members.push(format!("\"{name}\": {}", VALUES[self.dice.below(VALUES.len())]));
            }
        }
        if self.dice.below(2) == 0 {
            members.push(format!("\"r\": {{\"x\": {}}}", VALUES[self.dice.below(VALUES.len())]));
        }
        format!("{{{}}}", members.join(", "))
    }
}

/// Compares what is claimed of one file with what its rows show; returns how many claims were exact.
fn check_file(text: &str, rows: &[String]) -> Result<usize, String> {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let source = Source::new("random.clay", text);
    let Ok(claimed) = clayf::tools::prove::read(&source) else { return Ok(0) };
    let rules: &Rules = &claimed.rules;
    let values = Values::new(rules.tree(), Rows::Any);
    let paths = Paths::new(&values);
    let paths: Vec<Vec<Possible>> = (0..rules.column_names().len())
        .map(|index| {
            let term = values.terms.column(clayf::check::ColumnId(index as u32));
            paths.of(term, &Facts::default()).into_iter().map(|path| path.values).collect()
        })
        .collect();
    let proof = prove(&source, &clock).map_err(|found| found.to_string())?;
    let mut exact = 0;
    for row in rows {
        let record = Record::from_json(row).map_err(|error| error.to_string())?;
        let results = rules.eval(&record, &clock);
        for (index, value) in results.values().iter().enumerate() {
            let id = clayf::check::ColumnId(index as u32);
            let fail =
                |what: &str| Err(format!("{what}\n{text}row {row}\ncolumn {index} is {}", shown(value)));
            if !values.of(values.terms.column(id), &Facts::default()).contains(value, &clock) {
                return fail("not among the possible values");
            }
            if !paths[index].iter().any(|path| path.contains(value, &clock)) {
                return fail("not at the end of any path");
            }
            let Some(column) = proof.columns.get(index) else { continue };
            if let Some(listed) = &column.values {
                exact += 1;
                if value.as_error().is_none() && !listed.iter().any(|one| is_identical(&one.value, value)) {
                    return fail("not among the listed values");
                }
            }
            if let Value::Number(number) = value
                && (column.min.is_some_and(|min| *number < min - 1e-9 * min.abs())
                    || column.max.is_some_and(|max| *number > max + 1e-9 * max.abs()))
            {
                return fail("beyond the stated range");
            }
        }
        for decision in &proof.properties {
            if !matches!(decision.status, Status::Proved) {
                continue;
            }
            exact += 1;
            let result = |id: clayf::check::ColumnId| &results.values()[id.0 as usize];
            let own = result(decision.property.column);
            let is_true = match &decision.property.claim {
                Claim::Always(id) => clayf::value::to_boolean(result(*id)).unwrap_or(true),
                Claim::Never(id) => !clayf::value::to_boolean(result(*id)).unwrap_or(false),
                Claim::Range(range) => match own {
                    Value::Number(number) => (range.low..=range.high).contains(number),
                    Value::Blank | Value::Error(_) => true,
                    _ => false,
                },
                Claim::Rising(name) => follows(rules, row, name, index_of(own, &results), true, &clock),
                Claim::Falling(name) => follows(rules, row, name, index_of(own, &results), false, &clock),
            };
            if !is_true {
                return Err(format!("proved, but not true: {}\n{text}row {row}", decision.property.text));
            }
        }
        for column in &proof.columns {
            let index = rules.column_names().position(|name| name == column.name).expect("the column");
            for (names, rising) in [(&column.rises, true), (&column.falls, false)] {
                for name in names {
                    if !follows(rules, row, name, index, rising, &clock) {
                        return Err(format!(
                            "{} does not follow {name} (rising: {rising})\n{text}row {row}",
                            column.name
                        ));
                    }
                }
            }
        }
    }
    Ok(exact)
}

/// Whether two values have the same type and spelling.
fn is_identical(one: &Value<'_>, two: &Value<'_>) -> bool {
    one.ty() == two.ty() && json_text(one) == json_text(two)
}

/// Edits that keep the meaning of many rules, and change that of others.
const EDITS: [(&str, &str); 14] = [
    ("\"VP\"", "\"vp\""),
    ("\"Software\"", "\"software\""),
    ("\"10\"", "\"10.0\""),
    ("\"true\"", "\"TRUE\""),
    (" + ", " + 0 + "),
    (" + ", " - 0 + "),
    (" >= ", " > "),
    (" OR ", " AND "),
    ("a ", "a + 0 "),
    (", 1)", ", 1 * 1)"),
    ("a > ", "0 < a - "),
    ("a + b", "b + a"),
    ("(a", "(COALESCE(a, a)"),
    ("IF(", "IF(FALSE OR "),
];

/// Compares a file with an edited one; returns how many columns are claimed to be equivalent, or a row that shows
/// otherwise.
fn check_edit(text: &str, edit: (&str, &str), rows: &[String]) -> Result<usize, String> {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let edited = text.replacen(edit.0, edit.1, 1);
    let compiled = |text: &str| Rules::compile("random.clay", text);
    let (Ok(old), Ok(new)) = (compiled(text), compiled(&edited)) else { return Ok(0) };
    let Some(comparisons) = clayf::tools::prove::compare(&old, &new, &clock) else { return Ok(0) };
    let is_equivalent =
        |one: &clayf::tools::prove::Comparison| matches!(one.outcome, Equivalence::Equivalent { .. });
    let equivalent: Vec<usize> = comparisons
        .iter()
        .filter(|one| is_equivalent(one))
        .filter_map(|one| old.column_names().position(|name| name == one.column))
        .collect();
    for row in rows {
        let record = Record::from_json(row).map_err(|error| error.to_string())?;
        let (before, after) = (old.eval(&record, &clock), new.eval(&record, &clock));
        for index in &equivalent {
            let (one, two) = (&before.values()[*index], &after.values()[*index]);
            let is_same = match (one.as_error(), two.as_error()) {
                (Some(one), Some(two)) => one.code == two.code,
                _ => is_identical(one, two),
            };
            if !is_same {
                let (one, two) = (shown(one), shown(two));
                return Err(format!("not equivalent\n{text}\n{edited}row {row}\n{index}: {one}, {two}"));
            }
        }
    }
    Ok(equivalent.len())
}

fn check_edits(seed: u64, files: usize, rows: usize, kind: Kind) {
    let mut dice = Dice(seed);
    let (mut equivalent, mut failures) = (0, Vec::new());
    for _ in 0..files {
        let edit = EDITS[dice.below(EDITS.len())];
        let mut author = Author { dice: &mut dice, columns: Vec::new() };
        let text = author.file_of(kind);
        let rows: Vec<String> = (0..rows).map(|_| author.row()).collect();
        if !text.contains(edit.0) {
            continue;
        }
        match check_edit(&text, edit, &rows) {
            Ok(found) => equivalent += found,
            Err(failure) => failures.push(failure),
        }
        if failures.len() >= 8 {
            break;
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n----\n"));
    assert!(equivalent > files / 20, "hardly anything was found equivalent: {equivalent}");
}

#[test]
fn equivalent_versions_agree_on_rows_at_random() {
    check_edits(0x0dd_ba11, 400, 30, Kind::Plain);
}

#[test]
fn equivalent_versions_with_inputs_agree_on_rows_at_random() {
    check_edits(0x1_ba11, 400, 30, Kind::WithInputs);
}

#[test]
#[ignore = "takes long; set CLAYF_PROOF_RULES for the number of rules"]
fn equivalent_versions_agree_for_many_rules() {
    check_edits(seed(), count() / 2, 30, Kind::Plain);
    check_edits(seed(), count() / 2, 30, Kind::WithInputs);
}

fn index_of(value: &Value<'_>, results: &clayf::Results<'_>) -> usize {
    results.values().iter().position(|other| std::ptr::eq(other, value)).expect("one of them")
}

fn shown(value: &Value<'_>) -> String {
    value.as_error().map_or_else(|| json_text(value), |error| format!("{} {}", error.code, error.message))
}

/// Whether a column follows a number in the row, up or down, over some numbers.
fn follows(rules: &Rules, row: &str, name: &str, column: usize, rising: bool, clock: &Clock) -> bool {
    let mut last: Option<f64> = None;
    for number in [-100.0, -3.0, -1.0, 0.0, 0.5, 1.0, 2.5, 5.0, 7.0, 10.0, 49.0, 50.0, 51.0, 99.0, 100.0, 1e6]
    {
        let mut row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(row).expect("a row");
        row.insert(name.to_owned(), serde_json::json!(number));
        let json = serde_json::Value::Object(row).to_string();
        let record = Record::from_json(&json).expect("a record");
        let results = rules.eval(&record, clock);
        let Value::Number(now) = results.values()[column] else { continue };
        if last.is_some_and(|last| if rising { now < last - 1e-9 } else { now > last + 1e-9 }) {
            return false;
        }
        last = Some(now);
    }
    true
}

fn check_many(seed: u64, files: usize, rows: usize, kind: Kind) {
    let mut dice = Dice(seed);
    let (mut exact, mut failures) = (0, Vec::new());
    for _ in 0..files {
        let mut author = Author { dice: &mut dice, columns: Vec::new() };
        let text = author.file_of(kind);
        let rows: Vec<String> = (0..rows).map(|_| author.row()).collect();
        match check_file(&text, &rows) {
            Ok(found) => exact += found,
            Err(failure) => failures.push(failure),
        }
        if failures.len() >= 8 {
            break;
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n----\n"));
    assert!(exact > files, "hardly anything was proved: {exact}");
}

#[test]
fn claims_hold_for_rows_at_random() {
    check_many(0x00c0_ffee, 400, 30, Kind::Plain);
}

#[test]
fn claims_about_inputs_hold_for_rows_at_random() {
    check_many(0x1c0_ffee, 400, 30, Kind::WithInputs);
}

/// Rules, each with a row, of which something untrue was once claimed.
#[test]
fn claims_hold_for_cases_that_were_wrong() {
    let text = std::fs::read_to_string("corpus/proofs/cases.txt").expect("the cases");
    let mut failures = Vec::new();
    for case in text.split("\n\n") {
        let (rules, row) = case.trim().split_once("\nrow ").expect("rules and a row");
        failures.extend(check_file(&format!("{rules}\n"), &[row.to_owned()]).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n----\n"));
}

#[test]
#[ignore = "takes hours; set CLAYF_PROOF_RULES for the number of rules"]
fn claims_hold_for_a_million_rules() {
    check_many(seed(), count() / 2, 20, Kind::Plain);
    check_many(seed(), count() / 2, 20, Kind::WithInputs);
}

fn count() -> usize {
    std::env::var("CLAYF_PROOF_RULES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000)
}

fn seed() -> u64 {
    std::env::var("CLAYF_PROOF_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0x5eed)
}
