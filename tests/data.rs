//! Lookup data: what each form of file is read as, and how rows are found in it.

use clayf::rows::DataFiles;
use clayf::rules::Files;
use clayf::tools::prove::{Proof, prove};
use clayf::types::Type;
use clayf::value::json_text;
use clayf::{Clock, Record, Rules};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn files(list: &'static [(&'static str, &'static str)]) -> Arc<DataFiles> {
    DataFiles::new(move |path| {
        let found = list.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    })
}

/// The value of the column `Result` for a row.
fn result(list: &'static [(&'static str, &'static str)], rules: &str, row: &str) -> String {
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    let rules = Rules::compile_beside("rule.clay", rules, files(list));
    let rules = rules.unwrap_or_else(|found| panic!("{found}"));
    let row = Record::from_json(row).expect("a row");
    let results = rules.eval(&row, &clock);
    let value = results.get("Result").expect("a column");
    value.as_error().map_or_else(|| json_text(value), |error| format!("{}: {}", error.code, error.message))
}

fn codes(list: &'static [(&'static str, &'static str)], rules: &str) -> Vec<String> {
    let compiled = Rules::compile_beside("rule.clay", rules, files(list));
    let found = compiled.map_or_else(|found| found, |rules| rules.warnings().clone());
    found.iter().map(|one| one.code().trim_start_matches("clay::").to_owned()).collect()
}

const CSV: &[(&str, &str)] =
    &[("a.csv", "\u{feff}key, name ,n\r\nA,\"x, \"\"y\"\"\",1\r\n\r\nB,,2\r\nC,z\r\n")];

