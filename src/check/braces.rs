//! Names in single braces that were meant as records, and records that were meant as names.

use crate::syntax::is_bare_name;
use crate::value::read_number;

/// `{a, b}` and `{tier = "A"}` as records, where `written` is a name in single braces and its parts are those of a
/// record: names that are known, or a key and a literal.
pub(super) fn record_inside(written: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    let inside = written.strip_prefix('{')?.strip_suffix('}')?;
    if inside.starts_with('{') {
        return None;
    }
    let items: Vec<&str> = inside.split(',').map(str::trim).collect();
    let members: Option<Vec<String>> = items.iter().map(|item| member(item, is_known)).collect();
    let is_record = items.len() > 1 || items[0].contains('=');
    members.filter(|_| is_record).map(|members| format!("{{{}}}", members.join(", ")))
}

/// `tier: "A"` for `tier = "A"`, `a: a` for the name `a`.
fn member(item: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    if is_bare_name(item) {
        return is_known(item).then(|| format!("{item}: {item}"));
    }
    let (key, value) = item.split_once('=')?;
    let (key, value) = (key.trim(), value.trim());
    let is_text = value.len() > 1 && value.starts_with('"') && value.ends_with('"');
    let is_literal = is_text || read_number(value).is_some() || matches!(value, "TRUE" | "FALSE");
    (is_bare_name(key) && is_literal).then(|| format!("{key}: {value}"))
}

/// The name that `written`, a record, would be if its colon were one of a name: `Deal: Size`.
pub(crate) fn name_inside(written: &str) -> Option<&str> {
    let inside = written.strip_prefix('{')?.strip_suffix('}')?.trim();
    (!inside.contains(['\n', '"', '{'])).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::record_inside;

    #[test]
    fn names_that_are_records_are_told_from_names() {
        let of = |written| record_inside(written, &|name| ["a", "b"].contains(&name));
        assert_eq!(of("{a, b}").as_deref(), Some("{a: a, b: b}"));
        assert_eq!(of(r#"{tier = "A", a}"#).as_deref(), Some(r#"{tier: "A", a: a}"#));
        assert_eq!(of("{City, State}"), None);
        assert_eq!(of("{a}"), None);
        assert_eq!(of("{{a, b}}"), None);
        assert_eq!(of("{a = b}"), None);
    }
}
