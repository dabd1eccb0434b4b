//! Phone numbers, by shape and length.

use super::place::country_code;
use super::words::entries;
use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::builtins::{Call, CallError};
use crate::types::Type;
use crate::value::Value;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The most digits of a number, its calling code included.
const MOST_DIGITS: usize = 15;

const COUNTRY: Param =
    Param::optional("country", Type::Text, "The country of a number without `+`, as COUNTRYCODE reads it.");

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "PHONEE164",
        aliases: &[],
        group: Group::Market,
        summary: "A phone number as +, calling code and digits; Blank for an empty text, #VALUE! if it can't be a number. Shape and length are checked, not whether the number is assigned.",
        params: &[Param::required("phone", Type::Text, "A phone number.").role(Role::Subject), COUNTRY],
        returns: Returns::normal().or_blank(),
        examples: &[
            Example::new(r#"PHONEE164("(415) 555-2671", "US")"#, r#""+14155552671""#),
            Example::new(r#"PHONEE164("+44 (0)20 7946 0958")"#, r#""+442079460958""#),
            Example::new(r#"PHONEE164("030 901820", "Germany")"#, r#""+4930901820""#),
            Example::new(r#"PHONEE164("0039 06 698 12345")"#, r#""+390669812345""#),
            Example::new(r#"PHONEE164("555-2671", "US")"#, "#VALUE!"),
            Example::new(r#"PHONEE164("")"#, "null"),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            if text.trim().is_empty() {
                return Ok(Value::Blank);
            }
            let number = e164(&text, country(call)?);
            number.map(Value::from).ok_or_else(|| call.fail(0, "must be a phone number, with + or a country"))
        }),
    },
    Builtin {
        name: "ISPHONE",
        aliases: &[],
        group: Group::Market,
        summary: "Whether a text can be a phone number: whether PHONEE164 has a result.",
        params: &[Param::required("phone", Type::Any, "What is asked about.").role(Role::Subject), COUNTRY],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISPHONE("+1 415 555 2671")"#, "true"),
            Example::new(r#"ISPHONE("415 555 2671")"#, "false"),
            Example::new(r#"ISPHONE("415 555 2671", "US")"#, "true"),
            Example::new(r#"ISPHONE("")"#, "false"),
        ],
        run: Run::Eager(|call| {
            let country = country(call)?;
            Ok(call.text(0).is_ok_and(|text| e164(&text, country).is_some()).into())
        }),
    },
];

/// How numbers of one country are written.
struct Plan {
    country: &'static str,
    code: &'static str,
    trunk: &'static str,
    fewest: usize,
    most: usize,
}

struct Plans {
    by_country: HashMap<&'static str, Plan>,
    /// The first country of each calling code.
    by_code: HashMap<&'static str, &'static str>,
}

fn plans() -> &'static Plans {
    static PLANS: OnceLock<Plans> = OnceLock::new();
    PLANS.get_or_init(|| {
        let mut plans = Plans { by_country: HashMap::new(), by_code: HashMap::new() };
        for plan in entries(include_str!("../data/phone.txt")).filter_map(|(_, line)| read(line)) {
            plans.by_code.entry(plan.code).or_insert(plan.country);
            plans.by_country.insert(plan.country, plan);
        }
        plans
    })
}

/// A line of the table.
fn read(line: &'static str) -> Option<Plan> {
    let mut parts = line.split(' ');
    let (country, code, trunk) = (parts.next()?, parts.next()?, parts.next()?.trim_matches('-'));
    Some(Plan {
        country,
        code,
        trunk,
        fewest: parts.next()?.parse().ok()?,
        most: parts.next()?.parse().ok()?,
    })
}

fn country(call: &Call<'_, '_>) -> Result<Option<&'static Plan>, CallError> {
    let country = call.text(1)?;
    if country.trim().is_empty() {
        return Ok(None);
    }
    let plan = country_code(&country).and_then(|code| plans().by_country.get(code));
    plan.map(Some).ok_or_else(|| call.fail(1, "must be a country"))
}

fn e164(text: &str, country: Option<&'static Plan>) -> Option<String> {
    let (digits, is_international) = dialled(text)?;
    if is_international {
        return international(&digits);
    }
    let plan = country?;
    let exit = if plan.code == "1" { "011" } else { "00" };
    if let Some(rest) = digits.strip_prefix(exit) {
        return international(rest);
    }
    national(plan, &digits).or_else(|| {
        // Calling code without a plus: `1 415 555 2671` or `49 30 901820`.
        digits.strip_prefix(plan.code).and_then(|rest| national(plan, rest))
    })
}

/// The digits of a number, and whether they begin with a calling code.
fn dialled(text: &str) -> Option<(String, bool)> {
    let text = text.trim();
    let text =
        text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("tel:")).map_or(text, |_| &text[4..]);
    // An extension is dialled later, by a person.
    let end =
        text.find(|next: char| next.is_alphabetic() || matches!(next, ';' | ',' | '#')).unwrap_or(text.len());
    let (number, extension) = text.split_at(end);
    if !is_extension(extension) {
        return None;
    }
    let number = number.trim();
    let plus = number.strip_prefix(['+', '＋']).or_else(|| number.strip_prefix("(+"));
    let is_plain_exit = plus.is_none() && number.starts_with("00");
    let rest = plus.unwrap_or(if is_plain_exit { &number[2..] } else { number });
    let is_international = plus.is_some() || is_plain_exit;
    // `+44 (0)20`: the trunk prefix in parentheses is not dialled from abroad.
    let rest = if is_international { rest.replacen("(0)", "", 1) } else { rest.to_owned() };
    let mut digits = String::new();
    for next in rest.chars() {
        match next {
            '0'..='9' => digits.push(next),
            ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2009}' | '\u{2010}'..='\u{2015}' => {}
            _ => return None,
        }
        if digits.len() > MOST_DIGITS + 5 {
            return None;
        }
    }
    (!digits.is_empty()).then_some((digits, is_international))
}

