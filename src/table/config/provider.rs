//! A provider file: where a vendor is called, what it costs, and how its answers read.

use super::amounts::{self, RateLimit};
use super::found::Found;
use super::section::Section;
use crate::diagnostics::TableError;
use crate::span::{Span, Spanned};
use crate::table::credits::Credits;
use crate::table::yaml::Node;
use std::time::Duration;

/// A provider, with its formulas and templates as texts.
#[derive(Clone, Debug)]
pub struct ProviderFile {
    /// What tables call it.
    pub name: Spanned<String>,
    /// What people call it.
    pub title: Option<Spanned<String>>,
    /// Where its answers come from.
    pub backend: BackendFile,
    /// How its answers read, for lookups that don't say.
    pub checks: ChecksFile,
    /// What it can be asked.
    pub lookups: Vec<LookupFile>,
    /// What can be pushed to it.
    pub pushes: Vec<PushFile>,
    /// Where it stands.
    pub span: Span,
}

/// Where answers come from.
#[derive(Clone, Debug)]
pub enum BackendFile {
    /// Calls over HTTP.
    Http {
        /// What paths begin with.
        base_url: Option<Spanned<String>>,
        /// The header that holds the key.
        auth: Option<AuthFile>,
        /// How often it may be called.
        limits: Vec<RateLimit>,
        /// How long one call may take.
        timeout: Option<Duration>,
    },
    /// Rows of a file.
    File {
        /// The file, JSON lines or CSV.
        path: Spanned<String>,
    },
    /// Nothing but formulas over the inputs.
    Formulas,
}

/// `auth: {header: X-API-KEY, env: HUNTER_API_KEY}`
#[derive(Clone, Debug)]
pub struct AuthFile {
    /// The header.
    pub header: Spanned<String>,
    /// What it holds: `Bearer {{key}}`; the key alone if not said.
    pub value: Option<Spanned<String>>,
    /// The environment variable with the key.
    pub env: Spanned<String>,
}

/// Formulas that sort answers; each is over `status`, `headers` and `response`.
#[derive(Clone, Debug, Default)]
pub struct ChecksFile {
    /// Wait, then ask again.
    pub rate_limited: Option<Spanned<String>>,
    /// Nothing more is to be had from this provider.
    pub out_of_credits: Option<Spanned<String>>,
    /// The key is wrong, or is not allowed to do this.
    pub unauthorized: Option<Spanned<String>>,
    /// The answer is being made; ask the same again later.
    pub later: Option<Spanned<String>>,
    /// There is no such person or company.
    pub no_match: Option<Spanned<String>>,
    /// A passing fault.
    pub retryable: Option<Spanned<String>>,
}

/// One thing that a provider can be asked.
#[derive(Clone, Debug)]
pub struct LookupFile {
    /// What steps call it.
    pub name: Spanned<String>,
    /// What it is given.
    pub inputs: Vec<LookupInput>,
    /// What one call costs.
    pub credits: Option<Spanned<Credits>>,
    /// Whether only an answer that matches is charged.
    pub charge_matches_only: bool,
    /// The share of rows it finds.
    pub coverage: Option<Spanned<f64>>,
    /// The call.
    pub request: Option<RequestFile>,
    /// For a file: which of its fields have to be equal to what.
    pub equal: Vec<(Spanned<String>, Spanned<String>)>,
    /// Whether an answer has what was asked for.
    pub found: Option<Spanned<String>>,
    /// What an answer gives.
    pub outputs: Vec<(Spanned<String>, Spanned<String>)>,
    /// Outputs, each with the input that holds the JSON schema of its shape.
    pub conforms: Vec<(Spanned<String>, Spanned<String>)>,
    /// The columns that a step fills if it does not say.
    pub fills: Vec<(Spanned<String>, Spanned<String>)>,
    /// Answers that come later.
    pub later: Option<AwaitFile>,
    /// How answers read, where that differs from the provider's other lookups.
    pub checks: ChecksFile,
    /// Where it stands.
    pub span: Span,
}

/// `domain`, or `linkedin_url?` for one that may be missing.
#[derive(Clone, Debug)]
pub struct LookupInput {
    /// Its name.
    pub name: Spanned<String>,
    /// Whether nothing is asked without it.
    pub required: bool,
}

