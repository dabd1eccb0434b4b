//! The transport that opens sockets.

use super::error::CallError;
use super::guard::Guard;
use super::request::{Method, Request, Response, Transport};
use super::resolver::{GuardedResolver, Lookup, SystemLookup};
use super::url::Target;
use super::watch::{self, Connected, Stage, WatchSockets};
use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use ureq::http::header::{HeaderName, HeaderValue};
use ureq::http::{self, HeaderMap};
use ureq::unversioned::transport::{Connector, RustlsConnector, TcpConnector};
use ureq::{Agent, AsSendBody, Body};

/// What every request would answer for itself; a table that set them could make one request look like two.
const OWN_HEADERS: [&str; 6] =
    ["host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"];

/// How long calls may take and how large responses may be.
#[derive(Clone, Debug)]
pub struct Settings {
    /// For the lookup of a name, and then for the connection with its encryption: 10 seconds each.
    pub connect: Duration,
    /// For a whole call, to the last byte of its response: 60 seconds.
    pub call: Duration,
    /// How long a connection may idle and still be used again: 4 seconds, less than servers keep theirs.
    pub idle: Duration,
    /// How long the addresses of a name are remembered: 10 seconds.
    pub remember_addresses: Duration,
    /// The largest body of a response, in bytes as it is used, after decompression: 10 MB.
    pub largest_response: u64,
    /// How many connections may idle: 256, and half as many to one host.
    pub connections: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(60),
            idle: Duration::from_secs(4),
            remember_addresses: Duration::from_secs(10),
            largest_response: 10_000_000,
            connections: 256,
        }
    }
}

/// Calls over the network, to the hosts that its guard lists and no others.
///
/// No redirect is followed and no proxy used. Calls from many threads share connections.
#[derive(Clone, Debug)]
pub struct Http {
    agent: Agent,
    /// Those for calls that may take another time, each with connections of its own.
    others: Arc<Mutex<HashMap<Duration, Agent>>>,
    resolver: GuardedResolver,
    guard: Guard,
    settings: Settings,
}

impl Http {
    /// Calls what `guard` lets through.
    #[must_use]
    pub fn new(guard: Guard, settings: Settings) -> Self {
        Self::with_lookup(guard, settings, SystemLookup)
    }

    /// The same, with names looked up by `lookup`.
    #[must_use]
    pub fn with_lookup(guard: Guard, settings: Settings, lookup: impl Lookup) -> Self {
        let resolver = GuardedResolver::new(guard.clone(), Arc::new(lookup), settings.remember_addresses);
        let agent = agent(&settings, resolver.clone());
        Self { agent, others: Arc::default(), resolver, guard, settings }
    }

    /// The agent for calls that may take this long.
    fn agent(&self, call: Duration) -> Agent {
        if call == self.settings.call {
            return self.agent.clone();
        }
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || agent(&Settings { call, ..self.settings.clone() }, self.resolver.clone());
        others.entry(call).or_insert_with(new).clone()
    }

    /// One attempt; `fresh` takes no connection that was used before.
    fn attempt(&self, target: &Target, request: &Request, fresh: bool) -> Result<Response, CallError> {
        watch::begin();
        check_length(target, request)?;
        let call = request.timeout.unwrap_or(self.settings.call);
        let agent = self.agent(call);
        let answer = match body_of(request) {
            Some(body) => send(&agent, build(target, request, body)?, fresh),
            None => send(&agent, build(target, request, ())?, fresh),
        };
        let response = answer.map_err(|error| self.told(target, call, error))?;
        let status = response.status().as_u16();
        let headers = headers_of(response.headers());
        let body = self.read_body((target, call), &headers, response.into_body())?;
        Ok(Response { status, headers, body })
    }

    fn read_body(
        &self,
        (target, call): (&Target, Duration),
        headers: &[(String, String)],
        body: Body,
    ) -> Result<String, CallError> {
        let mut bytes = Vec::new();
        let reader = body.into_with_config().limit(self.settings.largest_response).reader();
        // The limit counts bytes as they came; decompressed they may be far more.
        let mut reader = reader.take(self.settings.largest_response.saturating_add(1));
        reader.read_to_end(&mut bytes).map_err(|error| self.told(target, call, error.into()))?;
        if bytes.len() as u64 > self.settings.largest_response {
            return Err(self.too_large(target));
        }
        // A body without a stated length ends where the connection does, so a broken one may have lost its end.
        let is_chunked = headers.iter().any(|(name, _)| name == "transfer-encoding");
        if watch::progress().is_broken && !is_chunked {
            let reason = "it broke off in the middle".to_owned();
            return Err(CallError::Interrupted { host: target.authority(), reason });
        }
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    fn too_large(&self, target: &Target) -> CallError {
        CallError::TooLarge { host: target.authority(), limit: self.settings.largest_response }
    }

    /// What an error of the client means for the one who pays.
    fn told(&self, target: &Target, call: Duration, error: ureq::Error) -> CallError {
        let stage = watch::progress().stage;
        let may_be_sent = matches!(stage, Stage::Writing | Stage::Awaiting);
        let host = target.authority();
        match error {
            ureq::Error::Other(inner) => match inner.downcast::<CallError>() {
                Ok(refused) => *refused,
                Err(other) => broken(host, may_be_sent, other.to_string()),
            },
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                CallError::TimedOut { host, after: self.settings.connect, sent: false }
            }
            ureq::Error::Timeout(_) => CallError::TimedOut { host, after: call, sent: may_be_sent },
            ureq::Error::BodyExceedsLimit(_) => self.too_large(target),
            ureq::Error::LargeResponseHeader(_, limit) => CallError::TooLarge { host, limit: limit as u64 },
            ureq::Error::Decompress(..) => {
                CallError::BadResponse { host, reason: "its gzip compression is damaged or cut off".into() }
            }
            ureq::Error::Protocol(error) if may_be_sent => {
                CallError::BadResponse { host, reason: format!("it is not HTTP: {error}") }
            }
            ureq::Error::Io(error) => broken(host, may_be_sent, in_words(&error)),
            other => broken(host, may_be_sent, other.to_string()),
        }
    }
}

