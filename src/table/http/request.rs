//! What is asked of a provider and what it answers, apart from how the bytes travel.

use super::error::CallError;
use super::secret::Secret;
use super::url::shown;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Answers requests: over the network, from a recording, or from a test.
pub trait Transport: Send + Sync {
    /// The answer to `request`, whatever its status; blocks until all of it is there.
    fn call(&self, request: &Request) -> Result<Response, CallError>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        (**self).call(request)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        (**self).call(request)
    }
}

/// The verb of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// Every method, in the order of the enum.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The word on the wire, such as `GET`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads a method in any letter case; the error says which words there are.
impl FromStr for Method {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(word));
        found.ok_or_else(|| format!("`{word}` is no method; write GET, POST, PUT, PATCH or DELETE"))
    }
}

/// One call to a provider. Its debug form shows no path, no body and no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The whole address, percent-encoded: `https://api.example.com/v1/people?domain=stripe.com`.
    pub url: String,
    /// Headers that anyone may see.
    pub headers: Vec<(String, String)>,
    /// Headers that no one may see, such as `Authorization`.
    pub secret_headers: Vec<(String, Secret)>,
    /// The body, if there is one; its `content-type` stands among the headers.
    pub body: Option<String>,
    /// How long the whole call may take, if not as long as calls usually may.
    pub timeout: Option<Duration>,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        let (headers, secret_headers) = (Vec::new(), Vec::new());
        Self { method, url: url.into(), headers, secret_headers, body: None, timeout: None }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            |headers: &[(String, String)]| headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &shown(&self.url))
            .field("headers", &names(&self.headers))
            .field("secret_headers", &self.secret_headers)
            .field("body", &self.body.as_ref().map(|body| format!("{} bytes", body.len())))
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// What a provider answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, 100 to 999; a redirect is a 3xx, since none is followed.
    pub status: u16,
    /// The headers in the order they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text; bytes that are not UTF-8 stand as U+FFFD.
    pub body: String,
}

impl Response {
    /// The value of the first header called `name`, in any letter case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the status is 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the provider sends elsewhere; nothing was followed.
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }
}

#[cfg(test)]
mod tests {
    use super::{Method, Request};

    #[test]
    fn a_method_is_read_in_any_case() {
        assert_eq!("patch".parse(), Ok(Method::Patch));
        assert!("TRACE".parse::<Method>().is_err());
    }

    #[test]
    fn the_debug_form_shows_neither_path_nor_body() {
        let mut request = Request::new(Method::Post, "https://api.example.com/v1?api_key=canary");
        request.body = Some("canary".into());
        request.headers.push(("x-note".into(), "canary".into()));
        let debug = format!("{request:?}");
        assert!(!debug.contains("canary"), "{debug}");
        assert!(debug.contains("https://api.example.com/…"), "{debug}");
    }
}
