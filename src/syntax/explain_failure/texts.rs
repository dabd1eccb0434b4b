//! Texts in the spellings of other languages: `LIKE '%VP%'`, `r"\d+"`.

use super::Failure;
use crate::diagnostics::SyntaxError;
use crate::syntax::lower::unquote;
use crate::syntax::print_text;
use crate::syntax::tokens::TokenKind;

impl Failure<'_> {
    /// `Job Title LIKE 'VP%'`, `Email NOT LIKE '%test%'`
    pub(super) fn like(&self) -> Option<SyntaxError> {
        let is_like = |index: &usize| {
            matches!(
                self.text(*index).to_ascii_uppercase().as_str(),
                "LIKE" | "ILIKE" | "RLIKE" | "REGEXP" | "MATCHES" | "SIMILAR"
            )
        };
        let like = (self.index.saturating_sub(2)..=self.index + 1).find(is_like)?;
        let negation = like.checked_sub(1).filter(|before| self.text(*before).eq_ignore_ascii_case("NOT"));
        let first = negation.unwrap_or(like);
        let pattern = (like + 1..like + 3).find(|index| self.kind(*index) == Some(TokenKind::Text))?;
        let subject = self.words_before(first);
        if subject == "value" {
            return None;
        }
        let operator = self.text(like).to_ascii_uppercase();
        let call = match operator.as_str() {
            "LIKE" | "ILIKE" => like_as_call(subject, &unquote(self.text(pattern)), operator == "ILIKE")?,
            _ => format!("REGEXMATCH({subject}, {})", self.text(pattern)),
        };
        let not = if negation.is_some() { "NOT " } else { "" };
        Some(SyntaxError::UnknownOperator {
            found: self.between(self.tokens[first].span, self.tokens[like].span).to_owned(),
            help: format!("write it as a function: `{not}{call}`"),
            at: self.tokens[first].span.to(self.tokens[like].span),
        })
    }

    /// `r"\d+"`, a text with the prefix of another language
    pub(super) fn prefixed_text(&self) -> Option<SyntaxError> {
        let text = self.token(self.index).filter(|token| token.kind == TokenKind::Text)?;
        let prefix = self.previous().filter(|previous| previous.span.end == text.span.start)?;
        let is_prefix = matches!(
            prefix.text(self.source).to_ascii_lowercase().as_str(),
            "r" | "b" | "f" | "u" | "rb" | "n" | "e"
        );
        let (prefix, at) = (prefix.text(self.source).to_owned(), prefix.span);
        let instead = text.text(self.source);
        let help = match prefix.as_str() {
            "f" | "F" => "join texts and values with `&`, as in `\"Hi \" & First Name`".to_owned(),
            "r" | "R" => format!("write `{instead}`; a backslash before a letter such as `d` is kept"),
            _ => format!("write `{instead}`"),
        };
        is_prefix.then_some(SyntaxError::PrefixedText { prefix, at, help })
    }
}

/// A pattern of LIKE as a call, by the places of its `%`; nothing for a pattern of wildcards alone.
fn like_as_call(subject: &str, pattern: &str, any_case: bool) -> Option<String> {
    let core = pattern.trim_matches('%');
    if core.is_empty() {
        return None;
    }
    let (before, after) = (pattern.starts_with('%'), pattern.ends_with('%'));
    if core.contains(['%', '_']) {
        let regex = core.replace('%', ".*").replace('_', ".");
        let case = if any_case { "(?i)" } else { "" };
        let (start, end) = (if before { "" } else { "^" }, if after { "" } else { "$" });
        return Some(format!("REGEXMATCH({subject}, {})", print_text(&format!("{case}{start}{regex}{end}"))));
    }
    let is_lowered = any_case && before != after;
    let subject = if is_lowered { format!("LOWER({subject})") } else { subject.to_owned() };
    let text = print_text(&if is_lowered { core.to_lowercase() } else { core.to_owned() });
    Some(match (before, after) {
        (false, true) => format!("STARTSWITH({subject}, {text})"),
        (true, false) => format!("ENDSWITH({subject}, {text})"),
        (true, true) if any_case => format!("ICONTAINS({subject}, {text})"),
        (true, true) => format!("CONTAINS({subject}, {text})"),
        (false, false) => format!("({subject} = {text})"),
    })
}
