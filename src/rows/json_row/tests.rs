use super::{BadRow, JsonRow, read, read_keys};
use crate::rows::Wanted;
use crate::value::{ErrorCode, Value, json_text};
use proptest::prelude::*;

fn wanted(inputs: &[&str], outputs: &[&str]) -> Wanted {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Wanted::new(owned(inputs), owned(outputs))
}

/// The inputs `a`, `Job Title` and `é` of a row.
fn inputs(text: &str) -> Result<Vec<Option<Value<'_>>>, BadRow> {
    let mut row = JsonRow::default();
    read(text, &wanted(&["a", "Job Title", "é"], &[]), &mut row)?;
    Ok(row.inputs)
}

fn first(text: &str) -> Option<Value<'_>> {
    inputs(text).expect(text).swap_remove(0)
}

#[test]
fn wanted_values_are_read() {
    let cases = [
        (r#"{"b":1}"#, None),
        (r#"{"a":null}"#, Some(Value::Blank)),
        (r#"{"a":true}"#, Some(Value::Boolean(true))),
        (r#"{"a":-1.5e3}"#, Some(Value::Number(-1500.0))),
        (
            r#"{"a":123456789012345678901234567890}"#,
            Some(Value::Digits("123456789012345678901234567890".to_owned().into())),
        ),
        (r#"{"a":1e29}"#, Some(Value::Number(1e29))),
        (r#"{"a":-9223372036854775809}"#, Some(Value::Digits("-9223372036854775809".to_owned().into()))),
        (r#"{"a":18446744073709551615}"#, Some(Value::Digits("18446744073709551615".to_owned().into()))),
        (r#"{"a":""}"#, Some(Value::borrowed(""))),
        (r#"{"a":"\"\u00e9\n"}"#, Some(Value::text("\"é\n"))),
        (r#"{"a":1,"a":2}"#, Some(Value::Number(2.0))),
        (" {\"a\" : 3 } \r", Some(Value::Number(3.0))),
    ];
    for (text, value) in cases {
        assert_eq!(first(text), value, "{text}");
    }
    assert!(matches!(first(r#"{"a":"plain"}"#), Some(Value::Text(crate::value::Text::Borrowed("plain")))));
    let nested = r#"{"a":[1,"x",{"k":[],"l\n":{"m":null}}]}"#;
    assert_eq!(json_text(&first(nested).expect("a list")), &nested[5..nested.len() - 1]);
}

#[test]
fn keys_with_escapes_are_found() {
    let row = inputs(r#"{"Job\u0020Title":"CTO","\u00e9":1}"#).expect("a row");
    assert_eq!(row, [None, Some(Value::borrowed("CTO")), Some(Value::Number(1.0))]);
}

#[test]
fn a_number_out_of_range_is_an_error_only_where_it_is_wanted() {
    for text in [r#"{"a":1e999,"é":1}"#, r#"{"é":1,"a" : -1e999 }"#] {
        let row = inputs(text).expect(text);
        let error = row[0].as_ref().and_then(Value::as_error).expect(text);
        assert_eq!(error.code, ErrorCode::Number);
        assert!(error.message.ends_with("1e999 in column `a` is too large for a number"), "{error}");
        assert_eq!(row[2], Some(Value::Number(1.0)));
    }
    assert_eq!(inputs(r#"{"b":1e999,"a":1}"#).expect("a row")[0], Some(Value::Number(1.0)));
    let long = format!(r#"{{"a":{}}}"#, "9".repeat(500));
    assert!(
        first(&long)
            .expect("a value")
            .as_error()
            .expect("an error")
            .message
            .starts_with(&format!("{}… in", "9".repeat(40)))
    );
    assert_eq!(first(r#"{"a":1e-999}"#), Some(Value::Number(0.0)));
}

#[test]
fn half_a_surrogate_pair_is_a_replacement_character() {
    assert_eq!(first(r#"{"a":"x\ud800y\udc00\ud83d\ude00"}"#), Some(Value::text("x\u{fffd}y\u{fffd}😀")));
    assert_eq!(first(r#"{"b":"\ud800","a":1}"#), Some(Value::Number(1.0)));
    assert_eq!(first(r#"{"\ud800":1,"a":2}"#), Some(Value::Number(2.0)));
    let row = first(r#"{"a":{"\udc00":[1e999,"\ud800\n"," k "]}}"#).expect("a record");
    assert_eq!(json_text(&row), "{\"\u{fffd}\":[null,\"\u{fffd}\\n\",\" k \"]}");
    assert_eq!(
        read_keys(r#"{"\ud800x":1,"a":{"b":2},"a":3}"#),
        Ok(vec!["\u{fffd}x".into(), "a".into(), "a".into()])
    );
}

#[test]
fn bad_rows_say_what_is_wrong_and_where() {
    let cases = [
        ("", 1, "not a JSON object but nothing"),
        (" [1]", 2, "not a JSON object but a list"),
        ("5", 1, "not a JSON object but a number"),
        ("\"x\"", 1, "not a JSON object but a text"),
        ("true\r", 1, "not a JSON object but a boolean"),
        ("null", 1, "not a JSON object but null"),
        ("nothing", 1, "not a JSON object but other text"),
        (r#"{"a":1,}"#, 8, "not valid JSON: a comma with nothing behind it"),
        (r#"{"a":1} x"#, 9, "not valid JSON: text behind the closing `}`"),
        (r#"{"a":1}{"b":2}"#, 8, "not valid JSON: text behind the closing `}`"),
        (r#"{"é":1 "b":2}"#, 8, "not valid JSON: expected `,` or `}`"),
        (r#"{"b":01}"#, 7, "not valid JSON: malformed number"),
        (r#"{"b":nul}"#, 9, "not valid JSON: expected `true`, `false` or `null`"),
        (r#"{"b":"\x"}"#, 8, "not valid JSON: unknown escape in a text"),
        (r#"{"b":"#, 5, "not valid JSON: it ends where a value is expected"),
        ("{\"b\":\"\t\"}", 7, "not valid JSON: a control character inside a text"),
        ("{\"a\":\"\t\"}", 7, "not valid JSON: a control character inside a text"),
        ("{\"\t\":1}", 3, "not valid JSON: a control character inside a text"),
        (r"{'a':1}", 2, "not valid JSON: a key must stand in double quotes"),
    ];
    for (text, column, problem) in cases {
        let bad = inputs(text).expect_err(text);
        assert_eq!((bad.line, bad.column, bad.problem.as_str()), (1, column, problem), "{text}");
        assert_eq!(read_keys(text), Err(bad), "{text}");
    }
    let bad = inputs("{\n  \"é\": 1,\n  \"ü\" 2\n}").expect_err("no colon");
    assert_eq!((bad.line, bad.column, bad.problem.as_str()), (3, 7, "not valid JSON: expected `:`"));
}

#[test]
fn nesting_is_bounded() {
    for key in ["a", "b"] {
        let nested =
            |depth: usize| format!("{{\"{key}\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        assert!(inputs(&nested(128)).is_ok());
        for depth in [129, 100_000] {
            assert_eq!(
                inputs(&nested(depth)).expect_err("too deep").problem,
                "nested more than 128 levels deep"
            );
        }
        assert!(inputs(&format!("{{\"{key}\":{}", "[{".repeat(50_000))).is_err());
    }
}

#[test]
fn written_columns_are_located() {
    let text = " { \"x\" : 1, \"a\\\"\\u0020\":[ 2 ] ,\"x\":\"y\" } ";
    let mut row = JsonRow::default();
    read(text, &wanted(&["x"], &["a\" ", "new", "x"]), &mut row).expect("a row");
    let places: Vec<_> = row
        .places()
        .iter()
        .map(|place| (place.output, &text[place.member.clone()], &text[place.value.clone()]))
        .collect();
    assert_eq!(
        places,
        [(2, "\"x\" : 1", "1"), (0, "\"a\\\"\\u0020\":[ 2 ]", "[ 2 ]"), (2, "\"x\":\"y\"", "\"y\"")]
    );
    assert_eq!(row.last_place(2), Some(&row.places()[2]));
    assert_eq!(row.last_place(1), None);
    assert_eq!(row.inputs, [Some(Value::borrowed("y"))]);
    assert_eq!(&text[row.object()], text.trim());
    assert_eq!(&text[row.members_end()..], " } ");
    read(" { }", &wanted(&[], &[]), &mut row).expect("an empty row");
    assert!(row.is_empty() && row.places().is_empty() && row.inputs.is_empty());
}

/// JSON text of an object, much of it close to the edge.
fn any_object() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.5",
        "1E400",
        "-2e-400",
        "12345678901234567890",
        "\"\"",
        "\"a\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud800\"",
        "\"\\\\\"",
        "\"é\"",
        "[]",
        "{}",
    ]);
    let key =
        prop::sample::select(vec!["\"a\"", "\"b\"", "\"\\u0061\"", "\"é\"", "\"\"", "\"\\udfff\"", "\" \""]);
    let value = leaf.prop_map(str::to_owned).prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[{}]", items.join(" , "))),
            (inner.clone(), inner).prop_map(|(one, two)| format!("{{\"k\":{one},\"l\\n\":{two}}}")),
        ]
    });
    prop::collection::vec((key, value), 0..4).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{{}}}", members.join(","))
    })
}

/// The text with some of its characters removed or replaced.
fn mutated(text: &str, edits: &[(usize, Option<char>)]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (at, letter) in edits {
        let at = at % letters.len().max(1);
        match letter {
            _ if letters.is_empty() => {}
            Some(letter) => letters[at] = *letter,
            None => drop(letters.remove(at)),
        }
    }
    letters.into_iter().collect()
}

/// Whether two readings agree where both can: numbers out of range and half surrogates are ours alone.
fn agree(value: &Value<'_>, json: &serde_json::Value) -> bool {
    let ours: serde_json::Value = serde_json::from_str(&json_text(value)).expect("what we write is JSON");
    match (value, json) {
        (Value::Number(number), json) => json.as_f64() == Some(*number),
        (Value::List(items), serde_json::Value::Array(json)) => {
            items.len() == json.len() && items.iter().zip(json).all(|(item, json)| agree(item, json))
        }
        (Value::Record(record), serde_json::Value::Object(json)) => {
            json.iter().all(|(name, json)| record.get(name).is_some_and(|value| agree(value, json)))
        }
        _ => ours == *json,
    }
}

/// A text that is as strict parsing wants it where the text has one of our tolerances.
fn without_tolerances(text: &str) -> String {
    let mut text = text.replace("E400", "E40").replace("e400", "e40");
    for half in ["\\ud800", "\\udfff"] {
        text = text.replace(half, "\\ufffd");
    }
    text
}

proptest! {
    #[test]
    fn rows_are_taken_and_read_as_serde_json_does(
        text in any_object(),
        edits in prop::collection::vec((any::<usize>(), prop::option::of(prop::sample::select(
            vec!['"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '\t', '0', '.', '-', 'e', 'é', 'u', '\u{1}'],
        ))), 0..3),
    ) {
        let text = mutated(&text, &edits);
        let strict = without_tolerances(&text);
        let parsed = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&strict);
        // Edits may make halves of pairs and huge numbers in other ways; then only "not stricter" can be checked.
        let read = inputs(&text);
        match (&parsed, &read) {
            (Ok(map), Ok(inputs)) if text == strict => {
                for (name, value) in ["a", "Job Title", "é"].iter().zip(inputs) {
                    prop_assert_eq!(value.is_some(), map.contains_key(*name), "{}", text);
                    if let (Some(value), Some(json)) = (value, map.get(*name)) {
                        prop_assert!(agree(value, json), "{}: {:?}", text, value);
                    }
                }
            }
            (Ok(_), Err(bad)) => prop_assert!(false, "{}: {}", text, bad),
            (Err(error), Ok(_)) => {
                let reason = error.to_string();
                let tolerated = ["surrogate", "hex escape", "number out of range"].iter().any(|part| reason.contains(part));
                prop_assert!(tolerated, "{}: {}", text, reason);
                // Skipping tolerates all that we do, and nothing else.
                let skipped = serde_json::from_str::<serde::de::IgnoredAny>(&text);
                prop_assert!(skipped.is_ok(), "{}: {:?}", text, skipped);
            }
            (Ok(_), Ok(_)) | (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn no_text_panics(text in "[{}\\[\\]\",:\\\\u0a1.e é\n]{0,40}") {
        let _ = inputs(&text);
        let _ = inputs(&format!("{{\"a\":{text}}}"));
    }
}
