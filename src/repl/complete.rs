//! What could stand at the cursor: columns of several words, functions, LET names, commands, files.

mod fields;
mod values;

use super::command::{self, Argument, COMMANDS};
use super::scan::Scan;
use super::vocabulary::Vocabulary;
use crate::builtins;
use crate::syntax::{TokenKind, bare_or_braced};
use std::path::Path;

/// What begins a private column.
const LET: &str = "let ";

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What the list shows.
    pub display: String,
    /// What takes the place of the text from the start of the completion to the cursor.
    pub replacement: String,
}

impl Candidate {
    fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { display: text.clone(), replacement: text }
    }
}

/// The byte from which on the text before the cursor is replaced, and by what it could be.
#[must_use]
pub fn complete(vocabulary: &Vocabulary, line: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let before = line.get(..cursor).unwrap_or(line);
    let start = before.len() - before.trim_start().len();
    if !before[start..].starts_with(':') {
        return formula(vocabulary, before, 0);
    }
    let word = &before[start + 1..];
    let Some(end) = word.find(char::is_whitespace) else {
        let named = COMMANDS.iter().map(|command| (command.names[0], command.argument));
        let begun = named.filter(|(name, _)| name.starts_with(&word.to_lowercase()));
        let spelled = begun.map(|(name, argument)| {
            let blank = if argument == Argument::Nothing { "" } else { " " };
            Candidate { display: format!(":{name}"), replacement: format!(":{name}{blank}") }
        });
        return (start, spelled.collect());
    };
    let rest = start + 1 + end;
    let rest = rest + before[rest..].len() - before[rest..].trim_start().len();
    argument(vocabulary, before, rest, command::find(&word[..end]).map(|command| command.argument))
}

/// What could stand behind a command, which begins at the byte `rest`.
fn argument(
    vocabulary: &Vocabulary,
    before: &str,
    rest: usize,
    argument: Option<Argument>,
) -> (usize, Vec<Candidate>) {
    let typed = &before[rest..];
    match argument {
        Some(Argument::Formula) => formula(vocabulary, before, rest),
        Some(Argument::Function) => {
            (rest, matching(typed, functions(vocabulary)).into_iter().map(Candidate::new).collect())
        }
        Some(Argument::Column) => {
            let columns = matching(typed, vocabulary.columns.iter().map(String::as_str));
            if columns.is_empty() && !typed.is_empty() {
                return formula(vocabulary, before, rest);
            }
            (rest, columns.into_iter().map(|name| Candidate::new(name.to_owned() + " ")).collect())
        }
        Some(Argument::File) => files(before, rest),
        Some(Argument::Files) => {
            let blank = typed.char_indices().rev().find(|(_, next)| next.is_whitespace());
            let last = blank.map_or(0, |(at, next)| at + next.len_utf8());
            let (start, found) = files(before, rest);
            if found.is_empty() { files(before, rest + last) } else { (start, found) }
        }
        Some(Argument::Row) => (rest, if typed.is_empty() { vec![Candidate::new("*")] } else { Vec::new() }),
        Some(Argument::Nothing) | None => (rest, Vec::new()),
    }
}

