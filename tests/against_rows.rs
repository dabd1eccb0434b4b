//! A rule compared with rows: what is reported of each kind of mistake, and that correct rules stay silent.

mod common;

use clayf::Rules;
use common::compared;

/// The codes that a rule with these rows shows, without their prefix.
fn codes(rule: &str, rows: &str) -> String {
    let rules = Rules::compile("rule.clay", rule).unwrap_or_else(|found| panic!("{rule}: {found}"));
    let found = compared(&rules, rows);
    let codes = found.iter().map(|one| one.code().trim_start_matches("clay::").to_owned());
    codes.collect::<Vec<_>>().join(" ")
}

/// The helps of all findings.
fn helps(rule: &str, rows: &str) -> String {
    let rules = Rules::compile("rule.clay", rule).unwrap_or_else(|found| panic!("{rule}: {found}"));
    let found = compared(&rules, rows);
    let help = |one| miette::Diagnostic::help(one).map(|help| help.to_string()).unwrap_or_default();
    found.iter().map(help).collect::<Vec<_>>().join("\n")
}

/// Rows with these JSON values in one column, `null` among them.
fn column(name: &str, values: &[&str]) -> String {
    let rows: Vec<String> = values.iter().map(|value| format!("{{\"{name}\": {value}}}\n")).collect();
    rows.concat()
}

