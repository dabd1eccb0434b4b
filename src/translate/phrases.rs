//! Words that other languages, and people, write between two values.

use super::expr::{Expr, Op};

/// What a phrase between or after values means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Phrase {
    Operator(Op),
    /// A function of both sides, such as CONTAINS.
    Function {
        name: &'static str,
        negated: bool,
    },
    /// The same with the sides exchanged.
    Exchanged(&'static str),
    Like {
        negated: bool,
        any_case: bool,
    },
    /// `a XOR b`, which binds as OR does.
    Xor,
    /// `SIMILAR TO`
    Similar {
        negated: bool,
    },
    In {
        negated: bool,
    },
    Between {
        negated: bool,
    },
    /// A function of each of several texts, such as `contains all of "a", "b"`.
    Every(&'static str),
    /// `is within the last 30 days`, and the next ones.
    Within {
        next: bool,
    },
    /// A test of the left side alone.
    Test(&'static str),
    /// `IS TRUE`
    Truth(&'static str),
}

const fn function(name: &'static str) -> Phrase {
    Phrase::Function { name, negated: false }
}

const fn not(name: &'static str) -> Phrase {
    Phrase::Function { name, negated: true }
}

/// The phrases. One in lower case is read in any letter case. Of several that fit, the longest counts.
const PHRASES: &[(&str, Phrase)] = &[
    ("and", Phrase::Operator(Op::And)),
    ("or", Phrase::Operator(Op::Or)),
    ("xor", Phrase::Xor),
    ("mod", function("MOD")),
    ("DIV", function("QUOTIENT")),
    ("in", Phrase::In { negated: false }),
    ("is in", Phrase::In { negated: false }),
    ("is one of", Phrase::In { negated: false }),
    ("is any of", Phrase::In { negated: false }),
    ("not in", Phrase::In { negated: true }),
    ("is not in", Phrase::In { negated: true }),
    ("is none of", Phrase::In { negated: true }),
    ("between", Phrase::Between { negated: false }),
    ("is between", Phrase::Between { negated: false }),
    ("not between", Phrase::Between { negated: true }),
    ("is not between", Phrase::Between { negated: true }),
    ("is", Phrase::Operator(Op::Equal)),
    ("is equal to", Phrase::Operator(Op::Equal)),
    ("equal to", Phrase::Operator(Op::Equal)),
    ("equals", Phrase::Operator(Op::Equal)),
    ("eq", Phrase::Operator(Op::Equal)),
    ("is not", Phrase::Operator(Op::NotEqual)),
    ("is distinct from", Phrase::Operator(Op::NotEqual)),
    ("is not distinct from", Phrase::Operator(Op::Equal)),
    ("is not equal to", Phrase::Operator(Op::NotEqual)),
    ("not equal to", Phrase::Operator(Op::NotEqual)),
    ("does not equal", Phrase::Operator(Op::NotEqual)),
    ("ne", Phrase::Operator(Op::NotEqual)),
    ("gt", Phrase::Operator(Op::Greater)),
    ("greater than", Phrase::Operator(Op::Greater)),
    ("is greater than", Phrase::Operator(Op::Greater)),
    ("more than", Phrase::Operator(Op::Greater)),
    ("is more than", Phrase::Operator(Op::Greater)),
    ("is above", Phrase::Operator(Op::Greater)),
    ("is over", Phrase::Operator(Op::Greater)),
    ("is after", Phrase::Operator(Op::Greater)),
    ("gte", Phrase::Operator(Op::GreaterOrEqual)),
    ("is at least", Phrase::Operator(Op::GreaterOrEqual)),
    ("is greater than or equal to", Phrase::Operator(Op::GreaterOrEqual)),
    ("greater than or equal to", Phrase::Operator(Op::GreaterOrEqual)),
    ("lt", Phrase::Operator(Op::Less)),
    ("less than", Phrase::Operator(Op::Less)),
    ("is less than", Phrase::Operator(Op::Less)),
    ("is below", Phrase::Operator(Op::Less)),
    ("is under", Phrase::Operator(Op::Less)),
    ("is before", Phrase::Operator(Op::Less)),
    ("lte", Phrase::Operator(Op::LessOrEqual)),
    ("is at most", Phrase::Operator(Op::LessOrEqual)),
    ("is less than or equal to", Phrase::Operator(Op::LessOrEqual)),
    ("less than or equal to", Phrase::Operator(Op::LessOrEqual)),
    ("is null", Phrase::Test("ISEMPTY")),
    ("is empty", Phrase::Test("ISEMPTY")),
    ("is blank", Phrase::Test("ISEMPTY")),
    ("is none", Phrase::Test("ISEMPTY")),
    ("is missing", Phrase::Test("ISEMPTY")),
    ("is unknown", Phrase::Test("ISEMPTY")),
    ("is not known", Phrase::Test("ISEMPTY")),
    ("is not set", Phrase::Test("ISEMPTY")),
    ("is undefined", Phrase::Test("ISEMPTY")),
    ("is not null", Phrase::Test("ISNOTEMPTY")),
    ("is not empty", Phrase::Test("ISNOTEMPTY")),
    ("is not blank", Phrase::Test("ISNOTEMPTY")),
    ("is not none", Phrase::Test("ISNOTEMPTY")),
    ("is not missing", Phrase::Test("ISNOTEMPTY")),
    ("is not unknown", Phrase::Test("ISNOTEMPTY")),
    ("is known", Phrase::Test("ISNOTEMPTY")),
    ("is set", Phrase::Test("ISNOTEMPTY")),
    ("is present", Phrase::Test("ISNOTEMPTY")),
    ("is filled", Phrase::Test("ISNOTEMPTY")),
    ("has any value", Phrase::Test("ISNOTEMPTY")),
    ("exists", Phrase::Test("ISNOTEMPTY")),
    ("is true", Phrase::Truth("TRUE")),
    ("is not true", Phrase::Truth("FALSE")),
    ("is false", Phrase::Truth("FALSE")),
    ("is not false", Phrase::Truth("TRUE")),
    ("is within the last", Phrase::Within { next: false }),
    ("is within last", Phrase::Within { next: false }),
    ("is in the last", Phrase::Within { next: false }),
    ("within the last", Phrase::Within { next: false }),
    ("in the last", Phrase::Within { next: false }),
    ("is within the next", Phrase::Within { next: true }),
    ("is in the next", Phrase::Within { next: true }),
    ("within the next", Phrase::Within { next: true }),
    ("contains any of", function("CONTAINS")),
    ("contains any", function("CONTAINS")),
    ("contains one of", function("CONTAINS")),
    ("includes any of", function("CONTAINS")),
    ("contains all of", Phrase::Every("CONTAINS")),
    ("includes all of", Phrase::Every("CONTAINS")),
    ("contains none of", not("CONTAINS")),
    ("does not contain any of", not("CONTAINS")),
    ("contains", function("CONTAINS")),
    ("contain", function("CONTAINS")),
    ("includes", function("CONTAINS")),
    ("icontains", function("ICONTAINS")),
    ("containsword", function("CONTAINSWORD")),
    ("does contain", function("CONTAINS")),
    ("not contains", not("CONTAINS")),
    ("not contain", not("CONTAINS")),
    ("does not contain", not("CONTAINS")),
    ("doesn't contain", not("CONTAINS")),
    ("does not include", not("CONTAINS")),
    ("starts with", function("STARTSWITH")),
    ("startswith", function("STARTSWITH")),
    ("begins with", function("STARTSWITH")),
    ("beginswith", function("STARTSWITH")),
    ("does not start with", not("STARTSWITH")),
    ("not starts with", not("STARTSWITH")),
    ("ends with", function("ENDSWITH")),
    ("endswith", function("ENDSWITH")),
    ("does not end with", not("ENDSWITH")),
    ("not ends with", not("ENDSWITH")),
    ("matches", function("REGEXMATCH")),
    ("regexp", function("REGEXMATCH")),
    ("rlike", function("REGEXMATCH")),
    ("similar to", Phrase::Similar { negated: false }),
    ("not similar to", Phrase::Similar { negated: true }),
    ("exactin", Phrase::Exchanged("CONTAINS")),
    ("is like", Phrase::Like { negated: false, any_case: false }),
    ("is not like", Phrase::Like { negated: true, any_case: false }),
    ("like", Phrase::Like { negated: false, any_case: false }),
    ("not like", Phrase::Like { negated: true, any_case: false }),
    ("ilike", Phrase::Like { negated: false, any_case: true }),
    ("not ilike", Phrase::Like { negated: true, any_case: true }),
];

/// The longest phrase that these words begin with, and how many words it has.
pub(super) fn longest(words: &[String]) -> Option<(Phrase, usize)> {
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let fits = |phrase: &str| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        let mut pairs = parts.iter().zip(words.iter().zip(&lower));
        (parts.len() <= lower.len() && pairs.all(|(part, (word, lower))| part == word || part == lower))
            .then_some(parts.len())
    };
    let found = PHRASES.iter().filter_map(|(text, phrase)| Some((*phrase, fits(text)?)));
    found.max_by_key(|(_, count)| *count)
}

/// Operators of other languages that no name has in capitals among words in lower case.
const OPERATORS: [&str; 10] = [
    "LIKE",
    "ILIKE",
    "RLIKE",
    "REGEXP",
    "XOR",
    "CONTAINS",
    "ICONTAINS",
    "CONTAINSWORD",
    "STARTSWITH",
    "ENDSWITH",
];

/// `Name LIKE Pattern`, `Score DIV 2`, `Score or 0`. Names that are all in capitals have such words in any place, and
/// `Last MOD Date` has one before a word.
fn has_operator(words: &[String]) -> bool {
    let has_lower_case = words.iter().any(|word| word.contains(char::is_lowercase));
    let is_number = |word: &String| word.parse::<f64>().is_ok();
    let inner = words.len().saturating_sub(1).max(1);
    let capitals = words[1..inner].iter().any(|word| OPERATORS.contains(&word.as_str()));
    if words[1..inner].iter().any(|word| matches!(word.as_str(), "xor" | "XOR")) {
        return true;
    }
    let before_last = match words {
        [.., left, operator, right] => match operator.as_str() {
            "DIV" | "MOD" => is_number(right),
            "or" => right == "0" && !is_number(left),
            _ => false,
        },
        _ => false,
    };
    has_lower_case && (capitals || before_last)
}

/// Whether words that could be one name are an expression beyond doubt: a test such as `IS NULL` at the end, a
/// comparison in three words or more with a number, an operator in capitals, or `not` at the beginning.
pub(super) fn is_expression(words: &[String]) -> bool {
    if has_operator(words) {
        return true;
    }
    let has = |word: &str| words.iter().skip(1).any(|one| one == word);
    let is_statement = match words[0].as_str() {
        "not" => words.len() > 1,
        "CASE" => has("WHEN"),
        "case" => has("when") && has("then"),
        "return" => is_returned(&words[1..]),
        "RETURN" => words.get(1).is_some_and(|word| word.contains(char::is_lowercase)),
        "SELECT" => has("FROM"),
        "IF" => has("THEN"),
        _ => has("if") && has("else"),
    };
    if is_statement {
        return true;
    }
    // The words of a name such as `Domain Is Set` begin with capital letters, and go on in small ones.
    let is_phrase = |word: &str| !word.contains(char::is_uppercase) || !word.contains(char::is_lowercase);
    (1..words.len()).any(|at| match longest(&words[at..]).filter(|_| is_phrase(&words[at])) {
        Some((phrase, count)) if phrase.is_test() => {
            let next = words.get(at + count).map(String::as_str);
            count > 1 && matches!(next, None | Some("and" | "or"))
        }
        Some((Phrase::Operator(op), count)) => {
            let is_equality = matches!(op, Op::Equal | Op::NotEqual);
            let is_number = |word: &String| word.parse::<f64>().is_ok();
            match &words[at + count..] {
                [value] if is_number(value) => count > 2 || COMPARING.contains(&words[at].as_str()),
                [value] => is_equality && words[at] == "is" && is_value_of(&words[at - 1], value),
                [number, unit, last] => is_number(number) && is_unit(unit) && last == "ago",
                _ => false,
            }
        }
        Some((Phrase::Within { .. }, count)) => {
            matches!(&words[at + count..], [number, unit] if number.parse::<f64>().is_ok() && is_unit(unit))
        }
        Some((Phrase::Between { .. }, count)) => {
            let rest = &words[at + count..];
            rest.len() == 3 && rest[1] == "and" && rest[2].parse::<f64>().is_ok()
        }
        _ => false,
    })
}

/// Words that compare and that no name has before a number.
const COMPARING: [&str; 9] = ["is", "IS", "eq", "ne", "gt", "gte", "lt", "lte", "equals"];

/// What has a few values that are named in a word.
const CATEGORIES: [&str; 24] = [
    "Country",
    "State",
    "Region",
    "City",
    "Industry",
    "Segment",
    "Tier",
    "Stage",
    "Status",
    "Type",
    "Plan",
    "Source",
    "Department",
    "Seniority",
    "Category",
    "Level",
    "Size",
    "Title",
    "Role",
    "Priority",
    "Currency",
    "Language",
    "Owner",
    "Grade",
];

/// Whether `Country is US` is a comparison; `Email is Valid` can be the name of a column of TRUE and FALSE.
fn is_value_of(subject: &str, value: &str) -> bool {
    let is_code = value.len() > 1 && value.chars().all(char::is_uppercase);
    let is_name = value.starts_with(char::is_uppercase);
    let subject = subject.to_lowercase();
    is_code || (is_name && CATEGORIES.iter().any(|one| one.to_lowercase() == subject))
}

/// The right side of `Country is US`, which is a text unless a column has that name.
pub(super) fn value_of(left: &Expr, right: Expr, names: &[String]) -> Expr {
    match (left, right) {
        (Expr::Atom(subject), Expr::Atom(value))
            if !names.contains(&value)
                && is_value_of(subject.rsplit(' ').next().unwrap_or(subject), &value)
                && !matches!(value.as_str(), "TRUE" | "FALSE") =>
        {
            Expr::Text(value)
        }
        (_, right) => right,
    }
}

fn is_unit(word: &str) -> bool {
    super::dates::unit_of(&Expr::Atom(word.to_owned())).is_some()
}

/// Whether the words after `return` are the name of a column. `return rate` and `return URL` can be columns.
fn is_returned(words: &[String]) -> bool {
    let in_title_case = |word: &String| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
    };
    words.first().is_some_and(in_title_case)
}

impl Phrase {
    /// Whether nothing follows it.
    pub(super) fn is_test(self) -> bool {
        matches!(self, Self::Test(_) | Self::Truth(_))
    }

    /// How tightly it binds.
    pub(super) fn level(self) -> u8 {
        match self {
            Self::Operator(op) => op.level(),
            Self::Xor => Op::Or.level(),
            _ => 4,
        }
    }
}

/// `Job Title SIMILAR TO '%(VP|Head)%'` as a regular expression, which SIMILAR TO matches with the whole text.
pub(super) fn similar(value: Expr, wanted: &Expr) -> Option<Expr> {
    let Expr::Text(pattern) = wanted else { return None };
    if pattern.contains('\\') {
        return None;
    }
    let core = pattern.trim_matches('%');
    let (starts, ends) = (pattern.starts_with('%'), pattern.ends_with('%'));
    let mut body = String::new();
    for next in core.chars() {
        match next {
            '%' => body.push_str(".*"),
            '_' => body.push('.'),
            '.' | '^' | '$' => body.extend(['\\', next]),
            other => body.push(other),
        }
    }
    let body = match (starts, ends) {
        (true, true) => body,
        (false, true) => format!("^(?:{body})"),
        (true, false) => format!("(?:{body})$"),
        (false, false) => format!("^(?:{body})$"),
    };
    Some(Expr::call("REGEXMATCH", vec![value, Expr::Text(body)]))
}
