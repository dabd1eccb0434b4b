//! A step of a table: what it looks up, with whom, when, and which columns it fills.

use super::found::Found;
use super::hint;
use super::section::{Section, is_first, text, unfit_or};
use crate::diagnostics::TableError;
use crate::span::{Span, Spanned};
use crate::table::credits::Credits;
use crate::table::yaml::{Node, NodeKind};
use std::time::Duration;

/// One step, with its formulas and templates as texts.
#[derive(Clone, Debug)]
pub struct StepFile {
    /// What it is called.
    pub name: Spanned<String>,
    /// The lookup it asks of its providers.
    pub lookup: Spanned<String>,
    /// Whom it asks, in the order of the file.
    pub choices: Vec<Choice>,
    /// In which order it asks them.
    pub strategy: Strategy,
    /// The share of rows that all of them together find, as the author expects.
    pub combined_coverage: Option<Spanned<f64>>,
    /// The most that it may cost for one row.
    pub max_credits: Option<Spanned<Credits>>,
    /// When it runs.
    pub run_if: Option<Spanned<String>>,
    /// What the lookup is given under its own names, as templates.
    pub inputs: Vec<(Spanned<String>, Node)>,
    /// The columns it fills, each with a formula over what the lookup gives.
    pub fills: Vec<(Spanned<String>, Spanned<String>)>,
    /// The column that says which provider won.
    pub winner: Option<Spanned<String>>,
    /// What a result has to hold to count as one.
    pub validate: Option<Validation>,
    /// The most that it may cost in one run.
    pub budget: Option<Spanned<Credits>>,
    /// When a result is too old.
    pub refresh: Option<Spanned<Duration>>,
    /// Whether it runs for rows that have all its columns already.
    pub overwrite: bool,
    /// Another address of its provider.
    pub base_url: Option<Spanned<String>>,
    /// Where it stands.
    pub span: Span,
}

/// One provider that a step may ask.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The provider's name.
    pub provider: Spanned<String>,
    /// What one call costs, if that differs from what the provider's file says.
    pub credits: Option<Spanned<Credits>>,
    /// The share of rows it finds.
    pub coverage: Option<Spanned<f64>>,
    /// Another lookup than the step's.
    pub lookup: Option<Spanned<String>>,
}

/// The order in which providers are asked. The first result always wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Fewest credits first; of equal ones the one with the fewest credits per hit.
    CheapestFirst,
    /// As they are listed.
    InOrder,
}

/// A check that a result has to pass.
#[derive(Clone, Debug)]
pub enum Validation {
    /// A formula over what the lookup gives.
    Formula(Spanned<String>),
    /// A further lookup, and a formula over what that gives.
    Lookup {
        /// Whom to ask.
        choice: Choice,
        /// The formula.
        accept: Spanned<String>,
    },
}

impl StepFile {
    /// Reads a step from its section, its entry in `columns`, or both.
    pub(super) fn read(
        name: Spanned<String>,
        mut section: Section<'_>,
        is_ai: bool,
        found: &mut Found,
    ) -> Self {
        let choices = choices(&mut section, is_ai, found);
        let lookup = section.text("lookup", found).unwrap_or_else(|| {
            let lookup = if is_ai { "chat".to_owned() } else { implied_lookup(&name.value) };
            Spanned::new(lookup, name.span)
        });
        let mut inputs: Vec<(Spanned<String>, Node)> = Vec::new();
        for (key, node) in section.nodes_by_key("inputs", found) {
            inputs.push((key.clone(), node.clone()));
        }
        for key in ["prompt", "system", "model", "max_tokens", "temperature", "schema"] {
            let Some(node) = section.take(key) else { continue };
            let at = section.place_of(key).unwrap_or(node.span);
            inputs.push((Spanned::new(key.to_owned(), at), node.clone()));
        }
        let mut fills = section.texts_by_key("fills", found);
        if fills.is_empty() && is_ai {
            fills.push((name.clone(), Spanned::new("text".to_owned(), name.span)));
        }
        let step = Self {
            lookup,
            choices,
            strategy: strategy(&mut section, found),
            combined_coverage: section.share("combined_coverage", found),
            max_credits: section.credits("max_credits", found),
            run_if: section.formula("run_if", found),
            inputs,
            fills,
            winner: section.text("winner", found),
            validate: validation(&mut section, found),
            budget: section.credits("budget", found),
            refresh: section.duration("refresh", found),
            overwrite: section.boolean("overwrite", found).unwrap_or(false),
            base_url: section.text("base_url", found),
            span: section.span,
            name,
        };
        // How fast a provider is said to be is for the reader.
        section.take("speed");
        section.take("about");
        section.finish(found);
        step
    }
}

/// What a step looks up, by its name: `email_waterfall` an e-mail, `Phone lookup` a phone.
fn implied_lookup(name: &str) -> String {
    let folded = name.to_lowercase().replace([' ', '-'], "_");
    let endings = ["_waterfall", "_enrichment", "_lookup", "_finder"];
    let stem = endings.iter().find_map(|ending| folded.strip_suffix(ending));
    stem.unwrap_or(&folded).trim_start_matches("work_").to_owned()
}

