//! A folder with a table, and a vendor whose answers a test scripts.

use crate::common::{Folder, clayf};
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use clayf::table::state::Store;
use serde_json::Value;
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// A table whose one step, `Plan`, asks one provider, `mine`, for two credits.
pub(crate) const ONE_STEP: &str = r#"
table: One step
inputs: [domain]
row_key: "{{domain}}"
providers:
  - provider: mine
    base_url: {url}
    lookups:
      plan:
        inputs: [domain]
        credits: 2
        request: {path: "/{{domain}}"}
        outputs: {plan: response.plan}
columns:
  - step: Plan
    provider: mine
    run_if: ISNOTEMPTY(domain)
    fills: {Plan: plan}
"#;

/// What the vendor was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Path and query.
    pub(crate) target: String,
    pub(crate) body: String,
    /// When it arrived.
    pub(crate) at: Instant,
}

/// What the vendor answers.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// An answer with the status 200.
pub(crate) fn body(body: impl Into<String>) -> Answer {
    status(200, body)
}

pub(crate) fn status(status: u16, body: impl Into<String>) -> Answer {
    Answer { status, headers: Vec::new(), body: body.into() }
}

/// A vendor that is called like any other.
pub(crate) struct Vendor {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    _runtime: tokio::runtime::Runtime,
}

impl Vendor {
    /// Answers each question, which comes with its number from 0, with what `answer` says.
    pub(crate) fn new(answer: impl Fn(&Asked, usize) -> Answer + Clone + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        let handler = move |uri: Uri, body: Bytes| {
            let body = String::from_utf8_lossy(&body).into_owned();
            let asked = Asked { target: uri.to_string(), body, at: Instant::now() };
            let number = {
                let mut kept = kept.lock().expect("no panic");
                kept.push(asked.clone());
                kept.len() - 1
            };
            // An answer may take its time, which must not keep other questions from being heard.
            let answer = answer.clone();
            let answering = tokio::task::spawn_blocking(move || answer(&asked, number));
            async move { response(answering.await.expect("no panic")) }
        };
        let app = axum::Router::new().fallback(handler);
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { url, asked, _runtime: runtime }
    }

    /// All that it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn response(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).expect("a status");
    let mut response = (status, answer.body).into_response();
    for (name, value) in answer.headers {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_str(&value).expect("a value"));
    }
    response
}

/// A folder with `table.yaml`, in which `{url}` stands for the vendor's address, and the rows in `rows.jsonl`.
pub(crate) struct Bench {
    pub(crate) folder: Folder,
    pub(crate) vendor: Vendor,
}

impl Bench {
    pub(crate) fn new(
        name: &str,
        table: &str,
        answer: impl Fn(&Asked, usize) -> Answer + Clone + Send + Sync + 'static,
    ) -> Self {
        let bench = Self { folder: Folder::new(name), vendor: Vendor::new(answer) };
        bench.folder.write("table.yaml", &table.replace("{url}", &bench.vendor.url));
        bench
    }

    pub(crate) fn clayf(&self, args: &[&str]) -> Output {
        clayf(&self.folder.path("."), args, b"")
    }

    /// Runs the table over these rows, with the results in `out.jsonl`.
    pub(crate) fn run(&self, rows: &str, more: &[&str]) -> Output {
        self.folder.write("rows.jsonl", rows);
        self.clayf(&[&["run", "table.yaml", "rows.jsonl", "-o", "out.jsonl"], more].concat())
    }

    /// The results of a run that has to end well.
    pub(crate) fn results(&self, rows: &str, more: &[&str]) -> Vec<Value> {
        let output = self.run(rows, more);
        assert!(output.status.success(), "{}", told(&output));
        let out = self.folder.read("out.jsonl");
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// The state of the table, to look at.
    pub(crate) fn store(&self) -> Store {
        Store::open_to_read(&self.folder.path("table.state")).expect("a state")
    }
}

/// What a command said on standard error.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