/// What could stand at the end of a formula that begins at the byte `from`.
fn formula(vocabulary: &Vocabulary, before: &str, from: usize) -> (usize, Vec<Candidate>) {
    let text = &before[from..];
    let scan = Scan::new(text);
    let columns = || vocabulary.columns.iter().map(String::as_str);
    let ends_here = |end: u32| end as usize == text.len();
    if let Some(last) = scan.tokens.last() {
        match last.kind {
            TokenKind::UnclosedName => {
                let start = last.span.start as usize;
                let typed = text[start..].trim_start_matches('{');
                let braced = matching(typed, columns()).into_iter().map(|name| format!("{{{{{name}}}}}"));
                return (from + start, braced.map(Candidate::new).collect());
            }
            TokenKind::UnclosedText => {
                let start = last.span.start as usize;
                let found = values::compared(text, &scan.tokens);
                return if found.is_empty() { (before.len(), found) } else { (from + start, found) };
            }
            TokenKind::CurlyText => return (before.len(), Vec::new()),
            TokenKind::Comment | TokenKind::BlockComment | TokenKind::Text | TokenKind::QuotedName
                if ends_here(last.span.end) =>
            {
                return (before.len(), Vec::new());
            }
            _ => {}
        }
    }
    if let Some((start, found)) = fields::fields(vocabulary, &scan) {
        return (from + start, found);
    }
    let locals: Vec<String> =
        scan.open_at(text.len()).into_iter().flat_map(|open| open.names_in_scope().to_vec()).collect();
    let names = || columns().chain(locals.iter().map(String::as_str));
    let starts = word_starts(&scan);
    // The longest run of words that begins a name is the name that is being typed. What is spelled in its letter case
    // goes before the rest, so that `Ind` is the column and `IND` the function.
    for matches in [begins_exactly, begins, holds] {
        for start in &starts {
            let typed = spaced_once(&text[*start..]);
            let is_one_word = starts.last() == Some(start) && !text.ends_with(char::is_whitespace);
            let known =
                names().filter(|name| matches(name, &typed)).map(|name| Candidate::new(bare_or_braced(name)));
            let functions = functions(vocabulary).filter(|name| is_one_word && matches(name, &typed));
            let calls = functions.map(|name| call(vocabulary, name));
            let is_first = *start == 0 && is_one_word && !typed.is_empty() && LET.starts_with(&typed);
            let private = is_first.then(|| Candidate::new(LET));
            let mut found: Vec<Candidate> = known.chain(calls).collect();
            if !found.is_empty() {
                found.extend(private);
                return (from + start, found);
            }
        }
    }
    let value_expected = scan.tokens.last().is_none_or(|last| !last.ends_operand(text));
    if !starts.is_empty() || !value_expected {
        return (before.len(), Vec::new());
    }
    let known: Vec<Candidate> = names().map(|name| Candidate::new(bare_or_braced(name))).collect();
    let calls = || functions(vocabulary).map(|name| call(vocabulary, name)).collect();
    let found = if known.is_empty() { calls() } else { known };
    (before.len(), found)
}

/// Where each word of the last run of words begins, if the text ends with one, blanks behind it included.
fn word_starts(scan: &Scan<'_>) -> Vec<usize> {
    let Some(last) = scan.tokens.len().checked_sub(1) else { return Vec::new() };
    let behind = &scan.text[scan.tokens[last].span.end as usize..];
    let is_part =
        |index: usize| scan.is_word(index) || (index == last && behind.is_empty() && scan.is_keyword(index));
    if behind.contains(['\n', '\r']) || !is_part(last) {
        return Vec::new();
    }
    let mut first = last;
    while first > 0 && scan.blanks_before(first) && is_part(first - 1) {
        first -= 1;
    }
    let words = (first..=last).filter(|index| scan.tokens[*index].kind == TokenKind::Word);
    words.map(|index| scan.tokens[index].span.start as usize).collect()
}

/// Several blanks inside a name count as one.
fn spaced_once(typed: &str) -> String {
    let mut words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if typed.ends_with(char::is_whitespace) {
        words.push(' ');
    }
    words
}

fn call(vocabulary: &Vocabulary, name: &str) -> Candidate {
    let takes_nothing = match vocabulary.function(name) {
        Some(own) => own.signature.ends_with("()"),
        None => builtins::find(name).is_some_and(|builtin| builtin.params.is_empty()),
    };
    Candidate::new(format!("{name}({}", if takes_nothing { ")" } else { "" }))
}

/// All names that can be called.
fn functions(vocabulary: &Vocabulary) -> impl Iterator<Item = &str> {
    let own = vocabulary.functions.iter().map(|function| function.name.as_str());
    let mut names: Vec<&str> = builtins::names().map(|name| -> &str { name }).chain(own).collect();
    names.sort_unstable();
    names.into_iter()
}

