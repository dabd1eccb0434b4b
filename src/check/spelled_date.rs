//! Dates in other spellings than ISO 8601, and how they are written here.

/// A date, or a span of time, in a spelling that is not read as a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpelledDate {
    /// `01/15/2026`: the day as ISO 8601, and the other reading where the order of day and month is in doubt.
    Day { iso: String, other: Option<String> },
    /// `2025-06-31`, with the reason and the nearest day.
    NoSuchDay { why: String, nearest: String },
    /// `2026-01`, `Q1 2026`: the first and the last day.
    Period { first: String, last: String },
    /// `yesterday`, `30 days ago`: the formula.
    Relative(String),
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl SpelledDate {
    /// Reads a text that is not an ISO 8601 date.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 40 || !text.is_ascii() {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        relative(&lower).or_else(|| named(&lower)).or_else(|| quarter(&lower)).or_else(|| numeric(text))
    }

    /// What to write, for a text that is compared or passed.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Day { iso, other: None } => format!("write `\"{iso}\"`"),
            Self::Day { iso, other: Some(other) } => {
                format!("write `\"{iso}\"`, or `\"{other}\"` if the day is first")
            }
            Self::NoSuchDay { nearest, .. } => format!("write `\"{nearest}\"`"),
            Self::Period { first, last } => {
                format!("write `\"{first}\"`, its first day, or `\"{last}\"`, its last")
            }
            Self::Relative(formula) => format!("write `{formula}`"),
        }
    }

    /// Why it is not read as a date.
    pub(crate) fn problem(&self) -> String {
        match self {
            Self::Day { .. } => {
                "a date is written year-month-day, with two digits for month and day".to_owned()
            }
            Self::NoSuchDay { why, .. } => why.clone(),
            Self::Period { .. } => "a period, not a date".to_owned(),
            Self::Relative(_) => "words are not read as dates".to_owned(),
        }
    }
}

/// `yesterday`, `30 days ago`
fn relative(lower: &str) -> Option<SpelledDate> {
    let formula = match lower {
        "today" | "now" | "current date" | "today()" => "TODAY()".to_owned(),
        "now()" => "NOW()".to_owned(),
        "yesterday" => "TODAY() - 1".to_owned(),
        "tomorrow" => "TODAY() + 1".to_owned(),
        "last week" => "TODAY() - 7".to_owned(),
        "last month" => "DATEADD(TODAY(), -1, \"months\")".to_owned(),
        "last year" => "DATEADD(TODAY(), -1, \"years\")".to_owned(),
        _ => counted(lower)?,
    };
    Some(SpelledDate::Relative(formula))
}

/// `30 days ago`, `last 30 days`, `in 2 weeks`, `-30d`
fn counted(lower: &str) -> Option<String> {
    let (body, ahead) = if let Some(body) = lower.strip_suffix(" ago") {
        (body, false)
    } else if let Some(body) = ["last ", "past ", "-"].iter().find_map(|start| lower.strip_prefix(start)) {
        (body, false)
    } else {
        (lower.strip_prefix("in ").or_else(|| lower.strip_prefix("next "))?, true)
    };
    let body = body.trim();
    let end = body.find(|next: char| !next.is_ascii_digit()).unwrap_or(body.len());
    let count: u32 = body[..end].parse().ok()?;
    let sign = if ahead { '+' } else { '-' };
    match body[end..].trim().trim_end_matches('s') {
        "day" | "d" => Some(format!("TODAY() {sign} {count}")),
        "week" | "w" => Some(format!("TODAY() {sign} {}", u64::from(count) * 7)),
        unit @ ("month" | "year") => {
            let minus = if ahead { "" } else { "-" };
            Some(format!("DATEADD(TODAY(), {minus}{count}, \"{unit}s\")"))
        }
        _ => None,
    }
}

/// `Jan 1, 2026`, `1 January 2026`, `Jan 2026`
fn named(lower: &str) -> Option<SpelledDate> {
    let parts: Vec<&str> = lower.split([' ', ',', '-', '/', '.']).filter(|part| !part.is_empty()).collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let is_month = |part: &&str| part.len() >= 3 && MONTHS.iter().any(|month| month.starts_with(*part));
    let at = parts.iter().position(|part| is_month(part) || *part == "sept")?;
    let month = MONTHS.iter().position(|month| month.starts_with(&parts[at][..3]))? as u32 + 1;
    let others: Vec<u32> = parts
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != at)
        .map(|(_, part)| part.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']).parse().ok())
        .collect::<Option<_>>()?;
    match others.as_slice() {
        [year] if is_year(*year) => Some(period(*year, month, month)),
        [day, year] | [year, day] if is_year(*year) && *day <= 31 => Some(day_of(*year, month, *day, None)),
        _ => None,
    }
}

/// `Q1 2026`, `2026-Q1`
fn quarter(lower: &str) -> Option<SpelledDate> {
    let parts: Vec<&str> = lower.split([' ', '-', '/']).filter(|part| !part.is_empty()).collect();
    let [one, two] = parts.as_slice() else { return None };
    let (quarter, year) = if one.starts_with('q') { (one, two) } else { (two, one) };
    let quarter: u32 = quarter.strip_prefix('q')?.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
    let year: u32 = year.parse().ok().filter(|year| is_year(*year))?;
    Some(period(year, quarter * 3 - 2, quarter * 3))
}

