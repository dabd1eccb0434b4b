//! What to type in place of a value of the wrong kind, where that can be told from the value.

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
    match node.scalar()? {
        Scalar::Number(number) => Some(format!("say of what: `{key}: {number} days`")),
        _ => None,
    }
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