#[test]
fn csv_is_read_as_rows_are() {
    let of = |formula: &str| result(CSV, &format!("data D = \"a.csv\" key key\nResult := {formula}"), "{}");
    assert_eq!(of("D[\"a\"].name"), "\"x, \\\"y\\\"\"");
    assert_eq!(of("D[\"b\"].name"), "null");
    assert_eq!(of("D[\"c\"].n"), "null");
    assert_eq!(of("D[\"d\"].n"), "null");
    assert_eq!(of("D[\"A\"]"), r#"{"key":"A","name":"x, \"y\"","n":1}"#);
    assert_eq!(of("SUM(MAP(D, d, d.n))"), "3");
    assert_eq!(of("D[1 / 0].n"), "#DIV/0!: division by 0");
}

#[test]
fn json_and_texts_are_read_as_rows_are() {
    const FILES: &[(&str, &str)] = &[
        ("rows.jsonl", "{\"k\": 1, \"v\": [1, 2]}\n\n{\"k\": \"2\", \"v\": {\"x\": 5}, \"more\": true}\n"),
        ("rows.json", "[{\"k\": \"a\", \"v\": 1},\n {\"k\": \"b\"}]"),
        ("values.json", "[\"a\", 5, null]"),
        ("words.txt", "  Acme \n\nÜber\n5\n"),
    ];
    let of = |rules: &str| result(FILES, rules, "{}");
    assert_eq!(of("data D = \"rows.jsonl\" key k\nResult := D[\"1\"].v[1]"), "2");
    assert_eq!(of("data D = \"rows.jsonl\" key k\nResult := D[2].v.x"), "5");
    assert_eq!(of("data D = \"rows.jsonl\" key k\nResult := D[1].more"), "null");
    assert_eq!(of("data D = \"rows.json\" key k\nResult := D[\"B\"].v"), "null");
    assert_eq!(of("data D = \"rows.json\"\nResult := D[0].v"), "1");
    assert_eq!(of("data D = \"values.json\"\nResult := 5 IN D"), "true");
    assert_eq!(
        of(
            "data D = \"words.txt\"\nResult := [\"acme\" IN D, \"über\" IN D, 5 IN D, \"\" IN D, \"x\" NOT IN D]"
        ),
        "[true,true,true,false,true]"
    );
    assert_eq!(of("data D = \"words.txt\"\nResult := COUNTA(D)"), "3");
}

#[test]
fn functions_and_inputs_read_data_and_names_hide_it() {
    let rules = "data D = \"a.csv\" key key\nF(k) := D[k].n * 10\nResult := F(k)";
    assert_eq!(result(CSV, rules, r#"{"k": "B"}"#), "20");
    let rules = "data D = \"a.csv\" key key\ninput N: Number = D[k].n\nResult := N + 1";
    assert_eq!(result(CSV, rules, r#"{"k": "B"}"#), "3");
    let rules = "data D = \"a.csv\" key key\nResult := LET(D, [7, 8], D[1])";
    assert_eq!(result(CSV, rules, "{}"), "8");
}

#[test]
fn types_are_those_of_the_cells_or_declared() {
    const FILES: &[(&str, &str)] = &[("t.csv", "k,zip,n,on\na,02134,5,2026-01-15\nb,10115,x,2025-02-01\n")];
    let of = |types: &str, formula: &str| {
        result(FILES, &format!("data D = \"t.csv\" key k{types}\nResult := {formula}"), "{}")
    };
    assert_eq!(of("", "[ISTEXT(D[\"a\"].zip), ISNUMBER(D[\"b\"].zip)]"), "[true,true]");
    assert_eq!(of(" (zip: Text)", "[ISTEXT(D[\"a\"].zip), ISTEXT(D[\"b\"].zip)]"), "[true,true]");
    assert_eq!(of(" (on: Date)", "D[\"a\"].on - D[\"b\"].on"), "348");
    let wrong = |rules: &str| codes(FILES, rules);
    assert_eq!(wrong("data D = \"t.csv\" key k (n: Number)\nX := D[k].n"), ["data_cell"]);
    // What the cells hold is known before any row is read.
    assert_eq!(wrong("data D = \"t.csv\" key k\nX := IF(D[a].n = \"y\", 1, 2)"), ["never_equal"]);
    assert_eq!(wrong("data D = \"t.csv\" key k\nX := IF(D[a].n = \"x\", 1, 2)"), Vec::<String>::new());
    assert_eq!(
        wrong("data D = \"t.csv\" key k\ndata D = \"t.csv\" key k\nX := D[a].n"),
        ["duplicate_column"]
    );
    assert_eq!(wrong("data D = \"t.csv\" key k\nD := 5"), ["duplicate_column"]);
}

#[test]
fn a_file_is_read_once_for_all_versions_of_a_rule() {
    static READS: AtomicUsize = AtomicUsize::new(0);
    let files = DataFiles::new(|_| {
        READS.fetch_add(1, Ordering::Relaxed);
        Ok(b"k,n\na,1\n".to_vec())
    });
    for formula in ["D[a].n", "D[a].n + 1"] {
        let text = format!("data D = \"t.csv\" key k\nX := {formula}");
        let files = Arc::clone(&files);
        Rules::compile_beside("rule.clay", &text, files).unwrap_or_else(|found| panic!("{found}"));
    }
    assert_eq!(READS.load(Ordering::Relaxed), 1);
}

#[test]
fn rules_without_a_folder_read_no_files() {
    let found =
        Rules::compile("rule.clay", "data D = \"Cargo.toml\" key k\nX := D[a].n").expect_err("no files");
    let codes: Vec<String> = found.iter().map(clayf::diagnostics::Diagnostic::code).collect();
    assert_eq!(codes, ["clay::data_file"]);
}

#[test]
fn data_in_the_rule_file_is_looked_up_as_that_of_files_is() {
    let of = |data: &str, formula: &str| result(&[], &format!("{data}\nResult := {formula}"), "{}");
    let points =
        "data Points = {\n  \"Software\": 30, # the core\n  Finance: -20%,\n  \"5\": 1, TRUE: \"\",\n}";
    assert_eq!(
        of(
            points,
            "[Points[\"software\"], Points[\"FINANCE\"], Points[5], Points[TRUE], Points[\"x\"], Points[\"\"]]"
        ),
        "[30,-0.2,1,null,null,null]"
    );
    assert_eq!(of(points, "COUNTIF(Points, p, p.value > 0)"), "2");
    assert_eq!(of(points, "Points[1 / 0]"), "#DIV/0!: division by 0");
    let owners = "data Owners = {US: {owner: \"Ada\", points: 3}, DE: {points: 5}} (points: Text)";
    assert_eq!(
        of(owners, "[Owners[\"us\"].owner, Owners[\"de\"].owner, ISTEXT(Owners[\"de\"].points)]"),
        "[\"Ada\",null,true]"
    );
    assert_eq!(of(owners, "Owners[\"us\"]"), r#"{"key":"US","owner":"Ada","points":"3"}"#);
    assert_eq!(
        of("data Rivals = [\"a.com\", 5]", "[\"A.COM\" IN Rivals, \"5\" IN Rivals, \"b.com\" IN Rivals]"),
        "[true,true,false]"
    );
    assert_eq!(
        of("data None = []\ndata Nothing = {}", "[5 IN None, Nothing[5], COUNTA(None)]"),
        "[false,null,0]"
    );
    let bands = "data Bands = [{low: 0, label: \"S\"}, {low: 50, label: \"M\"}] range low";
    assert_eq!(of(bands, "[Bands[49].label, Bands[\"50\"].label, Bands[-1].label]"), "[\"S\",\"M\",null]");
    let lists = "data Teams = {US: [\"Ada\", \"Ben\"]}";
    assert_eq!(of(lists, "Teams[\"us\"][1]"), "\"Ben\"");
    assert_eq!(of("data Ids = {a: 9007199254740993}", "Ids[\"a\"]"), "9007199254740993");
}

#[test]
fn data_in_the_rule_file_is_checked_as_that_of_files_is() {
    let of = |rules: &str| codes(&[], rules);
    let points = "data Points = {Software: 30, Retail: 10}\n";
    assert_eq!(of(&format!("{points}X := IF(Points[a] = 20, 1, 2)")), ["never_equal"]);
    assert_eq!(of(&format!("{points}X := Points[a] + 1\nY := Points.Software")), ["data_access"]);
    assert_eq!(of("data D = {a: {x: 1}}\nX := D[b].y"), ["unknown_data_column"]);
    assert_eq!(of("data D = {a: 1, A: 2}\nX := D[b]"), ["duplicate_key"]);
    assert_eq!(of("data D = [{k: 1}, {k: \"1\"}] key k\nX := D[b].k"), ["duplicate_key"]);
    assert_eq!(of("data D = {a: 1, b: c}\nX := D[b]"), ["inline_data"]);
    assert_eq!(of("data D = {a: {x: 1}, ...b}\nX := D[b]"), ["inline_data"]);
    assert_eq!(of("data D = {a: {x: 1}, b: 2}\nX := D[b]"), ["invalid_data"]);
    assert_eq!(of("data D = [1, {x: 1}]\nX := D[0]"), ["invalid_data"]);
    assert_eq!(of("data D = {a: \"x\"} (value: Number)\nX := D[b]"), ["data_cell"]);
    assert_eq!(of("data D = {a: 1, b: }\nX := D[b]"), ["missing_member_value"]);
}

#[test]
fn sums_of_spreadsheets_go_through_the_rows() {
    const DATA: &str = "data A = [{domain: \"a.com\", points: 3}] key domain\n\
        data P = [{country: \"US\", plan: \"pro\", price: 5}] key country, plan\n";
    let help = |formula: &str| {
        let found = Rules::compile_beside("rule.clay", &format!("{DATA}X := {formula}"), files(&[]));
        let found = found.expect_err("it is not how a formula is written");
        let help = found.iter().next().and_then(miette::Diagnostic::help).map(|help| help.to_string());
        help.unwrap_or_default()
    };
    let cases = [
        ("COUNTIF(A.domain, w)", "COUNTIF(A, row, row.domain = w)"),
        ("SUMIF(A.domain, w & x, A.points)", "SUMIF(A, row, row.domain = (w & x), row.points)"),
        ("MATCH(w, A.domain, 0)", "POSITION(MAP(A, row, row.domain), w)"),
        ("VLOOKUP(c & \"-\" & p, P, 3, FALSE)", "P[c][p].price"),
        ("VLOOKUP(LOWER(w), A, \"points\", FALSE)", "A[LOWER(w)].points"),
    ];
    for (typed, instead) in cases {
        assert_eq!(help(typed), format!("write `{instead}`"));
        let fixed = Rules::compile_beside("rule.clay", &format!("{DATA}X := {instead}"), files(&[]));
        assert!(fixed.is_ok_and(|rules| rules.warnings().is_empty()), "{instead}");
    }
}

#[test]
fn another_name_for_data_is_looked_up_alike() {
    let rules = "data US = {pro: {price: 100}, team: {price: 30}}\n\
        data D = [{day: \"2025-01-01\", v: \"a\"}, {day: \"2025-06-01\", v: \"b\"}] key day\n\
        data Q = [{day: \"2025-01-01\", q: 1}, {day: \"2025-04-01\", q: 2}] range day\n\
        data N = [{k: 1, v: \"one\"}] key k\n\
        data B = [{k: 1, v: \"one\"}] range k\n\
        input Day: Date\n\
        input Plan: Text\n\
        input Size: Number\n\
        let T := US\n\
        PRICE(table, plan) := table[plan].price\n\
        SUMMED(US) := US + 1\n\
        Column := T[Plan].price\n\
        Let := LET(t, US, t[Plan].price)\n\
        Argument := PRICE(US, Plan)\n\
        Parameter := SUMMED(1)\n\
        Key := D[Day].v\n\
        Threshold := Q[Day].q\n\
        Truth := COALESCE(N[Size > 3].v, B[Size > 3].v, \"none\")\n";
    let rules =
        Rules::compile_beside("rule.clay", rules, files(&[])).unwrap_or_else(|found| panic!("{found}"));
    assert!(rules.warnings().is_empty(), "{}", rules.warnings());
    let row = Record::from_json(r#"{"Plan": "Pro", "Day": "2025-06-01", "Size": 5}"#).expect("a row");
    let clock = Clock::system();
    let results = rules.eval(&row, &clock);
    let value = |name: &str| results.get(name).map(json_text).unwrap_or_default();
    assert_eq!(["Column", "Let", "Argument", "Parameter"].map(value), ["100", "100", "100", "2"]);
    assert_eq!(["Key", "Threshold", "Truth"].map(value), ["\"b\"", "2", "\"none\""]);
}

#[test]
fn a_text_is_read_without_a_byte_order_mark() {
    let files = DataFiles::new(|path| match path {
        "a.clay" => Ok("\u{feff}A := 1\r\n".as_bytes().to_vec()),
        "b.clay" => Ok(b"B := 1\nC := \xff".to_vec()),
        _ => Err(io::ErrorKind::NotFound.into()),
    });
    assert_eq!(&*files.read_text("a.clay").expect("a text"), "A := 1\r\n");
    let wrong = files.read_text("b.clay").expect_err("bytes that are not a text");
    assert_eq!(wrong.kind(), io::ErrorKind::InvalidData);
    assert_eq!(wrong.to_string(), "line 2 is not UTF-8; save the file as UTF-8");
    assert_eq!(files.read_text("c.clay").expect_err("no file").kind(), io::ErrorKind::NotFound);
}

#[test]
fn searches_of_spreadsheets_are_written_as_lookups() {
    const FILES: &[(&str, &str)] = &[
        ("points.csv", "industry,points,Deal size\nSoftware,30,5\nRetail,10,\n"),
        ("bands.csv", "low,label\n0,S\n50,M\n"),
        ("prices.csv", "country,plan,price\nUS,pro,100\nUS,free,0\nDE,pro,90\n"),
    ];
    let data = "data Points = \"points.csv\" key industry\ndata Bands = \"bands.csv\" range low\n\
                data Prices = \"prices.csv\" key country, plan\ndata Inline = {Software: 3}\n";
    let row = r#"{"Industry": "SOFTWARE", "Size": 60, "Country": "DE"}"#;
    for (search, lookup, value) in [
        ("XLOOKUP(Industry, Points.industry, Points.points)", "Points[Industry].points", "30"),
        (
            "xlookup(Industry, Points[industry], Points[points], 0)",
            "COALESCE(Points[Industry].points, 0)",
            "30",
        ),
        ("VLOOKUP(Industry, Points, 3, 0)", "Points[Industry].{{Deal size}}", "5"),
        ("VLOOKUP(Size, Bands, 2)", "Bands[Size].label", "\"M\""),
        ("LOOKUP(Size, Bands.low, Bands.label)", "Bands[Size].label", "\"M\""),
        ("XLOOKUP(Size, Bands.low, Bands.label, \"\", -1)", "COALESCE(Bands[Size].label, \"\")", "\"M\""),
        ("INDEX(Points.points, MATCH(Industry, Points.industry, 0))", "Points[Industry].points", "30"),
        ("INDEX(Points, XMATCH(Industry, Points.industry), 2)", "Points[Industry].points", "30"),
        (
            "XLOOKUP(UPPER(Country), Prices.country, Prices.price)",
            "FILTER(Prices, row, row.country = UPPER(Country))[0].price",
            "90",
        ),
        ("VLOOKUP(Industry, Inline, 2, FALSE)", "Inline[Industry]", "3"),
        ("XLOOKUP(Industry, Inline.key, Inline.value)", "Inline[Industry]", "3"),
    ] {
        let found = Rules::compile_beside("rule.clay", &format!("{data}Result := {search}"), files(FILES));
        let found = found.expect_err("an unknown function");
        let help: Vec<String> =
            found.iter().filter_map(|one| Some(miette::Diagnostic::help(one)?.to_string())).collect();
        assert_eq!(help, [format!("write `{lookup}`")], "{search}");
        assert_eq!(result(FILES, &format!("{data}Result := {lookup}"), row), value, "{lookup}");
    }
}

fn proof(list: &'static [(&'static str, &'static str)], rules: &str) -> Proof {
    let rules = Rules::compile_beside("rule.clay", rules, files(list));
    let rules = rules.unwrap_or_else(|found| panic!("{found}"));
    let clock = Clock::system().stopped_at("2026-01-31T12:00:00Z").expect("a moment");
    prove(&rules, &clock).unwrap_or_else(|found| panic!("{found}"))
}

/// All values of the column `Result` that a proof finds, or the ends of its numbers.
fn proved(list: &'static [(&'static str, &'static str)], rules: &str) -> String {
    let proof = proof(list, rules);
    let column = proof.columns.iter().find(|column| column.name == "Result").expect("a column");
    match &column.values {
        Some(values) => values.iter().map(|one| json_text(&one.value)).collect::<Vec<_>>().join(" "),
        None => format!("{:?} to {:?} {:?}", column.min, column.max, column.types),
    }
}

#[test]
fn proofs_find_a_key_for_each_value_of_a_column() {
    const FILES: &[(&str, &str)] = &[
        ("points.csv", "industry,points\nSoftware,30\nRetail,10\nSpace,10\n7,40\n"),
        ("bands.csv", "low,points\n0,1\n50,2\n500,8\n"),
        ("prices.csv", "country,plan,price\nUS,pro,100\nUS,free,0\nDE,pro,90\n"),
    ];
    let of = |rules: &str| proved(FILES, rules);
    let points = "data Points = \"points.csv\" key industry\nResult := ";
    assert_eq!(of(&format!("{points}COALESCE(Points[Industry].points, 0)")), "0 10 30 40");
    assert_eq!(of(&format!("{points}IF(Industry = \"space\", Points[Industry].points, 5)")), "5 10");
    assert_eq!(
        of(&format!(
            "{points}IF(Industry IN [\"Software\", \"Energy\"], COALESCE(Points[Industry].points, 1), 5)"
        )),
        "1 5 30"
    );
    assert_eq!(of("data Bands = \"bands.csv\" range low\nResult := Bands[Size].points"), "1 2 8 null");
    assert_eq!(
        of("data Prices = \"prices.csv\" key country, plan\nResult := Prices[Country][Plan].price"),
        "0 90 100 null"
    );
    assert_eq!(of("data Weights = {A: 1, B: 2}\nResult := Weights[Grade] * 10"), "0 10 20");
}

#[test]
fn proofs_see_the_cells_of_a_row_under_a_name() {
    const FILES: &[(&str, &str)] = &[("d.csv", "k,points\na,10\nb,20\n")];
    let statuses = |rules: &str| -> Vec<&str> {
        let data = format!("data D = \"d.csv\" key k\n{rules}");
        proof(FILES, &data).properties.iter().map(|one| one.status.word()).collect()
    };
    let claim = "# never: T > 25\n# always: T >= 5";
    assert_eq!(
        statuses(&format!("let Row := D[k]\n{claim}\nT := COALESCE(Row.points, 0) + 5")),
        ["proved"; 2]
    );
    let by_name = "LET(row, IF(x, D[k], D[\"a\"]), COALESCE(row.points, 0) + 5)";
    assert_eq!(statuses(&format!("{claim}\nT := {by_name}")), ["proved"; 2]);
    assert_eq!(statuses("let Row := D[k]\n# never: T > 20\nT := COALESCE(Row.points, 0) + 5"), ["refuted"]);
    // An empty key finds no row.
    let by_points = "U := IF(D[k].points >= 20, \"A\", \"B\")";
    assert_eq!(statuses(&format!("# never: U = \"A\" AND ISEMPTY(k)\n{by_points}")), ["proved"]);
    assert_eq!(statuses(&format!("# never: U = \"B\" AND ISEMPTY(k)\n{by_points}")), ["refuted"]);
}

#[test]
fn a_range_of_data_names_what_is_no_number() {
    const FILES: &[(&str, &str)] = &[("zips.csv", "k,zip\na,02134\nb,10001\nc,\n")];
    let zip = proved(FILES, "data D = \"zips.csv\" key k\nResult := D[k].zip");
    assert_eq!(zip, "Some(10001.0) to Some(10001.0) [Blank, Number, Text]");
    let many = (0..50).map(|at| format!("k{at}: {at}")).collect::<Vec<_>>().join(", ");
    let proof = proof(FILES, &format!("data D = {{{many}, z: 0}}\nResult := D[k]\nSum := COALESCE(D[k], 0)"));
    let range = |at: usize| (proof.columns[at].min, proof.columns[at].max, proof.columns[at].types.clone());
    assert_eq!(range(0), (Some(0.0), Some(49.0), vec![Type::Blank, Type::Number]));
    assert_eq!(range(1), (Some(0.0), Some(49.0), vec![Type::Number]));
}
