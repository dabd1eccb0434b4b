//! Comments that name the formula below them: `# Clay Formula Column: ICP Score (0-100)`, `# Lead Tier Column`.

use super::Heading;
use crate::diagnostics::{Diagnostic, SyntaxError};
use crate::span::{Span, Spanned};
use crate::syntax::ast::Contract;
use crate::syntax::tokens::{Token, TokenKind};

/// The heading that a block of comments gives to the formula directly below it. `rest` begins with the block's first
/// comment. A form with `Column:` counts on any line; `NAME Column` on a line after the first only as a title, since
/// prose ends like that too. Where the comment is inside the formula of `Name :=`, only its first line counts.
pub(super) fn header_above(text: &str, rest: &[Token], is_inside: bool) -> Option<Heading> {
    let (mut block, formula) = block_and_formula(text, rest)?;
    block = &block[..if is_inside { 1 } else { block.len() }];
    let first = *block.first()?;
    let is_explicit = |token: &&Token| labeled_name(split_contract(body(text, **token)).0).is_some();
    let is_title = |token: &&Token| is_title(split_contract(body(text, **token)).0);
    let named = |token: &&Token| read_header(text, **token).is_some();
    let header = block
        .iter()
        .find(is_explicit)
        .or_else(|| block.first().filter(named))
        .or_else(|| block.iter().filter(named).find(is_title))?;
    let (name, contract) = read_header(text, *header)?;
    let (start, formula_start) = (first.span.start as usize, formula.span.start as usize);
    Some(Heading { name, contract, from_comment: true, is_private: false, start, formula_start })
}

/// The comments on consecutive lines at the start of `rest`, and the token on the line below them.
fn block_and_formula<'t>(text: &str, rest: &'t [Token]) -> Option<(&'t [Token], Token)> {
    for (length, token) in rest.iter().enumerate() {
        if token.kind != TokenKind::Comment {
            return Some((&rest[..length], *token));
        }
        let gap = token.span.end as usize..rest.get(length + 1)?.span.start as usize;
        if text.get(gap).unwrap_or_default().matches('\n').count() > 1 {
            return None;
        }
    }
    None
}

/// The text of a comment without its mark.
fn body(text: &str, comment: Token) -> &str {
    comment.text(text).trim_start_matches('#').trim_start_matches('/').trim()
}

/// Whether every word begins with a capital letter: `Lead Tier Column`.
pub(super) fn is_title(body: &str) -> bool {
    body.split_whitespace().all(|word| word.starts_with(|first: char| first.is_uppercase() || first == '('))
}

/// Whether a comment, with its `#` or `//`, names the formula below it.
#[must_use]
pub fn names_column(comment: &str) -> bool {
    let body = comment.trim_start_matches('#').trim_start_matches('/').trim();
    name_in(split_contract(body).0).is_some()
}

/// The name and range that a comment's text holds.
fn read_header(text: &str, comment: Token) -> Option<(Spanned<String>, Option<Spanned<Contract>>)> {
    let written = comment.text(text);
    let body = written.trim_start_matches('#').trim_start_matches('/').trim();
    let (body, contract) = split_contract(body);
    let name = name_in(body)?;
    let offset =
        |part: &str| comment.span.start as usize + (part.as_ptr() as usize - written.as_ptr() as usize);
    let name_start = offset(name);
    let name = Spanned::new(name.to_owned(), Span::new(name_start, name_start + name.len()));
    let contract = contract.map(|(contract, part)| {
        let start = offset(part);
        Spanned::new(contract, Span::new(start, start + part.len()))
    });
    Some((name, contract))
}

pub(super) fn name_in(body: &str) -> Option<&str> {
    let ends_with = |tail: &str| {
        let at = body.len().checked_sub(tail.len())?;
        body.get(at..)?.eq_ignore_ascii_case(tail).then(|| body[..at].trim())
    };
    labeled_name(body).or_else(|| ends_with(" column").filter(|name| !name.is_empty()))
}

/// Returns the name that a comment gives after `Column:`, without its range.
pub(super) fn labeled_header(body: &str) -> Option<&str> {
    labeled_name(split_contract(body).0)
}

