//! Literals that are not what they seem, and arguments in the wrong place.

use crate::span::Span;

/// A literal or argument that is read as something its author did not mean.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum ArgumentLint {
    /// `CONTAINS("VP", Job Title)`
    #[error("the arguments of {function} are in the wrong order")]
    #[diagnostic(code(clay::swapped_arguments), severity(Warning), help("{help}"))]
    SwappedArguments {
        function: &'static str,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
        /// The whole call or comparison.
        whole: Span,
    },
    /// `"Job Title" = "VP"`, `ISNOTEMPTY("{{Phone}}")`
    #[error("`{name}` in quotes is text, not a column")]
    #[diagnostic(code(clay::quoted_reference), severity(Warning), help("{help}"))]
    QuotedReference {
        name: String,
        #[label("the same text for every row")]
        at: Span,
        help: String,
    },
    /// `First Name + " " + Last Name`, `(a > 1) & (b > 2)`
    #[error("{what}")]
    #[diagnostic(code(clay::operator_habit), severity(Warning), help("{help}"))]
    OperatorHabit {
        what: &'static str,
        why: &'static str,
        #[label("{why}")]
        at: Span,
        help: String,
        /// The name that is no habit if the row has a column of that name.
        name: Option<String>,
    },
    /// `MIN(1,000, Page Views)`
    #[error("the comma in `{written}` separates two arguments")]
    #[diagnostic(
        code(clay::comma_in_number),
        severity(Warning),
        help("write numbers without thousands separators, and with a decimal point: `{instead}`")
    )]
    CommaInNumber {
        written: String,
        #[label("read as {parts}")]
        at: Span,
        parts: String,
        instead: String,
    },
    /// `Employees >= 51-200`, `Created At > 1/15/2026`
    #[error("`{written}` is a {operation}")]
    #[diagnostic(code(clay::unquoted_range), severity(Warning), help("{help}"))]
    UnquotedRange {
        written: String,
        operation: &'static str,
        #[label("evaluates to {result}")]
        at: Span,
        result: String,
        help: String,
    },
    /// `VALUE("1.250,50")`
    #[error("{function} does not read {written} as {instead}")]
    #[diagnostic(code(clay::number_spelling), severity(Warning), help("{help}"))]
    NumberSpelling {
        function: &'static str,
        written: String,
        instead: String,
        #[label("`.` is read as the decimal point")]
        at: Span,
        help: String,
    },
    /// `Job Title = "*VP*"`
    #[error("{function} has no wildcards")]
    #[diagnostic(code(clay::wildcard_text), severity(Warning), help("{help}"))]
    WildcardText {
        function: String,
        #[label("matches only a text that contains `{wildcard}` itself")]
        at: Span,
        wildcard: char,
        help: String,
    },
    /// `CONTAINS(Job Title, "VP|Head")`
    #[error("{function} does not read regular expressions")]
    #[diagnostic(code(clay::regex_as_text), severity(Warning), help("{help}"))]
    RegexAsText {
        function: String,
        #[label("searched for exactly as written")]
        at: Span,
        help: String,
    },
    /// `REGEXMATCH(Job Title, "/vp/i")`
    #[error("the slashes are part of this pattern")]
    #[diagnostic(code(clay::regex_delimiters), severity(Warning), help("write `{instead}`"))]
    RegexDelimiters {
        #[label("matches only a text that contains the slashes")]
        at: Span,
        instead: String,
    },
    /// `REGEXMATCH(Job Title, "VP|Head|")`
    #[error("this pattern matches every text, even an empty one")]
    #[diagnostic(code(clay::pattern_matches_all), severity(Warning), help("{help}"))]
    PatternMatchesAll {
        #[label("{why}")]
        at: Span,
        why: &'static str,
        help: String,
    },
    /// `CONTAINS(LOWER(Job Title), "VP")`
    #[error("this text is never found: {function} changes the letter case")]
    #[diagnostic(code(clay::letter_case), severity(Warning), help("{help}"))]
    LetterCase {
        function: &'static str,
        #[label("never in the result of {function}")]
        at: Span,
        help: String,
    },
    /// `Last Activity Date > "01/01/2026"`
    #[error("{written} {problem}")]
    #[diagnostic(code(clay::date_spelling), severity(Warning), help("{help}"))]
    DateSpelling {
        written: String,
        problem: &'static str,
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
    /// `DATE(15, 1, 2026)`
    #[error("DATE takes the year first")]
    #[diagnostic(code(clay::date_order), severity(Warning), help("{help}"))]
    DateOrder {
        #[label("{found} is read as the year")]
        at: Span,
        found: String,
        help: String,
    },
    /// `(NOW() - Created At) / 86400000 < 30`
    #[error("the difference of two dates is in days")]
    #[diagnostic(code(clay::date_unit), severity(Warning), help("{help}"))]
    DateUnit {
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
    /// `Created At = NOW()`
    #[error("{what}")]
    #[diagnostic(code(clay::clock_equality), severity(Warning), help("{help}"))]
    ClockEquality {
        what: &'static str,
        #[label("{why}")]
        at: Span,
        why: &'static str,
        help: String,
    },
    /// `Last Activity Date > TODAY() + 30`
    #[error("`{name}` is compared with a date in the future")]
    #[diagnostic(code(clay::future_date), severity(Warning), help("write `{instead}`"))]
    FutureDate {
        name: String,
        #[label("after today")]
        at: Span,
        instead: String,
    },
    /// `Last Activity Date < NOW`
    #[error("`{name}` is read as a column")]
    #[diagnostic(code(clay::clock_name), severity(Warning), help("write `{instead}`"))]
    ClockName {
        name: String,
        #[label("a function is called with parentheses")]
        at: Span,
        instead: String,
    },
    /// `Annual Revenue > "$1M"`
    #[error("{written} is text, and two texts are compared in alphabetical order")]
    #[diagnostic(code(clay::number_as_text), severity(Warning), help("{help}"))]
    NumberAsText {
        written: String,
        #[label("the quotes make this text")]
        at: Span,
        help: String,
    },
    /// `Fit & Engagement > 45`
    #[error("`&` joins the digits of numbers: 30 and 20 become 3020")]
    #[diagnostic(code(clay::joined_numbers), severity(Warning), help("to add, write `{instead}`"))]
    JoinedNumbers {
        #[label("used as a number")]
        at: Span,
        instead: String,
    },
    /// `Record ID = 1234567890123456`
    #[error("a number keeps 15 digits, and this one has {digits}")]
    #[diagnostic(
        code(clay::long_number),
        severity(Warning),
        help("keep an ID as text, with all of its digits: `{instead}`")
    )]
    LongNumber {
        digits: usize,
        #[label("compared as {rounded}")]
        at: Span,
        rounded: String,
        instead: String,
    },
    /// `Grade > "B"`
    #[error("texts are compared in alphabetical order")]
    #[diagnostic(code(clay::text_order), severity(Warning), help("{help}"))]
    TextOrder {
        #[label("{why}")]
        at: Span,
        why: String,
        help: String,
    },
    /// `CONTAINS(Job Title, "VP, Head, Chief")`
    #[error("this is one text, not {count}")]
    #[diagnostic(code(clay::list_as_text), severity(Warning), help("write `{instead}`"))]
    ListAsText {
        count: usize,
        #[label("{why}")]
        at: Span,
        why: &'static str,
        instead: String,
    },
    /// `AT(Tags, 0)`
    #[error("positions in {function} start at 1")]
    #[diagnostic(code(clay::position_zero), severity(Warning), help("write `{instead}`"))]
    PositionZero {
        function: &'static str,
        #[label("there is no position 0")]
        at: Span,
        instead: String,
    },
    /// `Tags.length > 1`
    #[error("`.{field}` reads a field of this name, and is Blank for a text or list")]
    #[diagnostic(
        code(clay::length_field),
        severity(Warning),
        help("for the items of a list, write `COUNTA({base})`; for the characters of a text, `LEN({base})`")
    )]
    LengthField {
        field: String,
        #[label("not a property")]
        at: Span,
        base: String,
    },
    /// `Fit Score * 60% + Engagement Score * 50%`
    #[error("the weights add up to {sum}%")]
    #[diagnostic(
        code(clay::weights_sum),
        severity(Warning),
        help("change the weights so that they add up to 100%, as in `{instead}`")
    )]
    WeightsSum {
        sum: String,
        #[label("{weights}")]
        at: Span,
        weights: String,
        instead: String,
    },
    /// `ROUND(Clicks / Opens) & "%"`
    #[error("a ratio is shown as a percentage without `* 100`")]
    #[diagnostic(code(clay::ratio_as_percent), severity(Warning), help("write `{instead}`"))]
    RatioAsPercent {
        #[label("0.35, where 35 is meant")]
        at: Span,
        instead: String,
    },
    /// `Email IN ["gmail.com", "yahoo.com"]`
    #[error("the address in `{name}` never equals the domain {domain}")]
    #[diagnostic(code(clay::domain_as_email), severity(Warning), help("{help}"))]
    DomainAsEmail {
        name: String,
        domain: String,
        #[label("a domain, not an address")]
        at: Span,
        help: String,
    },
    /// `LET(size, 30, 40)`, `ANY(Tags, t, TRUE)`, `input Opens: Number` that no formula reads
    #[error("{what} `{name}` is never used")]
    #[diagnostic(code(clay::unused_name), severity(Warning), help("{help}"))]
    UnusedName {
        what: &'static str,
        name: String,
        #[label("not read")]
        at: Span,
        help: String,
    },
    /// `Tier := Score`
    #[error("column `{name}` only repeats column `{other}`")]
    #[diagnostic(code(clay::repeated_column), severity(Warning), help("{help}"))]
    RepeatedColumn {
        name: String,
        other: String,
        #[label("the value of `{other}`, unchanged")]
        at: Span,
        help: String,
    },
}
