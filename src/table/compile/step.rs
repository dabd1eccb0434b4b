//! Steps: whom they ask, with what, and which columns they fill.

use super::call::check_url;
use super::provider::single;
use super::scope::Scope;
use super::{Compiling, condition};
use crate::diagnostics::{Source, TableError, did_you_mean, suggest};
use crate::span::{Span, Spanned};
use crate::table::config::{self, Choice, StepFile, Strategy};
use crate::table::model::{Ask, Backend, Fills, Lookup, Step, Validation};
use crate::table::template::Tree;
use crate::types::Type;

/// The input that language models are given.
const PROMPT: &str = "prompt";

/// A step whose providers were found, before its templates are read.
pub(super) struct FoundStep<'c> {
    pub(super) file: &'c StepFile,
    asks: Vec<FoundAsk>,
    /// The columns, each with a formula over the outputs and the file it stands in.
    fills: Vec<(Spanned<String>, Spanned<String>, Source)>,
    is_broken: bool,
}

/// A provider that was found, in the order in which it is asked.
struct FoundAsk {
    ask: Ask,
    name: Spanned<String>,
}

impl FoundStep<'_> {
    /// The columns that the step fills.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        let fills = self.fills.iter().map(|(column, ..)| column.value.as_str());
        fills.chain(self.file.winner.as_ref().map(|winner| winner.value.as_str()))
    }

    /// The same, each with its place in `source`; that of the step where it is a provider's file that names it.
    pub(super) fn places<'s>(&'s self, source: &'s Source) -> impl Iterator<Item = (&'s str, Span)> {
        let fills = self.fills.iter().map(move |(column, _, own)| {
            (column.value.as_str(), if own == source { column.span } else { self.file.name.span })
        });
        fills.chain(self.file.winner.iter().map(|winner| (winner.value.as_str(), winner.span)))
    }
}