/// The name after `Column:` and the like.
fn labeled_name(body: &str) -> Option<&str> {
    let starts_with = |head: &str| {
        let start = body.get(..head.len())?;
        start.eq_ignore_ascii_case(head).then(|| body[head.len()..].trim())
    };
    let named = ["clay formula column:", "formula column:", "column:"].into_iter().find_map(starts_with);
    named.filter(|name| !name.is_empty())
}

/// The name in a comment that is nearly a header: `Columns: Fit Score`, `Colum: Fit Score`, `Column Name: Fit Score`.
pub(super) fn near_header(body: &str) -> Option<&str> {
    let (word, name) = body.split_once([':', '='])?;
    let (word, name) = (word.trim().to_lowercase(), name.trim_start_matches('=').trim());
    let known = [
        "columns",
        "colum",
        "collumn",
        "colunm",
        "coulmn",
        "col",
        "column name",
        "columnname",
        "clay column",
        "clay formula",
        "formula",
        "formulas",
        "formula name",
        "field",
        "field name",
        "clay formula colum",
        "formula columns",
    ];
    let is_name = name.starts_with(char::is_alphabetic)
        && name.split_whitespace().count() <= 5
        && !name.contains(['(', '=', '"']);
    (known.contains(&word.as_str()) && is_name).then_some(name)
}

/// The error for a name that ends with a range that is none: `Score (100-0)`.
pub(super) fn invalid_range(text: &str, name: &Spanned<String>) -> Option<Diagnostic> {
    let open = name.value.rfind('(').filter(|_| name.value.ends_with(')'))?;
    let inside = &name.value[open + 1..name.value.len() - 1];
    let numbers = inside
        .split(|next: char| !(next.is_ascii_digit() || next == '.'))
        .filter(|part| !part.trim_matches('.').is_empty());
    let signs = inside.chars().all(|next| next.is_ascii_digit() || "-–—., to%:;<>".contains(next));
    let is_range = signs && numbers.count() == 2 && read_contract(inside).is_none();
    let start = name.span.start as usize;
    // The name stands in the comment as it is.
    let at = Span::new(start + open, start + name.value.len());
    (is_range && at.of(text).starts_with('('))
        .then(|| SyntaxError::InvalidContract { text: inside.to_owned(), at }.into())
}

/// Splits `(lo-hi)` off the end of a text.
fn split_contract(body: &str) -> (&str, Option<(Contract, &str)>) {
    let Some(open) = body.rfind('(').filter(|_| body.ends_with(')')) else { return (body, None) };
    match read_contract(&body[open + 1..body.len() - 1]) {
        Some(contract) => (body[..open].trim_end(), Some((contract, &body[open..]))),
        None => (body, None),
    }
}

/// Reads `0-100`, `-5 - 5`, `0–1.5`: two numbers, the smaller first.
pub(super) fn read_contract(inside: &str) -> Option<Contract> {
    let inside = inside.trim();
    let dash = inside.char_indices().skip(1).find(|(_, next)| matches!(next, '-' | '–' | '—'))?;
    let number = |part: &str| part.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let low = number(&inside[..dash.0])?;
    let high = number(&inside[dash.0 + dash.1.len_utf8()..])?;
    (low <= high).then_some(Contract { low, high })
}

#[cfg(test)]
mod tests {
    use super::{name_in, read_contract};
    use crate::syntax::ast::Contract;

    #[test]
    fn every_form_of_header_is_read() {
        assert_eq!(name_in("Clay Formula Column: ICP Score"), Some("ICP Score"));
        assert_eq!(name_in("formula column: X"), Some("X"));
        assert_eq!(name_in("COLUMN: X"), Some("X"));
        assert_eq!(name_in("Lead Tier Column"), Some("Lead Tier"));
        assert_eq!(name_in("Column"), None);
        assert_eq!(name_in("Company size scoring"), None);
        assert_eq!(name_in("Column:"), None);
    }

    #[test]
    fn contracts_are_two_numbers_in_order() {
        assert_eq!(read_contract("0-100"), Some(Contract { low: 0.0, high: 100.0 }));
        assert_eq!(read_contract("-5 - 5"), Some(Contract { low: -5.0, high: 5.0 }));
        assert_eq!(read_contract("100-0"), None);
        assert_eq!(read_contract("HQ"), None);
        assert_eq!(read_contract("inf-nan"), None);
    }
}