/// An answer that is fetched some time after the call.
#[derive(Clone, Debug)]
pub struct AwaitFile {
    /// Whether the answer to the call says to come back.
    pub when: Spanned<String>,
    /// How the answer is fetched.
    pub request: RequestFile,
    /// How often.
    pub every: Duration,
    /// How long.
    pub at_most: Duration,
}

/// A call, with templates in its leaves.
#[derive(Clone, Debug)]
pub struct RequestFile {
    /// `GET`, `POST`, …
    pub method: Spanned<String>,
    /// A whole address.
    pub url: Option<Spanned<String>>,
    /// What stands behind the base URL.
    pub path: Option<Spanned<String>>,
    /// What stands behind `?`.
    pub query: Vec<(Spanned<String>, Node)>,
    /// Further headers.
    pub headers: Vec<(Spanned<String>, Node)>,
    /// The body, sent as JSON.
    pub body: Option<Node>,
    /// Where it stands.
    pub span: Span,
}

/// Something that can be pushed: contacts of a CRM.
#[derive(Clone, Debug)]
pub struct PushFile {
    /// What effects call it.
    pub name: Spanned<String>,
    /// The addresses that it serves, `*` for any part between slashes.
    pub serves: Vec<Spanned<String>>,
    /// The address, for effects that don't say.
    pub url: Option<Spanned<String>>,
    /// How many go in one call.
    pub batch: u32,
    /// The property that tells one from another, for effects that don't say.
    pub key: Option<Spanned<String>>,
    /// The properties, for effects that don't say.
    pub properties: Vec<(Spanned<String>, Node)>,
    /// One item of the call, over `key`, `key_name`, `trace` and `properties`.
    pub item: Option<Node>,
    /// The call, over `url`, `segments`, `key_name` and `items`.
    pub request: Option<RequestFile>,
    /// What became of the items: a list, over the answer.
    pub results: Option<Spanned<String>>,
    /// The items that failed, where they stand in a list of their own.
    pub errors: Option<Spanned<String>>,
    /// Over one `item` of these lists: the trace it belongs to; by position if not said.
    pub trace: Option<Spanned<String>>,
    /// Over one `item` of `errors`: the trace it belongs to.
    pub error_trace: Option<Spanned<String>>,
    /// Over one `item`: whether it was written.
    pub ok: Option<Spanned<String>>,
    /// Over one `item`: its number in the CRM.
    pub id: Option<Spanned<String>>,
    /// Over one `item`: whether it was not there before.
    pub created: Option<Spanned<String>>,
    /// Over one `item`: why it was not written.
    pub reason: Option<Spanned<String>>,
    /// Whether an answer says that one item spoils the whole call, so that it has to be divided.
    pub divide: Option<Spanned<String>>,
    /// Asks which keys are there already: the call over `keys`, and a list of the keys over the answer.
    pub existing: Option<(RequestFile, Spanned<String>)>,
    /// Asks which properties there are: the call, and a list of their names over the answer.
    pub known_properties: Option<PropertyCheckFile>,
    /// Where it stands.
    pub span: Span,
}

/// A call that tells which properties there are.
#[derive(Clone, Debug)]
pub struct PropertyCheckFile {
    /// The call.
    pub request: RequestFile,
    /// The names, over the answer.
    pub names: Spanned<String>,
    /// What to do about one that is missing.
    pub help: Option<Spanned<String>>,
}

