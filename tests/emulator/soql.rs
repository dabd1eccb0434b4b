//! The one shape of query that is read: `SELECT A, B FROM Type WHERE Field IN ('a', 'b')`, or `= 'a'`.

/// A query that was read.
#[derive(Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Vec<String>,
    pub(crate) kind: String,
    pub(crate) field: String,
    pub(crate) values: Vec<String>,
}

impl Query {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (select, rest) = split_at_word(after_word(text.trim(), "SELECT")?, " FROM ")?;
        let (kind, rest) = split_at_word(rest, " WHERE ")?;
        let rest = rest.trim();
        let end = rest.find(|next: char| !next.is_alphanumeric() && next != '_')?;
        let (field, condition) = rest.split_at(end);
        let condition = condition.trim();
        let values = match condition.strip_prefix('=') {
            Some(value) => literals(value.trim())?,
            None => literals(after_word(condition, "IN")?.trim().strip_prefix('(')?.strip_suffix(')')?)?,
        };
        Some(Self {
            select: select.split(',').map(|field| field.trim().to_owned()).collect(),
            kind: kind.trim().to_owned(),
            field: field.to_owned(),
            values,
        })
    }
}

/// What follows a keyword, in any letter case.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

fn split_at_word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let at = text.to_ascii_uppercase().find(word)?;
    Some((&text[..at], &text[at + word.len()..]))
}

/// Quoted texts between commas; a backslash keeps the character behind it.
fn literals(text: &str) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut rest = text.trim().chars();
    loop {
        if rest.next()? != '\'' {
            return None;
        }
        let mut value = String::new();
        loop {
            match rest.next()? {
                '\'' => break,
                '\\' => value.push(rest.next()?),
                other => value.push(other),
            }
        }
        values.push(value);
        rest = rest.as_str().trim_start().chars();
        match rest.next() {
            None => return Some(values),
            Some(',') => rest = rest.as_str().trim_start().chars(),
            Some(_) => return None,
        }
    }
}