/// The names that begin with what is typed, or else those that hold it, in any letter case.
fn matching<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let names: Vec<&str> = names.collect();
    let of = |matches: fn(&str, &str) -> bool| -> Vec<&'n str> {
        names.iter().copied().filter(|name| matches(name, typed)).collect()
    };
    let begun = of(begins);
    if begun.is_empty() { of(holds) } else { begun }
}

fn begins_exactly(name: &str, typed: &str) -> bool {
    name.starts_with(typed)
}

fn begins(name: &str, typed: &str) -> bool {
    name.to_lowercase().starts_with(&typed.to_lowercase())
}

fn holds(name: &str, typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    !typed.is_empty() && name.to_lowercase().contains(&typed)
}

/// The files whose path begins with the text behind the byte `start`.
fn files(before: &str, start: usize) -> (usize, Vec<Candidate>) {
    let typed = &before[start..];
    let (folder, begun) = typed.rsplit_once('/').map_or(("", typed), |(folder, begun)| (folder, begun));
    let shown = &typed[..typed.len() - begun.len()];
    let read_from = super::rows::expanded(if shown.is_empty() {
        "."
    } else if folder.is_empty() {
        "/"
    } else {
        folder
    });
    let entries = std::fs::read_dir(Path::new(&read_from)).into_iter().flatten().filter_map(Result::ok);
    let mut found: Vec<Candidate> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_hidden = name.starts_with('.') && !begun.starts_with('.');
            let is_folder = entry.path().is_dir();
            let end = if is_folder { "/" } else { "" };
            let replacement = format!("{shown}{name}{end}");
            (name.starts_with(begun) && !is_hidden)
                .then(|| Candidate { display: format!("{name}{end}"), replacement })
        })
        .collect();
    found.sort_by(|one, other| one.replacement.cmp(&other.replacement));
    (start, found)
}

