//! Paths into records: `jobs[0].title`.

use crate::builtins::Rejected;
use crate::value::Value;

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step<'p> {
    /// `title`
    Member(&'p str),
    /// `[0]`
    Item(usize),
}

/// Says what is wrong with a path that is written out.
pub(super) fn check(path: &str) -> Result<(), Rejected> {
    parse(path).map(drop)
}

/// The steps of a path.
pub(super) fn parse(path: &str) -> Result<Vec<Step<'_>>, Rejected> {
    let mut steps = Vec::new();
    let mut at = 0;
    while at < path.len() || steps.is_empty() {
        let rest = &path[at..];
        if let Some(inside) = rest.strip_prefix('[') {
            let (step, length) = bracket(inside).ok_or_else(|| {
                rejected(at..path.len(), "the bracket holds no position", "write positions as `[0]`")
            })?;
            steps.push(step);
            at += 1 + length;
        } else {
            let name_at = if steps.is_empty() { at } else { at + usize::from(rest.starts_with('.')) };
            let name = &path[name_at..];
            let name = &name[..name.find(['.', '[']).unwrap_or(name.len())];
            if name.is_empty() {
                return Err(rejected(
                    at..path.len().min(at + 1),
                    "a name is missing",
                    "write it as `company.name`",
                ));
            }
            steps.push(Step::Member(name));
            at = name_at + name.len();
        }
    }
    Ok(steps)
}

#[cfg(feature = "cli")]
/// The names that a path begins with, up to its first position; none of what is no path.
pub(crate) fn leading_names(path: &str) -> Vec<&str> {
    let steps = parse(path).unwrap_or_default();
    let names = steps.into_iter().map_while(|step| match step {
        Step::Member(name) => Some(name),
        Step::Item(_) => None,
    });
    names.collect()
}

/// What stands in a bracket, `0]` or `"a name"]`, and how long it is.
fn bracket(inside: &str) -> Option<(Step<'_>, usize)> {
    if let Some(quote) = inside.chars().next().filter(|first| matches!(first, '"' | '\'')) {
        let name = &inside[1..];
        let end = name.find(quote)?;
        return name[end + 1..].starts_with(']').then_some((Step::Member(&name[..end]), end + 3));
    }
    let end = inside.find(']')?;
    let position = inside[..end].trim();
    let is_number = position.bytes().all(|byte| byte.is_ascii_digit());
    Some((Step::Item(position.parse().ok().filter(|_| is_number)?), end + 1))
}

fn rejected(range: std::ops::Range<usize>, problem: &str, help: &str) -> Rejected {
    Rejected { range, problem: problem.to_owned(), help: Some(help.to_owned()) }
}

/// What the path leads to.
pub(super) fn follow<'c, 'v>(value: &'c Value<'v>, steps: &[Step<'_>]) -> Option<&'c Value<'v>> {
    steps.iter().try_fold(value, |value, step| match (value, step) {
        (Value::Record(record), Step::Member(name)) => record.get(name),
        (Value::List(items), Step::Item(index)) => items.get(*index),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Step, follow, parse};
    use crate::value::Record;

    #[test]
    fn paths_are_read() {
        let steps = [Step::Member("a"), Step::Item(0), Step::Member("b c"), Step::Member("d")];
        assert_eq!(parse("a[0].b c.d").expect("a path"), steps);
        assert_eq!(parse("a[0]['b c'].d").expect("a path"), steps);
        for wrong in ["", ".", "a..b", "a.", "a[", "a[x]", "a[-1]", "[]", "a['b]", ".a"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn paths_are_followed() {
        let row = Record::from_json(r#"{"r":{"jobs":[{"title":"CTO"}]}}"#).expect("a row");
        let record = row.get("r").expect("a member");
        let found = follow(record, &parse("jobs[0].title").expect("a path"));
        assert_eq!(found.map(crate::value::json_text).as_deref(), Some("\"CTO\""));
        assert!(follow(record, &parse("jobs[1].title").expect("a path")).is_none());
    }
}
