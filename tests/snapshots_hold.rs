//! Laws of snapshots: what is written is read back, whatever rows and names hold, and one row is one line.

use clayf::tools::test::changes::{Difference, column_list, difference};
use clayf::tools::test::snapshot::Snapshot;
use clayf::tools::test::{RowLine, write_cell};
use clayf::{Clock, Value};
use proptest::prelude::*;

fn cell(value: &Value<'_>) -> String {
    let mut out = String::new();
    write_cell(&mut out, value, &Clock::system());
    out
}

/// Texts as people and machines write them, with what could be mistaken for the parts of a line.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(" · ".to_owned()),
        Just(" · A ".to_owned()),
        Just("\n---\n".to_owned()),
        Just("\r".to_owned()),
        Just("blank".to_owned()),
        Just("TRUE".to_owned()),
        Just("#N/A".to_owned()),
        Just("\"".to_owned()),
        "[a-zA-Z0-9 äöü,.-]{0,8}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value<'static>> {
    prop_oneof![
        Just(Value::Blank),
        any::<bool>().prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        text().prop_map(Value::from),
        proptest::collection::vec(text().prop_map(Value::from), 0..3).prop_map(Value::list),
    ]
}

proptest! {
    #[test]
    fn rows_are_read_back(rows in proptest::collection::vec((value(), value()), 1..6)) {
        let columns = ["A".to_owned(), "B · {C}".to_owned()];
        let lines: Vec<RowLine> = rows
            .iter()
            .map(|(one, two)| RowLine { label: "Ada, x".to_owned(), cells: vec![cell(one), cell(two)] })
            .collect();
        let body = lines.iter().map(|line| line.to_text(&columns)).collect::<Vec<_>>().join("\n");
        prop_assert_eq!(body.lines().count(), rows.len());
        let read: Option<Vec<RowLine>> = body.lines().map(|line| RowLine::parse(line, &columns)).collect();
        prop_assert_eq!(read, Some(lines));
    }

    #[test]
    fn different_values_look_different(one in value(), two in value()) {
        prop_assert_eq!(cell(&one) == cell(&two), one == two, "{} and {}", cell(&one), cell(&two));
    }

    #[test]
    fn files_are_read_back(source in text(), input in text(), column in text(), body in text()) {
        let snapshot = Snapshot {
            source,
            description: None,
            expression: Some(column_list(&[column])),
            input_file: Some(input),
            body: body.replace('\r', "").trim_end().to_owned(),
        };
        prop_assert_eq!(Snapshot::parse(&snapshot.to_text()), Ok(snapshot));
    }

    #[test]
    fn a_change_is_found_wherever_it_is(rows in proptest::collection::vec(0..5u8, 1..20), at in any::<prop::sample::Index>()) {
        let snapshot = |rows: &[u8]| Snapshot {
            expression: Some("S".to_owned()),
            body: rows.iter().enumerate().map(|(lead, row)| format!("L{} · S {row}", lead % 7)).collect::<Vec<_>>().join("\n"),
            ..Snapshot::default()
        };
        let mut changed = rows.clone();
        changed[at.index(rows.len())] += 10;
        let found = difference(&snapshot(&rows), &snapshot(&changed));
        let Some(Difference::Rows(found)) = found else { panic!("the rows differ") };
        prop_assert_eq!(found.changed.len(), 1);
        prop_assert_eq!(found.transitions.len(), 1);
        prop_assert!(found.added.is_empty() && found.gone.is_empty());
    }
}