/// `ext. 5`, `x5`, `;ext=5`, `#5` or nothing.
fn is_extension(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let Some(behind) = [";ext=", "extension", "ext.", "ext", "x", "#", ", ext.", ",", "durchwahl"]
        .iter()
        .find_map(|word| lower.strip_prefix(word))
    else {
        return lower.is_empty();
    };
    let number = behind.trim();
    (1..=7).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Calling codes have one digit to three, and none is the beginning of another.
fn international(digits: &str) -> Option<String> {
    (1..=3).find_map(|length| {
        let code = digits.get(..length)?;
        let plan = plans().by_country.get(plans().by_code.get(code)?)?;
        // Of countries that share a calling code, any may have a number of this length.
        let rest = &digits[length..];
        let shared = plans().by_country.values().filter(|other| other.code == code);
        national(plan, rest).or_else(|| shared.into_iter().find_map(|plan| national(plan, rest)))
    })
}

fn national(plan: &Plan, digits: &str) -> Option<String> {
    let bare = digits.strip_prefix(plan.trunk).filter(|_| !plan.trunk.is_empty()).unwrap_or(digits);
    let fits = |number: &str| {
        (plan.fewest..=plan.most).contains(&number.len())
            && plan.code.len() + number.len() <= MOST_DIGITS
            && (plan.code != "1" || is_north_american(number))
    };
    let number = if fits(bare) { bare } else { Some(digits).filter(|digits| fits(digits))? };
    Some(format!("+{}{number}", plan.code))
}

/// Neither the area code nor the exchange begins with 0 or 1.
fn is_north_american(number: &str) -> bool {
    [0, 3]
        .iter()
        .all(|place| number.as_bytes().get(*place).is_some_and(|digit| (b'2'..=b'9').contains(digit)))
}
