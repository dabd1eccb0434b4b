//! The layout of rule files: one form, the same meaning, every comment.

#[path = "common/formulas.rs"]
mod formulas;

use clayf::Rules;
use clayf::diagnostics::{Diagnostics, Source};
use clayf::syntax::ast::{Expr, RuleFile};
use clayf::syntax::{TokenKind, format_file, parse_file, print, tokenize};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn format(name: &str, text: &str) -> String {
    let stem = Path::new(name).file_stem().expect("a stem").to_string_lossy().into_owned();
    match format_file(&Source::new(name, text), &stem) {
        Ok(formatted) => formatted,
        Err(error) => panic!("{name} is not formatted: {error:?}\n{text}"),
    }
}

/// The file, if it has no mistake in its syntax.
fn parsed(name: &str, text: &str) -> Option<RuleFile> {
    let stem = Path::new(name).file_stem().expect("a stem").to_string_lossy().into_owned();
    let (file, findings) = parse_file(&Source::new(name, text), &stem);
    findings.iter().all(clayf::diagnostics::Diagnostic::is_warning).then_some(file)
}

fn comments(text: &str) -> Vec<String> {
    let comments = tokenize(text).into_iter().filter(|token| token.kind == TokenKind::Comment);
    comments.map(|token| token.text(text).trim_end().to_owned()).collect()
}

/// How often each diagnostic is found.
fn codes(name: &str, text: &str) -> BTreeMap<String, usize> {
    let found: Diagnostics = match Rules::compile(name, text) {
        Ok(rules) => rules.warnings().clone(),
        Err(found) => found,
    };
    let mut codes = BTreeMap::new();
    found.iter().for_each(|one| *codes.entry(one.code()).or_insert(0) += 1);
    codes
}

/// What holds for the formatted form of any text that parses.
fn holds(name: &str, text: &str) {
    let Some(file) = parsed(name, text) else { return };
    let formatted = format(name, text);
    assert_eq!(
        parsed(name, &formatted).as_ref(),
        Some(&file),
        "{name} says the same:\n{text}\n=>\n{formatted}"
    );
    assert_eq!(comments(&formatted), comments(text), "{name} keeps its comments:\n{formatted}");
    assert_eq!(format(name, &formatted), formatted, "{name} is formatted at once:\n{text}");
    let before = codes(name, text);
    for (code, count) in codes(name, &formatted) {
        let had = before.get(&code).copied().unwrap_or(0);
        // A rewritten formula in a report covers the mistakes in it, and comments can keep a formula from being rewritten.
        assert!(count <= had || had > 0, "{name}: {code} is new:\n{text}\n=>\n{formatted}");
    }
    let lines: Vec<&str> = formatted.lines().collect();
    assert!(formatted.ends_with('\n') && !formatted.ends_with("\n\n"), "{name} ends with one line end");
    assert!(lines.windows(2).all(|pair| pair != ["", ""]), "{name} has no two blank lines:\n{formatted}");
    assert!(lines.iter().all(|line| !line.ends_with([' ', '\t'])), "{name} has no blanks at line ends");
}

