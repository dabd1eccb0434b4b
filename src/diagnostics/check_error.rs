//! Formulas that parse and still can't be right.

use crate::span::Span;
use miette::LabeledSpan;

/// A formula whose meaning is in doubt before any row is read.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum CheckError {
    /// A name that is neither a column nor a `LET` name, while inputs are declared or rows are at hand.
    #[error("unknown column `{name}`")]
    #[diagnostic(code(clay::unknown_column))]
    UnknownColumn {
        name: String,
        #[label("{why}")]
        at: Span,
        why: String,
        #[help]
        help: Option<String>,
    },
    /// `CONTANS(a, "b")`
    #[error("unknown function `{name}`")]
    #[diagnostic(code(clay::unknown_function))]
    UnknownFunction {
        name: String,
        #[label("no function has this name")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `RAND() < 0.1`
    #[error("there is no `{name}`, because results must be reproducible")]
    #[diagnostic(
        code(clay::random_function),
        help("to divide rows into groups, compute with a number of the row, as in `MOD(ID, 10) = 0`")
    )]
    RandomFunction {
        name: String,
        #[label("the same row would have another result in each run")]
        at: Span,
    },
    /// `CONTAINS(Job Title)`
    #[error("{function} needs {wanted}, and {found}")]
    #[diagnostic(code(clay::missing_argument), help("{signature}"))]
    MissingArgument {
        function: &'static str,
        wanted: String,
        found: String,
        #[label("`{parameter}` is missing: {doc}")]
        at: Span,
        parameter: &'static str,
        doc: &'static str,
        signature: String,
    },
    /// `LEN("a", "b")`
    #[error("{function} takes {wanted}, and {found}")]
    #[diagnostic(code(clay::too_many_arguments), help("{signature}"))]
    TooManyArguments {
        function: &'static str,
        wanted: String,
        found: String,
        #[label("this one is too many")]
        at: Span,
        signature: String,
    },
    /// `IFS(a, 1, b)`
    #[error("{function} takes its arguments in pairs, and the last has no partner")]
    #[diagnostic(code(clay::unpaired_argument), help("{signature}"))]
    UnpairedArgument {
        function: &'static str,
        #[label("{missing}")]
        at: Span,
        missing: &'static str,
        signature: String,
    },
    /// `LET(size, 30)`
    #[error("LET takes pairs of a name and a value, and then a result")]
    #[diagnostic(code(clay::let_without_result), help("{help}"))]
    LetWithoutResult {
        #[label("{count}: the last pair has no result behind it")]
        at: Span,
        count: String,
        help: String,
    },
    /// `LET("size", 30, size)`
    #[error("LET gives names, and this is not one")]
    #[diagnostic(
        code(clay::let_needs_name),
        help("write a bare name, such as `size`, then its value, then the result")
    )]
    LetNeedsName {
        #[label("a name belongs here")]
        at: Span,
    },
    /// `{a: 1, a: 2}`
    #[error("`{name}` is written twice in one record")]
    #[diagnostic(code(clay::repeated_member), help("remove one of the two, or give it another name"))]
    RepeatedMember {
        name: String,
        #[label("written here")]
        first: Span,
        #[label("and here again")]
        second: Span,
    },
    /// `{Deal: Size}` beside `input {{Deal: Size}}: Number`
    #[error("single braces with a colon are a record, not the column `{name}`")]
    #[diagnostic(code(clay::record_for_name), help("write `{{{{{name}}}}}`"))]
    RecordForName {
        name: String,
        #[label("a record with one member")]
        at: Span,
    },
    /// `ROUND("many", 2)`
    #[error("{found} can't be read as {wanted}")]
    #[diagnostic(code(clay::type_mismatch))]
    TypeMismatch {
        wanted: String,
        found: String,
        #[label("this is {found}")]
        at: Span,
        #[label("{context}")]
        place: Option<Span>,
        context: String,
        #[help]
        help: Option<String>,
    },
    /// `REGEXMATCH(Job Title, "(?=x)")`
    #[error("{function} can't use this {what}: {problem}")]
    #[diagnostic(code(clay::invalid_argument))]
    InvalidArgument {
        function: &'static str,
        what: &'static str,
        problem: String,
        #[label("here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `input Founded: Date "0.00"`
    #[error("invalid date format: {problem}")]
    #[diagnostic(code(clay::invalid_date_format))]
    InvalidDateFormat {
        problem: String,
        #[label("here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `ANY(Tags, "t", TRUE)`
    #[error("{function} needs a name for each item here")]
    #[diagnostic(code(clay::name_needed), help("write a bare name and use it in what follows: `{example}`"))]
    NameNeeded {
        function: &'static str,
        example: String,
        #[label("not a bare name")]
        at: Span,
    },
    /// `ANY(t, Tags, t = "webinar")`
    #[error("{function} takes the list first, and then the name of its items")]
    #[diagnostic(code(clay::item_name_first), help("swap them: `{instead}`"))]
    ItemNameFirst {
        function: &'static str,
        #[label("these are in the wrong order")]
        at: Span,
        instead: String,
    },
    /// `BUCKET(n, 200, "b", 50, "a", "c")`
    #[error("the thresholds of {function} have to rise")]
    #[diagnostic(code(clay::thresholds_out_of_order), help("put the smallest threshold first"))]
    ThresholdsOutOfOrder {
        function: &'static str,
        #[label("this threshold")]
        first: Span,
        #[label("is not below this one")]
        second: Span,
    },
    /// `Industry > 5` and `Industry = "Software"`
    #[error("column `{name}` is used as {first_type} and as {second_type}")]
    #[diagnostic(code(clay::conflicting_uses), help("{help}"))]
    ConflictingUses {
        name: String,
        first_type: String,
        second_type: String,
        #[label("{first_why}")]
        first: Span,
        first_why: String,
        #[label("{second_why}")]
        second: Span,
        second_why: String,
        help: String,
    },
    /// `A := B` and `B := A`
    #[error("{message}")]
    #[diagnostic(code(clay::column_cycle), help("{help}"))]
    ColumnCycle {
        message: String,
        #[label(collection)]
        arrows: Vec<LabeledSpan>,
        help: String,
    },
    /// Two columns of one name.
    #[error("the name `{name}` is given twice")]
    #[diagnostic(code(clay::duplicate_column), help("give one of them another name"))]
    DuplicateColumn {
        name: String,
        #[label("first here")]
        first: Span,
        #[label("and again here")]
        second: Span,
    },
}
