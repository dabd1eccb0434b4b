//! Values in the JSON that commands print for tools.

use crate::analysis::blank::Earning;
use crate::analysis::possible::Interval;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::value::{Value, json_text};
use serde_json::{Value as Json, json};

/// A value as JSON; an error as its code and message.
pub(super) fn value(value: &Value<'_>) -> Json {
    match value {
        Value::Error(error) => json!({ "error": error.code.to_string(), "message": error.message }),
        other => serde_json::from_str(&json_text(other)).unwrap_or(Json::Null),
    }
}

/// A number as a formula would give it: `15`, not `15.0`.
pub(super) fn number(number: f64) -> Json {
    value(&Value::Number(number))
}

/// Diagnostics as a list of objects.
pub(super) fn findings(findings: &Diagnostics) -> Json {
    let one = |finding: &Diagnostic| {
        let at = findings.source().position(finding.offset());
        let mut json = json!({
            "code": finding.code(),
            "line": at.line,
            "column": at.column,
            "message": finding.to_string(),
            "help": miette::Diagnostic::help(finding).map(|help| help.to_string()),
        });
        if let Some(file) = findings.source().other_name_at(finding.offset()) {
            json["file"] = file.into();
        }
        json
    };
    findings.iter().map(one).collect::<Vec<_>>().into()
}

/// What a column of the row earns if it is empty, and otherwise.
pub(super) fn earning(earning: &Earning) -> Json {
    let end = |end: f64| if end.is_finite() { number(end) } else { Json::Null };
    let range = |interval: &Interval| json!({ "min": end(interval.low), "max": end(interval.high) });
    json!({ "input": earning.input, "empty": range(&earning.blank), "filled": range(&earning.filled) })
}
