//! `use "shared.clay"`: what a rule file gets from other files, and what is reported of files that do not fit together.

#[path = "common/author.rs"]
mod author;

use author::{Author, Dice, Kind, data_file};
use clayf::batch::Input;
use clayf::diagnostics::Source;
use clayf::rows::{DataFiles, Format};
use clayf::rules::{Context, Formulas, Typed};
use clayf::tools::coverage::{Coverage, Marks};
use clayf::tools::diff::Versions;
use clayf::tools::mutate::mutants;
use clayf::tools::own_functions::own_functions;
use clayf::value::json_text;
use clayf::{Clock, Record, Rules};
use std::io;
use std::sync::Arc;

type List = &'static [(&'static str, &'static str)];

fn files(list: List) -> Arc<DataFiles> {
    DataFiles::of_rule_file("rule.clay", move |path| {
        let path = clayf::rules::normalized(path);
        let found = list.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    })
}

fn compiled(list: List, rules: &str) -> Rules {
    Rules::compile_beside("rule.clay", rules, files(list)).unwrap_or_else(|found| panic!("{found}\n{rules}"))
}

/// The value of the column `Result` for a row.
fn result(list: List, rules: &str, row: &str) -> String {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let rules = compiled(list, rules);
    let row = Record::from_json(row).expect("a row");
    let results = rules.eval(&row, &clock);
    let value = results.get("Result").expect("a column");
    value.as_error().map_or_else(|| json_text(value), |error| format!("{}: {}", error.code, error.message))
}

/// The findings about a rule file, a line each: place, message and code.
fn found(list: List, rules: &str) -> String {
    let compiled = Rules::compile_beside("rule.clay", rules, files(list));
    compiled.map_or_else(|found| found, |rules| rules.warnings().clone()).to_string()
}

const SHARED: List = &[
    (
        "lib/shared.clay",
        "use \"points.clay\"\n\
         data Owners = \"owners.csv\" key country\n\
         OWNER(country) := Owners[country].owner\n\
         let Size Points := IF(Size > Large, Points of Size, 0)\n\
         input Size: Number = company.size\n\
         Fit := Size Points * 2\n",
    ),
    ("lib/points.clay", "blank \"-\"\nlet Large := 100\nlet Points of Size := Large / 10\nTWICE(x) := x * 2"),
    ("lib/owners.csv", "country,owner\nUS,Ada\n"),
];