/// How many bytes behind the cursor the end of `elected` repeats: they are there already, and are replaced too.
#[must_use]
pub fn overlap(elected: &str, behind: &str) -> usize {
    let ends = elected.char_indices().map(|(at, _)| &elected[at..]);
    ends.map(str::len).find(|length| behind.starts_with(&elected[elected.len() - length..])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{complete, overlap};
    use crate::repl::Vocabulary;
    use crate::value::{Record, Value};

    /// What the line becomes where `|` is the cursor, or the names to choose from.
    fn completed(line: &str) -> String {
        let columns = ["Employee Count", "Employee Range", "Industry", "Company (HQ)", "ICP Score", "Größe"];
        let mut vocabulary =
            Vocabulary { columns: columns.map(ToOwned::to_owned).to_vec(), ..Vocabulary::default() };
        let record =
            r#"{"name": "Acme", "org": {"hq city": "Berlin", "size": 5}, "people": [{"title": "CEO"}]}"#;
        let record = Value::Record(Record::from_json(record).expect("a record").into());
        vocabulary.fields.add("Apollo", &record);
        vocabulary.fields.add("Company Data", &record);
        let (before, behind) = line.split_once('|').expect("a cursor");
        let line = format!("{before}{behind}");
        let (start, found) = complete(&vocabulary, &line, before.len());
        match &found[..] {
            [only] => {
                let behind = &behind[overlap(&only.replacement, behind)..];
                format!("{}{}|{behind}", &line[..start], only.replacement)
            }
            _ => found.iter().map(|one| one.display.as_str()).collect::<Vec<_>>().join(", "),
        }
    }

    #[test]
    fn names_of_several_words_are_completed() {
        assert_eq!(completed("1 + Employee Cou|"), "1 + Employee Count|");
        assert_eq!(completed("IF(employee  cou|"), "IF(Employee Count|");
        assert_eq!(completed("Emp|"), "Employee Count, Employee Range");
        assert_eq!(completed("Employee |"), "Employee Count, Employee Range");
        assert_eq!(completed("a AND Ind|"), "a AND Industry|");
        assert_eq!(completed("Emp|loyee Count > 5"), "Employee Count, Employee Range");
        assert_eq!(completed("Ind|ustry > 5"), "Industry| > 5");
        assert_eq!(completed("grö|"), "Größe|");
        assert_eq!(completed("Rang|"), "RANGEMAX(, RANGEMID(, RANGEMIN(");
        assert_eq!(completed("1 + scor|"), "1 + ICP Score|");
    }

    #[test]
    fn names_in_braces_are_closed() {
        assert_eq!(completed("{{Com|"), "{{Company (HQ)}}|");
        assert_eq!(completed("{{Com|}} = 1"), "{{Company (HQ)}}| = 1");
        assert_eq!(completed("Company|"), "{{Company (HQ)}}|");
        assert_eq!(completed("COMPAN|"), "COMPANYNAME(|");
        assert_eq!(completed("LEN({{hq|"), "LEN({{Company (HQ)}}|");
    }

    #[test]
    fn functions_and_let_names_are_completed() {
        assert_eq!(completed("substit|"), "SUBSTITUTE(|");
        assert_eq!(completed("SUBSTIT|(a)"), "SUBSTITUTE(|a)");
        assert_eq!(completed("TODA|"), "TODAY()|");
        assert_eq!(completed("LET(size, 30, siz|"), "LET(size, 30, size|");
        assert_eq!(completed("LET(mysize, mysiz|"), "");
        assert_eq!(completed("LE|"), "LEFT(, LEN(, LET(");
        assert_eq!(completed("le|"), "LEFT(, LEN(, LET(, let ");
        assert_eq!(completed("let Rate := Ind|"), "let Rate := Industry|");
        assert_eq!(completed("ANY(Tags, thistag, thist|"), "ANY(Tags, thistag, thistag|");
        assert_eq!(completed("{tier: Ind|"), "{tier: Industry|");
        assert_eq!(
            completed("REDUCE(Tags, 0, thistotal, t, thist|"),
            "REDUCE(Tags, 0, thistotal, t, thistotal|"
        );
        assert_eq!(completed("\"Ind|"), "");
        assert_eq!(completed("1 # Ind|"), "");
    }

    #[test]
    fn fields_of_records_are_completed_after_a_dot() {
        assert_eq!(completed("Apollo.|"), "name, org, people");
        assert_eq!(completed("1 + Apollo.na|"), "1 + Apollo.name|");
        assert_eq!(completed("Apollo?.org.|"), "{{hq city}}, size");
        assert_eq!(completed("LEN(Company Data.org.HQ|)"), "LEN(Company Data.org.{{hq city}}|)");
        assert_eq!(
            completed("IF(Industry = 1, Company Data.people[0].t|"),
            "IF(Industry = 1, Company Data.people[0].title|"
        );
        assert_eq!(completed("{{Apollo}}.org.s|"), "{{Apollo}}.org.size|");
        // Not a field of any row: columns of the row do not follow a dot either.
        assert_eq!(completed("Industry.|"), "");
        assert_eq!(completed("Apollo.Ind|"), "");
    }

    #[test]
    fn commands_and_what_follows_them_are_completed() {
        assert_eq!(completed(":rel|"), ":reload|");
        assert_eq!(completed(":lo|"), ":load |");
        assert_eq!(completed(":help substit|"), ":help SUBSTITUTE|");
        assert_eq!(completed(":type 1 + Ind|"), ":type 1 + Industry|");
        assert_eq!(completed(":set company|"), ":set Company (HQ) |");
        assert_eq!(completed(":load corpus/docs/two_c|"), ":load corpus/docs/two_columns.clay|");
        assert_eq!(
            completed(":rows corpus/seed/leads.jsonl corpus/see|"),
            ":rows corpus/seed/leads.jsonl corpus/seed/|"
        );
        // Blanks may take several bytes.
        assert_eq!(completed(":rows\u{3000}corpus/see|"), ":rows\u{3000}corpus/seed/|");
        assert_eq!(completed(":rows a\u{3000}corpus/see|"), ":rows a\u{3000}corpus/seed/|");
        assert_eq!(completed(":rows a\u{3000}\u{3000}|b"), completed(":rows a  |b"));
    }
}
