//! Formulas that run, but probably not as their author meant.

use crate::span::Span;

/// Something worth a second look; the file still runs.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum Lint {
    /// `a AND b OR c`
    #[error("AND and OR are mixed without parentheses")]
    #[diagnostic(code(clay::mixed_and_or), severity(Warning), help("AND binds tighter; say so: `{instead}`"))]
    MixedAndOr {
        instead: String,
        #[label("this AND")]
        and: Span,
        #[label("stands beside this OR")]
        or: Span,
    },
    /// `Deal # > 3`
    #[error("`{opener}` comments out the rest of this line")]
    #[diagnostic(code(clay::glued_comment), severity(Warning), help("{help}"))]
    GluedComment {
        opener: &'static str,
        help: String,
        #[label("not read")]
        at: Span,
    },
    /// `LET(size, 30, sise + 1)`
    #[error("`{name}` is read as a column")]
    #[diagnostic(code(clay::near_name), severity(Warning), help("did you mean {what} `{near}`?"))]
    NearName {
        name: String,
        near: String,
        what: &'static str,
        #[label("a column of the row, by this name")]
        at: Span,
    },
    /// `Routing.teir` beside `let Routing := {tier: 1}`
    #[error("{record} has no member `{name}`")]
    #[diagnostic(code(clay::unknown_member), severity(Warning), help("{help}"))]
    UnknownMember {
        record: String,
        name: String,
        #[label("always Blank")]
        at: Span,
        help: String,
    },
    /// `Prices["UK"]` beside `data Prices = {US: 100, DE: 90}`
    #[error("no row of `{data}` has the key {key}")]
    #[diagnostic(code(clay::missing_key), severity(Warning), help("{help}"))]
    MissingKey {
        data: String,
        key: String,
        #[label("always Blank")]
        at: Span,
        help: String,
    },
    /// `Points[Industry].points * 2` beside a cell `ten`
    #[error("`{name}` {problem}")]
    #[diagnostic(
        code(clay::mixed_column),
        severity(Warning),
        help("correct the cell; to have every cell checked, declare `({name}: Number)` after the data")
    )]
    MixedColumn {
        name: String,
        problem: String,
        #[label("#VALUE! for that row")]
        at: Span,
    },
    /// `input Large: Boolean = Revenue > 5` beside `input Revenue: Number = PARSENUMBER(annual_revenue)`
    #[error("`{name}` is a key of the row here, not the input of that name")]
    #[diagnostic(
        code(clay::input_as_key),
        severity(Warning),
        help("formulas of inputs read keys of the row; for the value of the input, write `{instead}`")
    )]
    InputAsKey {
        name: String,
        instead: String,
        #[label("the row's own `{name}`")]
        at: Span,
    },
    /// `Created > 2026-01-31`
    #[error("`{written}` is a subtraction")]
    #[diagnostic(
        code(clay::unquoted_date),
        severity(Warning),
        help("a date is written as text: `\"{written}\"`")
    )]
    UnquotedDate {
        written: String,
        #[label("evaluates to {result}")]
        at: Span,
        result: String,
    },
    /// `[Employee Count] > 50`
    #[error("`[{name}]` is a list of one value, and lists have no order")]
    #[diagnostic(
        code(clay::bracketed_name),
        severity(Warning),
        help("a column's name stands without brackets: `{name}`")
    )]
    BracketedName {
        name: String,
        #[label("this comparison is always FALSE")]
        at: Span,
    },
    /// `Score = IF(a, 1, 2)`
    #[error("this compares `{name}` and names no column")]
    #[diagnostic(code(clay::comparison_as_name), severity(Warning), help("{help}"))]
    ComparisonAsName {
        name: String,
        help: String,
        #[label("`=` compares")]
        at: Span,
    },
    /// `Work Email is not empty`
    #[error("`{name}` is read as the name of one column")]
    #[diagnostic(code(clay::sentence_as_name), severity(Warning), help("write `{instead}`"))]
    SentenceAsName {
        name: String,
        instead: String,
        #[label("words without an operator between them are one name")]
        at: Span,
    },
    /// `# examples: {"Page Views": 5} => 10`
    #[error("this comment looks like an example and is not one")]
    #[diagnostic(code(clay::unread_example), severity(Warning), help("write `{instead}`"))]
    UnreadExample {
        #[label("not run as a test")]
        at: Span,
        instead: String,
    },
    /// `# Columns: Fit Score` above a formula without a name
    #[error("this comment looks like a header and names no column")]
    #[diagnostic(code(clay::unread_header), severity(Warning), help("{help}"))]
    UnreadHeader {
        #[label("{why}")]
        at: Span,
        why: &'static str,
        help: String,
    },
    /// `# allways: ICP Score >= 15`
    #[error("this comment looks like a property and is not read as one")]
    #[diagnostic(code(clay::unread_property), severity(Warning), help("write `{instead}`"))]
    UnreadProperty {
        #[label("not checked")]
        at: Span,
        instead: String,
    },
    /// `let Base Points := 20` where nothing reads `Base Points`
    #[error("the {kind} `{name}` is not used")]
    #[diagnostic(code(clay::unused_let), severity(Warning), help("remove it, or {instead}"))]
    UnusedLet {
        kind: &'static str,
        name: String,
        #[label("no column reads it, and it is not written out")]
        at: Span,
        instead: String,
    },
    /// `use "shared.clay"` where nothing of that file is read or called
    #[error("nothing of {file} is used")]
    #[diagnostic(code(clay::unused_use), severity(Warning), help("remove the line"))]
    UnusedUse {
        file: String,
        #[label("no formula reads or calls what it defines")]
        at: Span,
    },
    /// A file of `let Base Points := 20` alone
    #[error("this file has only private columns, so it writes nothing out")]
    #[diagnostic(code(clay::nothing_written), severity(Warning), help("{help}"))]
    NothingWritten {
        #[label("private, as all columns of the file")]
        at: Span,
        help: String,
    },
    /// `var Tier := 5`
    #[error("this names the column `{name}`")]
    #[diagnostic(code(clay::keyword_in_name), severity(Warning), help("{help}"))]
    KeywordInName {
        name: String,
        keyword: String,
        #[label("`{keyword}` is part of the name")]
        at: Span,
        help: String,
    },
}