/// All files below a folder with this ending.
fn files_below(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn each_case_has_its_form() {
    let cases = files_below("corpus/format", ".clay");
    let cases: Vec<_> =
        cases.into_iter().filter(|case| !case.to_string_lossy().ends_with(".formatted.clay")).collect();
    assert!(cases.len() >= 25, "{} cases", cases.len());
    for case in cases {
        let text = fs::read_to_string(&case).expect("a case");
        let name = case.file_name().expect("a name").to_string_lossy().into_owned();
        let wanted_path = case.with_extension("formatted.clay");
        let found = format(&name, &text);
        if std::env::var_os("CLAYF_BLESS").is_some() {
            fs::write(&wanted_path, &found).expect("a writable case");
        }
        let wanted = fs::read_to_string(&wanted_path).expect("the formatted case beside it");
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn every_file_of_the_corpus_keeps_its_meaning() {
    for path in files_below("corpus", ".clay") {
        let text = fs::read_to_string(&path).expect("a file");
        holds(&path.to_string_lossy(), &text);
    }
}

#[test]
fn the_corpus_is_formatted() {
    for path in files_below("corpus/docs", ".clay") {
        let text = fs::read_to_string(&path).expect("a file");
        assert_eq!(format(&path.to_string_lossy(), &text), text, "{}", path.display());
    }
}

#[test]
fn the_examples_of_the_page_are_formatted() {
    let page = fs::read_to_string("docs/formatting.md").expect("the page");
    let examples: Vec<&str> =
        page.split("```clay\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(examples.len() > 1);
    for example in examples {
        assert_eq!(format("page.clay", example), example);
    }
}

/// A random choice for each gap and each token, from a list that is used up round and round.
struct Choices {
    numbers: Vec<u8>,
    next: usize,
}

impl Choices {
    fn below(&mut self, bound: usize) -> usize {
        self.next += 1;
        self.numbers[self.next % self.numbers.len()] as usize % bound
    }
}

/// What may stand between two tokens.
fn gap(choices: &mut Choices, rate: usize) -> String {
    const PLAIN: [&str; 8] = [" ", " ", "  ", "\t", "\n", "\n\n", " \n \n\n", " "];
    const COMMENTS: [&str; 14] = [
        " # one\n",
        "\n# two\n",
        " // three \n\n",
        "\n\n# four\n// five\n",
        " #= six\n",
        "\n#> seven\n",
        "\n# Zed Column\n",
        " # Eight Column (0-10)\n",
        "\n\n# nine\n\n# Column: Ten\n\n",
        "#glued\n",
        " # \"quoted {{ ( [\n",
        "\n#, odd column\n",
        " // a\n // b\n",
        "\r\n# dos\r\n",
    ];
    let index = choices.below(rate);
    if index < COMMENTS.len() { COMMENTS[index].to_owned() } else { PLAIN[index % PLAIN.len()].to_owned() }
}

/// The formula with other spellings, gaps and comments.
fn disguised(formula: &str, choices: &mut Choices, rate: usize) -> String {
    let tokens = tokenize(formula);
    let mut out = String::new();
    let mut index = 0;
    while index < tokens.len() {
        let token = tokens[index];
        let mut end = token.span.end as usize;
        // The words of a name stay together, and so do a function and its bracket.
        if token.kind == TokenKind::Word {
            while let Some(next) = tokens.get(index + 1) {
                let between = &formula[end..next.span.start as usize];
                let keyword = |word: &str| matches!(word, "AND" | "OR" | "NOT" | "IN");
                let is_part =
                    matches!(next.kind, TokenKind::Word | TokenKind::NumberWord | TokenKind::Number)
                        && between == " "
                        && !keyword(next.text(formula))
                        && !keyword(token.text(formula));
                let is_call = between.is_empty() && next.text(formula) == "(";
                let is_dotted =
                    between.is_empty() && formula[token.span.start as usize..].starts_with("CEILING.MATH(");
                if !is_part && !is_call && !is_dotted {
                    break;
                }
                end = next.span.end as usize;
                index += 1;
                if is_call {
                    break;
                }
            }
        }
        let written = &formula[token.span.start as usize..end];
        let behind_dot = out.trim_end().ends_with('.');
        let before_access = tokens.get(index + 1).is_some_and(|next| matches!(next.text(formula), "." | "["));
        let is_call = written.ends_with('(') && !["NOT(", "AND(", "OR("].contains(&written);
        let is_keyword = matches!(written, "AND" | "OR" | "NOT" | "IN");
        let is_name = token.kind == TokenKind::Word && !written.ends_with('(') && !is_keyword && !behind_dot;
        let is_boolean = matches!(written, "TRUE" | "FALSE");
        let other = match (written, choices.below(5)) {
            ("=", 0) => "==".to_owned(),
            ("<>", 0) => "!=".to_owned(),
            ("AND", 0) => "&&".to_owned(),
            ("OR", 0) => "||".to_owned(),
            ("TRUE" | "FALSE", 0) => format!("{written}()"),
            (")" | "]", 0) if choices.below(4) == 0 => format!(",{written}"),
            (_, 0) if is_call => written.to_lowercase(),
            (_, 0) if token.kind == TokenKind::Number && !before_access => format!("({written})"),
            (_, 0) if token.kind == TokenKind::Text => format!("(({written}))"),
            (_, 0) if is_name && !is_boolean => format!("{{{{{written}}}}}"),
            (_, 1) if is_name && !is_boolean => format!("{{ {written} }}"),
            (_, 2) if is_name => format!("({written})"),
            (_, 1) if token.kind == TokenKind::Text && !written.contains(['\'', '\\']) => {
                format!("'{}'", written[1..written.len() - 1].replace("\"\"", "\""))
            }
            _ => written.to_owned(),
        };
        out.push_str(&other);
        index += 1;
        if let Some(next) = tokens.get(index) {
            let tight = end == next.span.start as usize;
            if !tight || choices.below(3) == 0 {
                out.push_str(&gap(choices, rate));
            }
        }
    }
    out
}

fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::vec(any::<u8>(), 30..90).prop_map(|numbers| Choices { numbers, next: 0 })
}

impl std::fmt::Debug for Choices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.numbers)
    }
}