impl ProviderFile {
    /// Reads a provider; nothing where it has no name.
    #[must_use]
    pub fn read(node: &Node, found: &mut Found) -> Option<Self> {
        let mut section = Section::of("a provider", node, found);
        let name = section.text("provider", found);
        match &name {
            Some(name) => section.name = format!("the provider `{}`", name.value),
            None => section.missing("provider", "say what tables call it: `provider: hunter`", found),
        }
        let title = section.text("title", found);
        section.take("about");
        let backend = backend(&mut section, found);
        let checks = checks(&mut section, found);
        let lookups = section.nodes_by_key("lookups", found);
        let lookups = lookups.into_iter().map(|(name, node)| lookup(name, node, found)).collect();
        let pushes = section.nodes_by_key("pushes", found);
        let pushes = pushes.into_iter().map(|(name, node)| push(name, node, found)).collect();
        let span = section.span;
        section.finish(found);
        Some(Self { name: name?, title, backend, checks, lookups, pushes, span })
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Http,
    File,
    Formulas,
}

fn backend(section: &mut Section<'_>, found: &mut Found) -> BackendFile {
    let kinds = [("http", Kind::Http), ("file", Kind::File), ("formulas", Kind::Formulas)];
    match section.word("kind", &kinds, found).unwrap_or(Kind::Http) {
        Kind::Formulas => BackendFile::Formulas,
        Kind::File => {
            let path = section.text("file", found);
            if path.is_none() {
                section.missing("file", "name the rows to look in: `file: people.jsonl`", found);
            }
            let path = path.unwrap_or_else(|| Spanned::new(String::new(), section.span));
            BackendFile::File { path }
        }
        Kind::Http => BackendFile::Http {
            base_url: section.text("base_url", found),
            auth: auth(section, found),
            limits: limits(section, found),
            timeout: section.some_time("timeout", found).map(|timeout| timeout.value),
        },
    }
}

fn auth(section: &mut Section<'_>, found: &mut Found) -> Option<AuthFile> {
    let node = section.take("auth")?;
    let mut inner = Section::of("`auth`", node, found);
    let (header, value, env) =
        (inner.text("header", found), inner.text("value", found), inner.variable("env", found));
    if env.is_none() {
        inner.missing(
            "env",
            "name the environment variable that holds the key: `env: HUNTER_API_KEY`",
            found,
        );
    }
    let header = header.unwrap_or_else(|| Spanned::new("Authorization".to_owned(), inner.span));
    inner.finish(found);
    Some(AuthFile { header, value, env: env? })
}

fn limits(section: &mut Section<'_>, found: &mut Found) -> Vec<RateLimit> {
    let texts = section.texts("limits", found);
    let read = |written: Spanned<String>| {
        let rate = amounts::rate(&written.value);
        if rate.is_none() {
            found.push(TableError::UnfitValue {
                what: "`limits`".to_owned(),
                wanted: "a rate such as `100 per minute`, or a list of them".to_owned(),
                found: format!("the text `{}`", written.value),
                at: written.span,
                help: None,
            });
        }
        rate
    };
    texts.into_iter().filter_map(read).collect()
}

fn checks(section: &mut Section<'_>, found: &mut Found) -> ChecksFile {
    let Some(node) = section.take("answers") else { return ChecksFile::default() };
    let mut inner = Section::of("`answers`", node, found);
    let checks = ChecksFile {
        rate_limited: inner.formula("rate_limited", found),
        out_of_credits: inner.formula("out_of_credits", found),
        unauthorized: inner.formula("unauthorized", found),
        later: inner.formula("later", found),
        no_match: inner.formula("no_match", found),
        retryable: inner.formula("retryable", found),
    };
    inner.finish(found);
    checks
}

fn lookup(name: &Spanned<String>, node: &Node, found: &mut Found) -> LookupFile {
    let mut section = Section::of(&format!("the lookup `{}`", name.value), node, found).titled(name.span);
    let inputs = section.texts("inputs", found).into_iter().map(|written| {
        let (name, required) = match written.value.strip_suffix('?') {
            Some(name) => (name.trim().to_owned(), false),
            None => (written.value.clone(), true),
        };
        LookupInput { name: Spanned::new(name, written.span), required }
    });
    let inputs = inputs.collect();
    let charge = section.word("charge", &[("match", true), ("lookup", false)], found);
    let lookup = LookupFile {
        inputs,
        credits: section.credits("credits", found),
        charge_matches_only: charge.unwrap_or(false),
        coverage: section.share("coverage", found),
        request: section.take("request").map(|node| request(node, found)),
        equal: section.texts_by_key("equal", found),
        found: section.formula("match", found),
        outputs: section.texts_by_key("outputs", found),
        conforms: section.texts_by_key("conforms", found),
        fills: section.texts_by_key("fills", found),
        later: awaited(&mut section, found),
        checks: checks(&mut section, found),
        span: section.span,
        name: name.clone(),
    };
    section.take("about");
    section.finish(found);
    lookup
}

fn awaited(section: &mut Section<'_>, found: &mut Found) -> Option<AwaitFile> {
    let node = section.take("await")?;
    let mut inner = Section::of("`await`", node, found);
    let (when, call) = (inner.formula("when", found), inner.take("request").map(|node| request(node, found)));
    let every = inner.duration("every", found).map_or(Duration::from_secs(10), |every| every.value);
    let at_most = inner.duration("at_most", found).map_or(Duration::from_secs(30 * 60), |most| most.value);
    if when.is_none() {
        inner.missing("when", "say which answers come later: `when: ISNOTEMPTY(response.request_id)`", found);
    }
    if call.is_none() {
        inner.missing("request", "say how the answer is fetched: `request: {path: …}`", found);
    }
    inner.finish(found);
    Some(AwaitFile { when: when?, request: call?, every, at_most })
}

/// The methods that a call may have.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn request(node: &Node, found: &mut Found) -> RequestFile {
    let mut section = Section::of("`request`", node, found);
    let method = section.text("method", found);
    let method = method.unwrap_or_else(|| Spanned::new("GET".to_owned(), section.span));
    if !METHODS.contains(&method.value.as_str()) {
        found.push(TableError::UnknownName {
            what: "method",
            name: method.value.clone(),
            at: method.span,
            why: "no such method".to_owned(),
            help: Some(format!("one of {}", METHODS.join(", "))),
        });
    }
    let owned = |members: Vec<(&Spanned<String>, &Node)>| {
        members.into_iter().map(|(name, node)| (name.clone(), node.clone())).collect()
    };
    let request = RequestFile {
        method,
        url: section.text("url", found),
        path: section.text("path", found),
        query: owned(section.nodes_by_key("query", found)),
        headers: owned(section.nodes_by_key("headers", found)),
        body: section.take("body").cloned(),
        span: section.span,
    };
    section.finish(found);
    request
}

