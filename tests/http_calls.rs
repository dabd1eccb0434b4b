//! Calls over HTTP against a small server: what is answered, what is refused, what goes wrong and what it may have cost.

#![cfg(feature = "table")]

use clayf::table::http::{
    CallError, Guard, Http, Limit, Lookup, Method, Pace, Recorder, Redactor, Replayer, Request, Response,
    Secret, Settings, Transport, Turn,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// A server that hands each connection to a function, with its number from 0.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    fn new(serve: impl Fn(&mut BufReader<TcpStream>, usize) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (connections, serve) = (Arc::new(AtomicUsize::new(0)), Arc::new(serve));
        let counted = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let number = counted.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                let mut stream = BufReader::new(stream.expect("a connection"));
                thread::spawn(move || serve(&mut stream, number));
            }
        });
        Self { address, connections }
    }

    /// Answers every request with what `answer` makes of its text.
    fn answering(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::new(move |stream, _| {
            while let Some(request) = read_request(stream) {
                stream.get_mut().write_all(&answer(&request)).expect("written");
            }
        })
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn get(&self, path: &str) -> Request {
        Request::new(Method::Get, self.url(path))
    }

    fn http(&self, settings: Settings) -> Http {
        Http::new(Guard::new([self.address.to_string()], false).expect("a guard"), settings)
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// The head and the body of one request, if there comes one.
fn read_request(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = read_head(stream)?;
    let length =
        text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    text.push_str(&String::from_utf8_lossy(&body));
    Some(text)
}

fn read_head(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") {
        (stream.read_line(&mut text).ok()? > 0).then_some(())?;
    }
    Some(text)
}

fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = body.as_ref().len();
    let mut answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n").into_bytes();
    answer.extend_from_slice(body.as_ref());
    answer
}

fn ok(body: &str) -> Vec<u8> {
    answer("200 OK", "Content-Type: application/json\r\n", body)
}

fn quick() -> Settings {
    Settings { connect: Duration::from_millis(300), call: Duration::from_millis(600), ..Settings::default() }
}

/// The class of the error of a call, and whether it may have been sent.
fn fate(outcome: Result<Response, CallError>) -> (&'static str, bool) {
    let error = outcome.expect_err("an error");
    (error.class(), error.is_sent_maybe())
}

fn scratch(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

#[test]
fn a_call_brings_status_headers_and_body() {
    let server = Server::answering(|request| answer("404 Not Found", "X-Seen: Yes\r\n", request));
    let mut request = server.get("/v1?q=a%20b");
    request.method = Method::Post;
    request.body = Some(r#"{"a":1}"#.into());
    request.headers = vec![("Content-Type".into(), "application/json".into())];
    request.secret_headers = vec![("Authorization".into(), Secret::new("Bearer canary"))];
    let response = server.http(Settings::default()).call(&request).expect("a response");
    assert_eq!((response.status, response.header("x-seen")), (404, Some("Yes")));
    assert!(response.headers.iter().all(|(name, _)| name.chars().all(|next| !next.is_uppercase())));
    for part in [
        "POST /v1?q=a%20b HTTP/1.1\r\n",
        "authorization: Bearer canary\r\n",
        "content-type: application/json\r\n",
        concat!("user-agent: clayf/", env!("CARGO_PKG_VERSION"), "\r\n"),
        "\r\n\r\n{\"a\":1}",
    ] {
        assert!(response.body.contains(part), "{part} in {}", response.body);
    }
}

#[test]
fn every_method_is_sent_with_and_without_a_body() {
    let server = Server::answering(ok);
    let http = server.http(Settings::default());
    for (method, body) in Method::ALL.into_iter().flat_map(|method| [(method, None), (method, Some("x"))]) {
        let request = Request { method, body: body.map(str::to_owned), ..server.get("/") };
        let seen = http.call(&request).expect("a response").body;
        assert!(seen.starts_with(&format!("{method} / HTTP/1.1")), "{seen}");
        assert_eq!(seen.ends_with("\r\n\r\nx"), body.is_some(), "{seen}");
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    let server = Server::answering(|_| answer("200 OK", "", b"a\xffb"));
    let response = server.http(Settings::default()).call(&server.get("/")).expect("a response");
    assert_eq!(response.body, "a\u{fffd}b");
}

#[test]
fn connections_are_used_again() {
    let server = Server::answering(|_| ok("1"));
    let http = server.http(Settings::default());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| assert!(http.call(&server.get("/")).is_ok())));
        }
    });
    assert!(server.connections() <= 8, "{} connections", server.connections());
}

