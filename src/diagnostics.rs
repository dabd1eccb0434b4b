//! What can be wrong with a rule file, and how it is said: one enum a stage, one variant a mistake.

mod advised;
mod allow_lint;
mod argument_lint;
mod check_error;
mod data_error;
mod decision_error;
mod decision_lint;
mod example_error;
mod function_error;
mod lint;
mod part;
mod property_error;
mod prose;
#[cfg(feature = "cli")]
mod render;
mod row_lint;
mod source;
mod syntax_error;
mod table_error;
mod use_error;
mod value_lint;

pub use advised::Advised;
pub use allow_lint::AllowLint;
pub use argument_lint::ArgumentLint;
pub use check_error::CheckError;
pub use data_error::DataError;
pub use decision_error::DecisionError;
pub use decision_lint::DecisionLint;
pub use example_error::ExampleError;
pub use function_error::FunctionError;
pub use lint::Lint;
pub use part::{InPart, Part};
pub use property_error::PropertyError;
pub(crate) use prose::{Count, did_you_mean, is_unseen, suggest, visible, visible_line};
#[cfg(feature = "cli")]
pub use render::{Look, render};
pub use row_lint::RowLint;
pub(crate) use source::Written;
pub use source::{Position, Source, SourcePart};
pub use syntax_error::SyntaxError;
pub use table_error::{TableError, TableLint};
pub use use_error::UseError;
pub use value_lint::ValueLint;

use std::fmt;

/// The codes of the lints that a rule file shows by itself, without their prefix.
pub const LINTS: &[&str] = &[
    "always_error",
    "analysis_limit",
    "blank_earns_most",
    "bracketed_name",
    "clock_equality",
    "clock_name",
    "comma_in_number",
    "comparison_as_name",
    "constant_condition",
    "contradiction",
    "date_order",
    "date_spelling",
    "date_unit",
    "decision_limit",
    "domain_as_email",
    "duplicate_condition",
    "future_date",
    "gap_between_branches",
    "glued_comment",
    "input_as_key",
    "joined_numbers",
    "keyword_in_name",
    "length_field",
    "letter_case",
    "list_as_text",
    "long_number",
    "missing_key",
    "mixed_and_or",
    "mixed_column",
    "near_name",
    "never_an_error",
    "never_equal",
    "nothing_written",
    "number_as_text",
    "number_spelling",
    "operator_habit",
    "outside_closed_set",
    "pattern_matches_all",
    "position_zero",
    "quoted_reference",
    "ratio_as_percent",
    "redundant_condition",
    "regex_as_text",
    "regex_delimiters",
    "repeated_column",
    "same_results",
    "sentence_as_name",
    "swapped_arguments",
    "text_or_column",
    "text_order",
    "uncovered_case",
    "unknown_allow",
    "unknown_member",
    "unlisted_value",
    "unquoted_date",
    "unquoted_range",
    "unreachable_branch",
    "unreachable_row",
    "unread_example",
    "unread_header",
    "unread_property",
    "unused_allow",
    "unused_let",
    "unused_name",
    "unused_use",
    "weights_sum",
    "wildcard_text",
];

/// The codes of the lints that only rows or proofs show, without their prefix.
pub const ROW_LINTS: &[&str] = &[
    "boolean_as_text",
    "date_as_text",
    "date_format",
    "date_number",
    "date_text",
    "date_without_time",
    "empty_date",
    "empty_text",
    "error_result",
    "list_as_value",
    "long_number",
    "money_text",
    "never_matches",
    "number_as_text",
    "outside_range",
    "percent_scale",
    "placeholder_text",
    "range_text",
    "spaced_separator",
    "text_as_list",
    "unexpected_kind",
    "unknown_path",
    "yes_no_text",
];

