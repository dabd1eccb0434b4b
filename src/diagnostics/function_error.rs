//! Functions that a rule file defines and calls.

use crate::span::Span;
use miette::LabeledSpan;

/// A function that can't be defined as it is written, or a call that does not fit it.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum FunctionError {
    /// `DECAYED(points Number) := points`
    #[error("invalid function definition")]
    #[diagnostic(
        code(clay::invalid_function),
        help("write `NAME(parameter: Number, other = 5) := FORMULA`; types and defaults are optional")
    )]
    InvalidFunction {
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
    },
    /// `LEN(text) := 5`
    #[error("`{name}` is already a function of clayf")]
    #[diagnostic(code(clay::builtin_redefined), help("give it another name: `MY_{name}`"))]
    BuiltinRedefined {
        name: String,
        #[label("this name is taken")]
        at: Span,
    },
    /// Two functions of one name, or two parameters of one function.
    #[error("the {what} `{name}` is defined twice")]
    #[diagnostic(code(clay::duplicate_function), help("rename one of them"))]
    DuplicateFunction {
        what: &'static str,
        name: String,
        #[label("first here")]
        first: Span,
        #[label("and again here")]
        second: Span,
    },
    /// `DECAYED(step = 5, points) := points - step`
    #[error("`{name}` needs a default, because a parameter before it has one")]
    #[diagnostic(
        code(clay::required_after_optional),
        help("give it a default, as in `{name} = 0`, or put it before the parameters that have one")
    )]
    RequiredAfterOptional {
        name: String,
        #[label("has no default")]
        at: Span,
    },
    /// `A(x) := B(x)` and `B(x) := A(x)`
    #[error("{message}")]
    #[diagnostic(
        code(clay::function_cycle),
        help("compute each item of a list with MAP or FILTER instead of calling the function again")
    )]
    FunctionCycle {
        message: String,
        #[label(collection)]
        arrows: Vec<LabeledSpan>,
    },
    /// `FIT() := Employee Count > 10`
    #[error("function {function} can't read `{name}`")]
    #[diagnostic(code(clay::column_in_function), help("{help}"))]
    ColumnInFunction {
        function: String,
        name: String,
        #[label("functions see only their parameters and other functions")]
        at: Span,
        help: String,
    },
    /// `DECAYED(20)`
    #[error("{function} takes {wanted}, and {found}")]
    #[diagnostic(code(clay::argument_count), help("the definition is `{signature}`"))]
    ArgumentCount {
        function: String,
        wanted: String,
        found: String,
        #[label("{problem}")]
        at: Span,
        problem: String,
        signature: String,
    },
    /// `DOUBLED("many")`, where `DOUBLED(x) := x * 2`
    #[error("this call of {function} can't be right: {problem}")]
    #[diagnostic(
        code(clay::argument_mismatch),
        help("change the argument, or declare the parameter's type to have it checked here")
    )]
    ArgumentMismatch {
        function: String,
        problem: String,
        #[label("called here")]
        call: Span,
        #[label("{why}")]
        at: Span,
        why: String,
    },
    /// Functions that call functions that call functions, each many times.
    #[error("the calls of functions expand to more than {limit} expressions")]
    #[diagnostic(
        code(clay::functions_too_large),
        help("compute what several calls share once, in a column of its own or with LET")
    )]
    FunctionsTooLarge {
        limit: usize,
        #[label("the limit is reached here")]
        at: Span,
    },
}
