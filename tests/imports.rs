//! `use "shared.clay"`: what a rule file gets from other files, and what is reported of files that do not fit together.

use clayf::rows::DataFiles;
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
        "data.clay:1:15: can't load missing.csv: entity not found [clay::data_file]"
    );
    // Warnings are those of its own check.
    assert_eq!(of("use \"warns.clay\"\nResult := F(Visits)"), "");
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
