//! The signature of the function in whose call the cursor stands.

use super::command;
use super::scan::{Scan, is_let};
use super::table::display_width;
use super::vocabulary::Vocabulary;
use crate::builtins::{self, Param};

/// Columns of the terminal that the prompt takes on the first line.
const PROMPT: usize = 6;

/// The signature to show behind the line, with the parameter that the cursor is at; nothing where the cursor stands in
/// no call, or not at the line's end. What does not fit into `width` columns is left out.
#[must_use]
pub fn hint(vocabulary: &Vocabulary, line: &str, cursor: usize, width: usize) -> Option<String> {
    if cursor < line.len() {
        return None;
    }
    let is_command = command::split(line).is_some();
    let text = if is_command { line.split_once(char::is_whitespace)?.1 } else { line };
    let scan = Scan::new(text);
    let ends_in_comment =
        scan.tokens.last().is_some_and(|last| last.kind == crate::syntax::TokenKind::Comment);
    let open = scan.open_at(text.len());
    let call = open.iter().rev().find(|open| open.function.is_some()).filter(|_| !ends_in_comment)?;
    let function = call.function?;
    let (signature, param) = signature(vocabulary, function, call.argument)?;
    let (first, last) = line.rsplit_once('\n').map_or((true, line), |(_, last)| (false, last));
    let used = display_width(last) + if first { PROMPT } else { 0 };
    let room = width.saturating_sub(used % width.max(1) + 1);
    let whole = param.map(|param| format!("# {signature}  {}: {}", param.name, param.doc));
    let short = param.map(|param| format!("# {signature}  {}: {}", param.name, param.ty));
    let bare = format!("# {signature}");
    let forms: Vec<String> = [whole, short, Some(bare.clone())].into_iter().flatten().collect();
    let fitting = |room: usize| forms.iter().find(|form| display_width(form) <= room);
    let behind = fitting(room.saturating_sub(2)).map(|form| format!("  {form}"));
    // What has no room behind the line stands below it.
    behind.or_else(|| Some(format!("\n{}", fitting(width.saturating_sub(1)).unwrap_or(&bare))))
}

/// How a function is called, and the parameter that the argument of this index is for.
fn signature(
    vocabulary: &Vocabulary,
    function: &str,
    argument: usize,
) -> Option<(String, Option<&'static Param>)> {
    if let Some(own) = vocabulary.function(function) {
        return Some((own.signature.clone(), None));
    }
    let builtin = builtins::find(function)?;
    // What follows a pair of LET may be another name or the result.
    let param = if is_let(function) { None } else { builtin.param_of(argument, argument + 1) };
    Some((builtin.to_string(), param))
}

#[cfg(test)]
mod tests {
    use crate::repl::Vocabulary;

    fn hint(line: &str, cursor: usize, width: usize) -> Option<String> {
        super::hint(&Vocabulary::default(), line, cursor, width)
    }

    #[test]
    fn the_innermost_call_is_shown_with_its_parameter() {
        let at_end = |line: &str, width| hint(line, line.len(), width);
        assert_eq!(
            at_end("1 + LEFT(Name, ", 100).as_deref(),
            Some("  # LEFT(text, [count])  count: How many; 1 if left out.")
        );
        assert_eq!(at_end("LEFT(Name, ", 62).as_deref(), Some("  # LEFT(text, [count])  count: Number"));
        assert_eq!(at_end("LEFT(Name, ", 45).as_deref(), Some("  # LEFT(text, [count])"));
        assert_eq!(at_end("LEFT(Name, ", 40).as_deref(), Some("\n# LEFT(text, [count])  count: Number"));
        assert_eq!(at_end("LEN(LEFT(a, 1)", 200).map(|hint| hint.contains("LEN(text)")), Some(true));
        assert_eq!(at_end("LEFT(a)", 100), None);
        assert_eq!(at_end("let(a, 1, ", 100).as_deref(), Some("  # LET(name, value, …, result)"));
        assert_eq!(at_end("FOO(", 100), None);
        assert_eq!(hint("LEFT(", 2, 100), None);
        assert!(at_end(":type LEFT(", 100).is_some());
    }
}
