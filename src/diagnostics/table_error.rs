//! What is wrong with a table file or a provider file.

use crate::span::Span;

/// A table or provider that can't be run.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum TableError {
    /// `columns: [a, b`
    #[error("this is not YAML: {problem}")]
    #[diagnostic(code(clay::invalid_yaml))]
    InvalidYaml {
        problem: String,
        #[label("opened here")]
        opened: Option<Span>,
        why: &'static str,
        #[label("{why}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// YAML that is no table and no provider: nothing at all, nested without end, two documents.
    #[error("{problem}")]
    #[diagnostic(code(clay::unfit_file), help("{help}"))]
    UnfitFile {
        problem: String,
        why: String,
        #[label("{why}")]
        at: Span,
        help: String,
    },
    /// `run_if: !ISEMPTY(domain)`, of which YAML reads nothing.
    #[error("{problem}")]
    #[diagnostic(code(clay::misread_yaml), help("{help}"))]
    MisreadYaml {
        problem: String,
        why: &'static str,
        #[label("{why}")]
        at: Span,
        help: String,
    },
    /// A key that stands twice in one mapping.
    #[error("the key `{key}` is given twice")]
    #[diagnostic(code(clay::duplicate_key), help("keep one of them"))]
    DuplicateKey {
        key: String,
        #[label("first here")]
        first: Span,
        #[label("and again here")]
        second: Span,
    },
    /// `columns: [domain, domain]`
    #[error("{what} `{name}` is listed twice")]
    #[diagnostic(code(clay::listed_twice), help("{help}"))]
    ListedTwice {
        what: &'static str,
        name: String,
        #[label("first here")]
        first: Span,
        #[label("and again here")]
        second: Span,
        help: &'static str,
    },
    /// `run_iff: …`
    #[error("{section} has no key `{key}`")]
    #[diagnostic(code(clay::unknown_key))]
    UnknownKey {
        section: String,
        key: String,
        #[label("not known here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// A step without a provider.
    #[error("{section} needs `{key}`")]
    #[diagnostic(code(clay::missing_key), help("{help}"))]
    MissingKey {
        section: String,
        key: String,
        #[label("`{key}` is missing here")]
        at: Span,
        help: String,
    },
    /// `credits: many`
    #[error("{what} has to be {wanted}, and this is {found}")]
    #[diagnostic(code(clay::unfit_value))]
    UnfitValue {
        what: String,
        wanted: String,
        found: String,
        #[label("this")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `provider: huntr`
    #[error("unknown {what} `{name}`")]
    #[diagnostic(code(clay::unknown_name))]
    UnknownName {
        what: &'static str,
        name: String,
        #[label("{why}")]
        at: Span,
        why: String,
        #[help]
        help: Option<String>,
    },
    /// Two steps that fill one column, or a step that fills a formula's.
    #[error("column `{name}` is filled twice")]
    #[diagnostic(code(clay::filled_twice), help("{help}"))]
    FilledTwice {
        name: String,
        #[label("here")]
        first: Option<Span>,
        #[label("and here")]
        second: Span,
        help: String,
    },
    /// `run_if: Industry & "x"`
    #[error("{what} has to be {wanted}, and this formula gives {found}")]
    #[diagnostic(code(clay::unfit_formula))]
    UnfitFormula {
        what: String,
        wanted: &'static str,
        found: &'static str,
        #[label("gives {found}")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `Hello {{first_name`
    #[error("`{{{{` is not closed")]
    #[diagnostic(
        code(clay::unclosed_reference),
        help("a reference stands between `{{{{` and `}}}}`: `{{{{first_name}}}}`")
    )]
    UnclosedReference {
        #[label("opened here")]
        at: Span,
    },
    /// `{{}}`, `{{#if domain}}`
    #[error("a reference holds no column and no formula")]
    #[diagnostic(
        code(clay::empty_reference),
        help(
            "write one, as in `{{{{first_name}}}}`; what depends on something is a formula: `{{{{IF(ISNOTEMPTY(domain), domain, \"\")}}}}`"
        )
    )]
    EmptyReference {
        #[label("this one")]
        at: Span,
    },
    /// `crm_sync` and `native_crm_action` without `crm:`
    #[error("two sections push to the CRM, and every contact would go twice")]
    #[diagnostic(code(clay::two_crms), help("say which one runs: `crm: {first_name}`"))]
    TwoCrms {
        first_name: String,
        #[label("this one")]
        first: Span,
        #[label("and this one")]
        second: Span,
    },
    /// `rules: scores.clay`, which is not there.
    #[error("can't read {file}: {problem}")]
    #[diagnostic(code(clay::unreadable_file))]
    UnreadableFile {
        file: String,
        problem: String,
        #[label("named here")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `url: http://api.example.com`
    #[error("`{url}` can't be called: {problem}")]
    #[diagnostic(code(clay::unfit_url), help("{help}"))]
    UnfitUrl {
        url: String,
        problem: String,
        #[label("here")]
        at: Span,
        help: String,
    },
}

/// A table that runs, but probably not as meant.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum TableLint {
    /// A paid step that runs for every row.
    #[error("{step} is paid for and has no run condition")]
    #[diagnostic(
        code(clay::unconditional_cost),
        severity(Warning),
        help("say when a row is worth it: `run_if: ISNOTEMPTY(…)`; `run_if: true` if it always is")
    )]
    UnconditionalCost {
        step: String,
        #[label("costs up to {credits} credits a row, for every row")]
        at: Span,
        credits: String,
    },
    /// `domain: NORMDOMAIN(website)`, which is a text and no formula.
    #[error("{what} holds a text where a column or formula seems to be meant")]
    #[diagnostic(
        code(clay::constant_template),
        severity(Warning),
        help("two braces make a reference of it: `\"{{{{{text}}}}}\"`")
    )]
    ConstantTemplate {
        what: String,
        text: String,
        #[label("the same for every row")]
        at: Span,
    },
    /// A condition that reads what the step itself changes.
    #[error("{message}")]
    #[diagnostic(code(clay::gate_loop), severity(Warning), help("{help}"))]
    GateLoop {
        message: String,
        #[label("reads what this step changes")]
        at: Span,
        help: String,
    },
    /// `budget: {row: 5}` under a row that can cost 12.
    #[error("a row can cost {worst} credits, and {what} is {budget}")]
    #[diagnostic(code(clay::cost_above_budget), severity(Warning), help("{help}"))]
    CostAboveBudget {
        worst: String,
        what: String,
        budget: String,
        #[label("less than one row can cost")]
        at: Span,
        help: String,
    },
    /// `recordings: calls.jsonl`, which is not there.
    #[error("the recording {file} is not there, and a run would answer from it")]
    #[diagnostic(
        code(clay::missing_recording),
        severity(Warning),
        help(
            "`clayf run --record FILE` makes one, `--live` calls providers; paths begin at the folder of the table file"
        )
    )]
    MissingRecording {
        file: String,
        #[label("named here")]
        at: Span,
    },
    /// `max_credits: 4` beside `credits: 8`
    #[error("`{first}` and `{second}` of `{what}` don't agree")]
    #[diagnostic(code(clay::disagreement), severity(Warning), help("{help}"))]
    Disagreement {
        first: String,
        second: String,
        what: String,
        #[label("less than any of its providers costs")]
        at: Span,
        help: String,
    },
}
