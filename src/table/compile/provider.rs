//! Providers: from files to lookups and pushes.

use super::Broken;
use super::call::{call, check_url};
use super::scope::Scope;
use crate::diagnostics::{Source, TableError, did_you_mean, suggest};
use crate::rules::{FormulaId, Rules};
use crate::span::Spanned;
use crate::table::config::{
    AuthFile, BackendFile, ChecksFile, LookupFile, ProviderFile, PushFile, RequestFile,
};
use crate::table::credits::Credits;
use crate::table::model::{
    Answer, Auth, Await, Backend, Check, Equal, Lookup, Provider, Push, PushAnswer, Question,
};
use crate::table::problems::Problems;
use crate::table::template::Tree;
use crate::types::Type;
use crate::value::Value;
use std::path::Path;

/// What every formula over an answer sees.
const ANSWER: [(&str, Type); 3] =
    [("status", Type::Number), ("headers", Type::Record), ("response", Type::Any)];

/// What a provider that says nothing else means by its statuses.
const DEFAULTS: [(Check, &str); 5] = [
    (Check::RateLimited, "status = 429"),
    (Check::Unauthorized, "status = 401"),
    (Check::Later, "status = 202"),
    (Check::NoMatch, "status = 404"),
    (Check::Retryable, "status IN [408, 425, 500, 502, 503, 504, 524]"),
];

/// Compiles a provider; nothing where something in it is wrong. `folder` is that of its file.
pub(super) fn provider(
    file: &ProviderFile,
    source: &Source,
    folder: &Path,
    problems: &mut Problems,
) -> Option<Provider> {
    let backend = backend(&file.backend, source, folder, problems);
    let before = problems.has_errors();
    let lookups = file.lookups.iter().map(|one| lookup(one, file, source, problems)).collect::<Vec<_>>();
    let pushes = file.pushes.iter().map(|one| push(one, &file.checks, source, problems)).collect::<Vec<_>>();
    if !before && problems.has_errors() {
        return None;
    }
    let title = file.title.as_ref().unwrap_or(&file.name).value.clone();
    Some(Provider {
        name: file.name.value.clone(),
        title,
        backend,
        lookups: lookups.into_iter().collect::<Option<_>>()?,
        pushes: pushes.into_iter().collect::<Option<_>>()?,
    })
}

fn backend(file: &BackendFile, source: &Source, folder: &Path, problems: &mut Problems) -> Backend {
    match file {
        BackendFile::Formulas => Backend::Formulas,
        BackendFile::File { path } => {
            let full = folder.join(&path.value);
            if let Err(error) = std::fs::metadata(&full) {
                let (file, problem) = (full.display().to_string(), super::why_unreadable(&error));
                let help = Some("paths begin at the folder of the file that names them".to_owned());
                problems.add(source, TableError::UnreadableFile { file, problem, at: path.span, help });
            }
            Backend::File(full)
        }
        BackendFile::Http { base_url, auth, limits, timeout } => {
            if let Some(url) = base_url {
                check_url(url, source, problems);
            }
            let base_url = base_url.as_ref().map(|url| url.value.trim_end_matches('/').to_owned());
            Backend::Http {
                base_url: base_url.unwrap_or_default(),
                auth: auth.as_ref().map(read_auth),
                limits: limits.clone(),
                timeout: *timeout,
            }
        }
    }
}

fn read_auth(file: &AuthFile) -> Auth {
    let written = file.value.as_ref().map_or("{{key}}", |value| value.value.as_str());
    let (before, behind) = written.split_once("{{key}}").unwrap_or((written, ""));
    Auth {
        header: file.header.value.clone(),
        around: (before.to_owned(), behind.to_owned()),
        env: file.env.value.clone(),
    }
}

