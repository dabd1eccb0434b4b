//! Advice where a formula in the habits of another language can't simply be rewritten.

use super::expr::Expr;
use super::normal::normal;
use super::parser::Parser;
use super::{functions, lexer, names};
use crate::diagnostics::{CheckError, Diagnostic, SyntaxError};
use crate::span::Span;
use crate::syntax::{TokenKind, bare_or_braced, is_bare_name, tokenize};

const CELLS: &str = "a formula has no cells or sheets; it reads the columns of the row by their names, such as `Employee Count`";

const CALL: &str =
    "call a function with the value as its first argument; to list the functions, run `clayf functions`";

/// The help that shows a rewritten part of a formula.
pub(super) fn of_rewriting(before: &str, written: &str, note: Option<&str>, found: &Diagnostic) -> String {
    let is_separator = separates(before);
    if matches!(found, Diagnostic::Syntax(SyntaxError::SemicolonSeparator { .. })) && is_separator {
        return format!("write `,` instead of `;`: `{written}`");
    }
    format!("write `{written}`{}", note.unwrap_or_default())
}

/// Whether a semicolon is between brackets, where commas separate arguments.
fn separates(text: &str) -> bool {
    let mut depth = 0usize;
    tokenize(text).iter().any(|token| {
        match token.text(text) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            ";" => return depth > 0,
            _ => {}
        }
        false
    })
}

/// What the author of an expression should be aware of once it is rewritten.
pub(super) fn note(read: &Expr) -> Option<&'static str> {
    let leaves_out_blank = |part: &Expr| {
        matches!(part, Expr::Call(name, args) if name.eq_ignore_ascii_case("IF")
            && args.get(2).is_some_and(Expr::is_missing))
    };
    let replaces = |part: &Expr| {
        matches!(part, Expr::Method(_, name, args) if name == "replace"
            && matches!(args.as_slice(), [Expr::Text(_), _]))
    };
    if read.has(&leaves_out_blank) {
        Some("; without a third argument the result is Blank")
    } else if read.has(&replaces) {
        Some("; to change the first occurrence only, give SUBSTITUTE a fourth argument: `1`")
    } else {
        None
    }
}

/// Advice about a formula with this error.
pub(super) fn of(formula: &str, found: &Diagnostic, names: &[String]) -> Option<String> {
    comment(formula)
        .or_else(|| assignments(formula, found))
        .or_else(|| spaced_name(formula, found))
        .or_else(|| sheet(formula))
        .or_else(|| all_rows(formula))
        .or_else(|| function(formula))
        .or_else(|| first_match(formula, names))
        .or_else(|| found_name(found).and_then(|name| of_name(&name, names)))
        .or_else(|| method(found))
        .or_else(|| operator(found))
        .or_else(|| arrow(formula, found))
        .or_else(|| semicolon(formula, found))
}

/// `Created.year`, where `Created` is declared as a date.
pub(super) fn property(found: &Diagnostic, text: &str) -> Option<String> {
    let Diagnostic::Check(CheckError::ConflictingUses { name, first, second, first_why, .. }) = found else {
        return None;
    };
    let is_plain = ["Text", "Date"].iter().any(|ty| first_why.ends_with(&format!("declared as {ty}")));
    let behind = text.get(second.end as usize..).filter(|_| is_plain && first != second)?;
    let field: String =
        behind.strip_prefix('.')?.chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect();
    let written = super::property(&bare_or_braced(name), &field)?;
    Some(format!("write `{written}`"))
}

/// `Tags.push("x")`, whose method has no counterpart.
fn method(found: &Diagnostic) -> Option<String> {
    match found.clone().original() {
        Diagnostic::Check(CheckError::UnknownFunction { name, help: None, .. }) => {
            let object = name.split_once('.')?.0;
            (!super::functions::is_namespace(object)).then(|| CALL.to_owned())
        }
        _ => None,
    }
}

/// `let X = Size > 5;`, whose semicolon separates nothing.
fn semicolon(formula: &str, found: &Diagnostic) -> Option<String> {
    let is_semicolon = matches!(found, Diagnostic::Syntax(SyntaxError::SemicolonSeparator { .. }));
    (is_semicolon && !separates(formula))
        .then(|| "remove `;`, and begin each formula on a line of its own with its name and `:=`".to_owned())
}