/// `01/15/2026`, `15.01.2026`, `2026-1-15`, `20260115`, `2026-01`
fn numeric(text: &str) -> Option<SpelledDate> {
    let (date, _) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let separator = date.chars().find(|next| matches!(next, '/' | '.' | '-'));
    let Some(separator) = separator else { return compact(text) };
    let parts: Vec<&str> = date.split(separator).collect();
    let numbers: Vec<u32> = parts
        .iter()
        .map(|part| part.parse().ok().filter(|_| part.len() <= 4 && !part.starts_with('+')))
        .collect::<Option<_>>()?;
    match numbers.as_slice() {
        [year, month] if is_year(*year) && separator == '-' && (1..=12).contains(month) => {
            Some(period(*year, *month, *month))
        }
        [month, year] if is_year(*year) && separator == '/' && (1..=12).contains(month) => {
            Some(period(*year, *month, *month))
        }
        [year, month, day] if is_year(*year) => {
            let is_iso = separator == '-' && parts[1].len() == 2 && parts[2].len() == 2;
            let found = day_of(*year, *month, *day, None);
            (!is_iso || matches!(found, SpelledDate::NoSuchDay { .. })).then_some(found)
        }
        [one, two, year] => {
            let short = parts[2].len() == 2 && separator != '-';
            let year = if short { *year + 2000 } else { *year };
            is_year(year).then(|| day_first_or_month_first(year, *one, *two, separator))
        }
        _ => None,
    }
}

fn compact(text: &str) -> Option<SpelledDate> {
    let is_compact = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let is_date =
        is_compact && is_year(year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    is_date.then(|| day_of(year, month, day, None))
}

fn day_first_or_month_first(year: u32, one: u32, two: u32, separator: char) -> SpelledDate {
    let day_first = one > 12 || (separator == '.' && two <= 12);
    let (month, day) = if day_first { (two, one) } else { (one, two) };
    let is_in_doubt = one <= 12 && two <= 12 && one != two && separator != '.';
    day_of(year, month, day, is_in_doubt.then(|| iso(year, day, month)))
}

fn day_of(year: u32, month: u32, day: u32, other: Option<String>) -> SpelledDate {
    if !(1..=12).contains(&month) {
        let why = format!("there is no month {month}");
        let nearest = if (1..=12).contains(&day) { iso(year, day, month.min(28)) } else { iso(year, 12, 31) };
        return SpelledDate::NoSuchDay { why, nearest };
    }
    let last = days_in(year, month);
    if !(1..=last).contains(&day) {
        let mut name = MONTHS[month as usize - 1].to_owned();
        name[..1].make_ascii_uppercase();
        let why = format!("there is no such date: {name} {year} has {last} days");
        return SpelledDate::NoSuchDay { why, nearest: iso(year, month, day.clamp(1, last)) };
    }
    SpelledDate::Day { iso: iso(year, month, day), other }
}

fn period(year: u32, first: u32, last: u32) -> SpelledDate {
    SpelledDate::Period { first: iso(year, first, 1), last: iso(year, last, days_in(year, last)) }
}

fn iso(year: u32, month: u32, day: u32) -> String {
    format!("{year}-{month:02}-{day:02}")
}

fn is_year(year: u32) -> bool {
    (1900..=2100).contains(&year)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::SpelledDate;

    #[test]
    fn other_spellings_are_read() {
        let cases = [
            ("01/15/2026", "write `\"2026-01-15\"`"),
            ("1/15/26", "write `\"2026-01-15\"`"),
            ("15.01.2026", "write `\"2026-01-15\"`"),
            ("1.2.2026", "write `\"2026-02-01\"`"),
            ("2026-1-1", "write `\"2026-01-01\"`"),
            ("2026/01/15", "write `\"2026-01-15\"`"),
            ("20260115", "write `\"2026-01-15\"`"),
            ("Jan 1, 2026", "write `\"2026-01-01\"`"),
            ("1st January 2026", "write `\"2026-01-01\"`"),
            ("1-Jan-2026", "write `\"2026-01-01\"`"),
            ("01/02/2026", "write `\"2026-01-02\"`, or `\"2026-02-01\"` if the day is first"),
            ("2025-06-31", "write `\"2025-06-30\"`"),
            ("2025-13-01", "write `\"2025-01-13\"`"),
            ("Q1 2026", "write `\"2026-01-01\"`, its first day, or `\"2026-03-31\"`, its last"),
            ("2026-02", "write `\"2026-02-01\"`, its first day, or `\"2026-02-28\"`, its last"),
            ("yesterday", "write `TODAY() - 1`"),
            ("30 days ago", "write `TODAY() - 30`"),
            ("last 2 weeks", "write `TODAY() - 14`"),
            ("6 months ago", "write `DATEADD(TODAY(), -6, \"months\")`"),
        ];
        for (text, help) in cases {
            assert_eq!(SpelledDate::read(text).map(|found| found.help()).as_deref(), Some(help), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_dates() {
        let texts = [
            "1/2",
            "2026-01-15",
            "51-200",
            "3.5",
            "VP",
            "1.2.3",
            "10.0.0.1",
            "May",
            "12345678",
            "192.168.1",
            "24/7",
            "",
        ];
        for text in texts {
            assert_eq!(SpelledDate::read(text), None, "{text}");
        }
    }
}
