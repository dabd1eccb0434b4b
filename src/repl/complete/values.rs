//! The texts that the result of a function can be compared with: `SENIORITY(Job Title) = "vp"`.

use super::Candidate;
use crate::builtins::{self, Builtin};
use crate::syntax::{Token, TokenKind, print_text};

/// The texts that begin with the unclosed text at the end of the tokens, if it is compared with the result of a
/// function that returns one of a few texts.
pub(super) fn compared(text: &str, tokens: &[Token]) -> Vec<Candidate> {
    let Some((typed, before)) = tokens.split_last() else { return Vec::new() };
    let typed = typed.text(text).trim_start_matches(['"', '\'']).to_lowercase();
    let Some(list) = compared_call(text, before).and_then(|builtin| builtin.returns.texts_to_compare())
    else {
        return Vec::new();
    };
    let begun = list.iter().filter(|member| member.to_lowercase().starts_with(&typed));
    begun.map(|member| Candidate::new(print_text(member))).collect()
}

/// The function whose call is followed by an operator that compares, or by a list of texts after IN.
fn compared_call(text: &str, tokens: &[Token]) -> Option<&'static Builtin> {
    let is_between = |token: &&Token| match token.kind {
        TokenKind::Text | TokenKind::Comma | TokenKind::Open => token.text(text) != "(",
        TokenKind::Operator => ["=", "==", "<>", "!="].contains(&token.text(text)),
        TokenKind::Word => ["IN", "NOT"].contains(&token.text(text)),
        _ => false,
    };
    let between = tokens.iter().rev().take_while(is_between).count();
    let rest = &tokens[..tokens.len() - between];
    if between == 0 || rest.last()?.kind != TokenKind::Close {
        return None;
    }
    let mut depth = 0_usize;
    let open = rest.iter().rposition(|token| {
        match token.kind {
            TokenKind::Close => depth += 1,
            TokenKind::Open => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let name = rest.get(open.checked_sub(1)?).filter(|token| token.kind == TokenKind::Word)?;
    builtins::find(name.text(text))
}

#[cfg(test)]
mod tests {
    use super::compared;
    use crate::syntax::tokenize;

    fn completed(text: &str) -> Vec<String> {
        compared(text, &tokenize(text)).into_iter().map(|candidate| candidate.replacement).collect()
    }

    #[test]
    fn members_of_a_closed_set_are_offered() {
        assert_eq!(completed("SENIORITY(Job Title) = \"d"), ["\"director\""]);
        assert_eq!(
            completed("x AND HEADCOUNTBAND(IF(a, b, c)) IN [\"1-10\", \"5"),
            ["\"51-200\"", "\"501-1000\"", "\"5001-10000\""]
        );
        assert_eq!(completed("LOWER(x) = \"d"), Vec::<String>::new());
        assert_eq!(completed("SENIORITY(\"d"), Vec::<String>::new());
    }
}
