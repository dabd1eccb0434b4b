//! What follows from the values that each part of a rule can have.

use crate::span::Span;

/// A part of a rule whose possible values show that it can't be what its author meant.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum ValueLint {
    /// `LEN(Job Title) >= 0`
    #[error("this condition is always {result}")]
    #[diagnostic(code(clay::constant_condition), severity(Warning))]
    ConstantCondition {
        result: &'static str,
        #[label("{why}")]
        at: Span,
        why: String,
        #[help]
        help: Option<String>,
    },
    /// `Country = "US" AND Country = "DE"`
    #[error("these conditions are never TRUE at the same time")]
    #[diagnostic(code(clay::contradiction))]
    Contradiction {
        #[label("if this is TRUE")]
        first: Span,
        #[label("this is always FALSE")]
        second: Span,
        #[help]
        help: Option<String>,
    },
    /// `IF(Score > 20, "C", IF(Score > 50, "B", "D"))`
    #[error("this {what} is never reached")]
    #[diagnostic(code(clay::unreachable_branch), severity(Warning))]
    UnreachableBranch {
        what: &'static str,
        #[label("never reached")]
        at: Span,
        #[label("{why}")]
        cause: Option<Span>,
        why: String,
        #[help]
        help: Option<String>,
    },
    /// `Job Title = "CEO" OR Job Title = "CEO"`
    #[error("the same {what} occurs twice")]
    #[diagnostic(code(clay::duplicate_condition), severity(Warning), help("{help}"))]
    DuplicateCondition {
        what: &'static str,
        #[label("first here")]
        first: Span,
        #[label("and again here")]
        second: Span,
        help: String,
    },
    /// `Page Views > 10 OR Page Views > 50`
    #[error("this condition never makes a difference")]
    #[diagnostic(code(clay::redundant_condition), severity(Warning))]
    RedundantCondition {
        #[label("TRUE whenever the other condition is TRUE")]
        first: Span,
        #[label("makes no difference")]
        second: Span,
        #[help]
        help: Option<String>,
    },
    /// `IF(Country = "US", 10, 10)`
    #[error("every branch has the same result, so the condition makes no difference")]
    #[diagnostic(code(clay::same_results), severity(Warning), help("{help}"))]
    SameResults {
        #[label("the result of every branch")]
        at: Span,
        help: String,
    },
    /// `SENIORITY(Job Title) = "C-Level"`
    #[error("{function} never returns {written}")]
    #[diagnostic(code(clay::outside_closed_set), help("{help}"))]
    OutsideClosedSet {
        function: &'static str,
        written: String,
        #[label("never equal to the result of {function}")]
        at: Span,
        help: String,
    },
    /// `INDUSTRY(Industry) = "Sofware"`
    #[error("{written} is not one of the texts that {function} reads")]
    #[diagnostic(code(clay::unlisted_value), severity(Warning), help("did you mean {near}?"))]
    UnlistedValue {
        function: &'static str,
        written: String,
        #[label("only equal in rows with exactly this text")]
        at: Span,
        near: String,
    },
    /// `Revenue / 0`
    #[error("this is an error in every row")]
    #[diagnostic(code(clay::always_error), severity(Warning), help("{help}"))]
    AlwaysError {
        #[label("{why}")]
        at: Span,
        why: &'static str,
        help: &'static str,
    },
    /// `Lead Tier = "Hot"` where the tiers are A to D
    #[error("{subject} is never {written}")]
    #[diagnostic(code(clay::never_equal), severity(Warning), help("{help}"))]
    NeverEqual {
        subject: String,
        written: String,
        #[label("never equal")]
        at: Span,
        help: String,
    },
    /// `IF(Score > 50, "A", IF(Score < 50, "B"))`
    #[error("no branch covers {missing}")]
    #[diagnostic(code(clay::gap_between_branches), severity(Warning), help("{help}"))]
    Gap {
        missing: String,
        #[label("{result}")]
        at: Span,
        result: String,
        help: String,
    },
    /// `IFERROR(Industry, "Unknown")`
    #[error("this is never an error")]
    #[diagnostic(code(clay::never_an_error), severity(Warning), help("{help}"))]
    NeverAnError {
        #[label("never an error")]
        value: Span,
        #[label("never used")]
        fallback: Span,
        help: String,
    },
    /// `MIN(20, Email Opens)`
    #[error("an empty `{input}` earns {points}, and no other value earns more")]
    #[diagnostic(code(clay::blank_earns_most), severity(Warning), help("{help}"))]
    BlankEarnsMost {
        input: String,
        points: String,
        #[label("{points} if `{input}` is empty; {range} otherwise")]
        at: Span,
        range: String,
        help: String,
    },
    /// A rule of many thousand conditions on the same columns
    #[error("this rule is too large to be analyzed completely")]
    #[diagnostic(
        code(clay::analysis_limit),
        severity(Warning),
        help("split the rule into several files, or silence this with `# allow: analysis_limit, REASON`")
    )]
    AnalysisLimit {
        #[label("the limit of {steps} steps was reached in this column; the rest was not analyzed")]
        at: Span,
        steps: usize,
    },
}
