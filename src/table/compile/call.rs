//! Calls over HTTP: from templates to trees over the rules of their scope.

use super::scope::Scope;
use crate::diagnostics::{Source, TableError};
use crate::rules::Rules;
use crate::span::Spanned;
use crate::table::config::RequestFile;
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

/// Whether an address may be called at all: `https`, or `http` on this machine.
pub(super) fn check_url(url: &Spanned<String>, source: &Source, problems: &mut Problems) {
    let text = url.value.trim();
    if text.starts_with("{{") {
        return;
    }
    let (problem, help) = if let Some(rest) = text.strip_prefix("http://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
        if name == "localhost" || name.starts_with("127.") || name.starts_with("[::1]") {
            return;
        }
        (
            "it is not encrypted, and keys would be sent in the open",
            "write `https://`; plain `http` is only for this machine",
        )
    } else if text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/')) {
        return;
    } else {
        ("it is no address", "an address begins with `https://`")
    };
    problems.add(
        source,
        TableError::UnfitUrl {
            url: text.to_owned(),
            problem: problem.to_owned(),
            at: url.span,
            help: help.to_owned(),
        },
    );
}