/// `Name GLOB 'A*'`, where no function has the name of the operator.
fn operator(found: &Diagnostic) -> Option<String> {
    let Diagnostic::Syntax(SyntaxError::UnknownOperator { help, .. }) = found else { return None };
    let call = help.strip_prefix("write it as a function: `")?;
    let name = call.strip_prefix("NOT ").unwrap_or(call).split_once('(')?.0;
    (!name.is_empty() && crate::builtins::find(name).is_none()).then(|| {
        "compare with `=`, `<` or `>`, or call a function; to list the functions, run `clayf functions`"
            .to_owned()
    })
}

/// `Tags.map(t => ({a: t}))`, whose function has no counterpart.
fn arrow(formula: &str, found: &Diagnostic) -> Option<String> {
    let Diagnostic::Syntax(SyntaxError::ReversedComparison { found: sign, .. }) = found else {
        return None;
    };
    let tokens = tokenize(formula);
    let is_function = |five: &[crate::syntax::Token]| {
        let [point, method, open, param, sign] = five else { return false };
        let is_call = point.text(formula) == "." && method.kind == TokenKind::Word;
        is_call && open.text(formula) == "(" && param.kind == TokenKind::Word && sign.text(formula) == "=>"
    };
    let is_arrow = sign == "=>" && tokens.windows(5).any(is_function);
    is_arrow.then(|| {
        "go through a list with MAP, FILTER, ANY or ALL, as in `MAP(Tags, tag, UPPER(tag))`".to_owned()
    })
}

/// `-- high traffic`
pub(super) fn comment(formula: &str) -> Option<String> {
    let comment = lexer::dash_comment(formula)?;
    Some(format!("`--` is two minus signs, and a comment begins with `#`: write `# {comment}`"))
}

/// `x.replace(/[0-9]/, "")`, which changes the first match only.
fn first_match(formula: &str, names: &[String]) -> Option<String> {
    let program = Parser::new(formula, names)?.program()?;
    let found = std::cell::RefCell::new(None);
    let _ = program.value.mapped(&|part| {
        if let Expr::Method(object, name, args) = &part
            && name == "replace"
            && let [Expr::Pattern { body, flags }, by] = args.as_slice()
            && !flags.contains('g')
        {
            let every = Expr::Pattern { body: body.clone(), flags: format!("{flags}g") };
            let call = Expr::Method(object.clone(), name.clone(), vec![every, by.clone()]);
            found.replace(normal(call).written());
        }
        part
    });
    let written = found.into_inner()?;
    Some(format!("there is no function for the first match only; to change every match, write `{written}`"))
}

/// `A = x + 1` above `B = A * 2`, where `=` names no column.
fn assignments(formula: &str, found: &Diagnostic) -> Option<String> {
    if !matches!(found, Diagnostic::Syntax(SyntaxError::UnnamedColumn { .. })) {
        return None;
    }
    let assignment = |line: &str| {
        let (name, value) = line.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let is_name = is_bare_name(name) && !value.is_empty() && !value.starts_with('=');
        is_name.then(|| format!("{name} := {value}"))
    };
    let mut lines = formula.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().and_then(assignment)?;
    let computes = |line: &str| line.contains(['+', '-', '*', '/', '&', '(']);
    let others: Vec<&str> = lines.collect();
    let is_alone = others.is_empty() && computes(&first);
    (is_alone || others.iter().any(|line| assignment(line).is_some()))
        .then(|| format!("write `{first}`, with `:=` after each name"))
}

/// `ARR (k) * 2`, where no function has the name before the parenthesis.
fn spaced_name(formula: &str, found: &Diagnostic) -> Option<String> {
    let Diagnostic::Syntax(SyntaxError::SpaceBeforeParenthesis { name, .. }) = found else { return None };
    if crate::builtins::find(name).is_some() || functions::find(name).is_some() {
        return None;
    }
    let start = formula.find(&format!("{name} ("))?;
    let length = formula[start..].find(')')? + 1;
    let written = &formula[start..start + length];
    (!written.contains(['"', ',', '\n'])).then(|| format!("write `{{{{{written}}}}}`"))
}

