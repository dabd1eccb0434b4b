//! Text that is cut, repeated, cleaned and compared.

mod around;

use super::call::limited;
use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use super::text::byte_of;
use super::{Call, CallError, LONGEST_TEXT, too_long};
use crate::types::Type;
use crate::value::{Text, Value, equal, fold_case, round_half_away, to_text};
use around::{Side, around};

/// Excel refuses more decimal places than this.
const MOST_DECIMALS: f64 = 127.0;

/// The comparison takes time in proportion to the product of the lengths, so only so much of each text counts.
const LONGEST_COMPARED: usize = 1000;

const TEXT: Param = Param::required("text", Type::Text, "The text.").role(Role::Subject);
const DELIMITER: Param =
    Param::required("delimiter", Type::Any, "What is looked for; in a list, any of several will do.")
        .role(Role::Needle);
const INSTANCE: Param = Param::optional(
    "instance",
    Type::Number,
    "Which one, from 1; negative counts from the end. 1 if left out.",
);
const MATCH_MODE: Param = Param::optional("match mode", Type::Number, "0 is exact, 1 ignores letter case.");
const MATCH_END: Param =
    Param::optional("match end", Type::Number, "1 lets the text's end count as one more delimiter.");
const IF_NOT_FOUND: Param =
    Param::optional("if not found", Type::Any, "What is given instead of #N/A where there is none.");

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "DOLLAR",
        aliases: &[],
        group: Group::Text,
        summary: "A number as text in dollars, rounded, with commas; a negative one in parentheses.",
        params: &[
            Param::required("number", Type::Number, "What is shown."),
            Param::optional(
                "decimals",
                Type::Number,
                "How many decimal places; negative rounds left of the point. 2 if left out.",
            ),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new("DOLLAR(1234.567)", r#""$1,234.57""#),
            Example::new("DOLLAR(-1234.567, -2)", r#""($1,200)""#),
            Example::new("DOLLAR(-0.123, 4)", r#""($0.1230)""#),
            Example::new("DOLLAR(1, 128)", "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let (number, decimals) = rounded(call)?;
            let shown = format!("${}", shown_digits(number, decimals, true));
            Ok(if number < 0.0 { format!("({shown})") } else { shown }.into())
        }),
    },
    Builtin {
        name: "FIXED",
        aliases: &[],
        group: Group::Text,
        summary: "The number as text, rounded to `decimals` places, with thousands separators.",
        params: &[
            Param::required("number", Type::Number, "What is written.").role(Role::Measured),
            Param::optional(
                "decimals",
                Type::Number,
                "How many places; negative rounds left of the point. 2 if left out.",
            )
            .role(Role::Digits),
            Param::optional("no commas", Type::Boolean, "TRUE leaves the separators out."),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new("FIXED(1234.567, 1)", r#""1,234.6""#),
            Example::new("FIXED(1234.567, -1, TRUE)", r#""1230""#),
            Example::new("FIXED(-0.001)", r#""0.00""#),
            Example::new("FIXED(1, 128)", "#VALUE!"),
        ],
        run: Run::Eager(fixed),
    },
    Builtin {
        name: "REPLACE",
        aliases: &[],
        group: Group::Text,
        summary: "The text with `count` characters from position `start` replaced by `new`.",
        params: &[
            TEXT,
            Param::required("start", Type::Number, "The first position, from 1.").role(Role::Position),
            Param::required("count", Type::Number, "How many characters go.").role(Role::Count),
            Param::required("new", Type::Text, "The replacement.").role(Role::Replacement),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"REPLACE("2009", 3, 2, "10")"#, r#""2010""#),
            Example::new(r#"REPLACE("Größe", 3, 2, "-")"#, r#""Gr-e""#),
            Example::new(r#"REPLACE("text", 9, 1, "!")"#, r#""text!""#),
            Example::new(r#"REPLACE("text", 0, 1, "!")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let (text, start, count) = (call.text(0)?, call.count_or(1, 1, 1)?, call.count_or(2, 0, 0)?);
            let from = byte_of(&text, start - 1);
            let end = from + byte_of(&text[from..], count);
            limited(format!("{}{}{}", &text[..from], &*call.text(3)?, &text[end..]))
        }),
    },
    Builtin {
        name: "CLEAN",
        aliases: &[],
        group: Group::Text,
        summary: "The text without control characters, line breaks and tabs among them.",
        params: &[TEXT],
        returns: Returns::normal(),
        examples: &[
            Example::new(r#"CLEAN("a" & CHAR(10) & "b" & CHAR(9))"#, r#""ab""#),
            Example::new(r#"CLEAN("Größe")"#, r#""Größe""#),
            Example::new(r#"CLEAN("")"#, r#""""#),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            let is_control = |next: char| next < ' ';
            if !text.contains(is_control) {
                return Ok(text.into());
            }
            Ok(text.replace(is_control, "").into())
        }),
    },
    Builtin {
        name: "REPT",
        aliases: &[],
        group: Group::Text,
        summary: "The text, so many times.",
        params: &[TEXT, Param::required("count", Type::Number, "How often.").role(Role::Times)],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"REPT("*_", 3)"#, r#""*_*_*_""#),
            Example::new(r#"REPT("a", 0)"#, r#""""#),
            Example::new(r#"REPT("a", -1)"#, "#VALUE!"),
            Example::new(r#"REPT("a", 1e9)"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let (text, count) = (call.text(0)?, call.count_or(1, 0, 0)?);
            if text.is_empty() {
                return Ok(text.into());
            }
            if text.len().saturating_mul(count) > LONGEST_TEXT {
                return Err(too_long());
            }
            Ok(text.repeat(count).into())
        }),
    },
    Builtin {
        name: "TEXTBEFORE",
        aliases: &[],
        group: Group::Text,
        summary: "The text before a delimiter; #N/A if the text lacks it.",
        params: &[TEXT, DELIMITER, INSTANCE, MATCH_MODE, MATCH_END, IF_NOT_FOUND],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"TEXTBEFORE("ada@example.com", "@")"#, r#""ada""#),
            Example::new(r#"TEXTBEFORE("ABX-112-Red-Y", "-", -1)"#, r#""ABX-112-Red""#),
            Example::new(r#"TEXTBEFORE("12 FT x 20", "ft", 1, 1)"#, r#""12 ""#),
            Example::new(r#"TEXTBEFORE("Ada", "@")"#, "#N/A"),
            Example::new(r#"TEXTBEFORE("Ada", "@", 1, 0, 1)"#, r#""Ada""#),
        ],
        run: Run::Eager(|call| around(call, Side::Before)),
    },
    Builtin {
        name: "TEXTAFTER",
        aliases: &[],
        group: Group::Text,
        summary: "The text after a delimiter; #N/A if the text lacks it.",
        params: &[TEXT, DELIMITER, INSTANCE, MATCH_MODE, MATCH_END, IF_NOT_FOUND],
        returns: Returns::any(Type::Any),
        examples: &[
            Example::new(r#"TEXTAFTER("ada@example.com", "@")"#, r#""example.com""#),
            Example::new(r#"TEXTAFTER("ABX-112-Red-Y", "-", -2)"#, r#""Red-Y""#),
            Example::new(r#"TEXTAFTER("a;b|c", [";", "|"], 2)"#, r#""c""#),
            Example::new(r#"TEXTAFTER("Ada", "@", 1, 0, 0, "none")"#, r#""none""#),
            Example::new(r#"TEXTAFTER("", "@")"#, "#N/A"),
        ],
        run: Run::Eager(|call| around(call, Side::After)),
    },
    Builtin {
        name: "CONTAINSALL",
        aliases: &[],
        group: Group::Text,
        summary: "Whether the text contains all of the needles, exactly as written. In a list: whether each equals an item.",
        params: &[
            Param::required("text", Type::Any, "The text to look in, or a list of them.").role(Role::Subject),
            Param::repeated("needle", Type::Any, "What is looked for. Empty ones are never found.")
                .role(Role::Needle),
        ],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"CONTAINSALL("VP of Sales", "VP", "Sales")"#, "true"),
            Example::new(r#"CONTAINSALL("VP of Sales", "VP", "Marketing")"#, "false"),
            Example::new(r#"CONTAINSALL(["AWS", "Stripe"], "aws", "stripe")"#, "true"),
            Example::new(r#"CONTAINSALL("", "VP")"#, "false"),
        ],
        run: Run::Eager(|call| {
            if let Value::List(items) = call.value(0) {
                let is_there =
                    |needle: &Value<'_>| items.iter().any(|item| equal(item, needle, call.clock()));
                return Ok(call.items_from(1).all(|(_, needle)| is_there(needle)).into());
            }
            let text = call.text(0)?;
            let is_there = |needle: &Value<'_>| {
                let needle = to_text(needle).unwrap_or(Text::Borrowed(""));
                !needle.is_empty() && text.contains(&*needle)
            };
            Ok(call.items_from(1).all(|(_, needle)| is_there(needle)).into())
        }),
    },
    Builtin {
        name: "SIMILARITY",
        aliases: &[],
        group: Group::Text,
        summary: "How alike two texts are, from 0 to 1: Jaro-Winkler, without regard to letter case and outer white space. 0 if one is empty; only the first 1000 characters count.",
        params: &[
            Param::required("one", Type::Text, "A text."),
            Param::required("two", Type::Text, "Another."),
        ],
        returns: Returns::between(0.0, 1.0),
        examples: &[
            Example::new(r#"SIMILARITY("Stripe", "stripe ")"#, "1"),
            Example::new(r#"ROUND(SIMILARITY("Martha", "Marhta"), 3)"#, "0.961"),
            Example::new(r#"SIMILARITY("abc", "xyz")"#, "0"),
            Example::new(r#"SIMILARITY("", "")"#, "0"),
        ],
        run: Run::Eager(|call| {
            let (one, two) = (call.text(0)?, call.text(1)?);
            let compared =
                |text: &str| fold_case(text.trim()).chars().take(LONGEST_COMPARED).collect::<String>();
            let (one, two) = (compared(&one), compared(&two));
            if one.is_empty() || two.is_empty() {
                return Ok(0.0.into());
            }
            Ok(strsim::jaro_winkler(&one, &two).into())
        }),
    },
];

/// The number of FIXED or DOLLAR, rounded, and its decimal places.
fn rounded(call: &Call<'_, '_>) -> Result<(f64, f64), CallError> {
    let (number, decimals) = (call.number(0)?, call.number_or(1, 2.0)?.trunc());
    if decimals.abs() > MOST_DECIMALS {
        return Err(call.fail(1, "must be between -127 and 127"));
    }
    Ok((round_half_away(number, decimals as i32), decimals))
}

fn fixed<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let (number, decimals) = rounded(call)?;
    let commas = !(call.has(2) && call.boolean(2)?);
    let sign = if number < 0.0 { "-" } else { "" };
    Ok(format!("{sign}{}", shown_digits(number, decimals, commas)).into())
}

/// The digits of a rounded number, without its sign.
fn shown_digits(rounded: f64, decimals: f64, commas: bool) -> String {
    let shown = format!("{}", rounded.abs());
    let (whole, fraction) = shown.split_once('.').unwrap_or((&shown, ""));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) && commas {
            text.push(',');
        }
        text.push(digit);
    }
    if decimals > 0.0 {
        text.push_str(&format!(".{fraction:0<width$}", width = decimals as usize));
    }
    text
}
