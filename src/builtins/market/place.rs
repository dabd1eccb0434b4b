//! Countries, industries, sizes, and texts that stand for nothing.

mod headcount;

use super::words::{Phrases, Words, entries, sections};
use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::types::Type;
use crate::value::{Value, fold_case, is_empty, to_text};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

const INDUSTRIES: &str = include_str!("../data/industry.txt");
const COUNTRIES: &str = include_str!("../data/country.txt");

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "COUNTRYCODE",
        aliases: &[],
        group: Group::Market,
        summary: "The two-letter ISO code of a country, from its name in English or its own language, a usual spelling or a code; Blank for any other text.",
        params: &[Param::required("country", Type::Text, "A country.").role(Role::Subject)],
        returns: Returns::texts(country_codes).or_blank(),
        examples: &[
            Example::new(r#"COUNTRYCODE("Germany")"#, r#""DE""#),
            Example::new(r#"COUNTRYCODE("u.s.a.")"#, r#""US""#),
            Example::new(r#"COUNTRYCODE("日本")"#, r#""JP""#),
            Example::new(r#"COUNTRYCODE("N/A")"#, "null"),
            Example::new(r#"COUNTRYCODE("n / a")"#, "null"),
            Example::new(r#"COUNTRYCODE("???")"#, "null"),
            Example::new(r#"COUNTRYCODE("Atlantis")"#, "null"),
        ],
        run: Run::Eager(|call| Ok(country_code(&call.text(0)?).map_or(Value::Blank, Value::from))),
    },
    Builtin {
        name: "INDUSTRY",
        aliases: &[],
        group: Group::Market,
        summary: "An industry as one short list names it (Software, Technology, Financial Services, Healthcare, Manufacturing, Retail, …), from the spellings of Apollo, Clearbit, People Data Labs and LinkedIn. Others come back as they are, trimmed.",
        params: &[Param::required("industry", Type::Text, "An industry as a provider spells it.")
            .role(Role::Subject)],
        returns: Returns::known(industries),
        examples: &[
            Example::new(r#"INDUSTRY("computer software")"#, r#""Software""#),
            Example::new(r#"INDUSTRY("Internet Software & Services")"#, r#""Software""#),
            Example::new(r#"INDUSTRY("information technology and services")"#, r#""Technology""#),
            Example::new(r#"INDUSTRY(" Falconry ")"#, r#""Falconry""#),
            Example::new(r#"INDUSTRY("")"#, r#""""#),
        ],
        run: Run::Eager(|call| {
            let text = call.text(0)?;
            if let Some(industry) = industry(&text) {
                return Ok(industry.into());
            }
            let start = text.len() - text.trim_start().len();
            Ok(text.slice(start..start + text.trim().len()).into())
        }),
    },
    Builtin {
        name: "HEADCOUNTBAND",
        aliases: &[],
        group: Group::Market,
        summary: "The band of a head-count: 1-10, 11-50, 51-200, 201-500, 501-1000, 1001-5000, 5001-10000 or 10001+. A range goes to the band of its middle; 0, empty and other text are Blank.",
        params: &[Param::required(
            "headcount",
            Type::Any,
            "A number, or a text such as `51-200 employees` or `10K+`.",
        )],
        returns: Returns::texts(|| &headcount::NAMES).or_blank(),
        examples: &[
            Example::new("HEADCOUNTBAND(250)", r#""201-500""#),
            Example::new(r#"HEADCOUNTBAND("51-200 employees")"#, r#""51-200""#),
            Example::new(r#"HEADCOUNTBAND("10,001+")"#, r#""10001+""#),
            Example::new(r#"HEADCOUNTBAND("1K-5K")"#, r#""1001-5000""#),
            Example::new(r#"HEADCOUNTBAND("")"#, "null"),
            Example::new(r#"HEADCOUNTBAND("many")"#, "null"),
        ],
        run: Run::Eager(headcount::band),
    },
    Builtin {
        name: "ISPLACEHOLDER",
        aliases: &[],
        group: Group::Market,
        summary: "Whether a text stands for nothing: `N/A`, `-`, `null`, `none`, `not found`, `unknown`, `TBD`, `test` and the like. A blank is none.",
        params: &[Param::required("value", Type::Any, "What is asked about.").role(Role::Subject)],
        returns: Returns::any(Type::Boolean),
        examples: &[
            Example::new(r#"ISPLACEHOLDER(" n/a ")"#, "true"),
            Example::new(r#"ISPLACEHOLDER("[Not Found]")"#, "true"),
            Example::new(r#"ISPLACEHOLDER("--")"#, "true"),
            Example::new(r#"ISPLACEHOLDER("Nathan")"#, "false"),
            Example::new(r#"ISPLACEHOLDER("")"#, "false"),
        ],
        run: Run::Eager(|call| {
            let value = call.value(0);
            let is_text = matches!(value, Value::Text(_)) && !is_empty(value);
            Ok((is_text && to_text(value).is_ok_and(|text| is_placeholder(&text))).into())
        }),
    },
];

/// The code of every country.
fn country_codes() -> &'static [&'static str] {
    static CODES: OnceLock<Vec<&'static str>> = OnceLock::new();
    let code = |line: &'static str| line.split('|').next().unwrap_or_default();
    CODES.get_or_init(|| entries(COUNTRIES).map(|(_, line)| code(line)).collect())
}

/// Every industry of the short list.
fn industries() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| sections(INDUSTRIES))
}

/// The two-letter code of a country; nothing for a text that names none.
pub(super) fn country_code(country: &str) -> Option<&'static str> {
    static CODES: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let mut codes = HashMap::new();
        for (_, line) in entries(COUNTRIES) {
            let code = line.split('|').next().unwrap_or_default();
            for name in line.split('|') {
                codes.entry(squeezed(name)).or_insert(code);
            }
        }
        // A name without a letter that can be compared would stand for every text without one.
        codes.remove("");
        codes
    });
    // Two letters are a code, even `NA`; `N/A` is not Namibia.
    let is_code = country.trim().chars().all(char::is_alphabetic);
    let compact = || country.split_whitespace().collect::<String>();
    if !is_code && (is_placeholder(country) || is_placeholder(&compact())) {
        return None;
    }
    let known = |name: &str| codes.get(&squeezed(name)).copied();
    // `United States of America (USA)`
    known(country).or_else(|| known(country.split_once('(')?.0))
}

/// Words without the signs between them: `U.S.A.` is `usa`. Of two single letters, only those with a period or a space
/// between them are a code: `n\a` is not Namibia.
fn squeezed(text: &str) -> String {
    let words = Words::of(text);
    let words: Vec<&str> = words.iter().filter(|word| *word != "the").collect();
    let is_pair = words.len() == 2 && words.iter().all(|word| word.chars().count() == 1);
    let is_sign = |next: char| !next.is_alphanumeric() && !next.is_whitespace() && next != '.';
    let is_apart = is_pair && text.trim_matches(is_sign).contains(is_sign);
    words.join(if is_apart { "/" } else { "" })
}

fn industry(text: &str) -> Option<&'static str> {
    static PHRASES: OnceLock<Phrases> = OnceLock::new();
    let phrases = PHRASES.get_or_init(|| Phrases::read(INDUSTRIES));
    phrases.label(&Words::of(text))
}

pub(crate) fn is_placeholder(text: &str) -> bool {
    static KNOWN: OnceLock<HashSet<String>> = OnceLock::new();
    let file = include_str!("../data/placeholder.txt");
    let known = KNOWN.get_or_init(|| entries(file).map(|(_, entry)| fold_case(entry)).collect());
    let bare = text.trim().trim_matches(['(', ')', '[', ']', '<', '>', '{', '}', '"', '\'']).trim();
    !bare.chars().any(char::is_alphanumeric) || known.contains(&fold_case(bare))
}
