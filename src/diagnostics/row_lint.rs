//! What a comparison of a rule with real rows shows.

use crate::span::Span;

/// A part of a rule that does not fit the rows it was compared with.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum RowLint {
    /// `CONTAINS(Industry, "SaaS")` over rows that have only `Saas`
    #[error("{what} in none of {rows}{instead}")]
    #[diagnostic(code(clay::never_matches), severity(Warning))]
    NeverMatches {
        what: String,
        rows: String,
        instead: String,
        #[label("matches no row")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Annual Revenue > 1000000` over rows that have `$12.5M`
    #[error("`{name}` is text that is not read as a number in {rows}: {values}")]
    #[diagnostic(code(clay::money_text), severity(Warning))]
    MoneyText {
        name: String,
        rows: String,
        values: String,
        #[label("a number is expected here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Company Size > 50` over rows that have `51-200`
    #[error("`{name}` is a range, which is not read as a number, in {rows}: {values}")]
    #[diagnostic(code(clay::range_text), severity(Warning))]
    RangeText {
        name: String,
        rows: String,
        values: String,
        #[label("one number is expected here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `IF(Demo Requested, 40, 0)` over rows that have `Yes`
    #[error("`{name}` is text that is neither TRUE nor FALSE in {rows}: {values}")]
    #[diagnostic(code(clay::yes_no_text), severity(Warning))]
    YesNoText {
        name: String,
        rows: String,
        values: String,
        #[label("TRUE or FALSE is expected here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Is Customer = "Yes"` over rows that have `true`
    #[error("`{name}` is TRUE or FALSE in {rows}, and never equals {literal}")]
    #[diagnostic(code(clay::boolean_as_text), severity(Warning))]
    BooleanAsText {
        name: String,
        rows: String,
        literal: String,
        #[label("compared with text")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `DAYSSINCE(Created Date)` over rows that have `01/15/2026`
    #[error("`{name}` is text that is not read as a date in {rows}: {values}")]
    #[diagnostic(code(clay::date_text), severity(Warning))]
    DateText {
        name: String,
        rows: String,
        values: String,
        #[label("a date is expected here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `TODAY() - Created` over rows that have milliseconds since 1970
    #[error("`{name}` is {unit}, not a date, in {rows}: {values}")]
    #[diagnostic(code(clay::date_number), severity(Warning))]
    DateNumber {
        name: String,
        unit: String,
        rows: String,
        values: String,
        #[label("a date is expected here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Created Date = "Jan 2026"` over rows that have `2026-01-15`
    #[error("`{name}` is a date in {rows}, and {literal}")]
    #[diagnostic(code(clay::date_as_text), severity(Warning))]
    DateAsText {
        name: String,
        rows: String,
        literal: String,
        #[label("compared as text")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `DATETIME_PARSE(Created Date, "mm/dd/yy")` over rows that have `01/15/2026`
    #[error("the format {format} does not fit {rows}: {values}")]
    #[diagnostic(code(clay::date_format), severity(Warning))]
    DateFormat {
        format: String,
        rows: String,
        values: String,
        #[label("does not fit")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `HOUR(Created Date)` over rows that have `2026-01-15`
    #[error("`{name}` has no time of day in {rows}, so that {function} returns 0: {values}")]
    #[diagnostic(code(clay::date_without_time), severity(Warning))]
    DateWithoutTime {
        name: String,
        function: String,
        rows: String,
        values: String,
        #[label("a time of day is expected here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Last Activity Date + 30` over rows where the date is empty
    #[error("`{name}` is empty in {rows}, for which the result is {result}")]
    #[diagnostic(code(clay::empty_date), severity(Warning))]
    EmptyDate {
        name: String,
        rows: String,
        result: String,
        #[label("counts as 0 where it is empty")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Open Rate > 20` over rows that have `0.35`
    #[error("`{name}` is {found}, from {lowest} to {highest}, in {rows}")]
    #[diagnostic(code(clay::percent_scale), severity(Warning))]
    PercentScale {
        name: String,
        found: String,
        lowest: String,
        highest: String,
        rows: String,
        problem: String,
        #[label("{problem}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `ISNOTEMPTY(Email)` over rows that have `N/A`
    #[error("`{name}` is a placeholder in {rows}: {values}")]
    #[diagnostic(code(clay::placeholder_text), severity(Warning))]
    PlaceholderText {
        name: String,
        rows: String,
        values: String,
        problem: String,
        #[label("{problem}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `ISBLANK(Website)` over rows that have `""`
    #[error("`{name}` is empty text, which is not Blank, in {rows}")]
    #[diagnostic(code(clay::empty_text), severity(Warning))]
    EmptyText {
        name: String,
        rows: String,
        #[label("FALSE for empty text")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Employee Count < "50"` over rows that have `"180"`
    #[error("`{name}` is a number written as text in {rows}: {values}")]
    #[diagnostic(code(clay::number_as_text), severity(Warning))]
    NumberAsText {
        name: String,
        rows: String,
        values: String,
        problem: String,
        #[label("{problem}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `MOD(Record ID, 10)` over rows that have 17 digits
    #[error("`{name}` has more than 15 digits in {rows}: {values}")]
    #[diagnostic(code(clay::long_number), severity(Warning))]
    LongNumber {
        name: String,
        rows: String,
        values: String,
        #[label("only 15 digits of a number are exact")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Tags = "webinar"` over rows where `Tags` is a list
    #[error("`{name}` is a list in {rows}")]
    #[diagnostic(code(clay::list_as_value), severity(Warning))]
    ListAsValue {
        name: String,
        rows: String,
        problem: String,
        #[label("{problem}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `INCLUDES(Tech, "AWS")` over rows that have `Go; AWS`
    #[error("`{name}` is one text, not a list, in {rows}: {values}")]
    #[diagnostic(code(clay::text_as_list), severity(Warning))]
    TextAsList {
        name: String,
        rows: String,
        values: String,
        #[label("a list is expected here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `SPLIT(Tech, ";")` over rows that have `Go; AWS`
    #[error("{part} with a space: {values}")]
    #[diagnostic(code(clay::spaced_separator), severity(Warning))]
    SpacedSeparator {
        part: String,
        values: String,
        #[label("leaves the space after the separator")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `company.ofices[0]` over rows that have `company.offices`
    #[error("{what}")]
    #[diagnostic(code(clay::unknown_path), severity(Warning))]
    UnknownPath {
        what: String,
        problem: String,
        #[label("{problem}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `TOBOOLEAN(Demo)` over rows that have `maybe`
    #[error("`{name}` is an error in {rows}: {message}")]
    #[diagnostic(code(clay::error_result), severity(Warning))]
    ErrorResult {
        name: String,
        rows: String,
        message: String,
        #[label("an error in these rows")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Company Size > 200` over rows that have `many`
    #[error("`{name}` is used as {wanted}, and is {found} in {rows}{values}")]
    #[diagnostic(code(clay::unexpected_kind), severity(Warning))]
    UnexpectedKind {
        name: String,
        wanted: String,
        found: String,
        rows: String,
        values: String,
        #[label("used as {wanted}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
}