impl<'c> Compiling<'c> {
    /// Finds the providers and columns of all steps.
    pub(super) fn found_steps(&mut self) -> Vec<FoundStep<'c>> {
        let file = self.file;
        let steps: Vec<FoundStep<'c>> = file.steps.iter().map(|step| self.found_step(step)).collect();
        let source = self.source;
        let mut filled: Vec<(&str, Span)> = Vec::new();
        // Two steps that say nothing fill all columns of a provider twice, which is one mistake.
        let mut told: Vec<(Span, Span)> = Vec::new();
        for (column, at) in steps.iter().flat_map(|step| step.places(source)) {
            match filled.iter().find(|(name, _)| *name == column).map(|(_, first)| (*first, at)) {
                Some(places) if told.contains(&places) => {}
                Some(places) => {
                    told.push(places);
                    self.filled_twice(column, Some(places.0), at);
                }
                None => filled.push((column, at)),
            }
        }
        steps
    }

    fn found_step(&mut self, file: &'c StepFile) -> FoundStep<'c> {
        if let Some(url) = &file.base_url {
            check_url(url, self.source, self.problems);
        }
        let mut asks: Vec<FoundAsk> = Vec::new();
        let mut is_broken = file.choices.is_empty();
        for choice in &file.choices {
            match self.found_ask(choice, file) {
                Some(ask) => asks.push(FoundAsk { ask, name: choice.provider.clone() }),
                None => is_broken = true,
            }
        }
        self.set_base_url(file, &mut asks);
        is_broken |= self.has_no_address(&asks);
        if file.strategy == Strategy::CheapestFirst {
            asks.sort_by(|one, two| {
                price(&one.ask)
                    .total_cmp(&price(&two.ask))
                    .then(per_hit(&one.ask).total_cmp(&per_hit(&two.ask)))
            });
        }
        let own = file.fills.iter().map(|(column, text)| (column.clone(), text.clone(), self.source.clone()));
        let mut fills: Vec<_> = own.collect();
        if fills.is_empty()
            && let Some(first) = asks.first()
        {
            fills = self.default_fills(first);
        }
        if fills.is_empty() && !is_broken {
            let error = TableError::MissingKey {
                section: format!("`{}`", file.name.value),
                key: "fills".to_owned(),
                at: file.name.span,
                help: "say which columns it fills with what: `fills: {Work Email: email}`".to_owned(),
            };
            self.problems.add(self.source, error);
            is_broken = true;
        }
        FoundStep { file, asks, fills, is_broken }
    }

    /// Another address is for the one provider of a step: that of each gets its own key.
    fn set_base_url(&mut self, file: &StepFile, asks: &mut [FoundAsk]) {
        let Some(url) = &file.base_url else { return };
        if let [only] = asks {
            only.ask.base_url = Some(url.value.trim_end_matches('/').to_owned());
        } else if asks.len() > 1 {
            self.problems.add(
                self.source,
                TableError::UnfitValue {
                    what: "`base_url`".to_owned(),
                    wanted: "for a step that asks one provider".to_owned(),
                    found: format!("in one that asks {}", asks.len()),
                    at: url.span,
                    help: Some(
                        "write providers of their own with other addresses, in a file or below `providers`"
                            .to_owned(),
                    ),
                },
            );
        }
    }

    /// Tells providers whose calls stand behind an address that neither they nor the step say.
    fn has_no_address(&mut self, asks: &[FoundAsk]) -> bool {
        let is_without = |ask: &&FoundAsk| {
            let is_behind = self.lookup(&ask.ask).call.as_ref().is_some_and(|call| !call.is_whole);
            let provider = self.catalog.compiled(ask.ask.provider);
            let has_none = matches!(&provider.backend, Backend::Http { base_url, .. } if base_url.is_empty());
            is_behind && has_none && ask.ask.base_url.is_none()
        };
        let without: Vec<Spanned<String>> =
            asks.iter().filter(is_without).map(|ask| ask.name.clone()).collect();
        for name in &without {
            let error = TableError::MissingKey {
                section: format!("the provider `{}`", name.value),
                key: "base_url".to_owned(),
                at: name.span,
                help: "say in its file where its paths begin: `base_url: https://api.example.com/v1`"
                    .to_owned(),
            };
            self.problems.add(self.source, error);
        }
        !without.is_empty()
    }

    fn found_ask(&mut self, choice: &Choice, step: &StepFile) -> Option<Ask> {
        let (provider, ..) = self.catalog.find(&choice.provider, self.source, self.problems)?;
        let wanted = choice.lookup.as_ref().unwrap_or(&step.lookup);
        let lookups = &self.catalog.compiled(provider).lookups;
        let is_implied = choice.lookup.is_none() && step.lookup.span == step.name.span;
        let position = lookups.iter().position(|lookup| lookup.name == wanted.value);
        let position = position.or((is_implied && lookups.len() == 1).then_some(0));
        let Some(lookup) = position else {
            let names: Vec<&str> = lookups.iter().map(|lookup| lookup.name.as_str()).collect();
            let help = did_you_mean(&suggest(&wanted.value, names.iter().copied())).or_else(|| {
                let names: Vec<String> = names.iter().map(|name| format!("`lookup: {name}`")).collect();
                let names = if names.is_empty() { "nothing".to_owned() } else { names.join(" or ") };
                Some(format!("it can be asked for {names}"))
            });
            let error = TableError::UnknownName {
                what: "lookup",
                name: wanted.value.clone(),
                at: if is_implied { choice.provider.span } else { wanted.span },
                why: format!("`{}` has no lookup of this name", choice.provider.value),
                help,
            };
            self.problems.add(self.source, error);
            return None;
        };
        let found = &lookups[lookup];
        Some(Ask {
            provider,
            lookup,
            credits: choice.credits.as_ref().map_or(found.credits, |credits| credits.value),
            charge_matches_only: found.charge_matches_only,
            coverage: choice.coverage.as_ref().map(|coverage| coverage.value).or(found.coverage),
            inputs: Vec::new(),
            base_url: None,
        })
    }

    /// The columns that the provider's file gives to those who don't say.
    fn default_fills(&mut self, first: &FoundAsk) -> Vec<(Spanned<String>, Spanned<String>, Source)> {
        let lookup = self.lookup(&first.ask).name.clone();
        let Some((_, file, source)) = self.catalog.find(&first.name, self.source, self.problems) else {
            return Vec::new();
        };
        let lookup = file.lookups.iter().find(|known| known.name.value == lookup);
        let fills = lookup.map(|lookup| lookup.fills.clone()).unwrap_or_default();
        fills.into_iter().map(|(column, text)| (column, text, source.clone())).collect()
    }

    fn lookup(&self, ask: &Ask) -> &Lookup {
        &self.catalog.compiled(ask.provider).lookups[ask.lookup]
    }

    /// Reads the templates of a step.
    pub(super) fn step(&mut self, found: &FoundStep<'c>, scope: &mut Scope) -> Option<Step> {
        let file = found.file;
        let title = &file.name.value;
        let run_if = file.run_if.as_ref().map(|text| {
            condition(scope.formula(&format!("run condition of {title}"), self.source, text), text)
        });
        let own: Vec<(String, Tree)> = file
            .inputs
            .iter()
            .map(|(name, node)| {
                let what = format!("{} of {title}", name.value);
                let shown = format!("`{}` of `{title}`", name.value);
                scope.check_constant(&shown, self.source, node);
                (name.value.clone(), scope.tree(&what, self.source, node))
            })
            .collect();
        self.unused_inputs(found);
        let asks: Vec<Option<Ask>> =
            found.asks.iter().map(|ask| self.with_inputs(ask, file, &own, scope)).collect();
        let fills = self.fills(found);
        let validation = match &file.validate {
            None => None,
            Some(validate) => Some(self.validation(validate, found)?),
        };
        let asks = asks.into_iter().collect::<Option<Vec<Ask>>>()?;
        if found.is_broken {
            return None;
        }
        let amount = |credits: &Option<Spanned<_>>| credits.as_ref().map(|credits| credits.value);
        Some(Step {
            name: title.clone(),
            condition: run_if,
            asks,
            max_credits: amount(&file.max_credits),
            fills: fills?,
            winner: file.winner.as_ref().map(|winner| winner.value.clone()),
            validation,
            budget: amount(&file.budget),
            refresh: file.refresh.as_ref().or(self.file.refresh.as_ref()).map(|refresh| refresh.value),
            overwrite: file.overwrite,
            combined_coverage: file.combined_coverage.as_ref().map(|share| share.value),
        })
    }

    /// Inputs that no lookup of the step knows.
    fn unused_inputs(&mut self, found: &FoundStep<'_>) {
        for (name, _) in &found.file.inputs {
            let lookups: Vec<&Lookup> = found.asks.iter().map(|ask| self.lookup(&ask.ask)).collect();
            let known = lookups.iter().flat_map(|lookup| lookup.inputs.iter().map(|(name, _)| name.as_str()));
            let known: Vec<&str> = known.collect();
            if found.is_broken || known.contains(&name.value.as_str()) {
                continue;
            }
            let help = did_you_mean(&suggest(&name.value, known.iter().copied())).or_else(|| {
                let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                Some(format!("its inputs are {}", names.join(", ")))
            });
            let error = TableError::UnknownName {
                what: "input",
                name: name.value.clone(),
                at: name.span,
                why: "no lookup of this step takes it".to_owned(),
                help,
            };
            self.problems.add(self.source, error);
        }
    }

    /// Gives each input of the lookup a template: the step's, or the column of the same name.
    fn with_inputs(
        &mut self,
        found: &FoundAsk,
        file: &StepFile,
        own: &[(String, Tree)],
        scope: &mut Scope,
    ) -> Option<Ask> {
        let mut ask = found.ask.clone();
        let lookup = self.lookup(&ask);
        let (inputs, lookup_name) = (lookup.inputs.clone(), lookup.name.clone());
        for (name, required) in inputs {
            if let Some((_, tree)) = own.iter().find(|(known, _)| *known == name) {
                ask.inputs.push((name, tree.clone()));
                continue;
            }
            let is_open = !scope.formulas.has_declarations();
            let is_there = scope.knows(&name) || (is_open && required);
            if !is_there && !required {
                continue;
            }
            if !is_there && name == PROMPT {
                let error = TableError::MissingKey {
                    section: format!("`{}`", file.name.value),
                    key: name,
                    at: file.name.span,
                    help: "say what is asked: `prompt: One line about {{domain}}.`".to_owned(),
                };
                self.problems.add(self.source, error);
                return None;
            }
            if !is_there {
                let near = suggest(&name, scope.names()).first().map(|name| (*name).to_owned());
                let near = near.unwrap_or_else(|| "…".to_owned());
                let error = TableError::UnknownName {
                    what: "column",
                    name: name.clone(),
                    at: found.name.span,
                    why: format!("the lookup `{lookup_name}` needs `{name}`, and no column has this name"),
                    help: Some(format!("say what it is given: `inputs: {{{name}: \"{{{{{near}}}}}\"}}`")),
                };
                self.problems.add(self.source, error);
                return None;
            }
            let text = Spanned::new(format!("{{{{{name}}}}}"), Span::new(0, name.len() + 4));
            let source = Source::new("an input", &text.value);
            let tree = scope.template(&format!("{name} of {}", file.name.value), &source, &text);
            ask.inputs.push((name, tree));
        }
        Some(ask)
    }

    /// All outputs that the lookups of a step give, each once.
    fn outputs(&self, found: &FoundStep<'_>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for ask in &found.asks {
            for (name, _) in &self.lookup(&ask.ask).answer.outputs {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        names
    }

    fn fills(&mut self, found: &FoundStep<'_>) -> Option<Fills> {
        let outputs = self.outputs(found);
        if self.has_turned_fills(found, &outputs) {
            return None;
        }
        let mut scope = Scope::of(outputs.iter().map(|name| (name.as_str(), Type::Any)));
        let columns = found
            .fills
            .iter()
            .map(|(column, text, source)| (column.value.clone(), scope.formula(&column.value, source, text)));
        let columns = columns.collect();
        if found.is_broken {
            return None;
        }
        Some(Fills { rules: scope.finish(self.problems)?, columns })
    }

    /// Tells fills that name the output first: `name: Company Name`.
    fn has_turned_fills(&mut self, found: &FoundStep<'_>, outputs: &[String]) -> bool {
        let is_turned = |(column, text, _): &&(Spanned<String>, Spanned<String>, Source)| {
            outputs.contains(&column.value) && is_name(&text.value) && !outputs.contains(&text.value)
        };
        let turned: Vec<_> = found.fills.iter().filter(is_turned).collect();
        for (column, text, source) in &turned {
            let error = TableError::UnknownName {
                what: "output",
                name: text.value.clone(),
                at: text.span,
                why: "the lookup gives nothing of this name".to_owned(),
                help: Some(format!("the column comes first: `{}: {}`", text.value, column.value)),
            };
            self.problems.add(source, error);
        }
        !turned.is_empty()
    }

    fn validation(&mut self, validate: &config::Validation, found: &FoundStep<'_>) -> Option<Validation> {
        let outputs = self.outputs(found);
        let outputs = || outputs.iter().map(|name| (name.as_str(), Type::Any));
        match validate {
            config::Validation::Formula(text) => {
                single(outputs(), text, self.source, self.problems).map(Validation::Formula)
            }
            config::Validation::Lookup { choice, accept } => {
                let mut ask = self.found_ask(choice, found.file)?;
                let lookup = self.lookup(&ask);
                let given: Vec<String> = lookup.answer.outputs.iter().map(|(name, _)| name.clone()).collect();
                let wanted = lookup.inputs.clone();
                let mut scope = Scope::of(outputs());
                for (name, required) in wanted {
                    if !scope.knows(&name) {
                        if required && !found.is_broken {
                            self.unchecked(&choice.provider, &name, found);
                            return None;
                        }
                        continue;
                    }
                    let text = Spanned::new(format!("{{{{{name}}}}}"), Span::new(0, name.len() + 4));
                    let source = Source::new("an input", &text.value);
                    let tree = scope.template(&name, &source, &text);
                    ask.inputs.push((name, tree));
                }
                let inputs = scope.finish(self.problems)?;
                let names = given.iter().map(|name| (name.as_str(), Type::Any));
                let accept = single(names, accept, self.source, self.problems)?;
                Some(Validation::Lookup { ask, inputs, accept })
            }
        }
    }
}

impl Compiling<'_> {
    /// Tells that a check needs what the step does not give.
    fn unchecked(&mut self, checker: &Spanned<String>, input: &str, found: &FoundStep<'_>) {
        let names: Vec<String> = self.outputs(found).iter().map(|name| format!("`{name}`")).collect();
        self.problems.add(
            self.source,
            TableError::UnknownName {
                what: "output",
                name: input.to_owned(),
                at: checker.span,
                why: format!("the check needs `{input}`, and no lookup of this step gives it"),
                help: Some(format!("they give {}", names.join(", "))),
            },
        );
    }
}

/// Whether a formula is nothing but a name.
fn is_name(formula: &str) -> bool {
    let is_letter = formula.starts_with(char::is_alphabetic);
    let is_boolean = formula.eq_ignore_ascii_case("true") || formula.eq_ignore_ascii_case("false");
    is_letter && !is_boolean && formula.chars().all(|one| one.is_alphanumeric() || matches!(one, ' ' | '_'))
}

fn price(ask: &Ask) -> f64 {
    ask.credits.as_number()
}

/// Credits for one hit; a provider of unknown coverage comes last among equals.
fn per_hit(ask: &Ask) -> f64 {
    let coverage = ask.coverage.unwrap_or(0.0);
    if coverage > 0.0 { price(ask).max(f64::MIN_POSITIVE) / coverage } else { f64::INFINITY }
}
