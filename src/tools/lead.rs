//! What a lead is called in a report: the person and where they work, as far as the row says so.

use super::words::clipped_line;
use crate::value::{Value, is_empty, to_text};

/// The ways that tables spell who a row is about. Of each group the first that is filled counts.
const FULL_NAME: [&str; 5] = ["Full Name", "full_name", "Name", "name", "Contact Name"];
const FIRST_NAME: [&str; 4] = ["first_name", "First Name", "firstName", "firstname"];
const LAST_NAME: [&str; 4] = ["last_name", "Last Name", "lastName", "lastname"];
const PLACE: [&str; 13] = [
    "Work Email",
    "work_email",
    "Email",
    "email",
    "domain",
    "Domain",
    "Company Domain",
    "company_domain",
    "Company Name",
    "company_name",
    "Company",
    "company",
    "website",
];
const NUMBER: [&str; 5] = ["id", "ID", "Id", "lead_id", "Lead ID"];

/// More characters than this of a name or address are cut.
const LONGEST: usize = 40;

/// All keys that may say who a row is about.
pub fn label_keys() -> impl Iterator<Item = &'static str> {
    [&FULL_NAME[..], &FIRST_NAME, &LAST_NAME, &PLACE, &NUMBER].into_iter().flatten().copied()
}

/// `keys`, and behind them those that may say who a row is about, each once.
pub(super) fn with_label_keys(keys: &[String]) -> Vec<String> {
    let further = label_keys().filter(|key| !keys.iter().any(|known| known == key));
    keys.iter().cloned().chain(further.map(ToOwned::to_owned)).collect()
}

/// `Liam O'Brien, liam.obrien@tallybrook.example`, of a row whose values `get` finds; nothing where the row does not
/// say who it is about.
pub fn label<'r, 'v: 'r>(get: impl Fn(&str) -> Option<&'r Value<'v>>) -> Option<String> {
    let first_filled = |keys: &[&str]| {
        let filled = |key: &&str| get(key).filter(|value| !is_empty(value) && value.as_error().is_none());
        let value = keys.iter().find_map(filled)?;
        let text = to_text(value).ok()?;
        Some(clipped_line(text.as_str(), LONGEST))
    };
    let person = first_filled(&FULL_NAME).or_else(|| {
        let parts = [first_filled(&FIRST_NAME), first_filled(&LAST_NAME)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    let place = first_filled(&PLACE);
    match (person, place) {
        (None, None) => first_filled(&NUMBER),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (Some(person), Some(place)) => Some(format!("{person}, {place}")),
    }
}

#[cfg(test)]
mod tests {
    use super::label;
    use crate::value::Record;

    fn of(row: &str) -> Option<String> {
        let record = Record::from_json(row).expect("a row");
        label(|key| record.get(key))
    }

    #[test]
    fn a_lead_is_called_by_person_and_place() {
        let both =
            of(r#"{"first_name":"Liam","last_name":"O'Brien","domain":"t.example","Email":"l@t.example"}"#);
        assert_eq!(both.as_deref(), Some("Liam O'Brien, l@t.example"));
        assert_eq!(of(r#"{"name":" Ada ","first_name":"A"}"#).as_deref(), Some("Ada"));
        assert_eq!(of(r#"{"domain":"t.example","id":7}"#).as_deref(), Some("t.example"));
        assert_eq!(of(r#"{"id":7}"#).as_deref(), Some("7"));
        assert_eq!(of(r#"{"name":"","Industry":"SaaS"}"#), None);
    }

    #[test]
    fn a_label_is_one_short_line() {
        let long = format!(r#"{{"name":"a\nb {}"}}"#, "x".repeat(100));
        let label = of(&long).expect("a label");
        assert!(label.starts_with("a b xxx") && label.chars().count() == 41, "{label}");
    }
}