/// One thing to tell the author of a rule file.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
pub enum Diagnostic {
    /// The text is not a formula.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Syntax(#[from] SyntaxError),
    /// The formula can't be right.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Check(#[from] CheckError),
    /// Lookup data can't be loaded or read like this.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Data(#[from] DataError),
    /// A decision table can't be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Decision(#[from] DecisionError),
    /// A decision table probably does not do what its author meant.
    #[error(transparent)]
    #[diagnostic(transparent)]
    DecisionLint(#[from] DecisionLint),
    /// A file can't be imported, or does not fit the others.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Use(#[from] UseError),
    /// A function of the file can't be defined or called like this.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Function(#[from] FunctionError),
    /// The formula runs, but probably not as meant.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lint(#[from] Lint),
    /// A literal or argument is read as something its author did not mean.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Argument(#[from] ArgumentLint),
    /// The possible values of a part of the formula show that it can't be what its author meant.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Value(#[from] ValueLint),
    /// The formula does not fit the rows it was compared with.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Row(#[from] RowLint),
    /// An `# allow:` comment has no effect.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Allow(#[from] AllowLint),
    /// A property in a comment can't be read or is not true.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Property(#[from] PropertyError),
    /// A finding with a better help: the author's own formula, rewritten.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Advised(#[from] Advised),
    /// An example in a comment is no test.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Example(#[from] ExampleError),
    /// The table or provider can't be run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Table(#[from] TableError),
    /// The table runs, but probably not as meant.
    #[error(transparent)]
    #[diagnostic(transparent)]
    TableLint(#[from] TableLint),
}

impl Diagnostic {
    /// The stable code, such as `clay::unknown_function`.
    #[must_use]
    pub fn code(&self) -> String {
        miette::Diagnostic::code(self).map(|code| code.to_string()).unwrap_or_default()
    }

    /// The finding with its own help.
    #[must_use]
    pub fn original(self) -> Self {
        match self {
            Self::Advised(advised) => advised.into_found(),
            other => other,
        }
    }

    /// Whether the file still runs.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        miette::Diagnostic::severity(self) == Some(miette::Severity::Warning)
    }

    /// Whether it comes from the analysis of a rule that is otherwise correct, so that `# allow:` can silence it.
    #[must_use]
    pub fn is_lint(&self) -> bool {
        matches!(
            self,
            Self::Lint(_)
                | Self::Argument(_)
                | Self::Value(_)
                | Self::DecisionLint(_)
                | Self::Row(_)
                | Self::Allow(_)
                | Self::Property(PropertyError::OutsideRange { .. })
        )
    }

    /// The bytes from the first to the last that the report points at.
    #[must_use]
    pub fn range(&self) -> Option<std::ops::Range<usize>> {
        let labels: Vec<_> = miette::Diagnostic::labels(self)?.collect();
        let start = labels.iter().map(miette::LabeledSpan::offset).min()?;
        let end = labels.iter().map(|label| label.offset() + label.len()).max()?;
        Some(start..end)
    }

    /// The name that is read as something other than a column, which it is if the row has a column of that name.
    #[must_use]
    pub fn misread_name(&self) -> Option<&str> {
        match self {
            Self::Lint(Lint::SentenceAsName { name, .. })
            | Self::Argument(ArgumentLint::ClockName { name, .. }) => Some(name),
            Self::Argument(ArgumentLint::OperatorHabit { name, .. }) => name.as_deref(),
            _ => None,
        }
    }

    /// The byte offset that the report points at first.
    #[must_use]
    pub fn offset(&self) -> usize {
        let labels = miette::Diagnostic::labels(self);
        labels.and_then(|labels| labels.map(|label| label.offset()).min()).unwrap_or(0)
    }
}

/// All that was found in one source, in the order of the text.
#[derive(Clone, Debug)]
pub struct Diagnostics {
    source: Source,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// The findings `list` about `source`; they are put in the order of the text.
    #[must_use]
    pub fn new(source: Source, mut list: Vec<Diagnostic>) -> Self {
        let place = |one: &Diagnostic| {
            let range = one.range().unwrap_or_default();
            source.shown_span(range.start, range.end).start
        };
        list.sort_by_key(place);
        let mut seen = std::collections::HashSet::new();
        list.retain(|one| seen.insert((place(one), one.code())));
        Self { source, list }
    }

    /// The text that the spans point into.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Every finding.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them keeps the file from running.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|one| !one.is_warning())
    }
}

/// One line each: place, message and code.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, one) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let at = self.source.position(one.offset());
            let name = self.source.part_at(one.offset()).name;
            let line = format!("{name}:{at}: {one} [{}]", one.code());
            f.write_str(&visible(&line))?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
