//! Calls over HTTP: from templates to trees over the rules of their scope.

use super::scope::Scope;
use crate::diagnostics::{Source, TableError};
use crate::rules::Rules;
use crate::span::Spanned;
use crate::table::config::RequestFile;
use crate::table::http::{CallError, Guard, host_of};
use crate::table::model::Call;
use crate::table::problems::Problems;
use crate::table::template::{Tree, UrlTemplate};
use crate::table::yaml::Node;
use crate::types::Type;

/// Compiles a call whose templates see `names`; nothing where its formulas are wrong.
pub(super) fn call<'n>(
    file: &RequestFile,
    names: impl IntoIterator<Item = (&'n str, Type)>,
    source: &Source,
    problems: &mut Problems,
) -> Option<Call> {
    let mut scope = Scope::of(names);
    let url = match (&file.url, &file.path) {
        (Some(url), None) => scope.url("url", source, url),
        (None, Some(path)) => scope.url("path", source, path),
        (None, None) => UrlTemplate::default(),
        (Some(_), Some(path)) => {
            let error = TableError::UnfitValue {
                what: "`request`".to_owned(),
                wanted: "a call of one address".to_owned(),
                found: "one with both `url` and `path`".to_owned(),
                at: path.span,
                help: Some("`path` stands behind the provider's `base_url`; keep one of them".to_owned()),
            };
            problems.add(source, error);
            UrlTemplate::default()
        }
    };
    let query = trees(&mut scope, &file.query, source);
    let headers = trees(&mut scope, &file.headers, source);
    let body = file.body.as_ref().map(|node| scope.tree("body", source, node));
    let rules: Rules = scope.finish(problems)?;
    let method = file.method.value.clone();
    Some(Call { rules, method, url, is_whole: file.url.is_some(), query, headers, body })
}

fn trees(scope: &mut Scope, members: &[(Spanned<String>, Node)], source: &Source) -> Vec<(String, Tree)> {
    members.iter().map(|(name, node)| (name.value.clone(), scope.tree(&name.value, source, node))).collect()
}

/// Whether an address may be called at all: `https`, or `http` on this machine, and no host that is always refused.
pub(super) fn check_url(url: &Spanned<String>, source: &Source, problems: &mut Problems) {
    let text = url.value.trim();
    if text.starts_with("{{") {
        return;
    }
    let Some((problem, help)) = unfit_scheme(text).or_else(|| unfit_host(text)) else { return };
    let (url, at) = (text.to_owned(), url.span);
    problems.add(source, TableError::UnfitUrl { url, problem, at, help: help.to_owned() });
}

/// Why an address can't be called by how it begins, and what to write.
fn unfit_scheme(text: &str) -> Option<(String, &'static str)> {
    if let Some(rest) = text.strip_prefix("http://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
        let is_here = name == "localhost" || name.starts_with("127.") || name.starts_with("[::1]");
        let problem = "it is not encrypted, and keys would be sent in the open".to_owned();
        return (!is_here).then_some((problem, "write `https://`; plain `http` is only for this machine"));
    }
    let is_whole =
        text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    (!is_whole).then(|| ("it is no address".to_owned(), "an address begins with `https://`"))
}

/// Why an address can't be called by its host. Private networks can be, by those who allow them.
fn unfit_host(text: &str) -> Option<(String, &'static str)> {
    let scheme = text.find("://").map_or(0, |at| at + 3);
    let end = text[scheme..].find(['/', '?']).map_or(text.len(), |at| scheme + at);
    if text[scheme..end].contains("{{") {
        return None;
    }
    // What stands behind the host may hold references, which only a row fills in.
    let checked = if text.contains("{{") { &text[..end] } else { text };
    let error = host_of(text).and_then(|host| Guard::new([host], true)?.check(checked)).err()?;
    Some(match error {
        CallError::BadUrl { reason, .. } => {
            (reason, "an address is `https://`, the name of a host, and a path")
        }
        CallError::RefusedAddress { kind, .. } => {
            (format!("its host is {kind}"), "write the name of the provider's host")
        }
        error => (error.to_string(), "write the name of the provider's host"),
    })
}
