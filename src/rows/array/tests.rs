use super::{ArrayError, Element, Splitter};
use proptest::prelude::*;

/// The elements of a file fed in pieces of `size` bytes, and what is wrong with it.
fn split(file: &[u8], size: usize) -> (Vec<Element>, Option<ArrayError>) {
    let mut splitter = Splitter::default();
    let mut elements = Vec::new();
    for piece in file.chunks(size) {
        if let Err(error) = splitter.feed(piece, &mut elements) {
            return (elements, Some(error));
        }
    }
    (elements, splitter.finish().err())
}

#[test]
fn elements_are_found_in_pieces_of_any_size() {
    let file = " [ {\"a\": [1, {\"b\\\\\\\"]\": 2}]},\r\n  5 ,\n\n\"x]\\\"\",[],true,\n{\n}]\n";
    let expect = [
        ("{\"a\": [1, {\"b\\\\\\\"]\": 2}]}", 1, 4),
        ("5", 2, 3),
        ("\"x]\\\"\"", 4, 1),
        ("[]", 4, 8),
        ("true", 4, 11),
        ("{\n}", 5, 1),
    ];
    for size in 1..=file.len() {
        let (elements, error) = split(file.as_bytes(), size);
        assert_eq!(error, None);
        let found: Vec<_> = elements
            .iter()
            .map(|element| (&file[element.range.clone()], element.line, element.column))
            .collect();
        assert_eq!(found, expect, "in pieces of {size}");
    }
}

#[test]
fn an_object_is_one_row() {
    let (elements, error) = split(b"\n {\"a\":[1]} \n", 3);
    assert_eq!((elements.len(), error), (1, None));
    assert_eq!((elements[0].range.clone(), elements[0].line, elements[0].column), (2..11, 2, 2));
}

#[test]
fn problems_between_elements_are_named_with_their_place() {
    let cases = [
        ("", 0, 1, 1, "the file is empty"),
        (" \n", 0, 2, 1, "the file is empty"),
        ("x [1]", 0, 1, 1, "expected `[`"),
        ("\n 5", 0, 2, 2, "expected `[`"),
        ("[1 2]", 1, 1, 4, "expected `,` or `]`"),
        ("[{}{}]", 1, 1, 4, "expected `,` or `]`"),
        ("[{},,{}]", 1, 1, 5, "two commas"),
        ("[,1]", 0, 1, 2, "before the first row"),
        ("[1,\n]", 1, 2, 1, "a comma with no row behind it"),
        ("[:1]", 0, 1, 2, "expected a row"),
        ("[\"é\"]\nx", 1, 2, 1, "text behind the closing `]`"),
        ("[\"é\"] ]", 1, 1, 7, "text behind the closing `]`"),
        ("[{\"a\":1},\n{\"a\":2}", 2, 2, 8, "ends before the `]`"),
        ("[", 0, 1, 2, "ends before the `]`"),
        ("[\"x", 0, 1, 4, "ends before the `]`"),
        ("{\"a\":1", 0, 1, 7, "ends before the `}`"),
        ("{} {}", 1, 1, 4, "behind the closing `}`"),
    ];
    for (file, count, line, column, problem) in cases {
        for size in 1..=file.len().max(1) {
            let (elements, error) = split(file.as_bytes(), size);
            let error = error.expect(file);
            assert!(error.problem.contains(problem), "{file}: {error}");
            assert_eq!(
                (elements.len(), error.line, error.column),
                (count, line, column),
                "{file} in pieces of {size}"
            );
        }
    }
    for empty in ["[]", " [ \n ] "] {
        assert_eq!(split(empty.as_bytes(), 1), (Vec::new(), None));
    }
}

fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("null".to_owned()),
        "[\\[\\]{},\"\\\\é]{0,4}".prop_map(|text| serde_json::Value::from(text).to_string()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|items| format!("[ {}]", items.join(" ,\n"))),
            inner.prop_map(|value| format!("{{\"k\\\"\" :{value}}}")),
        ]
    })
}

proptest! {
    #[test]
    fn elements_are_what_was_put_in(items in prop::collection::vec(any_json(), 0..5), size in 1_usize..40) {
        let file = format!("[{}]", items.join(",\n "));
        let (elements, error) = split(file.as_bytes(), size);
        prop_assert_eq!(error, None);
        let found: Vec<_> = elements.iter().map(|element| &file[element.range.clone()]).collect();
        prop_assert_eq!(found, items);
    }

    #[test]
    fn no_bytes_panic(file in "[\\[\\]{},:\"\\\\é1 \n]{0,30}", size in 1_usize..10) {
        prop_assert_eq!(split(file.as_bytes(), size), split(file.as_bytes(), 1));
    }
}