fn lookup(
    file: &LookupFile,
    provider: &ProviderFile,
    source: &Source,
    problems: &mut Problems,
) -> Option<Lookup> {
    let names = || file.inputs.iter().map(|input| (input.name.value.as_str(), Type::Any));
    if let (BackendFile::Http { .. }, None) = (&provider.backend, &file.request) {
        let section = format!("the lookup `{}`", file.name.value);
        let help = "say which call it is: `request: {path: /people, query: {…}}`".to_owned();
        problems.add(
            source,
            TableError::MissingKey { section, key: "request".to_owned(), at: file.name.span, help },
        );
    }
    if file.outputs.is_empty() && file.found.is_none() {
        let section = format!("the lookup `{}`", file.name.value);
        let help = "say what it gives: `outputs: {name: response.name}`; without, nothing is ever found";
        let (key, at) = ("outputs".to_owned(), file.name.span);
        problems.add(source, TableError::MissingKey { section, key, at, help: help.to_owned() });
    }
    let call = file
        .request
        .as_ref()
        .map(|request| call(request, names(), source, problems).ok_or(Broken))
        .transpose();
    let equal = equal(file, source, problems);
    let later = file.later.as_ref().map(|later| {
        let call = self::call(&later.request, names().chain(ANSWER), source, problems).ok_or(Broken)?;
        Ok(Await { call, every: later.every, at_most: later.at_most })
    });
    let later: Result<Option<Await>, Broken> = later.transpose();
    let answer = answer(file, &provider.checks, source, problems);
    Some(Lookup {
        name: file.name.value.clone(),
        inputs: file.inputs.iter().map(|input| (input.name.value.clone(), input.required)).collect(),
        credits: file.credits.as_ref().map_or(Credits::ZERO, |credits| credits.value),
        charge_matches_only: file.charge_matches_only,
        coverage: file.coverage.as_ref().map(|coverage| coverage.value),
        call: call.ok()?,
        equal: equal.ok()?,
        answer: answer?,
        later: later.ok()?,
        fills: file.fills.iter().map(|(name, text)| (name.value.clone(), text.value.clone())).collect(),
    })
}

fn equal(file: &LookupFile, source: &Source, problems: &mut Problems) -> Result<Option<Equal>, Broken> {
    if file.equal.is_empty() {
        return Ok(None);
    }
    let mut scope = Scope::of(file.inputs.iter().map(|input| (input.name.value.as_str(), Type::Any)));
    for (field, formula) in &file.equal {
        scope.formula(&field.value, source, formula);
    }
    let fields = file.equal.iter().map(|(field, _)| field.value.clone()).collect();
    scope.finish(problems).map(|rules| Some(Equal { fields, rules })).ok_or(Broken)
}

fn answer(
    file: &LookupFile,
    general: &ChecksFile,
    source: &Source,
    problems: &mut Problems,
) -> Option<Answer> {
    let inputs = file.inputs.iter().map(|input| (input.name.value.as_str(), Type::Any));
    let mut scope = Scope::of(inputs.chain(ANSWER));
    let checks = checks(&mut scope, &file.checks, general, source);
    let found = file.found.as_ref().map(|text| scope.formula("match", source, text));
    let outputs = file.outputs.iter();
    let outputs = outputs.map(|(name, text)| (name.value.clone(), scope.formula(&name.value, source, text)));
    let outputs = outputs.collect();
    let is_later = file.later.as_ref().map(|later| scope.formula("when", source, &later.when));
    let rules = scope.finish(problems)?;
    let conforms = conforms(file, source, problems);
    Some(Answer { rules, checks, found, outputs, conforms, is_later })
}

/// The outputs with a shape; names of neither an output nor an input are mistakes.
fn conforms(file: &LookupFile, source: &Source, problems: &mut Problems) -> Vec<(String, String)> {
    let outputs: Vec<&str> = file.outputs.iter().map(|(name, _)| name.value.as_str()).collect();
    let inputs: Vec<&str> = file.inputs.iter().map(|input| input.name.value.as_str()).collect();
    let mut check = |what: &'static str, name: &Spanned<String>, known: &[&str]| {
        if known.contains(&name.value.as_str()) {
            return;
        }
        problems.add(
            source,
            TableError::UnknownName {
                what,
                name: name.value.clone(),
                at: name.span,
                why: "the lookup has none of this name".to_owned(),
                help: did_you_mean(&suggest(&name.value, known.iter().copied())),
            },
        );
    };
    for (output, input) in &file.conforms {
        check("output", output, &outputs);
        check("input", input, &inputs);
    }
    file.conforms.iter().map(|(output, input)| (output.value.clone(), input.value.clone())).collect()
}

/// The sorts of answer, the most particular first.
fn checks(
    scope: &mut Scope,
    own: &ChecksFile,
    general: &ChecksFile,
    source: &Source,
) -> Vec<(Check, FormulaId)> {
    let pick =
        |own: &Option<Spanned<String>>, general: &Option<Spanned<String>>| own.clone().or(general.clone());
    let said = [
        (Check::OutOfCredits, pick(&own.out_of_credits, &general.out_of_credits)),
        (Check::RateLimited, pick(&own.rate_limited, &general.rate_limited)),
        (Check::Unauthorized, pick(&own.unauthorized, &general.unauthorized)),
        (Check::Later, pick(&own.later, &general.later)),
        (Check::NoMatch, pick(&own.no_match, &general.no_match)),
        (Check::Retryable, pick(&own.retryable, &general.retryable)),
    ];
    let mut checks = Vec::new();
    for (check, text) in said {
        if let Some(text) = text {
            checks.push((check, scope.formula(word(check), source, &text)));
        } else if let Some((_, text)) = DEFAULTS.iter().find(|(known, _)| *known == check) {
            let source = Source::new("clayf's defaults", text);
            let at = crate::span::Span::new(0, text.len());
            let text = Spanned::new((*text).to_owned(), at);
            checks.push((check, scope.formula(word(check), &source, &text)));
        }
    }
    checks
}

