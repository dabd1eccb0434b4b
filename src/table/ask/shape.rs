//! Whether a value has the shape that a JSON schema says: the part of JSON Schema that makers of language models take for
//! their answers. What else a schema says is passed over.

use crate::value::{Record, Value, json_text};

/// How deep a schema is looked into.
const DEPTH: usize = 64;

/// Where a value is not of its shape, and why; nothing where it is.
pub(crate) fn mismatch(value: &Value<'_>, schema: &Record<'_>) -> Option<String> {
    Shape { place: String::new(), depth: 0 }.mismatch(value, schema)
}

/// A place in a value.
struct Shape {
    place: String,
    depth: usize,
}

impl Shape {
    fn at(&self, place: &str) -> Self {
        Self { place: format!("{}{place}", self.place), depth: self.depth + 1 }
    }

    fn told(&self, problem: &str) -> String {
        let place = if self.place.is_empty() { "the answer" } else { self.place.trim_start_matches('.') };
        format!("{place} {problem}")
    }

    fn mismatch(&self, value: &Value<'_>, schema: &Record<'_>) -> Option<String> {
        if self.depth > DEPTH {
            return None;
        }
        self.kind(value, schema)
            .or_else(|| self.choice(value, schema))
            .or_else(|| self.size(value, schema))
            .or_else(|| match value {
                Value::Record(record) => self.record(record, schema),
                Value::List(items) => self.items(items, schema),
                _ => None,
            })
    }

    /// `type`: a word, or a list of them.
    fn kind(&self, value: &Value<'_>, schema: &Record<'_>) -> Option<String> {
        let words: Vec<&str> = match schema.get("type")? {
            Value::Text(word) => vec![word.as_str()],
            Value::List(words) => words.iter().filter_map(text).collect(),
            _ => return None,
        };
        let is = |word: &&str| match (*word, value) {
            ("object", Value::Record(_))
            | ("array", Value::List(_))
            | ("string", Value::Text(_) | Value::Date(_))
            | ("number" | "integer", Value::Digits(_))
            | ("number", Value::Number(_))
            | ("boolean", Value::Boolean(_))
            | ("null", Value::Blank) => true,
            ("integer", Value::Number(number)) => number.fract() == 0.0,
            _ => false,
        };
        if words.iter().any(is) { None } else { Some(self.told(&format!("is no {}", words.join(" or ")))) }
    }

    /// `enum`, `const` and `anyOf`.
    fn choice(&self, value: &Value<'_>, schema: &Record<'_>) -> Option<String> {
        let written = || json_text(value);
        if let Some(Value::List(allowed)) = schema.get("enum")
            && !allowed.iter().any(|one| json_text(one) == written())
        {
            return Some(self.told(&format!("is none of {}", json_text(&Value::List(allowed.clone())))));
        }
        if let Some(only) = schema.get("const").filter(|only| json_text(only) != written()) {
            return Some(self.told(&format!("is not {}", json_text(only))));
        }
        let Some(Value::List(shapes)) = schema.get("anyOf") else { return None };
        let mut why = None;
        for shape in shapes.iter().filter_map(record) {
            match self.at("").mismatch(value, shape) {
                None => return None,
                problem => why = why.or(problem),
            }
        }
        why
    }

    /// How long a text or list, and how large a number may be.
    fn size(&self, value: &Value<'_>, schema: &Record<'_>) -> Option<String> {
        let (size, least, most, what) = match value {
            Value::Number(number) => (*number, "minimum", "maximum", "is"),
            Value::Text(text) => {
                (text.as_str().chars().count() as f64, "minLength", "maxLength", "is as long as")
            }
            Value::List(items) => (items.len() as f64, "minItems", "maxItems", "has items:"),
            _ => return None,
        };
        let limit = |name: &str| match schema.get(name) {
            Some(Value::Number(limit)) => Some(*limit),
            _ => None,
        };
        if let Some(least) = limit(least).filter(|least| size < *least) {
            return Some(self.told(&format!("{what} {size}, and less than {least}")));
        }
        let most = limit(most).filter(|most| size > *most)?;
        Some(self.told(&format!("{what} {size}, and more than {most}")))
    }

    fn record(&self, value: &Record<'_>, schema: &Record<'_>) -> Option<String> {
        let required = match schema.get("required") {
            Some(Value::List(names)) => names.iter().filter_map(text).collect(),
            _ => Vec::new(),
        };
        let has = |name: &str| value.members().iter().any(|(known, _)| known.as_str() == name);
        if let Some(name) = required.into_iter().find(|name| !has(name)) {
            return Some(self.told(&format!("has no `{name}`")));
        }
        let known = schema.get("properties").and_then(record);
        for (name, member) in value.members() {
            let place = self.at(&format!(".{}", name.as_str()));
            let shape = known
                .and_then(|known| known.get(name.as_str()))
                .or_else(|| schema.get("additionalProperties"));
            let problem = match shape {
                Some(Value::Record(shape)) => place.mismatch(member, shape),
                Some(Value::Boolean(false)) => {
                    Some(self.told(&format!("has `{}`, which is not in the schema", name.as_str())))
                }
                _ => None,
            };
            if problem.is_some() {
                return problem;
            }
        }
        None
    }

    fn items(&self, items: &[Value<'_>], schema: &Record<'_>) -> Option<String> {
        let shape = schema.get("items").and_then(record)?;
        let one = |(index, item): (usize, &Value<'_>)| self.at(&format!("[{index}]")).mismatch(item, shape);
        items.iter().enumerate().find_map(one)
    }
}

fn text<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    }
}

fn record<'v, 'r>(value: &'v Value<'r>) -> Option<&'v Record<'r>> {
    match value {
        Value::Record(record) => Some(record),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::mismatch;
    use crate::value::{Record, read_json};

    #[test]
    fn what_is_not_of_the_shape_is_told_with_its_place() {
        let schema = Record::from_json(
            r#"{"type":"object","properties":{"opener":{"type":"string","maxLength":5},
                "tags":{"type":"array","items":{"enum":["a","b"]},"maxItems":2},"n":{"type":["integer","null"],"minimum":1},
                "either":{"anyOf":[{"type":"string"},{"type":"object","required":["x"]}]}},
                "required":["opener"],"additionalProperties":false}"#,
        )
        .expect("a schema");
        let told = |json: &str| mismatch(&read_json(json).expect("JSON"), &schema).unwrap_or_default();
        for sound in [
            r#"{"opener":"Hi"}"#,
            r#"{"opener":"","tags":["a","b"],"n":2,"either":"x"}"#,
            r#"{"opener":"","n":null,"either":{"x":1}}"#,
        ] {
            assert_eq!(told(sound), "");
        }
        assert_eq!(told("[1, 2]"), "the answer is no object");
        assert_eq!(told(r#"{"wrong":1}"#), "the answer has no `opener`");
        assert_eq!(
            told(r#"{"opener":"Hi","wrong":1}"#),
            "the answer has `wrong`, which is not in the schema"
        );
        assert_eq!(told(r#"{"opener":7}"#), "opener is no string");
        assert_eq!(told(r#"{"opener":"Hello there"}"#), "opener is as long as 11, and more than 5");
        assert_eq!(told(r#"{"opener":"","tags":["a","c"]}"#), r#"tags[1] is none of ["a","b"]"#);
        assert_eq!(told(r#"{"opener":"","n":1.5}"#), "n is no integer or null");
        assert_eq!(told(r#"{"opener":"","n":0}"#), "n is 0, and less than 1");
        assert_eq!(told(r#"{"opener":"","either":{}}"#), "either is no string");
    }
}