#[test]
fn functions_data_and_private_columns_are_shared() {
    let of = |formula: &str, row: &str| {
        result(SHARED, &format!("use \"lib/shared.clay\"\nResult := {formula}"), row)
    };
    assert_eq!(of("OWNER(\"us\")", "{}"), "\"Ada\"");
    assert_eq!(of("Owners[\"US\"].owner", "{}"), "\"Ada\"");
    assert_eq!(of("TWICE(Size Points)", r#"{"company": {"size": "500"}}"#), "20");
    assert_eq!(of("Size", r#"{"company": {"size": 7}}"#), "7");
    // A `blank` line counts for all inputs.
    assert_eq!(of("ISBLANK(Anything)", r#"{"Anything": "-"}"#), "true");
}

#[test]
fn only_what_is_read_comes_along() {
    let rules = compiled(SHARED, "use \"lib/shared.clay\"\nResult := Large + Employees");
    assert_eq!(rules.column_names().collect::<Vec<_>>(), ["Result", "Large"]);
    assert_eq!(rules.output_names().collect::<Vec<_>>(), ["Result"]);
    assert_eq!(rules.keys(), ["Employees"]);
    let rules = compiled(SHARED, "use \"lib/shared.clay\"\nResult := Size Points");
    assert_eq!(
        rules.column_names().collect::<Vec<_>>(),
        ["Result", "Size Points", "Large", "Points of Size"]
    );
    assert_eq!(rules.keys(), ["company"]);
}

#[test]
fn each_file_is_read_once() {
    const DIAMOND: List = &[
        ("a.clay", "use \"base.clay\"\nlet A := Base + 1"),
        ("b.clay", "use \"./lib/../base.clay\"\nlet B := Base + 2"),
        ("base.clay", "let Base := 10\nBASE() := 5"),
    ];
    let rules = "use \"a.clay\"\nuse \"b.clay\"\nuse \"a.clay\"\nResult := A + B + BASE()";
    assert_eq!(result(DIAMOND, rules, "{}"), "28");
    assert_eq!(compiled(DIAMOND, rules).tree().functions.len(), 1);
}

#[test]
fn a_column_of_an_import_is_read_by_its_own_private_columns_alone() {
    const FILES: List = &[("shared.clay", "Fit := Visits * 2\nlet Doubled := Fit * 2")];
    let result = |formula: &str| found(FILES, &format!("use \"shared.clay\"\nResult := {formula}"));
    assert_eq!(result("Doubled"), "");
    assert_eq!(
        result("Fit"),
        "rule.clay:2:11: `Fit` is a column of shared.clay, and an import does not include columns that are written out [clay::not_imported]"
    );
    let declared = "use \"shared.clay\"\ninput Fit: Number\nResult := Fit + LEN(\"shared\")";
    assert!(!found(FILES, declared).contains("not_imported"), "{}", found(FILES, declared));
}

#[test]
fn a_name_has_one_definition() {
    const FILES: List = &[
        (
            "a.clay",
            "let Base := 1\nTWICE(x) := x * 2\ninput Size: Number\nlet Large := Size > 5\nlet Raw := Visits",
        ),
        ("b.clay", "let Base := 2\nTwice(x) := x + x\ninput Size: Text\nlet Long := LEN(Size)"),
        ("c.clay", "input Size: Number = Size\nlet Small := Size < 5"),
    ];
    let of = |rules: &str| found(FILES, rules);
    assert_eq!(
        of("use \"a.clay\"\nuse \"b.clay\"\nResult := TWICE(Base)"),
        "a.clay:1:5: the name `Base` is given twice [clay::duplicate_column]\n\
         a.clay:2:1: the function `TWICE` is defined twice [clay::duplicate_function]"
    );
    assert_eq!(
        of("use \"a.clay\"\nBase := 5\nResult := TWICE(Base)"),
        "rule.clay:2:1: the name `Base` is given twice [clay::duplicate_column]"
    );
    assert_eq!(
        of("use \"a.clay\"\nTWICE(x) := x\nResult := TWICE(5)"),
        "rule.clay:2:1: the function `TWICE` is defined twice [clay::duplicate_function]"
    );
    assert_eq!(
        of("use \"a.clay\"\ninput Size: Text\nResult := Large"),
        "rule.clay:2:7: two files declare the input `Size` differently [clay::input_conflict]"
    );
    assert_eq!(of("use \"a.clay\"\ninput Size: Number\nResult := Large AND Size < 9"), "");
    assert_eq!(
        of("use \"a.clay\"\nVisits := 5\nResult := Raw"),
        "rule.clay:2:1: `Visits` is a column of the row in a.clay, and another file defines it [clay::name_in_import]"
    );
    assert_eq!(of("use \"a.clay\"\ninput Visits: Number = visits.count\nResult := Raw"), "");
    assert_eq!(
        of("use \"a.clay\"\nuse \"c.clay\"\nResult := Large AND Small").lines().count(),
        1,
        "{}",
        of("use \"a.clay\"\nuse \"c.clay\"\nResult := Large AND Small")
    );
}

#[test]
fn a_file_without_declared_inputs_reads_any_column() {
    const FILES: List = &[
        ("declares.clay", "input Size: Number\nlet Large := Size > 5"),
        ("reads.clay", "let Busy := Visits > 5"),
    ];
    assert_eq!(found(FILES, "use \"declares.clay\"\nResult := Large AND Visits > 1"), "");
    assert_eq!(found(FILES, "use \"reads.clay\"\ninput Size: Number\nResult := Busy AND Size > 1"), "");
    assert_eq!(
        found(FILES, "use \"reads.clay\"\ninput Size: Number\nResult := Busy AND Seize > 1"),
        "rule.clay:3:20: unknown column `Seize` [clay::unknown_column]"
    );
}

#[test]
fn cycles_are_refused_with_their_path() {
    const FILES: List = &[
        ("rule.clay", "use \"a.clay\""),
        ("a.clay", "use \"lib/b.clay\"\nA() := 1"),
        ("lib/b.clay", "\nuse \"../rule.clay\"\nB() := 1"),
        ("self.clay", "A() := 1\nuse \"./self.clay\""),
    ];
    assert_eq!(
        found(FILES, "use \"a.clay\"\nResult := A() + B()"),
        "rule.clay:1:1: files import each other in a circle: rule.clay → a.clay → lib/b.clay → rule.clay [clay::use_cycle]"
    );
    assert_eq!(
        found(FILES, "use \"rule.clay\"\nResult := 1"),
        "rule.clay:1:1: rule.clay imports itself [clay::use_cycle]"
    );
    assert_eq!(
        found(FILES, "use \"self.clay\"\nResult := A()"),
        "self.clay:2:1: self.clay imports itself [clay::use_cycle]"
    );
}

#[test]
fn mistakes_of_an_import_are_shown_in_it() {
    const FILES: List = &[
        ("syntax.clay", "let Base := 1 +\nF(x) := x * 2"),
        ("types.clay", "# shared\r\nF(x: Number) := x + \"many\"\r\nlet Base := 1 - \"none\"\r\n"),
        ("unnamed.clay", "Visits * 2"),
        ("data.clay", "data Owners = \"missing.csv\" key country\nOWNER(x) := Owners[x].owner"),
        ("a.clay", "use \"types.clay\""),
        ("warns.clay", "F(x) := IF(x > 5, 1, 1)"),
    ];
    let of = |rules: &str| found(FILES, rules);
    assert_eq!(
        of("use \"syntax.clay\"\nResult := F(Base)"),
        "syntax.clay:1:15: `+` has nothing on its right [clay::missing_operand]"
    );
    let types = "types.clay:2:21: the text \"many\" can't be read as a number [clay::type_mismatch]\n\
                 types.clay:3:17: the text \"none\" can't be read as a number [clay::type_mismatch]";
    assert_eq!(of("use \"types.clay\"\nuse \"a.clay\"\nResult := F(Base)"), types);
    assert_eq!(
        of("use \"unnamed.clay\"\nResult := Visits"),
        "rule.clay:1:1: nothing of unnamed.clay is used [clay::unused_use]"
    );
    assert_eq!(
        of("use \"data.clay\"\nResult := OWNER(\"US\")"),
        "data.clay:1:15: can't load missing.csv: there is no such file [clay::data_file]"
    );
    // Warnings are those of its own check.
    assert_eq!(of("use \"warns.clay\"\nResult := F(Visits)"), "");
}

#[test]
fn files_that_are_not_rule_files_are_refused() {
    let files = || {
        DataFiles::new(|path| match path {
            "latin1.clay" => Ok(b"F(x) := x\nG(x) := \"stra\xdfe\"\n".to_vec()),
            "shared.clay" => Ok("\u{feff}F(x) := x * 2\r\n# F\r\nlet Base := 1 -\r\n".as_bytes().to_vec()),
            "good.clay" => Ok("\u{feff}F(x) := x * 2\r\nlet Base := 5\r\n".as_bytes().to_vec()),
            "huge.clay" => Ok(vec![b'#'; 65 << 20]),
            "folder" => Err(io::ErrorKind::IsADirectory.into()),
            _ => Err(io::ErrorKind::NotFound.into()),
        })
    };
    let of = |path: &str| {
        let text = format!("use \"{path}\"\nResult := F(Base)");
        let compiled = Rules::compile_beside("rule.clay", &text, files());
        compiled.map_or_else(|found| found, |rules| rules.warnings().clone())
    };
    let first = |path: &str| {
        let found = of(path);
        let one = found.iter().next().expect("a finding");
        let help = miette::Diagnostic::help(one).map(|help| help.to_string()).unwrap_or_default();
        format!("{one}; {help}")
    };
    let refused = [
        ("latin1.clay", "line 2 is not UTF-8; save the file with the encoding UTF-8"),
        (
            "huge.clay",
            "the imports have more than 64 MiB; put values into lookup data, which may be larger: `data NAME = \"values.csv\"`",
        ),
        ("folder", "it is a folder; write `use \"folder/shared.clay\"`, with the name of a file in it"),
        ("good", "there is no such file; write `use \"good.clay\"`"),
        ("lib\\\\good.clay", "there is no such file; write `use \"lib/good.clay\"`"),
        (
            "Price List.csv",
            "it is a file of data, not a rule file; write `data Price List = \"Price List.csv\"`",
        ),
        (
            "table.yaml",
            "it is not a rule file; move what both files need into a rule file, which ends in `.clay`",
        ),
        (
            "missing.clay",
            "there is no such file; create the file, or correct the path, which is relative to the folder of rule.clay",
        ),
    ];
    for (path, wanted) in refused {
        let found = first(path);
        assert!(found.ends_with(&format!(": {wanted}")), "{path}: {found}");
    }
    assert_eq!(of("good.clay").to_string(), "");
    assert_eq!(
        of("shared.clay").to_string(),
        "shared.clay:3:15: `-` has nothing on its right [clay::missing_operand]"
    );
}

#[test]
fn imports_that_nothing_reads_are_reported() {
    const FILES: List = &[
        ("a.clay", "use \"b.clay\""),
        ("b.clay", "TWICE(x) := x * 2\nlet Base Points := 5"),
        ("c.clay", "let Other := 5"),
        ("blank.clay", "blank \"N/A\""),
    ];
    let of = |rules: &str| found(FILES, rules);
    let unused = "rule.clay:1:1: nothing of c.clay is used [clay::unused_use]";
    assert_eq!(of("use \"c.clay\"\nResult := 5 + Visits"), unused);
    assert_eq!(of("use \"a.clay\"\nResult := twice(Visits)"), "");
    assert_eq!(of("use \"a.clay\"\nResult := {{Base  Points}} + {Visits}"), "");
    assert_eq!(of("use \"b.clay\"\n# always: Result >= Base Points\nResult := 5 + ABS(Visits)"), "");
    assert_eq!(of("use \"blank.clay\"\nResult := Visits"), "");
    // A file of shared definitions passes them on.
    assert_eq!(of("use \"c.clay\"\nTWICE(x) := x * 2"), "");
    assert_eq!(of("# allow: unused_use, for later\nuse \"c.clay\"\nResult := 5 + Visits"), "");
}

#[test]
fn a_use_line_is_told_from_formulas() {
    let columns = |rules: &str| {
        let rules = Rules::compile("rule.clay", rules).unwrap_or_else(|found| panic!("{found}"));
        rules.keys().to_vec()
    };
    assert_eq!(columns("Result := use > 5"), ["use"]);
    assert_eq!(columns("use := 5\nimport := use + 1"), Vec::<String>::new());
    assert_eq!(columns("Result :=\n  use\n  & \"shared.clay\""), ["use"]);
    assert_eq!(columns("Use Case := Use Case Score"), ["Use Case Score"]);
    for line in [
        "use shared.clay",
        "import \"shared.clay\"",
        "USE \"shared.clay\"",
        "use “shared.clay”",
        "use \"\"",
        "use \"a.clay\" as a",
    ] {
        let found = found(&[], &format!("{line}\nResult := 5"));
        assert!(found.ends_with("[clay::invalid_use]"), "{line}: {found}");
    }
}

#[test]
fn chains_of_files_can_be_long() {
    let files = DataFiles::new(|path| {
        let number: usize = path.trim_start_matches('f').trim_end_matches(".clay").parse().expect("a number");
        let next = number + 1;
        Ok(match number {
            2000 => "let C2000 := 1".to_owned(),
            _ => format!("use \"f{next}.clay\"\nlet C{number} := C{next} + 1"),
        }
        .into_bytes())
    });
    let rules = Rules::compile_unanalyzed("rule.clay", "use \"f1.clay\"\nResult := C1", files);
    let rules = rules.unwrap_or_else(|found| panic!("{found}"));
    let clock = Clock::system();
    let results = rules.eval(&Record::default(), &clock);
    assert_eq!(results.get("Result").map(json_text).as_deref(), Some("2000"));
}

#[test]
fn tools_count_the_file_itself() {
    let text = "use \"lib/shared.clay\"\nDOUBLED(x) := IF(x > 1, x * 2, 0)\nResult := DOUBLED(Size Points) + TWICE(2)";
    let rules = compiled(SHARED, text);
    let of_file = mutants(rules.tree());
    assert!(!of_file.is_empty());
    assert!(of_file.iter().all(|mutant| (mutant.span.end as usize) <= text.len()), "{of_file:?}");
    let mut marks = Marks::default();
    marks.make_room(rules.tree());
    let clock = Clock::system();
    let row = Record::from_json(r#"{"company": {"size": 500}}"#).expect("a row");
    rules.eval_observed(&row, &clock, &mut marks);
    let coverage = Coverage::new(rules.tree(), &marks);
    assert_eq!((coverage.outcomes, coverage.covered()), (2, 1));
    assert!(coverage.data.is_empty());
    let documented: Vec<(String, String)> = own_functions(rules.tree())
        .into_iter()
        .map(|one| (one.name.clone(), one.json(&rules.tree().source)["file"].to_string()))
        .collect();
    let of = |name: &str, file: &str| (name.to_owned(), format!("\"{file}\""));
    assert_eq!(
        documented,
        [of("DOUBLED", "rule.clay"), of("OWNER", "lib/shared.clay"), of("TWICE", "lib/points.clay")]
    );
}

#[test]
fn a_difference_is_attributed_to_the_changed_import() {
    const OLD: List = &[
        ("lib/a.clay", "FIT(x) := IF(x > 10, 5, 0)\nlet Base := 20\nlet Other := 1"),
        ("b.clay", "let Busy := Visits * 2"),
    ];
    const NEW: List = &[
        ("lib/a.clay", "# changed\nFIT(x) := IF(x > 10, 7, 0)\nlet Base := 30\nlet Other := 1"),
        ("b.clay", "let Busy := Visits * 2\nlet More := 5"),
    ];
    let text = "use \"lib/a.clay\"\nuse \"b.clay\"\nScore := FIT(Size) + Base + Other + Busy\nTier := IF(Base > 25, \"A\", \"B\")\nWeight := Busy * 2";
    let (old, new) = (compiled(OLD, text), compiled(NEW, text));
    let clock = Clock::system();
    let rows = "{\"Size\": 50, \"Visits\": 3}\n";
    let reader = Box::new(rows.as_bytes());
    let input = Input { name: "rows".to_owned(), format: Format::JsonLines, reader };
    let found = Versions::new(&old, &new, &clock).compare(std::iter::once(Ok(input))).expect("readable rows");
    let because = |column: usize| found.columns[column].blame.keys().cloned().collect::<Vec<_>>();
    assert_eq!(because(0), ["Base (a.clay)", "FIT(Size) (a.clay)"]);
    assert_eq!(because(1), ["a.clay"]);
    assert_eq!(because(2), Vec::<String>::new());
    // What changed in the file itself is its own.
    let changed = compiled(NEW, &text.replace("Base + Other", "Base * 2 + Other").replace("> 25", "> 5"));
    let reader = Box::new(rows.as_bytes());
    let input = Input { name: "rows".to_owned(), format: Format::JsonLines, reader };
    let found =
        Versions::new(&old, &changed, &clock).compare(std::iter::once(Ok(input))).expect("readable rows");
    let because = |column: usize| found.columns[column].blame.keys().cloned().collect::<Vec<_>>();
    assert_eq!(because(1), ["its own formula"]);
}

/// The statements of a rule file. A line that is indented or closes a bracket continues the one above it.
fn statements(text: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    for line in text.lines() {
        match statements.last_mut() {
            Some(last) if line.starts_with([' ', '}']) => last.extend(["\n", line]),
            _ => statements.push(line.to_owned()),
        }
    }
    statements
}

/// Definitions give the same results in the file itself and in a file that it imports.
#[test]
fn definitions_mean_the_same_in_an_import() {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let mut dice = Dice(0x1_b0a7);
    let mut compared = 0;
    for round in 0..600 {
        let mut author = Author::new(&mut dice);
        let kinds = [Kind::Plain, Kind::WithInputs, Kind::WithFunctions, Kind::WithData];
        let text = author.file_of(kinds.into_iter().nth(round % 4).expect("a kind"));
        let rows: Vec<String> = (0..10).map(|_| author.row()).collect();
        let files = |shared: String| {
            DataFiles::new(move |path| match path {
                "shared.clay" => Ok(shared.clone().into_bytes()),
                _ => data_file(path),
            })
        };
        let Ok(whole) = Rules::compile_unanalyzed("rule.clay", &text, files(String::new())) else { continue };
        let is_shared = |statement: &String| {
            let starts = |words: &[&str]| words.iter().any(|word| statement.starts_with(word));
            starts(&["input ", "blank ", "data ", "FA(", "FB(", "FC("])
                || statement.starts_with("let ") && statement.matches("Col").count() == 1
        };
        let (shared, own): (Vec<String>, Vec<String>) = statements(&text).into_iter().partition(is_shared);
        let own = format!("use \"shared.clay\"\n{}", own.join("\n"));
        if shared.is_empty() || !own.contains(":=") {
            continue;
        }
        let split = Rules::compile_unanalyzed("rule.clay", &own, files(shared.join("\n")));
        let split = split.unwrap_or_else(|found| panic!("{found}\n{text}"));
        for row in &rows {
            let row = Record::from_json(row).expect("a row");
            let (one, other) = (whole.eval(&row, &clock), split.eval(&row, &clock));
            for name in split.output_names() {
                assert_eq!(one.get(name), other.get(name), "{name}: {row:?}\n{text}");
            }
        }
        compared += 1;
    }
    assert!(compared > 100, "hardly any rule was compared: {compared}");
}

#[test]
fn tables_and_prompts_know_what_is_imported() {
    let mut formulas = Formulas::default();
    let rules = "use \"lib/shared.clay\"\nPoints := TWICE(Size Points)";
    formulas.add_file(&Source::new("rules.clay", rules), &*files(SHARED));
    let (rules, _) = formulas.finish().unwrap_or_else(|found| panic!("{found:?}"));
    let row = Record::from_json(r#"{"company": {"size": 500}}"#).expect("a row");
    let clock = Clock::system();
    assert_eq!(rules.eval(&row, &clock).get("Points").map(json_text).as_deref(), Some("20"));

    let text = "use \"lib/shared.clay\"\nPoints := TWICE(Size Points)";
    let mut context =
        Context::of_file("rule.clay", text, files(SHARED)).unwrap_or_else(|found| panic!("{found}"));
    let value = |context: &Context, typed: &str| {
        let Ok(Typed::Formula(formula)) = context.compile(typed) else { panic!("{typed}") };
        json_text(&formula.rules.eval(&row, &clock).values()[formula.columns[0]])
    };
    assert_eq!(value(&context, "Points + Points of Size + TWICE(1)"), "32");
    assert!(context.imported_names().any(|name| name == "Large"));
    let Err(found) = context.compile("Fit + 1") else { panic!("a column that is not imported") };
    let report: Vec<String> = found.iter().map(|one| one.to_string()).collect();
    assert!(report[0].starts_with("`Fit` is a column of lib/shared.clay"), "{report:?}");

    // What is typed can import as well, also what is imported already.
    for line in ["use \"lib/points.clay\"", "use \"lib/shared.clay\"", "let Half := Large / 2"] {
        let Ok(Typed::Columns(columns)) = context.compile(line) else { panic!("{line}") };
        context.define(&columns);
    }
    assert_eq!(value(&context, "Half + Large"), "150");
    let typed = Context::with_files(files(SHARED));
    let Err(found) = typed.compile("use \"missing.clay\"") else { panic!("a missing file") };
    assert_eq!(found.iter().count(), 1);
}

#[test]
fn comments_at_the_end_of_a_file_are_its_own() {
    const FILES: List = &[("shared.clay", "TWICE(x) := x * 2\nlet Base := 5")];
    let rules = compiled(FILES, "use \"shared.clay\"\nResult := TWICE(Base)\n# example: {} => 10");
    let inspected = clayf::tools::inspect::inspect(&rules, &Clock::system());
    assert!(inspected.diagnostics.is_empty(), "{}", inspected.diagnostics);
    assert_eq!(inspected.examples[0].name(rules.tree()), "Result");
}