/// `Sheet1!B2`
fn sheet(formula: &str) -> Option<String> {
    let tokens = tokenize(formula);
    let is_sheet = tokens.windows(3).any(|three| {
        let [sheet, sign, cell] = three else { return false };
        sheet.kind == TokenKind::Word
            && sign.text(formula) == "!"
            && sign.span.start == sheet.span.end
            && is_cell(cell.text(formula))
    });
    let is_fixed = formula.match_indices('$').any(|(at, _)| {
        let rest = &formula[at + 1..];
        let letters = rest.chars().take_while(char::is_ascii_uppercase).count();
        let digits = rest[letters..].trim_start_matches('$');
        (1..=2).contains(&letters) && digits.starts_with(|next: char| next.is_ascii_digit())
    });
    (is_sheet || is_fixed).then(|| CELLS.to_owned())
}

/// `COUNT(*)`, `COUNT(DISTINCT Country)`
fn all_rows(formula: &str) -> Option<String> {
    let squeezed: String = formula.split_whitespace().collect();
    (squeezed.contains("(*)") || formula.contains("(DISTINCT ")).then(|| functions::ONE_ROW.to_owned())
}

/// The first function of another language for which there is advice.
fn function(formula: &str) -> Option<String> {
    let tokens = tokenize(formula);
    tokens.iter().enumerate().find_map(|(index, token)| {
        let (name, first) = match token.kind {
            TokenKind::Word if tokens.get(index + 1).is_some_and(|next| next.text(formula) == "(") => {
                let rest = tokens[index + 2..].iter().take_while(|token| {
                    matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::QuotedName)
                });
                let span = rest.map(|token| token.span).reduce(Span::to);
                let object = index.checked_sub(2).map(|at| tokens[at]);
                let object = object.filter(|_| tokens[index - 1].text(formula) == ".");
                let name = object.map_or(token.span, |object| object.span.to(token.span)).of(formula);
                (name, span.map(|span| span.of(formula)))
            }
            // `{{ ref('leads') }}`
            TokenKind::QuotedName => {
                let inside = token.text(formula).trim_matches(['{', '}', ' ']);
                (inside.split_once('(')?.0.trim(), None)
            }
            _ => return None,
        };
        if crate::builtins::find(name).is_some() {
            return None;
        }
        let advice = functions::find(name).map(|habit| habit.advice).filter(|advice| !advice.is_empty())?;
        let searched = matched(formula).filter(|_| name.eq_ignore_ascii_case("INDEX"));
        Some(advice.replace("_1", searched.or(first).unwrap_or("Country")))
    })
}

/// The value that MATCH searches, which is what an INDEX around it depends on.
fn matched(formula: &str) -> Option<&str> {
    let value = formula.split_once("MATCH(")?.1.split_once(',')?.0.trim();
    crate::syntax::is_bare_name(value).then_some(value)
}

/// The name that an error is about.
fn found_name(found: &Diagnostic) -> Option<String> {
    match found.clone().original() {
        Diagnostic::Check(CheckError::UnknownColumn { name, .. }) => Some(name),
        _ => None,
    }
}

/// Advice about the name of a column that there is not.
pub(super) fn of_name(name: &str, names: &[String]) -> Option<String> {
    if matches!(name.to_lowercase().as_str(), "null" | "none" | "nil" | "undefined" | "nan") {
        return Some(format!(
            "there is no `{name}`: a missing value is Blank. Write `\"\"` for an empty text, and test a value with ISEMPTY"
        ));
    }
    if let Some(near) = names::near(name, names) {
        let written = bare_or_braced(near);
        return Some(if near.trim() == name.trim() {
            format!("write `{written}`: the name of the column begins or ends with a space")
        } else {
            format!("did you mean `{written}`?")
        });
    }
    is_cell(name).then(|| CELLS.to_owned())
}

/// `A2`, `$B$14`
fn is_cell(name: &str) -> bool {
    let name = name.replace('$', "");
    let letters = name.chars().take_while(char::is_ascii_uppercase).count();
    let digits = &name[letters..];
    (1..=2).contains(&letters) && !digits.is_empty() && digits.chars().all(|next| next.is_ascii_digit())
}
