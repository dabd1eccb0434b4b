//! Text. Positions count characters (code points) from 1.

pub(super) mod search;

use super::call::{LONGEST_TEXT, limited, too_long};
use super::registry::{Builtin, Example, Group, Param, Rejected, Returns, Role, Run};
use super::{Call, CallError};
use crate::types::Type;
use crate::value::{Text, Value, equal, fold_case, is_empty, to_text};
use search::{contains_word, search};

const TEXT: Param = Param::required("text", Type::Text, "The text.").role(Role::Subject);
const LOOKED_AT: Param =
    Param::required("text", Type::Any, "The text to look in, or a list of them.").role(Role::Subject);
const NEEDLES: Param = Param::repeated(
    "needle",
    Type::Any,
    "What is looked for; any of several will do. Empty ones are never found.",
)
.role(Role::LooseNeedle);

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "CONTAINS",
        aliases: &[],
        group: Group::Text,
        summary: "Whether the text contains any of the needles, exactly as written. In a list: whether any item equals one.",
        params: &[LOOKED_AT, NEEDLES.role(Role::Needle)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"CONTAINS("VP of Sales", "VP", "Director")"#, "true"),
            Example::new(r#"CONTAINS("Director", "CTO")"#, "false"),
            Example::new(r#"CONTAINS(["AWS", "Stripe"], "aws")"#, "true"),
        ],
        run: Run::Eager(|call| any_needle(call, |text, needle| text.contains(needle))),
    },
    Builtin {
        name: "ICONTAINS",
        aliases: &[],
        group: Group::Text,
        summary: "Whether the text contains any of the needles, whatever the letter case.",
        params: &[LOOKED_AT, NEEDLES],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ICONTAINS("vp of sales", "VP")"#, "true"),
            Example::new(r#"ICONTAINS("STRASSE", "straße")"#, "true"),
            Example::new(r#"ICONTAINS("", "VP")"#, "false"),
        ],
        run: Run::Eager(|call| any_needle(call, |text, needle| fold_case(text).contains(&fold_case(needle)))),
    },
    Builtin {
        name: "CONTAINSWORD",
        aliases: &[],
        group: Group::Text,
        summary: "Whether any of the needles stands in the text as whole words, whatever the letter case: the right tool for titles.",
        params: &[LOOKED_AT, NEEDLES],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"CONTAINSWORD("Head of IT, vp", "VP")"#, "true"),
            Example::new(r#"CONTAINSWORD("Director", "CTO")"#, "false"),
            Example::new(r#"CONTAINSWORD("Vice President, Sales", "vice president")"#, "true"),
        ],
        run: Run::Eager(|call| {
            let words = |text: &str, needle: &str| contains_word(&fold_case(text), &fold_case(needle));
            Ok(call
                .items_from(1)
                .any(|(_, needle)| each_text(call, |text| words(text, &shown(needle))))
                .into())
        }),
    },
    Builtin {
        name: "STARTSWITH",
        aliases: &[],
        group: Group::Text,
        summary: "Whether the text begins with any of the beginnings, exactly as written.",
        params: &[
            TEXT,
            Param::repeated("beginning", Type::Any, "What it may begin with.").role(Role::Needle),
        ],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"STARTSWITH("AWS Lambda", "AWS")"#, "true"),
            Example::new(r#"STARTSWITH("AWS", "aws")"#, "false"),
            Example::new(r#"STARTSWITH("", "a")"#, "false"),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            Ok(needles(call).any(|needle| text.starts_with(&*needle)).into())
        }),
    },
    Builtin {
        name: "ENDSWITH",
        aliases: &[],
        group: Group::Text,
        summary: "Whether the text ends with any of the endings, exactly as written.",
        params: &[TEXT, Param::repeated("ending", Type::Any, "What it may end with.").role(Role::Needle)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ENDSWITH("ada@example.edu", ".edu", ".ac.uk")"#, "true"),
            Example::new(r#"ENDSWITH("a.com", ".edu")"#, "false"),
            Example::new(r#"ENDSWITH("", "a")"#, "false"),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            Ok(needles(call).any(|needle| text.ends_with(&*needle)).into())
        }),
    },
    Builtin {
        name: "LEN",
        aliases: &[],
        group: Group::Text,
        summary: "How many characters the text has.",
        params: &[TEXT],
        returns: Returns::whole(0.0, f64::INFINITY),
        examples: &[
            Example::new(r#"LEN("Größe")"#, "5"),
            Example::new("LEN(1200)", "4"),
            Example::new(r#"LEN("")"#, "0"),
        ],
        run: Run::Eager(|call| Ok((call.text(0)?.chars().count() as f64).into())),
    },
    Builtin {
        name: "LEFT",
        aliases: &[],
        group: Group::Text,
        summary: "The first characters of the text.",
        params: &[TEXT, Param::optional("count", Type::Number, "How many; 1 if left out.").role(Role::Count)],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"LEFT("Größe", 3)"#, r#""Grö""#),
            Example::new(r#"LEFT("abc")"#, r#""a""#),
            Example::new(r#"LEFT("abc", -1)"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let (text, count) = (call.text(0)?, call.count_or(1, 0, 1)?);
            let end = byte_of(&text, count);
            Ok(text.slice(0..end).into())
        }),
    },
    Builtin {
        name: "RIGHT",
        aliases: &[],
        group: Group::Text,
        summary: "The last characters of the text.",
        params: &[TEXT, Param::optional("count", Type::Number, "How many; 1 if left out.").role(Role::Count)],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"RIGHT("Größe", 2)"#, r#""ße""#),
            Example::new(r#"RIGHT("abc", 9)"#, r#""abc""#),
            Example::new(r#"RIGHT("abc", 0)"#, r#""""#),
        ],
        run: Run::Eager(|call| {
            let (text, count) = (call.text(0)?, call.count_or(1, 0, 1)?);
            let start = byte_of(&text, text.chars().count().saturating_sub(count));
            let end = text.len();
            Ok(text.slice(start..end).into())
        }),
    },
    Builtin {
        name: "MID",
        aliases: &[],
        group: Group::Text,
        summary: "`count` characters of the text from position `start`.",
        params: &[
            TEXT,
            Param::required("start", Type::Number, "The first position, from 1.").role(Role::Position),
            Param::required("count", Type::Number, "How many.").role(Role::Count),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"MID("Marketing", 2, 3)"#, r#""ark""#),
            Example::new(r#"MID("abc", 9, 1)"#, r#""""#),
            Example::new(r#"MID("abc", 0, 1)"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let (text, start, count) = (call.text(0)?, call.count_or(1, 1, 1)?, call.count_or(2, 0, 0)?);
            let from = byte_of(&text, start - 1);
            let end = from + byte_of(&text[from..], count);
            Ok(text.slice(from..end).into())
        }),
    },
    Builtin {
        name: "FIND",
        aliases: &[],
        group: Group::Text,
        summary: "The position of the needle, exactly as written; #VALUE! if it is not there.",
        params: &[
            Param::required("needle", Type::Text, "What is looked for.").role(Role::Needle),
            TEXT,
            Param::optional("start", Type::Number, "Where to begin; 1 if left out.").role(Role::Position),
        ],
        returns: Returns::whole(1.0, f64::INFINITY),
        examples: &[
            Example::new(r#"FIND("@", "ada@example.com")"#, "4"),
            Example::new(r#"FIND("A", "banana")"#, "#VALUE!"),
            Example::new(r#"FIND("a", "banana", 3)"#, "4"),
        ],
        run: Run::Eager(|call| {
            let needle = call.text(0)?;
            position(call, |rest| rest.find(&*needle).map(|at| rest[..at].chars().count()))
        }),
    },
    Builtin {
        name: "SEARCH",
        aliases: &[],
        group: Group::Text,
        summary: "The position of the needle, whatever the letter case; `?` stands for one character, `*` for any, `~` before them for themselves.",
        params: &[
            Param::required("needle", Type::Text, "What is looked for.").role(Role::Wildcards),
            TEXT,
            Param::optional("start", Type::Number, "Where to begin; 1 if left out.").role(Role::Position),
        ],
        returns: Returns::whole(1.0, f64::INFINITY),
        examples: &[
            Example::new(r#"SEARCH("A", "banana")"#, "2"),
            Example::new(r#"SEARCH("n?n", "banana")"#, "3"),
            Example::new(r#"SEARCH("x", "banana")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let needle = call.text(0)?;
            position(call, |rest| search(&needle, rest))
        }),
    },
    Builtin {
        name: "SUBSTITUTE",
        aliases: &[],
        group: Group::Text,
        summary: "The text with `old` replaced by `new`, everywhere or at one occurrence.",
        params: &[
            TEXT,
            Param::required("old", Type::Text, "What is replaced, exactly as written.").role(Role::Needle),
            Param::required("new", Type::Text, "The replacement.").role(Role::Replacement),
            Param::optional("occurrence", Type::Number, "Which one, from 1; all if left out.")
                .role(Role::Position),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"SUBSTITUTE("a-b-c", "-", "/")"#, r#""a/b/c""#),
            Example::new(r#"SUBSTITUTE("a-b-c", "-", "/", 2)"#, r#""a-b/c""#),
            Example::new(r#"SUBSTITUTE("abc", "", "x")"#, r#""abc""#),
        ],
        run: Run::Eager(substitute),
    },
    Builtin {
        name: "TRIM",
        aliases: &[],
        group: Group::Text,
        summary: "The text without white space at its ends, and with single blanks inside.",
        params: &[TEXT],
        returns: Returns::normal(),
        examples: &[
            Example::new(r#"TRIM("  Ada   Lovelace ")"#, r#""Ada Lovelace""#),
            Example::new(r#"TRIM("Ada")"#, r#""Ada""#),
            Example::new(r#"TRIM("  ")"#, r#""""#),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            let trimmed = text.trim();
            let words = trimmed.split([' ', '\u{a0}']).filter(|word| !word.is_empty());
            Ok(words.collect::<Vec<_>>().join(" ").into())
        }),
    },
    Builtin {
        name: "UPPER",
        aliases: &[],
        group: Group::Text,
        summary: "The text in upper case.",
        params: &[TEXT],
        returns: Returns::normal(),
        examples: &[
            Example::new(r#"UPPER("abc")"#, r#""ABC""#),
            Example::new(r#"UPPER("é1")"#, r#""É1""#),
            Example::new(r#"UPPER("")"#, r#""""#),
        ],
        run: Run::Eager(|call| Ok(call.text(0)?.to_uppercase().into())),
    },
    Builtin {
        name: "LOWER",
        aliases: &[],
        group: Group::Text,
        summary: "The text in lower case.",
        params: &[TEXT],
        returns: Returns::normal(),
        examples: &[
            Example::new(r#"LOWER("VP")"#, r#""vp""#),
            Example::new(r#"LOWER("É1")"#, r#""é1""#),
            Example::new(r#"LOWER("")"#, r#""""#),
        ],
        run: Run::Eager(|call| Ok(call.text(0)?.to_lowercase().into())),
    },
    Builtin {
        name: "PROPER",
        aliases: &[],
        group: Group::Text,
        summary: "The text with each word's first letter in upper case and the others in lower case.",
        params: &[TEXT],
        returns: Returns::normal(),
        examples: &[
            Example::new(r#"PROPER("ada lovelace")"#, r#""Ada Lovelace""#),
            Example::new(r#"PROPER("o'BRIEN-smith")"#, r#""O'Brien-Smith""#),
            Example::new(r#"PROPER("")"#, r#""""#),
        ],
        run: Run::Eager(|call| {
            let mut proper = String::new();
            let mut in_word = false;
            for next in call.text(0)?.chars() {
                if in_word {
                    proper.extend(next.to_lowercase());
                } else {
                    proper.extend(next.to_uppercase());
                }
                in_word = next.is_alphabetic();
            }
            Ok(proper.into())
        }),
    },
    Builtin {
        name: "CONCAT",
        aliases: &["CONCATENATE"],
        group: Group::Text,
        summary: "All values as one text; lists are opened up.",
        params: &[Param::repeated("value", Type::Any, "A text, or a list of them.")],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"CONCAT("a", 1, TRUE)"#, r#""a1TRUE""#),
            Example::new(r#"CONCAT(["a", "b"], "c")"#, r#""abc""#),
            Example::new(r#"CONCAT("")"#, r#""""#),
        ],
        run: Run::Eager(|call| joined(call, "", 0, false)),
    },
    Builtin {
        name: "TEXTJOIN",
        aliases: &[],
        group: Group::Text,
        summary: "All values as one text, with a delimiter between them; lists are opened up.",
        params: &[
            Param::required("delimiter", Type::Text, "The separator.").role(Role::Separator),
            Param::required("skip empty", Type::Boolean, "Whether empty values are left out."),
            Param::repeated("value", Type::Any, "A text, or a list of them."),
        ],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"TEXTJOIN(", ", TRUE, "a", "", "b")"#, r#""a, b""#),
            Example::new(r#"TEXTJOIN("-", FALSE, "a", "", "b")"#, r#""a--b""#),
            Example::new(r#"TEXTJOIN(", ", TRUE, ["AWS", "Go"])"#, r#""AWS, Go""#),
        ],
        run: Run::Eager(|call| {
            let delimiter = call.text(0)?;
            joined(call, &delimiter, 2, call.boolean(1)?)
        }),
    },
    Builtin {
        name: "SPLIT",
        aliases: &["TEXTSPLIT"],
        group: Group::Text,
        summary: "The parts of the text between separators, as a list.",
        params: &[
            TEXT,
            Param::required("separator", Type::Text, "The separator of the parts.")
                .checked(not_empty)
                .role(Role::Separator),
        ],
        returns: Returns::any(Type::List),
        examples: &[
            Example::new(r#"SPLIT("a;b;;c", ";")"#, r#"["a","b","","c"]"#),
            Example::new(r#"TEXTSPLIT("a, b", ", ")"#, r#"["a","b"]"#),
            Example::new(r#"SPLIT("", ";")"#, "[]"),
            Example::new(r#"SPLIT("a", "" & "")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let (text, separator) = (call.text(0)?, call.text(1)?);
            if separator.is_empty() {
                return Err(call.fail(1, "must not be empty"));
            }
            if text.is_empty() {
                return Ok(Value::list(Vec::new()));
            }
            let mut parts = Vec::new();
            let mut start = 0;
            for (at, found) in text.match_indices(&*separator) {
                parts.push(text.slice(start..at).into());
                start = at + found.len();
            }
            parts.push(text.slice(start..text.len()).into());
            Ok(Value::list(parts))
        }),
    },
    Builtin {
        name: "EXACT",
        aliases: &[],
        group: Group::Text,
        summary: "Whether two texts are the same, letter case included.",
        params: &[
            Param::required("one", Type::Text, "A text.").role(Role::Same),
            Param::required("two", Type::Text, "Another.").role(Role::Same),
        ],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"EXACT("SaaS", "SaaS")"#, "true"),
            Example::new(r#"EXACT("SaaS", "saas")"#, "false"),
            Example::new(r#"EXACT("", IF(FALSE, 1))"#, "true"),
        ],
        run: Run::Eager(|call| Ok((call.text(0)?.as_str() == call.text(1)?.as_str()).into())),
    },
];

fn not_empty(text: &str) -> Result<(), Rejected> {
    if text.is_empty() {
        let help = Some("write what stands between the parts, such as `\",\"`".to_owned());
        return Err(Rejected { range: 0..0, problem: "it is empty".to_owned(), help });
    }
    Ok(())
}

/// The byte where character `count` of the text begins, or the text's end.
pub(super) fn byte_of(text: &str, count: usize) -> usize {
    if text.is_ascii() {
        count.min(text.len())
    } else {
        text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
    }
}

/// A needle as text; one that is no text is never found.
fn shown<'v>(needle: &Value<'v>) -> Text<'v> {
    to_text(needle).unwrap_or(Text::Borrowed(""))
}

fn needles<'v>(call: &Call<'_, 'v>) -> impl Iterator<Item = Text<'v>> {
    call.items_from(1).map(|(_, needle)| shown(needle)).filter(|needle| !needle.is_empty())
}

/// Whether `found` holds for the text, or for any item of a list.
fn each_text(call: &Call<'_, '_>, found: impl Fn(&str) -> bool) -> bool {
    match call.value(0) {
        Value::List(items) => items.iter().any(|item| found(&shown(item))),
        single => found(&shown(single)),
    }
}

fn any_needle<'v>(call: &Call<'_, 'v>, found: impl Fn(&str, &str) -> bool) -> Result<Value<'v>, CallError> {
    if let Value::List(items) = call.value(0) {
        let equals = |needle: &Value<'v>| items.iter().any(|item| equal(item, needle, call.clock()));
        return Ok(call.items_from(1).any(|(_, needle)| !is_empty(needle) && equals(needle)).into());
    }
    // One text and one needle is by far the most frequent call.
    if let [Value::Text(text), Value::Text(needle)] = call.args() {
        return Ok((!needle.is_empty() && found(text, needle)).into());
    }
    let text = call.text(0)?;
    Ok(needles(call).any(|needle| found(&text, &needle)).into())
}

/// The position that `find` gives for the text from `start` on, counted from the text's beginning.
fn position<'v>(call: &Call<'_, 'v>, find: impl Fn(&str) -> Option<usize>) -> Result<Value<'v>, CallError> {
    let (text, start) = (call.text(1)?, call.count_or(2, 1, 1)?);
    let from = byte_of(&text, start - 1);
    let length = text.chars().count();
    let found = if start - 1 > length { None } else { find(&text[from..]) };
    found.map(|at| ((at + start) as f64).into()).ok_or_else(|| call.fail(0, "is looked for in the text"))
}

fn substitute<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let (text, old, new) = (call.text(0)?, call.text(1)?, call.text(2)?);
    if old.is_empty() {
        return Ok(text.into());
    }
    if call.has(3) {
        let occurrence = call.count_or(3, 1, 1)?;
        let Some((at, _)) = text.match_indices(&*old).nth(occurrence - 1) else { return Ok(text.into()) };
        return limited(format!("{}{}{}", &text[..at], &*new, &text[at + old.len()..]));
    }
    let longest = (text.len() / old.len()).saturating_mul(new.len()).saturating_add(text.len());
    // Only a result that could be too long is counted before it is made.
    if longest > LONGEST_TEXT {
        let count = text.matches(&*old).count();
        if (text.len() - count * old.len()).saturating_add(count.saturating_mul(new.len())) > LONGEST_TEXT {
            return Err(too_long());
        }
    }
    Ok(text.replace(&*old, &new).into())
}

fn joined<'v>(
    call: &Call<'_, 'v>,
    delimiter: &str,
    first: usize,
    skip_empty: bool,
) -> Result<Value<'v>, CallError> {
    let mut text = String::new();
    let mut is_first = true;
    for (index, item) in call.items_from(first) {
        if skip_empty && is_empty(item) {
            continue;
        }
        if !is_first {
            text.push_str(delimiter);
        }
        is_first = false;
        text.push_str(&to_text(item).map_err(|misfit| call.misfit_of(index, item, Type::Text, misfit))?);
        if text.len() > LONGEST_TEXT {
            return Err(too_long());
        }
    }
    Ok(text.into())
}