#[test]
fn mistakes_are_reported() {
    let titles = column("Title", &[r#""VP Sales""#, r#""Head of Growth""#, r#""Student""#]);
    let revenue = column("Revenue", &[r#""$12.5M""#, r#""€900k""#, "5"]);
    let sizes = column("Size", &[r#""51-200""#, r#""1-10""#, r#""10,001+""#]);
    let answers = column("Demo", &[r#""Yes""#, r#""No""#]);
    let rates = column("Open Rate", &["0.35", "0.05"]);
    let days = column("Seen", &[r#""2026-01-20""#, r#""2025-11-02""#]);
    let us_days = column("Seen", &[r#""01/15/2026""#, r#""1/2/2026""#]);
    let tags = column("Tags", &[r#"["webinar", "trial"]"#, "[]"]);
    let tech = column("Tech", &[r#""Go; AWS""#, r#""AWS; Stripe; Go""#]);
    let company =
        column("company", &[r#"{"name": "Oz", "hq": {"country": "US"}, "offices": [{"city": "Leeds"}]}"#]);
    let email = column("Email", &[r#""a@b.example""#, r#""N/A""#]);
    let ids = column("Record", &["12345678901234567", "98765432109876543"]);
    let lists = column("Tags", &[r#""a, b""#, r#"["a"]"#, r#"{"a": 1}"#, "true", "null"]);
    let records = column("hq", &[r#"{"city": "Rome"}"#]);
    let cases: [(&str, &str, &str); 77] = [
        ("input Tags: List\nA := COUNTA(Tags)", &lists, "unexpected_kind"),
        ("A := hq[0].city", &records, "unknown_path"),
        (r#"A := CONTAINS(Title, "vp")"#, &titles, "never_matches"),
        (r#"A := STARTSWITH(Title, "head")"#, &titles, "never_matches"),
        (r#"A := ENDSWITH(Title, "SALES")"#, &titles, "never_matches"),
        (r#"A := CONTAINS(UPPER(Title), "Head")"#, &titles, "letter_case"),
        (r#"A := LET(t, LOWER(Title), IF(CONTAINS(t, "VP"), 1, 0))"#, &titles, "letter_case"),
        ("Low := LOWER(Title)\nA := CONTAINS(Low, \"VP\")", &titles, "letter_case"),
        (r#"A := Title = "Head of Groth""#, &titles, "never_matches"),
        (r#"A := CONTAINSWORD(Title, "Studnet", "VP")"#, &titles, "never_matches"),
        (r#"A := SWITCH(Title, "Head of Growht", 10, 0)"#, &titles, "never_matches"),
        (r#"A := REGEXMATCH(Title, "^vp")"#, &titles, "never_matches"),
        (r#"A := IFERROR(FIND("head", Title), 0)"#, &titles, "never_matches"),
        (r#"A := Title IN ["VP Sales, Student"]"#, &titles, "list_as_text"),
        (r#"A := CONTAINS(Title, "Head|VP")"#, &titles, "regex_as_text"),
        (r#"A := Title = "VP-Sales""#, &titles, "never_matches"),
        (r#"A := EXACT(Title, "student")"#, &titles, "never_matches"),
        ("A := Revenue >= 100", &revenue, "money_text"),
        ("A := SCALE(Revenue, 0, 10000000, 0, 10)", &revenue, "money_text"),
        ("A := Revenue * 2", &revenue, "money_text"),
        ("A := ROUND(Revenue, 0)", &revenue, "money_text"),
        ("A := IFERROR(Revenue / 10, 0)", &revenue, "money_text"),
        ("A := MAX(Revenue, 0)", &revenue, "money_text"),
        ("A := LET(rev, Revenue, IF(rev > 100, 1, 0))", &revenue, "money_text"),
        ("input Revenue: Number\nA := Revenue > 1", &revenue, "money_text"),
        ("A := Size > 50", &sizes, "range_text"),
        ("A := VALUE(Size)", &sizes, "range_text"),
        ("A := PARSENUMBER(Size) > 50", &sizes, "range_text"),
        ("A := VALUE(LEFT(Size, 2)) > 50", &sizes, "range_text"),
        ("A := AVERAGE(Size)", &sizes, "range_text"),
        ("A := IF(Demo, 1, 0)", &answers, "yes_no_text"),
        ("A := Demo = TRUE", &answers, "yes_no_text"),
        ("A := NOT Demo", &answers, "yes_no_text"),
        ("A := Demo = 1", &answers, "yes_no_text"),
        ("A := OR(Demo, FALSE)", &answers, "redundant_condition yes_no_text"),
        ("A := Open Rate >= 50", &rates, "percent_scale"),
        ("A := BETWEEN(Open Rate, 20, 80)", &rates, "percent_scale"),
        ("A := BUCKET(Open Rate, 10, 0, 30, 5, 10)", &rates, "percent_scale"),
        ("A := INT(Open Rate)", &rates, "percent_scale"),
        (r#"A := Seen = "January""#, &days, "date_as_text"),
        (r#"A := Seen < "2026-02-30""#, &days, "date_spelling"),
        ("A := HOUR(Seen) >= 9", &days, "date_without_time"),
        ("A := TODAY() - Seen > 30", &us_days, "date_text"),
        ("A := Seen >= TODAY() - 30", &us_days, "date_text"),
        ("A := YEAR(Seen)", &us_days, "date_text"),
        (r#"A := Seen > "2026-01-01""#, &us_days, "date_text"),
        ("A := DATEDIF(Seen, TODAY(), \"d\")", &us_days, "date_text"),
        (r#"A := Tags = "webinar""#, &tags, "list_as_value"),
        (r#"A := Tags <> "webinar""#, &tags, "list_as_value"),
        ("A := Tags >= 2", &tags, "list_as_value"),
        ("A := LEN(Tags)", &tags, "list_as_value"),
        ("A := COUNT(Tags)", &tags, "list_as_value"),
        ("A := Tags.length", &tags, "length_field"),
        (r#"A := ICONTAINS(Tags, "web")"#, &tags, "never_matches"),
        (r#"A := "AWS" IN Tech"#, &tech, "text_as_list"),
        (r#"A := ANY(Tech, t, t = "AWS")"#, &tech, "text_as_list"),
        ("A := COUNTA(Tech)", &tech, "text_as_list"),
        ("A := Tech[0]", &tech, "text_as_list"),
        (r#"A := COUNTIF(SPLIT(Tech, ";"), t, t = "AWS")"#, &tech, "spaced_separator"),
        ("A := company.Name", &company, "unknown_path"),
        ("A := company.country", &company, "unknown_path"),
        ("A := company.headquarters.country", &company, "unknown_path"),
        ("A := company.offices.city", &company, "unknown_path"),
        ("A := company.offices[0].town", &company, "unknown_path"),
        ("A := IF(Email <> \"\", 1, 0)", &email, "placeholder_text"),
        ("A := LEN(Email) > 0", &email, "placeholder_text"),
        (r#"A := COALESCE(Email, "none")"#, &email, "placeholder_text"),
        ("A := ISEMPTY(Email)", &email, "placeholder_text"),
        ("A := COUNTA(Email, Phone)", &email, "placeholder_text"),
        ("A := SWITCH(Demo, TRUE, 10, 0)", &answers, "yes_no_text"),
        ("A := XOR(Demo, TRUE)", &answers, "yes_no_text"),
        ("A := Size IN [51, 200]", &sizes, "range_text"),
        ("A := LET(r, Open Rate, r > 30)", &rates, "percent_scale"),
        (r#"A := Open Rate & "%""#, &rates, "percent_scale"),
        (r#"A := SWITCH(Tags, "webinar", 1, 0)"#, &tags, "list_as_value"),
        ("A := UNIQUE(Tech)", &tech, "text_as_list"),
        (r#"A := TEXT(Record, "0")"#, &ids, "long_number"),
    ];
    let differs = |(rule, rows, wanted): &(&str, &str, &str)| {
        let found = codes(rule, rows);
        (found != *wanted).then(|| format!("{rule}: {found}, not {wanted}"))
    };
    let failures: Vec<String> = cases.iter().filter_map(differs).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn correct_rules_stay_silent() {
    let titles = column("Title", &[r#""VP Sales""#, r#""Head of Growth""#, r#""Student""#, "null"]);
    let codes_of_plans = column("Plan", &[r#""Tier 1""#, r#""Tier 2""#, r#""US""#]);
    let mixed = column("Size", &["180", r#""51-200""#, r#""many""#]);
    let revenue = column("Revenue", &[r#""$12.5M""#, r#""€900k""#, "5"]);
    let rates = column("Open Rate", &["0.35", "0.05"]);
    let hours = column("Hours", &["0.5", "1", "0.25"]);
    let days = column("Seen", &[r#""2026-01-20""#, r#""""#]);
    let tags = column("Tags", &[r#"["webinar", "trial"]"#, "[]"]);
    let tech = column("Tech", &[r#""Go; AWS""#, r#""AWS; Stripe""#]);
    let place = column("City", &[r#""Austin, TX""#, r#""Leeds""#]);
    let apollo = "{\"apollo\": {\"name\": \"Oz\"}, \"clearbit\": null}\n{\"apollo\": null, \"clearbit\": {\"size\": 4}}\n";
    let email = column("Email", &[r#""a@b.example""#, r#""N/A""#]);
    let status = column("Status", &[r#""unknown""#, r#""open""#]);
    let flags = column("Flag", &["true", r#""true""#, "false"]);
    let ids = column("ID", &[r#""12345678901234567""#, r#""98765432109876543""#]);
    let cases: [(&str, &str); 41] = [
        // A text that few rows lack proves nothing.
        (r#"A := CONTAINS(Title, "CEO", "CTO")"#, &titles),
        (r#"A := Title = "Founder""#, &titles),
        // Both spellings are there.
        (r#"A := CONTAINS(Title, "VP", "vp")"#, &titles),
        (r#"A := OR(CONTAINS(Title, "vp"), CONTAINS(Title, "VP"))"#, &titles),
        (r#"A := CONTAINSWORD(Title, "vp")"#, &titles),
        (r#"A := REGEXMATCH(Title, "(?i)vp")"#, &titles),
        // Letters inside of another word are another word.
        (r#"A := CONTAINS(Title, "CTO")"#, &column("Title", &["\"Director\"", "\"Contractor\""])),
        (r#"A := REGEXMATCH(Title, "CTO|CEO")"#, &column("Title", &["\"Director\"", "\"Contractor\""])),
        (r#"A := CONTAINS(Title, "Vp")"#, &column("Title", &["\"SVP Sales\""])),
        // Other digits, and short codes, are other values.
        (r#"A := Plan = "Tier 3""#, &codes_of_plans),
        (r#"A := Plan = "UK""#, &codes_of_plans),
        ("A := IF(ISNUMBER(Size), Size, IFERROR(RANGEMID(Size), 0))", &mixed),
        (
            "A := COALESCE(IFERROR(VALUE(Size), \"\"), RANGEMIN(Size))",
            &column("Size", &["180", r#""51-200""#]),
        ),
        (r#"A := Size = "51-200""#, &column("Size", &[r#""51-200""#, r#""1-10""#])),
        ("A := PARSENUMBER(Revenue) > 100", &revenue),
        ("A := ISTEXT(Revenue)", &revenue),
        ("A := Open Rate > 20%", &rates),
        ("A := Open Rate > 0.2", &rates),
        ("A := ROUND(Open Rate, 2)", &rates),
        ("A := ROUND(Open Rate * 100)", &rates),
        ("A := Hours > 20", &hours),
        ("A := IF(ISEMPTY(Seen), \"\", Seen + 30)", &days),
        (r#"A := Seen > "2026-01-01""#, &days),
        ("A := TODAY() - Seen > 30", &column("Seen", &[r#""2026-01-20""#])),
        (r#"A := "webinar" IN Tags"#, &tags),
        (r#"A := ANY(Tags, t, ICONTAINS(t, "web"))"#, &tags),
        ("A := COUNTA(Tags) > 1", &tags),
        (r#"A := "AWS" IN SPLIT(Tech, "; ")"#, &tech),
        (r#"A := COUNTA(SPLIT(Tech, ";"))"#, &tech),
        (r#"A := ANY(SPLIT(Tech, ";"), t, TRIM(t) = "AWS")"#, &tech),
        (r#"A := City = "Austin, TX""#, &place),
        ("A := COALESCE(apollo.size, clearbit.size)", apollo),
        ("A := ISNOTEMPTY(Email) AND NOT ISPLACEHOLDER(Email)", &email),
        ("A := IF(ISEMAIL(Email), 1, IF(ISNOTEMPTY(Email), 0, -1))", &email),
        (r#"A := IF(Status = "unknown" OR Status = "", 0, 1)"#, &status),
        ("A := IF(Flag, 1, 0)", &flags),
        ("A := Flag = TRUE", &flags),
        (r#"A := ID = "12345678901234567""#, &ids),
        (r#"A := "ID " & ID"#, &ids),
        ("A := ID = 12345678901234567", &ids),
        ("A := ISBLANK(Title)", &titles),
    ];
    for (rule, rows) in cases {
        assert_eq!(codes(rule, rows), "", "{rule}\n{rows}");
    }
}

#[test]
fn a_column_of_which_no_literal_occurs_is_reported_where_there_are_many_rows() {
    let rows = column("Country", &["\"DE\"", "\"FR\"", "\"US\""]).repeat(20);
    assert_eq!(codes(r#"A := Country IN ["North", "South"]"#, &rows), "never_matches");
    assert_eq!(codes(r#"A := Country IN ["North", "US"]"#, &rows), "");
}

#[test]
fn values_that_were_not_all_kept_prove_nothing() {
    let rows: Vec<String> =
        (0..12_000).map(|number| format!("{{\"Title\": \"title {number}\"}}\n")).collect();
    assert_eq!(codes(r#"A := CONTAINS(Title, "TITLE")"#, &rows.concat()), "");
}

#[test]
fn a_comment_silences_what_rows_show() {
    let rows = column("Title", &["\"VP Sales\""]);
    let rule =
        "# allow: never_matches, lower case will come with the next import\nA := CONTAINS(Title, \"vp\")";
    assert_eq!(codes(rule, &rows), "");
}

#[test]
fn help_can_be_typed() {
    let cases = [
        (r#"A := CONTAINS(Title, "vp")"#, column("Title", &["\"VP\""]), r#"`CONTAINSWORD(Title, "vp")`"#),
        (
            "A := Seen > TODAY()",
            column("Seen", &["\"31.01.2026\""]),
            r#"`DATETIME_PARSE(Seen, "dd.mm.yyyy")`"#,
        ),
        ("A := DAYSSINCE(Seen)", column("Seen", &["1768469400"]), "`DATE(1970, 1, 1) + Seen / 86400`"),
        (
            "A := DAYSSINCE(Seen)",
            column("Seen", &["\"Jan 5, 2026\""]),
            r#"`DATETIME_PARSE(Seen, "mmm d, yyyy")`"#,
        ),
        (
            r#"A := Seen = "2026-01""#,
            column("Seen", &["\"2026-01-05\""]),
            r#"`TEXT(Seen, "yyyy-mm") = "2026-01"`"#,
        ),
        (
            "A := SUM(Deals.amount)",
            column("Deals", &[r#"[{"amount": 5}]"#]),
            "`SUM(MAP(Deals, item, item.amount))`",
        ),
        ("A := ANY(Deals, d, d.Amount > 3)", column("Deals", &[r#"[{"amount": 5}]"#]), "`d.amount`"),
        ("A := Email.domain", column("Email", &["\"a@b.example\""]), "`EMAILDOMAIN(Email)`"),
        (
            r#"A := Country = "US""#,
            column("Country", &["\"United States\""]),
            r#"`COUNTRYCODE(Country) = "US"`"#,
        ),
        (r#"A := Stage = "MQL""#, column("Stage", &["\"MQL \""]), r#"`TRIM(Stage) = "MQL"`"#),
    ];
    for (rule, rows, wanted) in cases {
        let found = helps(rule, &rows);
        assert!(found.contains(wanted), "{rule}: {found}");
    }
}
