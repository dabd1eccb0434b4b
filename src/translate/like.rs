//! `LIKE` and its patterns.

use super::expr::{Expr, Op};
use super::lexer::Kind;
use super::parser::{COMPARISON, Parser};

impl Parser<'_> {
    /// The search that `LIKE` and the pattern after it make of a value.
    pub(super) fn like(&mut self, value: Expr, any_case: bool) -> Option<Expr> {
        let mut parts = pieces(self.at_level(COMPARISON)?);
        // `'%' || name || '%'` is one pattern, although `||` binds less tightly elsewhere.
        while self.is_sign(0, "||") && (parts.last().is_some_and(is_wildcard) || self.wildcards_follow()) {
            self.at += 1;
            parts.extend(pieces(self.at_level(COMPARISON)?));
        }
        search(value, parts, any_case)
    }

    /// Whether the token after this one is a text of wildcards.
    fn wildcards_follow(&self) -> bool {
        matches!(self.kind(1), Some(Kind::Text(text)) if text.contains('%'))
    }
}

/// `LIKE(Job Title, '%VP%')`
pub(super) fn matched(value: &Expr, pattern: &Expr, any_case: bool) -> Option<Expr> {
    search(value.clone(), pieces(pattern.clone()), any_case)
}

fn is_wildcard(part: &Expr) -> bool {
    matches!(part, Expr::Text(text) if text == "%")
}

/// The parts of a pattern that is joined: `'%' + name + '%'`, `CONCAT('%', name, '%')`.
fn pieces(pattern: Expr) -> Vec<Expr> {
    match pattern {
        Expr::Binary(Op::Plus | Op::Join, left, right) => {
            let mut parts = pieces(*left);
            parts.extend(pieces(*right));
            parts
        }
        Expr::Call(name, args) if name.eq_ignore_ascii_case("CONCAT") => args,
        other => vec![other],
    }
}

/// A value searched for the parts of a pattern; nothing if wildcards are anywhere but at its ends.
fn search(value: Expr, mut parts: Vec<Expr>, any_case: bool) -> Option<Expr> {
    // `\%` and `\_` are the characters themselves, which no wildcard may be taken for.
    let escapes = [("\\%", '\u{1}', '%'), ("\\_", '\u{2}', '_')];
    for part in &mut parts {
        if let Expr::Text(text) = part {
            *text = escapes.iter().fold(std::mem::take(text), |text, (escape, mark, _)| {
                text.replace(escape, &mark.to_string())
            });
        }
    }
    let (mut before, mut after) = (false, false);
    if let Some(Expr::Text(first)) = parts.first_mut() {
        before = first.starts_with('%');
        *first = first.trim_start_matches('%').to_owned();
    }
    if let Some(Expr::Text(last)) = parts.last_mut() {
        after = last.ends_with('%') || (last.is_empty() && before);
        *last = last.trim_end_matches('%').to_owned();
    }
    parts.retain(|part| !matches!(part, Expr::Text(text) if text.is_empty()));
    if parts.iter().any(|part| matches!(part, Expr::Text(text) if text.contains(['%', '_']))) {
        return None;
    }
    for part in &mut parts {
        if let Expr::Text(text) = part {
            *text = escapes
                .iter()
                .fold(std::mem::take(text), |text, (_, mark, plain)| text.replace(*mark, &plain.to_string()));
        }
    }
    let Some(wanted) = parts.into_iter().reduce(|left, right| Expr::binary(Op::Join, left, right)) else {
        // `LIKE '%'` is true of any text.
        return (before || after).then(|| Expr::call("ISNOTEMPTY", vec![value]));
    };
    let call = |name: &str, value, wanted| Expr::call(name, vec![value, wanted]);
    let is_written = matches!(wanted, Expr::Text(_));
    Some(match (before, after) {
        // `=` compares in any letter case. A column is more likely a word to find than a pattern.
        (false, false) if is_written => Expr::binary(Op::Equal, value, wanted),
        (true, true) | (false, false) => call(if any_case { "ICONTAINS" } else { "CONTAINS" }, value, wanted),
        (at_end, _) => {
            let name = if at_end { "ENDSWITH" } else { "STARTSWITH" };
            if any_case { call(name, lower(value), lower(wanted)) } else { call(name, value, wanted) }
        }
    })
}

fn lower(value: Expr) -> Expr {
    match value {
        Expr::Text(text) => Expr::Text(text.to_lowercase()),
        other => Expr::call("LOWER", vec![other]),
    }
}
