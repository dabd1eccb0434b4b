//! The requests of an effect: a batch of a provider's push, a question about it, or a call for one row.

use super::payload::Payload;
use crate::table::ask::{AskError, Caller, build, record};
use crate::table::http::{Method, Request, Secret, host_of};
use crate::table::model::{Call, Push};
use crate::value::{Clock, Record, Value, read_json};
use serde_json::{Map, Value as Json};

/// A push of a provider, as an effect uses it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pushing<'p> {
    pub(super) push: &'p Push,
    pub(super) url: &'p str,
    /// The property that tells one contact from another; empty where the effect has none.
    pub(super) key_name: &'p str,
    pub(super) caller: Caller<'p>,
    pub(super) clock: &'p Clock,
}

/// An address that is called for each row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calling<'c> {
    pub(super) effect: &'c str,
    pub(super) method: &'c str,
    pub(super) url: &'c str,
    pub(super) key: Option<&'c Secret>,
}

impl Pushing<'_> {
    /// The call that pushes these.
    pub(super) fn request(&self, payloads: &[&Payload]) -> Result<Request, String> {
        let items: Result<Vec<_>, String> =
            payloads.iter().enumerate().map(|(index, payload)| self.item(index, payload)).collect();
        self.build(&self.push.call, &self.names(items?, &[])).map_err(|error| error.to_string())
    }

    /// One item of the call; its trace is its place.
    fn item(&self, index: usize, payload: &Payload) -> Result<Value<'static>, String> {
        let (rules, tree) = &self.push.item;
        let mut members = vec![
            ("key".to_owned(), Value::from(payload.key.clone())),
            ("trace".to_owned(), Value::from(index.to_string())),
            ("properties".to_owned(), as_value(payload.all_properties())),
        ];
        members.extend(self.place());
        let names = record(members);
        let results = rules.eval(&names, self.clock);
        tree.fill(results.values()).map_err(|error| format!("the item of the push is {error}"))
    }

    /// A call of the push over what it sees.
    pub(super) fn build(&self, call: &Call, names: &Record<'_>) -> Result<Request, AskError> {
        build(call, names, self.caller, self.clock)
    }

    /// What the calls of the push see.
    pub(super) fn names(&self, items: Vec<Value<'static>>, keys: &[String]) -> Record<'static> {
        let keys = keys.iter().map(|key| Value::from(key.clone())).collect();
        let lists = [("items".to_owned(), Value::list(items)), ("keys".to_owned(), Value::list(keys))];
        record(self.place().into_iter().chain(lists))
    }

    fn place(&self) -> [(String, Value<'static>); 3] {
        let segments = segments(self.url).map(|segment| Value::from(segment.to_owned())).collect();
        [
            ("url".to_owned(), Value::from(self.url.to_owned())),
            ("segments".to_owned(), Value::list(segments)),
            ("key_name".to_owned(), Value::from(self.key_name.to_owned())),
        ]
    }
}

impl Calling<'_> {
    /// The call for one row.
    pub(super) fn request(&self, payload: &Payload) -> Result<Request, String> {
        let own = payload.call.clone().unwrap_or_default();
        let mut request = Request::new(self.method.parse::<Method>()?, self.address(own.url.as_deref())?);
        let body = own.body.unwrap_or_else(|| Json::Object(payload.all_properties()));
        request.body = Some(body.to_string());
        let standard = [
            ("content-type", "application/json".to_owned()),
            ("accept", "application/json".to_owned()),
            ("idempotency-key", payload.digest(self.effect)),
        ];
        request.headers = own.headers;
        for (name, value) in standard {
            // What the table says about a header holds.
            if !request.headers.iter().any(|(said, _)| said.eq_ignore_ascii_case(name)) {
                request.headers.push((name.to_owned(), value));
            }
        }
        if let Some(key) = self.key {
            let value = Secret::new(format!("Bearer {}", key.expose()));
            request.secret_headers.push(("authorization".to_owned(), value));
        }
        Ok(request)
    }

    /// Where the call goes. What was queued for an address that the table has no more is not sent there.
    fn address<'a>(&'a self, own: Option<&'a str>) -> Result<&'a str, String> {
        let is_known =
            |own: &str| matches!((host_of(own), host_of(self.url)), (Ok(one), Ok(two)) if one == two);
        match own {
            None if !self.url.contains("{{") => Ok(self.url),
            Some(own) if is_known(own) => Ok(own),
            _ => Err("it was meant for an address that the table has no more".to_owned()),
        }
    }
}

/// The parts of the path of an address.
fn segments(url: &str) -> impl Iterator<Item = &str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    path.split('/').skip(1).filter(|segment| !segment.is_empty())
}

/// The properties as formulas see them.
fn as_value(properties: Map<String, Json>) -> Value<'static> {
    read_json(&Json::Object(properties).to_string()).map(Value::into_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::segments;

    #[test]
    fn the_host_is_no_segment() {
        let found: Vec<_> = segments("https://a.example.com/services/v1//Contact/Key__c?x=/y").collect();
        assert_eq!(found, ["services", "v1", "Contact", "Key__c"]);
    }
}
