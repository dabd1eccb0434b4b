//! A table that was checked: rules instead of texts, providers instead of names.

use super::config::RateLimit;
use super::credits::Credits;
use super::template::{Tree, UrlTemplate};
use crate::rules::{FormulaId, Rules};
use std::path::PathBuf;
use std::time::Duration;

/// A table, ready to run.
#[derive(Debug)]
pub struct Table {
    /// What it is called.
    pub name: String,
    /// Its formula columns, conditions and templates.
    pub rules: Rules,
    /// For each formula, condition and template, the columns of rows and steps that it depends on.
    pub reads: Vec<Vec<String>>,
    /// What it adds to a row, in the order of the table.
    pub columns: Vec<Column>,
    /// Its steps, in the order in which they are looked at.
    pub steps: Vec<Step>,
    /// What it pushes, once a row is at rest.
    pub effects: Vec<Effect>,
    /// The names of effects that do not run, since they have `auto_run: false`.
    pub idle_effects: Vec<String>,
    /// Whom it asks.
    pub providers: Vec<Provider>,
    /// What tells one row from another; all of it if not said.
    pub row_key: Option<Tree>,
    /// The most that may be spent.
    pub budget: Budget,
    /// Whether rows with warnings are dead letters rather than pushed.
    pub strict: bool,
    /// How many calls are under way at once.
    pub concurrency: usize,
    /// Recorded answers that are given instead of calling anyone.
    pub recordings: Option<PathBuf>,
}

/// The most that may be spent; nothing is no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budget {
    /// In one run.
    pub run: Option<Credits>,
    /// In one calendar month.
    pub month: Option<Credits>,
    /// For one row, ever.
    pub row: Option<Credits>,
}

/// A column that a table adds to its rows.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its cells hold.
    pub kind: ColumnKind,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// What the row came with.
    Input,
    /// A column, by its index among those of the step of this index.
    Fill(usize, usize),
    /// Which provider gave the result of the step of this index.
    Winner(usize),
    /// When the row was last enriched.
    EnrichedAt,
    /// The result of a formula.
    Formula(FormulaId),
}

/// Something that is looked up.
#[derive(Debug)]
pub struct Step {
    /// What it is called.
    pub name: String,
    /// When it runs; always if not said.
    pub condition: Option<Condition>,
    /// Whom it asks, in this order.
    pub asks: Vec<Ask>,
    /// The most that it may cost for one row.
    pub max_credits: Option<Credits>,
    /// What it fills.
    pub fills: Fills,
    /// The column that says which provider won.
    pub winner: Option<String>,
    /// What a result has to hold.
    pub validation: Option<Validation>,
    /// The most that it may cost in one run.
    pub budget: Option<Credits>,
    /// When a result is too old.
    pub refresh: Option<Duration>,
    /// Whether it runs for rows that have all its columns already.
    pub overwrite: bool,
    /// The share of rows that all of its providers together find, as the author expects.
    pub combined_coverage: Option<f64>,
}

/// A run condition or trigger.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Its result among those of the table's rules.
    pub id: FormulaId,
    /// As it was written.
    pub text: String,
}

/// A provider that a step asks.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Its index among the providers.
    pub provider: usize,
    /// The index of the lookup among the provider's.
    pub lookup: usize,
    /// What one call costs.
    pub credits: Credits,
    /// Whether only an answer that matches is charged.
    pub charge_matches_only: bool,
    /// The share of rows it finds.
    pub coverage: Option<f64>,
    /// What it is given, each by a template over the row.
    pub inputs: Vec<(String, Tree)>,
    /// Another address than the provider's.
    pub base_url: Option<String>,
}

/// The columns of a step, over what its lookups give.
#[derive(Debug)]
pub struct Fills {
    /// A formula for each column.
    pub rules: Rules,
    /// The columns.
    pub columns: Vec<(String, FormulaId)>,
}

