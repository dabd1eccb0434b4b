use super::{NewColumns, splice, splice_on_one_line};
use crate::rows::{JsonRow, Wanted, read};
use proptest::prelude::*;
use serde_json::{Map, Value};

type Splice = fn(&str, &JsonRow<'_>, &NewColumns<'_>, &mut Vec<u8>);

/// `text` with the columns `columns` set to these values.
fn spliced_by(splice: Splice, text: &str, columns: &[(&str, &str)]) -> String {
    let wanted = Wanted::new(Vec::new(), columns.iter().map(|(name, _)| (*name).to_owned()).collect());
    let mut row = JsonRow::default();
    read(text, &wanted, &mut row).expect(text);
    let names: Vec<String> = columns.iter().map(|(name, _)| Value::from(*name).to_string()).collect();
    let mut values = String::new();
    let mut ends = Vec::new();
    for (_, value) in columns {
        values.push_str(value);
        ends.push(values.len());
    }
    let mut out = Vec::new();
    splice(text, &row, &NewColumns { names: &names, values: &values, ends: &ends }, &mut out);
    String::from_utf8(out).expect("text")
}

fn spliced(text: &str, columns: &[(&str, &str)]) -> String {
    spliced_by(splice, text, columns)
}

#[test]
fn new_columns_follow_the_last_member() {
    let cases = [
        (r#"{"a":1.50}"#, r#"{"a":1.50,"S":85,"T":"x"}"#),
        ("  { \"a\" : [ 1 ] }\r", "{ \"a\" : [ 1 ],\"S\":85,\"T\":\"x\" }"),
        ("{}", r#"{"S":85,"T":"x"}"#),
        (" { } ", r#"{"S":85,"T":"x" }"#),
        (r#"{"a":"}"}"#, r#"{"a":"}","S":85,"T":"x"}"#),
    ];
    for (text, expect) in cases {
        assert_eq!(spliced(text, &[("S", "85"), ("T", "\"x\"")]), expect, "{text}");
    }
}

#[test]
fn columns_of_the_row_are_replaced_where_they_stand() {
    let cases = [
        (r#"{"S" : "old", "a":1}"#, r#"{"S" : 85, "a":1}"#),
        (r#"{"a":1,"\u0053":[1,{}] }"#, r#"{"a":1,"\u0053":85 }"#),
        (r#"{"S":1,"S":2}"#, r#"{"S":85}"#),
        (r#"{ "S":1 , "a":2, "S":3 , "S" :4 }"#, r#"{ "a":2, "S" :85 }"#),
    ];
    for (text, expect) in cases {
        assert_eq!(spliced(text, &[("S", "85")]), expect, "{text}");
    }
    assert_eq!(
        spliced(r#"{"S":1,"T":1,"T":2,"S":3}"#, &[("T", "8"), ("U", "0"), ("S", "9")]),
        r#"{"T":8,"S":9,"U":0}"#
    );
}

#[test]
fn a_row_on_several_lines_can_be_written_on_one() {
    let text = "{\r\n  \"a\": \"x\\ny\",\n  \"S\": [\n1]\n}\n";
    assert_eq!(
        spliced_by(splice_on_one_line, text, &[("S", "1"), ("T", "2")]),
        "{    \"a\": \"x\\ny\",   \"S\": 1,\"T\":2 }"
    );
}

#[test]
fn a_missing_value_is_null() {
    let new = NewColumns { names: &[], values: "12", ends: &[1, 2] };
    assert_eq!((new.value(0), new.value(1), new.value(2)), ("1", "2", "null"));
}

fn any_value() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "1",
        "-0.0",
        "1e2",
        "\"}\\\",\"",
        "[ {} ,1]",
        "{\"S\":1, \"a\":[]}",
        "null",
        "\"é\"",
    ])
}

proptest! {
    #[test]
    fn the_columns_are_set_and_all_else_is_kept(
        members in prop::collection::btree_map(prop::sample::select(vec!["a", "b", "S", "T", "\"", "\\", "é"]), any_value(), 0..6),
        turn in 0_usize..6,
        space in prop::sample::select(vec!["", " ", "\n", " \r\n\t"]),
    ) {
        let mut members: Vec<(&str, &str)> = members.into_iter().collect();
        let turn = turn.min(members.len());
        members.rotate_left(turn);
        let text: Vec<String> = members.iter().map(|(name, value)| format!("{space}{}{space}:{value}", Value::from(*name))).collect();
        let text = format!("{space}{{{}{space}}}{space}", text.join(","));
        let columns = [("S", "85"), ("T", "{\"x\":[\"S\"]}")];
        let out = spliced(&text, &columns);

        let mut expect: Map<String, Value> = serde_json::from_str(&text).expect("JSON");
        for (name, value) in columns {
            expect.insert(name.to_owned(), serde_json::from_str(value).expect("JSON"));
        }
        let parsed: Map<String, Value> = serde_json::from_str(&out).expect(&out);
        // Names too must come in the same order.
        prop_assert_eq!(parsed.iter().collect::<Vec<_>>(), expect.iter().collect::<Vec<_>>());
        for (name, value) in members.iter().filter(|(name, _)| !["S", "T"].contains(name)) {
            let member = format!("{space}{}{space}:{value}", Value::from(*name));
            prop_assert!(out.contains(&member), "{} lacks {}", out, member);
        }
    }
}