impl Transport for Http {
    /// A connection that was closed while it idled costs nothing: what could not be written is written to a new one.
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        let target = self.guard.check(&request.url)?;
        let first = self.attempt(&target, request, false);
        let progress = watch::progress();
        let was_stale = !progress.is_fresh && progress.stage == Stage::Unfinished;
        match first {
            Err(CallError::NoConnection { .. }) if was_stale => self.attempt(&target, request, true),
            other => other,
        }
    }
}

/// The line and the headers of a request, in bytes; servers take 8 to 64 KB.
const LONGEST_HEAD: usize = 32 * 1024;

/// A request that is too long is a matter of its values: no other call is worse for it.
fn check_length(target: &Target, request: &Request) -> Result<(), CallError> {
    let open = request.headers.iter().map(|(name, value)| name.len() + value.len());
    let secret = request.secret_headers.iter().map(|(name, value)| name.len() + value.expose().len());
    let length = target.url().len() + open.chain(secret).map(|length| length + 4).sum::<usize>();
    if length <= LONGEST_HEAD {
        return Ok(());
    }
    Err(CallError::TooLong { host: target.authority(), length, limit: LONGEST_HEAD })
}

fn agent(settings: &Settings, resolver: GuardedResolver) -> Agent {
    let connector =
        ().chain(TcpConnector::default())
            .chain(WatchSockets)
            .chain(RustlsConnector::default())
            .chain(Connected);
    Agent::with_parts(config(settings), connector, resolver)
}

/// Sends a request; `fresh` takes no connection that was used before.
fn send(
    agent: &Agent,
    built: http::Request<impl AsSendBody>,
    fresh: bool,
) -> Result<http::Response<Body>, ureq::Error> {
    if !fresh {
        return agent.run(built);
    }
    // Only where it must be: with settings of its own a request can't be the one that loads the root certificates.
    let configured = agent.configure_request(built).max_idle_age(Duration::ZERO);
    agent.run(configured.build())
}

fn config(settings: &Settings) -> ureq::config::Config {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .user_agent(concat!("clayf/", env!("CARGO_PKG_VERSION")))
        .timeout_global(Some(settings.call))
        .timeout_resolve(Some(settings.connect))
        .timeout_connect(Some(settings.connect))
        .max_idle_age(settings.idle)
        .max_idle_connections(settings.connections)
        .max_idle_connections_per_host(settings.connections.div_ceil(2))
        .input_buffer_size(64 * 1024)
        .output_buffer_size(LONGEST_HEAD + 1024)
        .build()
}

fn build<B>(target: &Target, request: &Request, body: B) -> Result<http::Request<B>, CallError> {
    let bad_url = |error: http::uri::InvalidUri| CallError::BadUrl {
        url: target.to_string(),
        reason: error.to_string(),
    };
    let url: http::Uri = target.url().parse().map_err(bad_url)?;
    let mut headers = HeaderMap::new();
    for (name, value) in &request.headers {
        let (name, value) = header(name, value)?;
        headers.append(name, value);
    }
    for (name, secret) in &request.secret_headers {
        let (name, mut value) = header(name, secret.expose())?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    let mut built = http::Request::new(body);
    *built.method_mut() = method(request.method);
    *built.uri_mut() = url;
    *built.headers_mut() = headers;
    Ok(built)
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), CallError> {
    let bad = |reason| CallError::BadHeader { name: name.to_owned(), reason };
    let known = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| bad("its name is not one word of letters, digits and hyphens"))?;
    if OWN_HEADERS.contains(&known.as_str()) {
        return Err(bad("each call sets it itself; leave it out"));
    }
    let value = HeaderValue::from_str(value)
        .map_err(|_| bad("its value holds a line end or another control character"))?;
    Ok((known, value))
}

fn method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Patch => http::Method::PATCH,
        Method::Delete => http::Method::DELETE,
    }
}

/// Servers want to hear the length of a body wherever there may be one, even if it is nothing.
fn body_of(request: &Request) -> Option<&str> {
    let has_body = matches!(request.method, Method::Post | Method::Put | Method::Patch);
    request.body.as_deref().or(has_body.then_some(""))
}

fn headers_of(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn broken(host: String, may_be_sent: bool, reason: String) -> CallError {
    if may_be_sent {
        CallError::Interrupted { host, reason }
    } else {
        CallError::NoConnection { host, reason }
    }
}

/// What the system says, without its numbers.
fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "nothing listens there".into(),
        std::io::ErrorKind::UnexpectedEof => "the other side closed it".into(),
        std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe => {
            "the other side broke it off".into()
        }
        _ => error.to_string(),
    }
}
