//! From inputs and the definition of a call to a request.

use crate::table::http::{Method, Request, Secret};
use crate::table::model::{Auth, Backend, Call, Provider};
use crate::table::template::{Tree, as_text, escaped};
use crate::value::{Clock, Record, Value, json_text};
use std::time::Duration;

/// A call that can't be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// A template gives an error.
    #[error("`{what}` of the call is {error}")]
    Template {
        /// Which part of the call.
        what: String,
        /// What it gives.
        error: String,
    },
    /// The method is none.
    #[error("`{method}` is no method")]
    Method {
        /// What stands there.
        method: String,
    },
}

/// Whom a call is made to, and as whom.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'c> {
    /// What paths stand behind.
    pub base_url: &'c str,
    /// How the key is sent.
    pub auth: Option<&'c Auth>,
    /// The key.
    pub key: Option<&'c Secret>,
    /// How long a call may take, if not the usual time.
    pub timeout: Option<Duration>,
}

impl<'c> Caller<'c> {
    /// The caller of a provider; of one that makes no calls, nobody.
    #[must_use]
    pub fn of(provider: &'c Provider, key: Option<&'c Secret>) -> Self {
        match &provider.backend {
            Backend::Http { base_url, auth, timeout, .. } => {
                Self { base_url, auth: auth.as_ref(), key, timeout: *timeout }
            }
            Backend::File(_) | Backend::Formulas => Self { base_url: "", auth: None, key, timeout: None },
        }
    }
}

/// The request of `call` with these names.
pub fn build(
    call: &Call,
    names: &Record<'_>,
    caller: Caller<'_>,
    clock: &Clock,
) -> Result<Request, AskError> {
    let results = call.rules.eval(names, clock);
    let values = results.values();
    let told = |what: &str| {
        let what = what.to_owned();
        move |error: std::sync::Arc<crate::value::ErrorValue>| AskError::Template {
            what,
            error: error.to_string(),
        }
    };
    let mut url = call.url.fill(values).map_err(told("url"))?;
    if !call.is_whole {
        url = format!("{}{url}", caller.base_url.trim_end_matches('/'));
    }
    for (name, tree) in &call.query {
        let value = tree.fill(values).map_err(told(name))?;
        if matches!(value, Value::Blank) {
            continue;
        }
        let separator = if url.contains('?') { '&' } else { '?' };
        let text = as_text(&value).map_err(told(name))?;
        url.push_str(&format!("{separator}{}={}", escaped(name), escaped(&text)));
    }
    let method =
        call.method.parse::<Method>().map_err(|_| AskError::Method { method: call.method.clone() })?;
    let mut request = Request { timeout: caller.timeout, ..Request::new(method, url) };
    for (name, tree) in &call.headers {
        let value = tree.fill(values).map_err(told(name))?;
        if !matches!(value, Value::Blank) {
            request.headers.push((name.clone(), as_text(&value).map_err(told(name))?));
        }
    }
    if let Some(body) = &call.body {
        request.body = Some(json_text(&filled(body, values).map_err(told("body"))?));
        request.headers.push(("content-type".to_owned(), "application/json".to_owned()));
    }
    request.headers.push(("accept".to_owned(), "application/json".to_owned()));
    authorize(&mut request, caller);
    Ok(request)
}

fn filled(
    tree: &Tree,
    values: &[Value<'_>],
) -> Result<Value<'static>, std::sync::Arc<crate::value::ErrorValue>> {
    tree.fill(values)
}

/// Adds the header with the key.
pub(crate) fn authorize(request: &mut Request, caller: Caller<'_>) {
    if let (Some(auth), Some(key)) = (caller.auth, caller.key) {
        let (before, behind) = &auth.around;
        let value = Secret::new(format!("{before}{}{behind}", key.expose()));
        request.secret_headers.push((auth.header.clone(), value));
    }
}