fn push(name: &Spanned<String>, node: &Node, found: &mut Found) -> PushFile {
    let mut section = Section::of(&format!("the push `{}`", name.value), node, found).titled(name.span);
    let properties = section.nodes_by_key("properties", found);
    let push = PushFile {
        serves: section.texts("serves", found),
        url: section.text("url", found),
        batch: section.count("batch", (1, 1000), found).map_or(1, |batch| batch.value),
        key: section.text("key", found),
        properties: properties.into_iter().map(|(name, node)| (name.clone(), node.clone())).collect(),
        item: section.take("item").cloned(),
        request: section.take("request").map(|node| request(node, found)),
        results: section.formula("results", found),
        errors: section.formula("errors", found),
        trace: section.formula("trace", found),
        error_trace: section.formula("error_trace", found),
        ok: section.formula("ok", found),
        id: section.formula("id", found),
        created: section.formula("created", found),
        reason: section.formula("reason", found),
        divide: section.formula("divide", found),
        existing: existing(&mut section, found),
        known_properties: known_properties(&mut section, found),
        span: section.span,
        name: name.clone(),
    };
    section.take("about");
    if push.request.is_none() {
        section.missing("request", "say which call pushes the items", found);
    }
    section.finish(found);
    push
}

fn existing(section: &mut Section<'_>, found: &mut Found) -> Option<(RequestFile, Spanned<String>)> {
    let node = section.take("existing")?;
    let mut inner = Section::of("`existing`", node, found);
    let (call, keys) = (inner.take("request").map(|node| request(node, found)), inner.formula("keys", found));
    inner.finish(found);
    Some((call?, keys?))
}

fn known_properties(section: &mut Section<'_>, found: &mut Found) -> Option<PropertyCheckFile> {
    let node = section.take("known_properties")?;
    let mut inner = Section::of("`known_properties`", node, found);
    let call = inner.take("request").map(|node| request(node, found));
    let (names, help) = (inner.formula("names", found), inner.text("help", found));
    inner.finish(found);
    Some(PropertyCheckFile { request: call?, names: names?, help })
}
