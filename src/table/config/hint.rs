//! What to type in place of a value of the wrong kind, where that can be told from the value.

use super::amounts;
use crate::table::yaml::{Node, NodeKind, Scalar};
use crate::types::Type;

/// `100 credits`, `"100"`, `1,000`: the number in it.
pub(super) fn number(key: &str, node: &Node) -> Option<String> {
    let Some(Scalar::Text(text)) = node.scalar() else { return None };
    let number: String = text.chars().filter(|one| one.is_ascii_digit() || *one == '.').collect();
    let is_clear = number.parse::<f64>().is_ok() && !text.contains('-');
    is_clear.then(|| format!("write the number alone: `{key}: {number}`"))
}

/// `90`: of what?
pub(super) fn duration(key: &str, node: &Node) -> Option<String> {
    let text = match node.scalar()? {
        Scalar::Number(number) => {
            let unit = if key == "refresh" { "days" } else { "seconds" };
            return Some(format!("say of what: `{key}: {number} {unit}`"));
        }
        Scalar::Text(text) => text.to_lowercase(),
        _ => return None,
    };
    let count: u32 = text.split_whitespace().next().and_then(|count| count.parse().ok()).unwrap_or(1);
    let units = [("month", 30), ("quarter", 90), ("year", 365), ("week", 7), ("daily", 1)];
    let (_, days) = units.into_iter().find(|(unit, _)| text.contains(unit))?;
    Some(format!("write it in days: `{key}: {} days`", count.saturating_mul(days)))
}

/// `0 seconds`, in which nothing can happen.
pub(super) fn some_time(key: &str, node: &Node) -> Option<String> {
    let is_none = node.text().and_then(amounts::duration).is_some_and(|time| time.is_zero());
    if is_none { Some("nothing is answered in no time at all".to_owned()) } else { duration(key, node) }
}

/// `70`, which is no share.
pub(super) fn share(key: &str, node: &Node) -> Option<String> {
    match node.scalar()? {
        Scalar::Number(number) if (1.0..=100.0).contains(&number) => {
            Some(format!("write `{key}: {number}%`"))
        }
        _ => None,
    }
}

/// The key that is meant by a word that other programs use for it.
pub(super) fn synonym(key: &str, known: &[&str]) -> Option<String> {
    let meant: &[&str] = match key.to_lowercase().as_str() {
        "condition" | "conditions" | "only_if" | "when" | "if" | "where" | "filter" | "run_when"
        | "trigger" => &["run_if", "trigger"],
        "run_if" => &["trigger"],
        "output" | "outputs" | "columns" | "writes" | "map" => &["fills", "field_mapping"],
        "mapping" | "fields" | "properties" => &["field_mapping", "fills"],
        "source" | "vendor" | "sources" | "vendors" => &["provider"],
        "cost" | "price" => &["credits"],
        "ttl" | "max_age" | "cache" => &["refresh"],
        "api_key" | "apikey" | "key" | "token" | "secret" | "password" => {
            let help = "keys of vendors stand in the environment, never in a file of the table";
            return Some(help.to_owned());
        }
        _ => return None,
    };
    let meant = meant.iter().find(|meant| known.contains(meant) && **meant != key)?;
    Some(format!("did you mean `{meant}`?"))
}

/// `yes`
pub(super) fn boolean(key: &str, node: &Node) -> Option<String> {
    let value = match node.text()?.to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "1" => true,
        "no" | "n" | "off" | "false" | "0" => false,
        _ => return None,
    };
    Some(format!("write `{key}: {value}`"))
}

/// `domain, name`, `-domain`: a list that was meant to be one.
pub(super) fn list(key: &str, node: &Node) -> Option<String> {
    let text = node.text()?;
    if text.starts_with('-') {
        return Some("write a blank behind the `-` of each item".to_owned());
    }
    let items: Vec<&str> = text.split(',').map(str::trim).collect();
    Some(format!("write it in brackets: `{key}: [{}]`", items.join(", ")))
}

/// A type by the name that other languages give it.
pub(super) fn type_name(node: &Node) -> Option<String> {
    let ty = match node.text()?.to_lowercase().as_str() {
        "int" | "integer" | "float" | "double" | "decimal" | "currency" => Type::Number,
        "string" | "str" | "varchar" | "email" | "url" => Type::Text,
        "bool" | "checkbox" => Type::Boolean,
        "datetime" | "timestamp" => Type::Date,
        "array" => Type::List,
        "object" | "json" | "map" => Type::Record,
        _ => return None,
    };
    Some(format!("write `{}`", ty.name()))
}

/// An entry of `columns` that says no kind, by its first key.
pub(super) fn entry(node: &Node) -> Option<String> {
    let NodeKind::Mapping(members) = &node.kind else { return None };
    let (key, value) = members.first()?;
    if members.len() == 1 && value.is_null() {
        return Some(format!("write `- {}`, without the colon", key.value));
    }
    let name = match (key.value.as_str(), value.text()) {
        ("name" | "column" | "field", name) => name.unwrap_or("…"),
        (key, Some(formula)) if members.len() == 1 => {
            return Some(format!(
                "a formula column is written `- formula: {key}`, and below it `is: {formula}`"
            ));
        }
        (key, _) => key,
    };
    Some(format!("write `- step: {name}` for a lookup, `- formula: {name}` with `is:` for a formula"))
}