fn word(check: Check) -> &'static str {
    match check {
        Check::OutOfCredits => "out_of_credits",
        Check::RateLimited => "rate_limited",
        Check::Unauthorized => "unauthorized",
        Check::Later => "later",
        Check::NoMatch => "no_match",
        Check::Retryable => "retryable",
    }
}

/// What the call of a push sees.
const PUSH: [(&str, Type); 5] = [
    ("url", Type::Text),
    ("segments", Type::List),
    ("key_name", Type::Text),
    ("items", Type::List),
    ("keys", Type::List),
];

fn push(file: &PushFile, general: &ChecksFile, source: &Source, problems: &mut Problems) -> Option<Push> {
    let call = file.request.as_ref().and_then(|request| call(request, PUSH, source, problems));
    let question = |request: &RequestFile, list: &Spanned<String>, problems: &mut Problems| {
        let call = self::call(request, PUSH, source, problems);
        let answer = single(ANSWER.into_iter().chain(PUSH), list, source, problems);
        Some(Question { call: call?, answer: answer? })
    };
    let existing = file
        .existing
        .as_ref()
        .map(|(request, keys)| question(request, keys, problems).ok_or(Broken))
        .transpose();
    let known = file.known_properties.as_ref().map(|check| {
        let help = check.help.as_ref().map(|help| help.value.clone());
        question(&check.request, &check.names, problems).map(|question| (question, help)).ok_or(Broken)
    });
    let known: Result<Option<_>, Broken> = known.transpose();
    let item = item(file, source, problems);
    let answer = push_answer(file, general, source, problems);
    Some(Push {
        name: file.name.value.clone(),
        serves: file.serves.iter().map(|pattern| pattern.value.clone()).collect(),
        url: file.url.as_ref().map(|url| url.value.clone()),
        batch: file.batch as usize,
        key: file.key.as_ref().map(|key| key.value.clone()),
        item: item?,
        call: call?,
        answer: answer?,
        existing: existing.ok()?,
        known_properties: known.ok()?,
    })
}

/// Rules of one formula.
pub(super) fn single<'n>(
    names: impl IntoIterator<Item = (&'n str, Type)>,
    text: &Spanned<String>,
    source: &Source,
    problems: &mut Problems,
) -> Option<Rules> {
    let mut scope = Scope::of(names);
    scope.formula("formula", source, text);
    scope.finish(problems)
}

fn item(file: &PushFile, source: &Source, problems: &mut Problems) -> Option<(Rules, Tree)> {
    let own = [("key", Type::Any), ("trace", Type::Text), ("properties", Type::Record)];
    let mut scope = Scope::of(own.into_iter().chain(PUSH.into_iter().take(3)));
    let tree = match &file.item {
        Some(node) => scope.tree("item", source, node),
        None => Tree::Constant(Value::Blank),
    };
    Some((scope.finish(problems)?, tree))
}

fn push_answer(
    file: &PushFile,
    general: &ChecksFile,
    source: &Source,
    problems: &mut Problems,
) -> Option<PushAnswer> {
    let mut scope = Scope::of(ANSWER);
    let checks = checks(&mut scope, &ChecksFile::default(), general, source);
    let mut of = |what: &str, text: &Option<Spanned<String>>| {
        text.as_ref().map(|text| scope.formula(what, source, text))
    };
    let (results, errors) = (of("results", &file.results), of("errors", &file.errors));
    let divide = of("divide", &file.divide);
    let whole = scope.finish(problems);
    let mut scope = Scope::of(ANSWER.into_iter().chain([("item", Type::Any)]));
    let mut of = |what: &str, text: &Option<Spanned<String>>| {
        text.as_ref().map(|text| scope.formula(what, source, text))
    };
    let (trace, error_trace) = (of("trace", &file.trace), of("error_trace", &file.error_trace));
    let (ok, id, reason) = (of("ok", &file.ok), of("id", &file.id), of("reason", &file.reason));
    let created = of("created", &file.created);
    let item = scope.finish(problems);
    Some(PushAnswer {
        whole: whole?,
        checks,
        results,
        errors,
        divide,
        item: item?,
        trace,
        error_trace,
        ok,
        id,
        created,
        reason,
    })
}