/// What a result has to hold to count as one.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one for each step of a table, which never moves")]
pub enum Validation {
    /// A formula over the outputs.
    Formula(Rules),
    /// A further lookup, and a formula over what that gives.
    Lookup {
        /// Whom to ask. Its inputs are templates over the outputs of the first lookup and the inputs of that.
        ask: Ask,
        /// The templates of `ask`.
        inputs: Rules,
        /// The formula.
        accept: Rules,
    },
}

/// Someone who is asked.
#[derive(Debug)]
pub struct Provider {
    /// What tables call it.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Where its answers come from.
    pub backend: Backend,
    /// What it can be asked.
    pub lookups: Vec<Lookup>,
    /// What can be pushed to it.
    pub pushes: Vec<Push>,
}

/// Where answers come from.
#[derive(Clone, Debug)]
pub enum Backend {
    /// Calls over HTTP.
    Http {
        /// What paths begin with, without a slash at its end.
        base_url: String,
        /// The header that holds the key.
        auth: Option<Auth>,
        /// How often it may be called.
        limits: Vec<RateLimit>,
        /// How long one call may take.
        timeout: Option<Duration>,
    },
    /// Rows of a file.
    File(PathBuf),
    /// Nothing but formulas over the inputs.
    Formulas,
}

/// How calls say who they are.
#[derive(Clone, Debug)]
pub struct Auth {
    /// The header.
    pub header: String,
    /// What stands before and behind the key.
    pub around: (String, String),
    /// The environment variable with the key.
    pub env: String,
}

/// One thing that a provider can be asked.
#[derive(Debug)]
pub struct Lookup {
    /// What steps call it.
    pub name: String,
    /// What it is given, and whether nothing is asked without it.
    pub inputs: Vec<(String, bool)>,
    /// What one call costs.
    pub credits: Credits,
    /// Whether only an answer that matches is charged.
    pub charge_matches_only: bool,
    /// The share of rows it finds.
    pub coverage: Option<f64>,
    /// The call; nothing for files and formulas.
    pub call: Option<Call>,
    /// For a file: the fields that have to be equal to what.
    pub equal: Option<Equal>,
    /// How answers read.
    pub answer: Answer,
    /// Answers that come later.
    pub later: Option<Await>,
    /// The columns that a step fills if it does not say.
    pub fills: Vec<(String, String)>,
}

/// Fields of a file's rows, and what they have to be equal to, over the inputs.
#[derive(Debug)]
pub struct Equal {
    /// The fields.
    pub fields: Vec<String>,
    /// What each has to be.
    pub rules: Rules,
}

/// A call over HTTP.
#[derive(Debug)]
pub struct Call {
    /// The templates.
    pub rules: Rules,
    /// `GET`, `POST`, …
    pub method: String,
    /// The address; behind the base URL unless it is a whole one.
    pub url: UrlTemplate,
    /// Whether the address is a whole one.
    pub is_whole: bool,
    /// What stands behind `?`.
    pub query: Vec<(String, Tree)>,
    /// Further headers.
    pub headers: Vec<(String, Tree)>,
    /// The body.
    pub body: Option<Tree>,
}

/// How answers read: formulas over the inputs, `status`, `headers` and `response`.
#[derive(Debug)]
pub struct Answer {
    /// The formulas.
    pub rules: Rules,
    /// The sorts of answer, in the order in which they are asked for.
    pub checks: Vec<(Check, FormulaId)>,
    /// Whether an answer has what was asked for.
    pub found: Option<FormulaId>,
    /// What an answer gives.
    pub outputs: Vec<(String, FormulaId)>,
    /// Outputs, each with the input that holds the JSON schema of its shape.
    pub conforms: Vec<(String, String)>,
    /// Whether the answer comes later.
    pub is_later: Option<FormulaId>,
}

