//! Effects: which run, where they go, and what they push.

use super::call::check_url;
use super::scope::Scope;
use super::{Broken, Compiling, condition};
use crate::diagnostics::{Source, TableError, did_you_mean, suggest};
use crate::span::Spanned;
use crate::table::config::{EffectFile, Mapped};
use crate::table::model::{Backend, Effect, Target};
use crate::table::template::{Tree, UrlTemplate};
use crate::table::yaml::Node;

/// The two sections of the reference table, of which only one can run.
const ALTERNATIVES: [&str; 2] = ["crm_sync", "native_crm_action"];

/// How an address that is no CRM can be called.
const METHODS: [&str; 3] = ["POST", "PUT", "PATCH"];

impl<'c> Compiling<'c> {
    /// The effects that run; nothing where something in one is wrong.
    pub(super) fn effects(&mut self, scope: &mut Scope) -> Option<Vec<Effect>> {
        let file = self.file;
        let mut all: Vec<(&'c EffectFile, Option<Target>)> = Vec::new();
        for effect in &file.effects {
            let target = self.target(effect, scope);
            all.push((effect, target));
        }
        let kept = self.chosen(all)?;
        let mut effects = Vec::new();
        let mut is_sound = true;
        for (effect, target) in kept {
            let compiled = target.and_then(|target| self.effect(effect, target, scope));
            is_sound &= compiled.is_some();
            effects.extend(compiled.filter(|_| effect.auto_run));
        }
        is_sound.then_some(effects)
    }

    /// The names of effects with `auto_run: false`.
    pub(super) fn idle_effects(&self) -> Vec<String> {
        let idle = self.file.effects.iter().filter(|effect| !effect.auto_run);
        idle.map(|effect| effect.name.value.clone()).collect()
    }

    /// Of effects that push to the same place only the one that `crm:` names runs.
    fn chosen(
        &mut self,
        mut all: Vec<(&'c EffectFile, Option<Target>)>,
    ) -> Option<Vec<(&'c EffectFile, Option<Target>)>> {
        if let Some(crm) = &self.file.crm {
            let Some((chosen, _)) = all.iter().find(|(effect, _)| effect.name.value == crm.value) else {
                let names: Vec<&str> = all.iter().map(|(effect, _)| effect.name.value.as_str()).collect();
                let help = did_you_mean(&suggest(&crm.value, names.iter().copied()))
                    .or_else(|| (!names.is_empty()).then(|| format!("there are {}", names.join(", "))));
                let why = "no effect has this name".to_owned();
                let (what, name, at) = ("effect", crm.value.clone(), crm.span);
                self.problems.add(self.source, TableError::UnknownName { what, name, at, why, help });
                return None;
            };
            let chosen = *chosen;
            let target = all
                .iter()
                .find(|(effect, _)| effect.name.value == crm.value)
                .and_then(|(_, target)| target.clone());
            all.retain(|(effect, other)| {
                effect.name.value == chosen.name.value
                    || !are_alternatives((effect, other.as_ref()), (chosen, target.as_ref()))
            });
            return Some(all);
        }
        for (index, (first, target)) in all.iter().enumerate() {
            for (second, other) in &all[index + 1..] {
                if are_alternatives((first, target.as_ref()), (second, other.as_ref())) {
                    let error = TableError::TwoCrms {
                        first_name: first.name.value.clone(),
                        first: first.name.span,
                        second: second.name.span,
                    };
                    self.problems.add(self.source, error);
                    return None;
                }
            }
        }
        Some(all)
    }

    fn target(&mut self, effect: &EffectFile, scope: &mut Scope) -> Option<Target> {
        // A single brace has words of its own.
        let is_checked = |url: &&Spanned<String>| !url.value.contains('{') || url.value.contains("{{");
        if let Some(url) = effect.url.as_ref().filter(is_checked) {
            check_url(url, self.source, self.problems);
        }
        let url = effect.url.as_ref().map(|url| url.value.trim().trim_end_matches('/').to_owned());
        let serving = url.as_deref().and_then(|url| self.catalog.serving(url));
        let (provider, object) = match (&effect.provider, serving) {
            (Some(provider), _) => (provider.clone(), effect.object.clone()),
            (None, Some((provider, push))) => {
                let at = effect.url.as_ref().map_or(effect.span, |url| url.span);
                (Spanned::new(provider, at), Some(Spanned::new(push, at)))
            }
            (None, None) => return self.generic(effect, url?, scope),
        };
        let (index, ..) = self.catalog.find(&provider, self.source, self.problems)?;
        let found = self.catalog.compiled(index);
        let position = match &object {
            Some(object) => found.pushes.iter().position(|push| push.name == object.value),
            None => (!found.pushes.is_empty()).then_some(0),
        };
        let Some(push) = position else {
            let names: Vec<String> = found.pushes.iter().map(|push| format!("`{}`", push.name)).collect();
            let object = object.unwrap_or_else(|| provider.clone());
            let error = TableError::UnknownName {
                what: "push",
                name: object.value,
                at: object.span,
                why: format!("nothing of this name can be pushed to `{}`", provider.value),
                help: Some(if names.is_empty() {
                    "it is only there to look things up; CRMs are `hubspot` and `salesforce`".to_owned()
                } else {
                    format!("there is {}", names.join(", "))
                }),
            };
            self.problems.add(self.source, error);
            return None;
        };
        let base = match &found.backend {
            Backend::Http { base_url, .. } => base_url.clone(),
            Backend::File(_) | Backend::Formulas => String::new(),
        };
        let standard = found.pushes[push].url.as_ref().map(|path| format!("{base}{path}"));
        if let Some(url) = effect.url.as_ref().filter(|url| url.value.contains("{{")) {
            self.unfit_url(
                url,
                format!("an address of {} is the same for every row", found.title),
                "what differs from row to row stands in `field_mapping`, and `dedup_key` says which record it is",
            );
            return None;
        }
        let Some(url) = url.or(standard) else {
            let error = TableError::MissingKey {
                section: format!("`{}`", effect.name.value),
                key: "url".to_owned(),
                at: effect.name.span,
                help: "each account has an address of its own: `url: https://…`".to_owned(),
            };
            self.problems.add(self.source, error);
            return None;
        };
        Some(Target::Push { provider: index, push, url })
    }

    fn generic(&mut self, effect: &EffectFile, url: String, scope: &mut Scope) -> Option<Target> {
        let method = effect.method.as_ref().map_or("POST", |method| method.value.as_str());
        if !METHODS.contains(&method) {
            let at = effect.method.as_ref().map_or(effect.span, |method| method.span);
            let (what, wanted) = ("`method`".to_owned(), "POST, PUT or PATCH".to_owned());
            let found = format!("`{method}`");
            let upper = method.to_uppercase();
            let help = METHODS.contains(&upper.as_str()).then(|| format!("write `method: {upper}`"));
            self.problems.add(self.source, TableError::UnfitValue { what, wanted, found, at, help });
            return None;
        }
        let filled = self.filled(effect, scope).ok()?;
        let headers = effect.headers.iter().map(|(name, text)| {
            (name.value.clone(), scope.template(&format!("header {}", name.value), self.source, text))
        });
        let key_env = effect.key_env.as_ref().map(|key| key.value.clone());
        Some(Target::Generic { method: method.to_owned(), url, filled, headers: headers.collect(), key_env })
    }

    /// The address over the row, where it holds references; only its host has to be the same for every row.
    fn filled(&mut self, effect: &EffectFile, scope: &mut Scope) -> Result<Option<UrlTemplate>, Broken> {
        let Some(url) = effect.url.as_ref().filter(|url| url.value.contains('{')) else { return Ok(None) };
        if !url.value.contains("{{") {
            let problem = "a single brace can't stand in an address".to_owned();
            self.unfit_url(url, problem, "a reference has two braces: `https://HOST/{{…}}`");
            return Err(Broken);
        }
        if is_host_written(&url.value) {
            return Ok(Some(scope.url(&format!("url of {}", effect.name.value), self.source, url)));
        }
        self.unfit_url(
            url,
            "its host has to be written out, as only hosts that a table names are called".to_owned(),
            "references stand behind the host: `https://HOST/{{…}}`",
        );
        Err(Broken)
    }

    fn unfit_url(&mut self, url: &Spanned<String>, problem: String, help: &str) {
        let (text, at, help) = (url.value.clone(), url.span, help.to_owned());
        self.problems.add(self.source, TableError::UnfitUrl { url: text, problem, at, help });
    }

    fn effect(&mut self, file: &EffectFile, target: Target, scope: &mut Scope) -> Option<Effect> {
        let title = &file.name.value;
        let trigger = file
            .trigger
            .as_ref()
            .map(|text| condition(scope.formula(&format!("trigger of {title}"), self.source, text), text));
        let (mapping, source) = self.mapping(file, &target, scope)?;
        let properties: Vec<(String, Tree, bool)> = mapping
            .iter()
            .map(|mapped| {
                let property = &mapped.property.value;
                let what = format!("{property} of {title}");
                scope.check_constant(&format!("`{property}` of `{title}`"), &source, &mapped.value);
                (mapped.property.value.clone(), scope.tree(&what, &source, &mapped.value), mapped.on_create)
            })
            .collect();
        let dedup = self.dedup(file, &target, &properties).ok()?;
        let body = file.body.as_ref().map(|node| scope.tree(&format!("body of {title}"), self.source, node));
        Some(Effect { name: title.clone(), trigger, target, dedup, properties, body })
    }

    /// The field mapping, or the properties of the push where there is none; and the file they stand in.
    fn mapping(
        &mut self,
        file: &EffectFile,
        target: &Target,
        scope: &Scope,
    ) -> Option<(Vec<Mapped>, Source)> {
        if !file.mapping.is_empty() || file.body.is_some() {
            return Some((file.mapping.clone(), self.source.clone()));
        }
        if file.has_mapping && self.problems.has_errors() {
            // What is wrong with it was told.
            return None;
        }
        if let Target::Push { provider, push, .. } = target {
            let push = self.catalog.compiled(*provider).pushes[*push].name.clone();
            let name = Spanned::new(self.catalog.compiled(*provider).name.clone(), file.name.span);
            let (_, provider, source) = self.catalog.find(&name, self.source, self.problems)?;
            let push = provider.pushes.iter().find(|known| known.name.value == push)?;
            if !push.properties.is_empty() {
                let mapped = |(property, value): &(Spanned<String>, Node)| Mapped {
                    property: property.clone(),
                    value: value.clone(),
                    on_create: false,
                };
                // What it suggests is of use where the table has the columns.
                let has_column = |(_, value): &&(Spanned<String>, Node)| {
                    let name =
                        value.text().and_then(|text| text.trim().strip_prefix("{{")?.strip_suffix("}}"));
                    !scope.formulas.has_declarations() || name.is_none_or(|name| scope.knows(name.trim()))
                };
                return Some((
                    push.properties.iter().filter(has_column).map(mapped).collect(),
                    source.clone(),
                ));
            }
        }
        let error = TableError::MissingKey {
            section: format!("`{}`", file.name.value),
            key: "field_mapping".to_owned(),
            at: file.name.span,
            help: "say which property is given what: `field_mapping: {email: \"{{Work Email}}\"}`".to_owned(),
        };
        self.problems.add(self.source, error);
        None
    }

    /// The property that tells one contact from another, which has to be one of the mapping.
    fn dedup(
        &mut self,
        file: &EffectFile,
        target: &Target,
        properties: &[(String, Tree, bool)],
    ) -> Result<Option<(String, Tree)>, Broken> {
        let standard = match target {
            Target::Push { provider, push, .. } => self.catalog.compiled(*provider).pushes[*push].key.clone(),
            Target::Generic { .. } => None,
        };
        let Some(name) = file.dedup_key.as_ref().map(|key| key.value.clone()).or(standard) else {
            return Ok(None);
        };
        if let Some((_, tree, _)) = properties.iter().find(|(property, ..)| *property == name) {
            return Ok(Some((name, tree.clone())));
        }
        let at = file.dedup_key.as_ref().map_or(file.name.span, |key| key.span);
        let names: Vec<&str> = properties.iter().map(|(property, ..)| property.as_str()).collect();
        let help = did_you_mean(&suggest(&name, names.iter().copied()))
            .or_else(|| Some(format!("add it to `field_mapping`: `{name}: \"{{{{…}}}}\"`")));
        let why = "`field_mapping` gives no such property".to_owned();
        self.problems.add(self.source, TableError::UnknownName { what: "dedup key", name, at, why, help });
        Err(Broken)
    }
}

/// Whether the host of an address ends before its first reference begins.
fn is_host_written(url: &str) -> bool {
    let host = url.split_once("://").map_or("", |(_, rest)| rest.split("{{").next().unwrap_or_default());
    host.contains(['/', '?'])
}

/// Whether two effects would push every contact twice.
fn are_alternatives(one: (&EffectFile, Option<&Target>), two: (&EffectFile, Option<&Target>)) -> bool {
    let named = |effect: &EffectFile| ALTERNATIVES.contains(&effect.name.value.as_str());
    if named(one.0) && named(two.0) {
        return true;
    }
    match (one.1, two.1) {
        (
            Some(Target::Push { provider, push, .. }),
            Some(Target::Push { provider: other_provider, push: other_push, .. }),
        ) => provider == other_provider && push == other_push,
        _ => false,
    }
}