/// A file of inputs, headers, definitions and comments around the formulas.
fn file_of(trees: &[Expr], choices: &mut Choices) -> String {
    const BETWEEN: [&str; 8] = [
        "\n",
        "\n\n",
        "\n\n\n",
        "\n# note\n",
        "\n\n# note\n\n",
        " # behind\n",
        " // behind\n# below\n\n",
        "\r\n\r\n",
    ];
    const HEADS: [&str; 10] = [
        "# Clay Formula Column: H# (0-100)\n",
        "# H# Column\n# more\n",
        "// column: H# (0-5)\n//more\n",
        "D# :=",
        "D# (0 – 10) := ",
        "{{D (#)}} :=\n",
        "F#(a:Number,{{b (#)}}= 5 , c ) := ",
        "f#( # why\n  a,\n  b: text\n) :=",
        "let  D#:= ",
        "let {{D (#)}} (0-10) :=\n",
    ];
    const INPUTS: [&str; 6] = [
        "input I#: Number",
        "input  I#  :Text=a . b [ 0 ]",
        "data  {{T (#)}} = 'x.csv'  key a b , {{c (d)}}  range low (points:number, {{x}} : Text) # why",
        "use  'lib/shared #.clay'   # why",
        "decision  {{T (#)}} = 'x.csv'  unique # why",
        "input {{I (#)}}: Any = {{odd key}}.{{x y}} # why",
    ];
    let mut text = String::new();
    for (index, tree) in trees.iter().enumerate() {
        let number = index.to_string();
        if choices.below(3) == 0 {
            text.push_str(
                &INPUTS[choices.below(INPUTS.len())]
                    .replace('#', &number)
                    .replace(&format!("{number} why"), "# why"),
            );
            text.push('\n');
        }
        let head = HEADS[choices.below(HEADS.len())];
        let (mark, rest) = head.split_at(usize::from(head.starts_with('#')));
        text.push_str(mark);
        let is_more = rest.rfind("# more");
        let (first, more) = rest.split_at(is_more.unwrap_or(rest.len()));
        text.push_str(&first.replace('#', &number));
        text.push_str(more);
        text.push_str(&disguised(&print(tree), choices, 60));
        text.push_str(BETWEEN[choices.below(BETWEEN.len())]);
        text.push('\n');
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(std::env::var("PROPTEST_CASES").map_or(250, |cases| cases.parse().expect("a number"))))]

    #[test]
    fn any_formula_keeps_its_meaning(tree in formulas::tree(), mut choices in choices(), rate in 15..80usize) {
        let text = format!("X := {}\n", disguised(&print(&tree), &mut choices, rate));
        holds("x.clay", &text);
        let bare = disguised(&print(&tree), &mut choices, rate);
        holds("x.clay", &bare);
    }

    #[test]
    fn any_file_keeps_its_meaning(trees in prop::collection::vec(formulas::tree(), 1..4), mut choices in choices()) {
        holds("x.clay", &file_of(&trees, &mut choices));
    }

    #[test]
    fn any_inline_data_keeps_its_meaning(trees in prop::collection::vec(formulas::tree(), 1..4), mut choices in choices()) {
        let items: Vec<String> = trees.iter().map(|tree| disguised(&print(tree), &mut choices, 60)).collect();
        let list = format!("data List = [{}]  (key: Text) # why\nX := 5\n", items.join(" ,"));
        holds("x.clay", &list);
        let members: Vec<String> = items.iter().enumerate().map(|(index, item)| format!("k{index}:{item}")).collect();
        let record = format!("Y := 1\ndata  {{{{R (1)}}}} = {{{}}}\nX := 5\n", members.join(","));
        holds("x.clay", &record);
        for data in [list, record] {
            let file = parsed("x.clay", &data);
            let printed = file.iter().flat_map(|file| &file.data).map(ToString::to_string).collect::<Vec<_>>().join("\n") + "\n";
            if let Some(file) = file {
                let again = parsed("x.clay", &format!("{printed}X := 5\n"));
                prop_assert_eq!(again.map(|again| again.data), Some(file.data), "{}", printed);
            }
        }
    }

    #[test]
    fn any_formula_is_printed_on_one_line_or_laid_out_alike(tree in formulas::tree()) {
        let text = format!("X := {}\n", print(&tree));
        holds("x.clay", &text);
        // Without comments the layout depends on the tree alone.
        let spaced = text.replace(" + ", "\n+\n\t");
        if parsed("x.clay", &spaced) == parsed("x.clay", &text) && !text.contains('"') && !text.contains("{{") {
            prop_assert_eq!(format("x.clay", &spaced), format("x.clay", &text));
        }
    }
}