#[test]
fn a_connection_closed_while_idle_costs_nothing() {
    let (close, closed) = mpsc::channel();
    let close = Mutex::new(close);
    let server = Server::new(move |stream, _| {
        read_request(stream);
        stream.get_mut().write_all(&ok("1")).expect("written");
        stream.get_mut().shutdown(Shutdown::Both).expect("closed");
        close.lock().expect("no panic").send(()).expect("the test waits");
    });
    let http = server.http(Settings::default());
    for _ in 0..5 {
        assert_eq!(http.call(&server.get("/")).map(|response| response.status), Ok(200));
        closed.recv().expect("a connection");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(server.connections(), 5);
}

/// The first connection answers once, and then is closed while a large request is still being written.
#[test]
fn what_could_not_be_written_is_written_anew() {
    let server = Server::new(|stream, number| {
        read_request(stream);
        stream.get_mut().write_all(&ok("1")).expect("written");
        if number == 0 {
            read_head(stream);
        }
    });
    let http = server.http(Settings::default());
    let mut request = server.get("/");
    assert!(http.call(&request).is_ok());
    (request.method, request.body) = (Method::Post, Some("x".repeat(20_000_000)));
    assert_eq!(http.call(&request).map(|response| response.status), Ok(200));
    assert_eq!(server.connections(), 2);
}

#[test]
fn a_connection_lost_after_the_request_may_have_cost() {
    let server = Server::new(|stream, _| {
        read_request(stream);
    });
    let http = server.http(Settings::default());
    assert_eq!(fate(http.call(&server.get("/"))), ("interrupted", true));
    // Also on a connection that was fine before.
    let server = Server::new(|stream, _| {
        read_request(stream);
        stream.get_mut().write_all(&ok("1")).expect("written");
        read_request(stream);
    });
    let http = server.http(Settings::default());
    assert!(http.call(&server.get("/")).is_ok());
    assert_eq!(fate(http.call(&server.get("/"))), ("interrupted", true));
}

#[test]
fn a_timeout_tells_whether_the_request_was_sent() {
    let silent = Server::new(|_, _| thread::sleep(Duration::from_secs(3)));
    let http = silent.http(quick());
    assert_eq!(fate(http.call(&silent.get("/"))), ("timed_out", true));
    // Here encryption is never agreed on, so nothing was asked.
    let request = Request::new(Method::Get, format!("https://{}/", silent.address));
    assert_eq!(fate(http.call(&request)), ("timed_out", false));
}

#[test]
fn no_connection_is_told_as_such() {
    let address =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address");
    let guard = Guard::new([address.to_string()], false).expect("a guard");
    let http = Http::new(guard, quick());
    assert_eq!(
        fate(http.call(&Request::new(Method::Get, format!("http://{address}/")))),
        ("no_connection", false)
    );
    let plain = Server::answering(|_| ok("1"));
    let request = Request::new(Method::Get, format!("https://{}/", plain.address));
    assert!(!fate(plain.http(quick()).call(&request)).1);
}

#[test]
fn a_body_cut_short_is_no_response() {
    let cut = |text: &'static [u8]| {
        let server = Server::new(move |stream, _| {
            read_request(stream);
            stream.get_mut().write_all(text).expect("written");
        });
        fate(server.http(quick()).call(&server.get("/")))
    };
    assert_eq!(cut(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"), ("interrupted", true));
    assert_eq!(
        cut(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        ("interrupted", true)
    );
    assert_eq!(cut(b"HTTP/1.1 200 OK\r\ncontent-le"), ("interrupted", true));
    assert_eq!(cut(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), ("bad_response", true));
    assert_eq!(
        cut(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\ncontent-encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff\xcb\x48"),
        ("bad_response", true)
    );
}

#[test]
fn a_body_beyond_the_limit_is_refused() {
    let server = Server::answering(|request| {
        let length = if request.contains("/fits") { 1000 } else { 1001 };
        ok(&"x".repeat(length))
    });
    let http = server.http(Settings { largest_response: 1000, ..quick() });
    assert_eq!(http.call(&server.get("/fits")).map(|response| response.body.len()), Ok(1000));
    assert_eq!(fate(http.call(&server.get("/"))), ("too_large", true));
}

/// Deflate bits, the lowest first.
#[derive(Default)]
struct Bits(Vec<u8>, usize);

impl Bits {
    /// Appends the digits of `code` as they are written, each a bit.
    fn push(&mut self, code: &str) {
        for digit in code.bytes() {
            if self.1.is_multiple_of(8) {
                self.0.push(0);
            }
            *self.0.last_mut().expect("a byte") |= (digit - b'0') << (self.1 % 8);
            self.1 += 1;
        }
    }
}

/// A gzip file of 1 + 258 `matches` zeros, without its checksum.
fn zeros(matches: usize) -> Vec<u8> {
    let mut bits = Bits(b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec(), 80);
    // One last block with fixed codes, a zero, then the longest match at distance one again and again.
    bits.push("1");
    bits.push("10");
    bits.push("00110000");
    (0..matches).for_each(|_| bits.push("1100010100000"));
    bits.push("0000000");
    bits.0
}

#[test]
fn a_gzip_bomb_is_refused() {
    let bomb = zeros(200_000);
    assert!(bomb.len() < 400_000);
    let server = Server::answering(move |_| answer("200 OK", "content-encoding: gzip\r\n", &bomb));
    assert_eq!(fate(server.http(Settings::default()).call(&server.get("/"))), ("too_large", true));
}

#[test]
fn gzip_is_read() {
    // What gzip makes of `hello`.
    let hello = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0";
    let server = Server::answering(move |request| {
        assert!(request.contains("accept-encoding: gzip"));
        answer("200 OK", "content-encoding: gzip\r\n", hello)
    });
    let http = server.http(Settings::default());
    assert_eq!(http.call(&server.get("/")).map(|response| response.body), Ok("hello".into()));
}

#[test]
fn redirects_are_answers() {
    let elsewhere = Server::answering(|_| ok("elsewhere"));
    let location = format!("Location: {}\r\n", elsewhere.url("/"));
    let server = Server::answering(move |request| {
        let status = request.split_once('/').map_or("302", |(_, path)| &path[..3]);
        answer(&format!("{status} Elsewhere"), &location, "go")
    });
    let http = server.http(Settings::default());
    for status in [300, 301, 302, 303, 307, 308] {
        let response = http.call(&server.get(&format!("/{status}"))).expect("a response");
        assert_eq!((response.status, response.is_redirect()), (status, status != 300));
        assert_eq!(response.header("location"), Some(elsewhere.url("/").as_str()));
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn other_hosts_are_refused() {
    let (server, other) = (Server::answering(|_| ok("1")), Server::answering(|_| ok("1")));
    assert_eq!(fate(server.http(quick()).call(&other.get("/"))), ("refused_host", false));
    let by_name = Request::new(Method::Get, format!("http://localhost:{}/", server.address.port()));
    assert_eq!(fate(server.http(quick()).call(&by_name)), ("refused_host", false));
    let guard = Guard::new([format!("localhost:{}", server.address.port())], false).expect("a guard");
    assert_eq!(Http::new(guard, quick()).call(&by_name).map(|response| response.status), Ok(200));
    assert_eq!((other.connections(), server.connections()), (0, 1));
}

#[test]
fn headers_that_would_make_two_requests_of_one_are_refused() {
    let server = Server::answering(|_| ok("1"));
    let http = server.http(quick());
    for (name, value) in
        [("x", "a\r\nHost: b"), ("x y", "a"), ("Host", "b"), ("Content-Length", "0"), ("", "a")]
    {
        let request = Request { headers: vec![(name.into(), value.into())], ..server.get("/") };
        assert_eq!(fate(http.call(&request)), ("bad_header", false), "{name}");
    }
    assert_eq!(server.connections(), 0);
}

/// Gives each name the same addresses.
struct Fixed(Vec<IpAddr>);

impl Lookup for Fixed {
    fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        if name.starts_with("nowhere") { Err(io::Error::other("no such name")) } else { Ok(self.0.clone()) }
    }
}

#[test]
fn a_name_that_leads_inside_is_refused_before_a_connection() {
    let server = Server::answering(|_| ok("1"));
    let port = server.address.port();
    let fate_at = |name: &str, addresses: &[&str], allow_private| {
        let addresses = addresses.iter().map(|address| address.parse().expect("an address")).collect();
        let guard = Guard::new([format!("{name}:{port}")], allow_private).expect("a guard");
        let http = Http::with_lookup(guard, quick(), Fixed(addresses));
        fate(http.call(&Request::new(Method::Get, format!("https://{name}:{port}/?key=canary"))))
    };
    let refused = ("refused_address", false);
    assert_eq!(fate_at("api.example.com", &["127.0.0.1"], false), refused);
    assert_eq!(fate_at("api.example.com", &["127.0.0.1"], true), refused);
    assert_eq!(fate_at("api.localhost", &["127.0.0.1"], false), refused);
    assert_eq!(fate_at("api.example.com", &["8.8.8.8", "::ffff:127.0.0.1"], false), refused);
    assert_eq!(fate_at("api.example.com", &["10.0.0.1"], false), refused);
    assert_eq!(fate_at("api.example.com", &["169.254.169.254"], true), refused);
    assert_eq!(fate_at("nowhere.example.com", &[], false), ("no_such_host", false));
    assert_eq!(fate_at("api.example.com", &[], false), ("no_such_host", false));
    assert_eq!(server.connections(), 0);
}

/// The first word of each line of a corpus file.
fn corpus(name: &str) -> Vec<String> {
    let text = fs::read_to_string(format!("corpus/addresses/{name}")).expect("a corpus file");
    let words =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next());
    words.map(str::to_owned).collect()
}

/// What becomes of a URL whose host is listed as far as it can be, or of an address behind a listed name.
fn judged(entry: &str) -> Result<(), CallError> {
    if let Ok(address) = entry.parse::<IpAddr>() {
        let guard = Guard::new(["api.example.com"], false).expect("a guard");
        return guard.admit("api.example.com", &[address]);
    }
    let host = entry.split("//").nth(1).unwrap_or(entry).split(['/', '?', '#']).next().unwrap_or_default();
    let usual = ["api.example.com", "evil.example.com", "good.example.com"];
    let listed = usual.into_iter().chain([host]).filter(|host| Guard::new([host], false).is_ok());
    Guard::new(listed, false).expect("a guard").check(entry).map(|_| ())
}

#[test]
fn the_address_corpus_holds() {
    for entry in corpus("blocked.txt") {
        assert!(judged(&entry).is_err(), "{entry} is let through");
    }
    for entry in corpus("allowed.txt") {
        assert_eq!(judged(&entry), Ok(()), "{entry}");
    }
    assert!(corpus("blocked.txt").len() > 100 && corpus("allowed.txt").len() > 25);
}

#[test]
fn a_replay_gives_what_was_recorded() {
    let counted = AtomicUsize::new(0);
    let server = Server::answering(move |request| {
        let number = counted.fetch_add(1, Ordering::SeqCst);
        let limits = "Retry-After: 1\r\nX-RateLimit-Remaining: 7\r\n";
        answer("200 OK", limits, format!("{number} {}", request.lines().next().unwrap_or_default()))
    });
    let path = scratch("replay.jsonl");
    let recorder = Recorder::new(server.http(quick()), &path, Redactor::default()).expect("a recorder");
    let mut post =
        Request { method: Method::Post, body: Some(r#"{"a": 1, "b": [2]}"#.into()), ..server.get("/post") };
    let requests = [server.get("/a"), server.get("/b"), server.get("/a"), post.clone()];
    let old_ones: Vec<_> =
        requests.iter().map(|request| recorder.call(request).expect("a response")).collect();
    recorder.trouble().expect("all written");

    let replayer = Replayer::open(&path, Redactor::default()).expect("a replayer");
    let again = |request: &Request| replayer.call(request).expect("a recording");
    post.body = Some(r#"{"b":[2.0],"a":1}"#.into());
    let in_another_order = [&post, &requests[0], &requests[1], &requests[2], &requests[0]].map(again);
    for (index, number) in [3, 0, 1, 2, 2].into_iter().enumerate() {
        let (new, old) = (&in_another_order[index], &old_ones[number]);
        assert_eq!((new.status, &new.body), (old.status, &old.body));
        assert_eq!(new.header("retry-after"), Some("1"));
        assert_eq!(new.header("x-ratelimit-remaining"), Some("7"));
    }
    let error = replayer.call(&server.get("/bb")).expect_err("not recorded");
    assert_eq!((error.class(), error.is_sent_maybe()), ("no_recording", false));
    assert!(error.to_string().ends_with(&format!("the nearest one is GET {}", server.url("/b"))), "{error}");
    post.body = None;
    let error = replayer.call(&post).expect_err("not recorded");
    assert!(error.to_string().ends_with("it was recorded with another body"), "{error}");
}

#[test]
fn a_damaged_recording_is_told_with_its_line() {
    let path = scratch("damaged.jsonl");
    let line = r#"{"request":{"method":"GET","url":"https://a/"},"response":{"status":200,"body":""}}"#;
    for (second, reason) in
        [("{\"request\":", "EOF while parsing"), (&line.replace("GET", "TAKE"), "`TAKE` is no method")]
    {
        fs::write(&path, format!("{line}\n\n{second}\n")).expect("written");
        let error = Replayer::open(&path, Redactor::default()).expect_err("damaged").to_string();
        assert!(error.contains("damaged.jsonl:3: not a recorded call") && error.contains(reason), "{error}");
    }
}

#[test]
fn a_canary_key_stands_nowhere() {
    const CANARY: &str = "sk_canary+/\"é 42";
    let encoded = "sk_canary%2B%2F%22%C3%A9%2042";
    let json = serde_json::to_string(CANARY).expect("a string");
    let secret = Secret::new(CANARY);
    let redactor = Redactor::new([&secret]);
    let server = Server::answering(|request| {
        let status = if request.contains("/cut") { "200 OK\r\nX: sk_canary" } else { "200 OK" };
        if request.contains("/cut") { format!("HTTP/1.1 {status}").into_bytes() } else { ok(request) }
    });
    let path = scratch("hidden.jsonl");
    let recorder = Recorder::new(server.http(quick()), &path, redactor.clone()).expect("a recorder");
    let mut request = server.get(&format!("/v1/{encoded}?api_key={encoded}"));
    request.method = Method::Post;
    request.body = Some(format!("{{\"api_key\": {json}, \"basic\": \"OnNrX2NhbmFyeSsvIsOpIDQy\"}}"));
    request.headers = vec![("X-Api-Key".into(), encoded.into()), ("X-Note".into(), format!("key {encoded}"))];
    request.secret_headers = vec![("X-Key".into(), Secret::new(format!("Bearer {encoded}")))];
    let response = recorder.call(&request).expect("a response");
    assert!(response.body.contains(encoded) && response.body.contains(&json));

    let mut shown = fs::read_to_string(&path).expect("a recording");
    assert_eq!(shown.matches("api_key=***").count(), 2, "{shown}");
    shown.push_str(&format!("{request:?} {recorder:?} {secret} {secret:?} {redactor:?}"));
    let replayer = Replayer::open(&path, redactor.clone()).expect("a replayer");
    assert!(replayer.call(&request).is_ok());
    shown.push_str(&format!("{replayer:?}"));
    let missing = Request { url: server.url(&format!("/none?k={encoded}")), ..request.clone() };
    let stopped = Request { url: server.url(&format!("/cut?k={encoded}")), ..request.clone() };
    let odd = Request { url: format!("https://user:{encoded}@host/?k={encoded}"), ..request.clone() };
    let bad = Request { headers: vec![("x".into(), format!("{CANARY}\n"))], ..request.clone() };
    let errors = [replayer.call(&missing), recorder.call(&stopped), recorder.call(&odd), recorder.call(&bad)];
    for error in errors.map(|outcome| outcome.expect_err("an error")) {
        shown.push_str(&format!("\n{error} {error:?}"));
    }
    assert!(
        !shown.contains("canary") || shown.replace("canary.jsonl", "").matches("canary").count() == 0,
        "{shown}"
    );
    assert!(!shown.contains("NrX2NhbmFye"), "{shown}");
}

/// The most requests that arrive in any time as long as `window`.
fn most_in_a_window(arrivals: &mut [Duration], window: Duration) -> usize {
    arrivals.sort_unstable();
    let within =
        |start: usize| arrivals[start..].iter().take_while(|next| **next < arrivals[start] + window).count();
    (0..arrivals.len()).map(within).max().unwrap_or(0)
}

/// Sends as much as `limits` let it for a while, each request arriving somewhere between its sending and its response.
fn simulated(limits: &[Limit], latencies: &[(u64, u64)], length: Duration) -> Vec<Duration> {
    let start = Instant::now();
    let pace = Pace::new(limits.iter().copied());
    let (mut now, mut arrivals, mut answers, mut number) = (Duration::ZERO, Vec::new(), BTreeMap::new(), 0);
    while now < length {
        let later = answers.split_off(&(now, usize::MAX));
        answers.into_iter().for_each(|((at, _), turn): ((Duration, usize), Turn)| turn.done_at(start + at));
        answers = later;
        match pace.try_turn_at(start + now) {
            Ok(turn) => {
                let (before, after) = latencies[number % latencies.len()];
                arrivals.push(now + Duration::from_millis(before));
                answers.insert((now + Duration::from_millis(before + after), number), turn);
                number += 1;
            }
            Err(wait) => {
                let answer = answers.keys().next().map_or(length, |(at, _)| *at);
                now = (now + wait).min(answer.max(now + Duration::from_nanos(1)));
            }
        }
    }
    arrivals
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_window_ever_holds_too_many(
        requests in 1_u32..40,
        window in 500_u64..3000,
        second in proptest::option::of((1_u32..200, 500_u64..20_000)),
        latencies in prop::collection::vec((0_u64..40, 0_u64..400), 1..50),
    ) {
        let limit = |requests, window| Limit { requests, window: Duration::from_millis(window) };
        let limits: Vec<_> = [Some(limit(requests, window)), second.map(|(requests, window)| limit(requests, window))].into_iter().flatten().collect();
        let length = Duration::from_secs(60);
        let mut arrivals = simulated(&limits, &latencies, length);
        for limit in &limits {
            let most = most_in_a_window(&mut arrivals, limit.window);
            prop_assert!(most <= limit.requests as usize, "{most} within {limit:?}");
        }
        if let [limit] = limits[..] {
            let allowed = f64::from(limit.requests) * length.as_secs_f64() / limit.window.as_secs_f64();
            prop_assert!(arrivals.len() as f64 >= 0.9 * allowed, "{} of {allowed}", arrivals.len());
        }
    }
}

/// Fills so many windows of `limit` from many threads, sends one request more, and checks what arrives.
fn paced(threads: usize, limit: Limit, windows: u32, at_least: f64) {
    let (start, seen) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
    let noted = Arc::clone(&seen);
    let server = Server::answering(move |_| {
        noted.lock().expect("the list").push(start.elapsed());
        thread::sleep(Duration::from_millis(30));
        ok("1")
    });
    let (http, pace, begun) = (server.http(Settings::default()), Pace::new([limit]), AtomicUsize::new(0));
    let wanted = (windows * limit.requests) as usize + 1;
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while begun.fetch_add(1, Ordering::SeqCst) < wanted {
                    let turn = pace.wait_turn();
                    http.call(&server.get("/")).expect("a response");
                    turn.done();
                }
            });
        }
    });
    let mut arrivals = seen.lock().expect("the list").clone();
    let most = most_in_a_window(&mut arrivals, limit.window);
    assert!(most <= limit.requests as usize, "{most} within {limit:?}");
    let lasted = arrivals[wanted - 1].saturating_sub(arrivals[0]);
    let used = (limit.window * windows).as_secs_f64() / lasted.as_secs_f64();
    assert!(used >= at_least, "{used} of the rate");
}

#[test]
fn sixteen_threads_keep_the_pace() {
    paced(16, Limit { requests: 25, window: Duration::from_secs(1) }, 2, 0.8);
}

#[test]
#[ignore = "takes half a minute"]
fn a_hundred_threads_keep_the_pace() {
    paced(100, Limit { requests: 100, window: Duration::from_secs(1) }, 30, 0.9);
}