fn choices(section: &mut Section<'_>, is_ai: bool, found: &mut Found) -> Vec<Choice> {
    let mut choices = Vec::new();
    if let Some(node) = section.take("providers") {
        if let NodeKind::List(items) = &node.kind {
            choices.extend(items.iter().filter_map(|item| listed(item, found)));
        } else {
            let help = hint::list("providers", node);
            found.push(unfit_or("`providers`", "a list of providers", node, help));
        }
    }
    if let Some(provider) = section.text("provider", found) {
        let (credits, coverage) = (section.credits("credits", found), section.share("coverage", found));
        choices.insert(0, Choice { provider, credits, coverage, lookup: None });
    } else if is_ai && choices.is_empty() {
        let provider = Spanned::new("openai".to_owned(), section.place_of("ai").unwrap_or(section.span));
        choices.push(Choice {
            provider,
            credits: section.credits("credits", found),
            coverage: None,
            lookup: None,
        });
    }
    if let Some(fallback) = section.text("fallback", found) {
        // `apollo (if Clearbit returns empty)`: what stands in parentheses is for the reader.
        let name = fallback.value.split('(').next().unwrap_or_default().trim();
        let end = fallback.span.start as usize + name.len();
        let at = Span::new(fallback.span.start as usize, end);
        let provider = Spanned::new(name.to_owned(), at);
        choices.push(Choice { provider, credits: None, coverage: None, lookup: None });
    }
    check_repeated(&choices, found);
    // What is wrong with those that are named was told.
    let is_named = ["provider", "providers", "fallback"].iter().any(|key| section.has(key));
    if choices.is_empty() && !is_named {
        section.missing(
            "provider",
            "name the provider to ask: `provider: clearbit`, or several under `providers:`",
            found,
        );
    }
    choices
}

/// Whoever had no answer has none when it is asked the same again, and is paid again.
fn check_repeated(choices: &[Choice], found: &mut Found) {
    for (index, choice) in choices.iter().enumerate() {
        let lookup = choice.lookup.as_ref().map(|lookup| &lookup.value);
        let same = choices[..index]
            .iter()
            .filter(|known| known.lookup.as_ref().map(|lookup| &lookup.value) == lookup)
            .map(|known| &known.provider);
        let help = "it would be asked, and paid, for the same again: keep one of them";
        is_first("provider", help, &choice.provider, same, found);
    }
}

/// One item of `providers:`.
fn listed(node: &Node, found: &mut Found) -> Option<Choice> {
    if let NodeKind::Scalar { .. } = node.kind {
        let provider = text("a provider", node, found)?;
        return Some(Choice { provider, credits: None, coverage: None, lookup: None });
    }
    let mut section = Section::of("a provider of the list", node, found);
    if let Some(mistake) = provider_as_key(node) {
        found.push(mistake);
        return None;
    }
    let choice = choice(&mut section, "name", found);
    section.take("speed");
    section.finish(found);
    choice
}

/// `- provider: hunter`, `- hunter: 2`: the name under another key than `name`, or as the key.
fn provider_as_key(node: &Node) -> Option<TableError> {
    let NodeKind::Mapping(members) = &node.kind else { return None };
    if members.iter().any(|(key, _)| key.value == "name") {
        return None;
    }
    let keys = ["credits", "coverage", "lookup", "speed"];
    let (key, value) = members.iter().find(|(key, _)| !keys.contains(&key.value.as_str()))?;
    let help = match (key.value.as_str(), value.text()) {
        ("provider", Some(name)) => format!("write `name: {name}`"),
        (name, _) => format!("write `name: {name}`, and below it its other keys, such as `credits: 2`"),
    };
    let section = "a provider of the list".to_owned();
    Some(TableError::UnknownKey { section, key: key.value.clone(), at: key.span, help: Some(help) })
}

fn choice(section: &mut Section<'_>, key: &'static str, found: &mut Found) -> Option<Choice> {
    let provider = section.text(key, found);
    if provider.is_none() {
        section.missing(key, "say which provider it is: `name: hunter`", found);
    }
    Some(Choice {
        credits: section.credits("credits", found),
        coverage: section.share("coverage", found),
        lookup: section.text("lookup", found),
        provider: provider?,
    })
}

/// `"cheapest-first, stop-on-match"`, `"single provider"`, `"primary + fallback"`
fn strategy(section: &mut Section<'_>, found: &mut Found) -> Strategy {
    let Some(written) = section.text("strategy", found) else { return Strategy::InOrder };
    let mut strategy = Strategy::InOrder;
    for word in written.value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word.to_lowercase().replace([' ', '_'], "-").as_str() {
            "cheapest-first" => strategy = Strategy::CheapestFirst,
            "stop-on-match" | "single-provider" | "primary-+-fallback" | "in-order" => {}
            _ => found.push(TableError::UnknownName {
                what: "strategy",
                name: word.to_owned(),
                at: written.span,
                why: "not known".to_owned(),
                help: Some(
                    "say `cheapest-first`, `in order`, `single provider` or `primary + fallback`; the first result always wins"
                        .to_owned(),
                ),
            }),
        }
    }
    strategy
}

fn validation(section: &mut Section<'_>, found: &mut Found) -> Option<Validation> {
    let node = section.take("validate")?;
    if node.text().is_some() {
        return text("`validate`", node, found).map(Validation::Formula);
    }
    let mut inner = Section::of("`validate`", node, found);
    let choice = choice(&mut inner, "provider", found);
    let accept = inner.formula("accept", found);
    if accept.is_none() {
        inner.missing("accept", "say which answers are good: `accept: status = \"valid\"`", found);
    }
    inner.finish(found);
    Some(Validation::Lookup { choice: choice?, accept: accept? })
}