/// A sort of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Nothing more is to be had from this provider.
    OutOfCredits,
    /// Wait, then ask again.
    RateLimited,
    /// The key is wrong.
    Unauthorized,
    /// Ask the same again later.
    Later,
    /// There is no such person or company.
    NoMatch,
    /// A passing fault.
    Retryable,
}

/// An answer that is fetched some time after the call.
#[derive(Debug)]
pub struct Await {
    /// How it is fetched.
    pub call: Call,
    /// How often.
    pub every: Duration,
    /// How long.
    pub at_most: Duration,
}

/// What is pushed to a CRM or another program.
#[derive(Debug)]
pub struct Effect {
    /// What it is called.
    pub name: String,
    /// When a row is pushed; always if not said.
    pub trigger: Option<Condition>,
    /// Where it goes.
    pub target: Target,
    /// The property that tells one contact from another, and its template.
    pub dedup: Option<(String, Tree)>,
    /// The properties, their templates, and whether only a new contact gets them.
    pub properties: Vec<(String, Tree, bool)>,
    /// The body of a generic push, where it is not just the properties.
    pub body: Option<Tree>,
}

/// Where an effect goes.
#[derive(Clone, Debug)]
pub enum Target {
    /// To a provider, by one of its pushes.
    Push {
        /// The index of the provider.
        provider: usize,
        /// The index of the push.
        push: usize,
        /// The address.
        url: String,
    },
    /// To an address, a call for each row.
    Generic {
        /// `POST`, …
        method: String,
        /// The address, as it is written.
        url: String,
        /// The address over the row, where it holds references behind its host.
        filled: Option<UrlTemplate>,
        /// Further headers, as templates over the row.
        headers: Vec<(String, Tree)>,
        /// The environment variable with the key.
        key_env: Option<String>,
    },
}

/// Something that can be pushed.
#[derive(Debug)]
pub struct Push {
    /// What effects call it.
    pub name: String,
    /// The addresses that it serves.
    pub serves: Vec<String>,
    /// The address, for effects that don't say.
    pub url: Option<String>,
    /// How many go in one call.
    pub batch: usize,
    /// The property that tells one from another, for effects that don't say.
    pub key: Option<String>,
    /// One item of the call, over `key`, `key_name`, `trace`, `properties`, `url` and `segments`.
    pub item: (Rules, Tree),
    /// The call, over `url`, `segments`, `key_name` and `items`.
    pub call: Call,
    /// How answers read.
    pub answer: PushAnswer,
    /// Asks which keys are there already.
    pub existing: Option<Question>,
    /// Asks which properties there are, and says what to do about one that is missing.
    pub known_properties: Option<(Question, Option<String>)>,
}

/// A call, and a list over its answer.
#[derive(Debug)]
pub struct Question {
    /// The call.
    pub call: Call,
    /// The list.
    pub answer: Rules,
}

/// How the answer to a push reads.
#[derive(Debug)]
pub struct PushAnswer {
    /// `results`, `errors`, `divide` and the checks, over the answer.
    pub whole: Rules,
    /// The sorts of answer.
    pub checks: Vec<(Check, FormulaId)>,
    /// A list of what became of the items.
    pub results: Option<FormulaId>,
    /// A list of the items that failed.
    pub errors: Option<FormulaId>,
    /// Whether the call has to be divided.
    pub divide: Option<FormulaId>,
    /// `trace`, `error_trace`, `ok`, `id`, `created` and `reason`, over one `item`.
    pub item: Rules,
    /// The trace that an item of `results` belongs to.
    pub trace: Option<FormulaId>,
    /// The trace that an item of `errors` belongs to.
    pub error_trace: Option<FormulaId>,
    /// Whether an item was written.
    pub ok: Option<FormulaId>,
    /// Its number in the CRM.
    pub id: Option<FormulaId>,
    /// Whether it was not there before.
    pub created: Option<FormulaId>,
    /// Why it was not.
    pub reason: Option<FormulaId>,
}
