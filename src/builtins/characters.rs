//! Single characters, and texts made plain.

use super::call::limited;
use super::deburr::deburr;
use super::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use super::{Call, CallError};
use crate::types::Type;
use crate::value::{ErrorValue, Value};

const TEXT: Param = Param::required("text", Type::Text, "The text.").role(Role::Subject);

/// What Windows-1252 has from 128 to 159; the five codes without a character stand for themselves.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "UNICHAR",
        aliases: &[],
        group: Group::Text,
        summary: "The character of this Unicode number.",
        params: &[Param::required("number", Type::Number, "From 1 to 1114111.")],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new("UNICHAR(233)", r#""é""#),
            Example::new("UNICHAR(128640)", r#""🚀""#),
            Example::new("UNICHAR(0)", "#VALUE!"),
            Example::new("UNICHAR(55296)", "#N/A"),
        ],
        run: Run::Eager(unichar),
    },
    Builtin {
        name: "UNICODE",
        aliases: &[],
        group: Group::Text,
        summary: "The Unicode number of the text's first character.",
        params: &[TEXT],
        returns: Returns::whole(1.0, 1_114_111.0),
        examples: &[
            Example::new(r#"UNICODE("A")"#, "65"),
            Example::new(r#"UNICODE("🚀 up")"#, "128640"),
            Example::new(r#"UNICODE("")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| Ok(f64::from(u32::from(first_character(call)?)).into())),
    },
    Builtin {
        name: "CHAR",
        aliases: &[],
        group: Group::Text,
        summary: "The character of this code, from 1 to 255, in Windows-1252.",
        params: &[Param::required("code", Type::Number, "From 1 to 255.")],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new("CHAR(65)", r#""A""#),
            Example::new("CHAR(128)", r#""€""#),
            Example::new("CHAR(10)", r#""\n""#),
            Example::new("CHAR(256)", "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let code = call.number(0)?.trunc();
            if !(1.0..256.0).contains(&code) {
                return Err(call.fail(0, "must be between 1 and 255"));
            }
            let code = code as u8;
            let character = match code {
                128..160 => WINDOWS_1252[usize::from(code - 128)],
                _ => char::from(code),
            };
            Ok(character.to_string().into())
        }),
    },
    Builtin {
        name: "CODE",
        aliases: &[],
        group: Group::Text,
        summary: "The code of the text's first character in Windows-1252; 63, that of `?`, if it has none there.",
        params: &[TEXT],
        returns: Returns::whole(1.0, 255.0),
        examples: &[
            Example::new(r#"CODE("A")"#, "65"),
            Example::new(r#"CODE("€")"#, "128"),
            Example::new(r#"CODE("漢")"#, "63"),
            Example::new(r#"CODE("")"#, "#VALUE!"),
        ],
        run: Run::Eager(|call| {
            let first = first_character(call)?;
            let number = match WINDOWS_1252.iter().position(|known| *known == first) {
                Some(place) => 128 + place as u32,
                None if u32::from(first) < 256 => u32::from(first),
                None => u32::from('?'),
            };
            Ok(f64::from(number).into())
        }),
    },
    Builtin {
        name: "ENCODEURL",
        aliases: &[],
        group: Group::Text,
        summary: "The text for use in a web address: all but ASCII letters, digits and `-_.~` as `%` and the bytes of UTF-8.",
        params: &[TEXT],
        returns: Returns::any(Type::Text),
        examples: &[
            Example::new(r#"ENCODEURL("Ada & Co.")"#, r#""Ada%20%26%20Co.""#),
            Example::new(r#"ENCODEURL("Größe")"#, r#""Gr%C3%B6%C3%9Fe""#),
            Example::new(r#"ENCODEURL("")"#, r#""""#),
        ],
        run: Run::Eager(|call| limited(encoded(&call.text(0)?))),
    },
    Builtin {
        name: "DEBURR",
        aliases: &[],
        group: Group::Text,
        summary: "The text with accents off its Latin letters, and letters such as `ß`, `ø`, `ł` and `æ` spelled plainly.",
        params: &[TEXT],
        returns: Returns::normal(),
        examples: &[
            Example::new(r#"DEBURR("Müller & Søn, Łódź")"#, r#""Muller & Son, Lodz""#),
            Example::new(r#"DEBURR("Straße")"#, r#""Strasse""#),
            Example::new(r#"DEBURR("東京 ガ")"#, r#""東京 ガ""#),
            Example::new(r#"DEBURR("")"#, r#""""#),
        ],
        run: Run::Eager(|call| Ok(deburr(&call.text(0)?).into())),
    },
    Builtin {
        name: "SLUG",
        aliases: &[],
        group: Group::Text,
        summary: "The text in lower case, without accents, its words joined by hyphens; letters of other scripts stay.",
        params: &[TEXT],
        returns: Returns::normal(),
        examples: &[
            Example::new(r#"SLUG("Crème Brûlée & Co.")"#, r#""creme-brulee-co""#),
            Example::new(r#"SLUG("  O'Reilly  ")"#, r#""oreilly""#),
            Example::new(r#"SLUG("東京 Tower")"#, r#""東京-tower""#),
            Example::new(r#"SLUG("!?")"#, r#""""#),
        ],
        run: Run::Eager(|call| Ok(slug(&call.text(0)?).into())),
    },
];

fn first_character(call: &Call<'_, '_>) -> Result<char, CallError> {
    call.text(0)?.chars().next().ok_or_else(|| call.fail(0, "must have a character"))
}

fn unichar<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let number = call.number(0)?.trunc();
    if !(1.0..1_114_112.0).contains(&number) {
        return Err(call.fail(0, "must be between 1 and 1114111"));
    }
    let character = char::from_u32(number as u32);
    let none = || ErrorValue::not_available(format!("UNICHAR: {number} is half of a pair, not a character"));
    Ok(character.ok_or_else(none)?.to_string().into())
}

/// Percent-encoded, but for what RFC 3986 calls unreserved.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for next in deburr(text).chars().flat_map(char::to_lowercase) {
        if next.is_alphanumeric() {
            slug.push(next);
        } else if !matches!(next, '\'' | '’') && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
