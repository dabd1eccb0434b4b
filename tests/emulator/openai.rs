//! A chat model in the style of `OpenAI`: the same prompt gets the same words, as text or as the JSON asked for.

use super::ask::{Ask, Reply, Route, text};
use super::hash::{mix, pick, stable, unit};
use super::ledger::Outcome;
use super::vendor::Manners;
use super::world::World;
use serde_json::{Map, Value, json};

const OPENERS: [&str; 6] = [
    "Your team's growth this year caught my eye",
    "I liked how your company talks about its customers",
    "Congratulations on the new office",
    "The way your team works with data stands out",
    "Your last product note was a good read",
    "I heard good things about your onboarding",
];

const CLOSINGS: [&str; 4] = [
    "would a short call next week help?",
    "may I send you a one-page summary?",
    "is this something you look at this quarter?",
    "who on your side would be right to ask?",
];

/// Schemas deeper than this get null.
const MOST_DEPTH: u32 = 12;

pub(crate) struct OpenAi;

impl Manners for OpenAi {
    fn route(&self, ask: &Ask) -> Route {
        match ask.target() {
            ("POST", path) if path == ["chat", "completions"] => {
                let last: String = prompt(&ask.json).chars().take(60).collect();
                Route::new("chat/completions", format!("{:016x} {last}", digest(&ask.json)), complete)
            }
            (_, path) => Route::new("unknown", path.join("/"), |_, _| {
                error(404, Outcome::Invalid, "Unknown request URL.", "invalid_request_error", "unknown_url")
            }),
        }
    }

    fn unauthorized(&self) -> Reply {
        let message = "Incorrect API key provided.";
        error(401, Outcome::Unauthorized, message, "invalid_request_error", "invalid_api_key")
    }

    fn rate_limited(&self, retry_after: Option<u64>) -> Reply {
        let message = "Rate limit reached on requests per min. Please try again later.";
        error(429, Outcome::RateLimited, message, "requests", "rate_limit_exceeded").retry_after(retry_after)
    }

    fn out_of_credits(&self) -> Reply {
        let message = "You exceeded your current quota, please check your plan and billing details.";
        error(429, Outcome::OutOfCredits, message, "insufficient_quota", "insufficient_quota")
    }
}

fn error(status: u16, outcome: Outcome, message: &str, kind: &str, code: &str) -> Reply {
    let body = json!({"error": {"message": message, "type": kind, "param": null, "code": code}});
    Reply::json(status, outcome, &body)
}

/// What was said last.
fn prompt(request: &Value) -> &str {
    let last = request["messages"].as_array().and_then(|messages| messages.last());
    last.and_then(|message| text(message, "content")).unwrap_or_default()
}

/// All that decides the answer, as one number.
fn digest(request: &Value) -> u64 {
    let parts = [&request["model"], &request["messages"], &request["response_format"]].map(Value::to_string);
    stable(0, &parts.each_ref().map(String::as_str))
}

fn complete(world: &World, ask: &Ask) -> Reply {
    let Some(model) = ask.member("model") else {
        let message = "you must provide a model parameter";
        return error(400, Outcome::Invalid, message, "invalid_request_error", "missing_required_parameter");
    };
    if prompt(&ask.json).is_empty() {
        let message = "Invalid type for 'messages': expected messages with content.";
        return error(400, Outcome::Invalid, message, "invalid_request_error", "invalid_type");
    }
    let draw = world.universe.draw(&["completion", &format!("{:016x}", digest(&ask.json))]);
    let refuses = unit(mix(draw)) < world.settings.refusals;
    let (content, finish) = if refuses { (Value::Null, "stop") } else { spoken(&ask.json, draw) };
    let read = ask.body.len().div_ceil(4);
    let written = content.as_str().map_or(0, tokens);
    let body = json!({
        "id": format!("chatcmpl-{draw:016x}"),
        "object": "chat.completion",
        "created": 1_780_000_000,
        "model": model,
        "choices": [{
            "index": 0,
            "message": {
                "role": "assistant",
                "content": content,
                "refusal": refuses.then_some("I can't help with that."),
                "annotations": [],
            },
            "logprobs": null,
            "finish_reason": finish,
        }],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
        "service_tier": "default",
    });
    Reply::json(200, Outcome::Done, &body).billed(1)
}

/// The words, cut where the request allows no more of them, and why they end.
fn spoken(request: &Value, draw: u64) -> (Value, &'static str) {
    let whole = match request["response_format"]["type"].as_str() {
        Some("json_schema") => {
            filled(&request["response_format"]["json_schema"]["schema"], draw, 0).to_string()
        }
        Some("json_object") => json!({"answer": sentence(draw)}).to_string(),
        _ => sentence(draw),
    };
    let most = ["max_completion_tokens", "max_tokens"].into_iter().find_map(|name| request[name].as_u64());
    match most {
        Some(most) if (tokens(&whole) as u64) > most => {
            let cut: String = whole.chars().take(most as usize * 4).collect();
            (json!(cut), "length")
        }
        _ => (json!(whole), "stop"),
    }
}

fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(4)
}

fn sentence(draw: u64) -> String {
    format!("{}; {}", pick(draw, &OPENERS), pick(mix(draw), &CLOSINGS))
}

/// A value that fits a JSON schema.
fn filled(schema: &Value, draw: u64, depth: u32) -> Value {
    if depth > MOST_DEPTH {
        return Value::Null;
    }
    if let Some(choices) = schema["enum"].as_array().filter(|choices| !choices.is_empty()) {
        return pick(draw, choices).clone();
    }
    // Several types are a list of them, the first of which is taken.
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let filled = properties.map(|(name, inner)| {
                let draw = stable(draw, &[name]);
                (name.clone(), filled(inner, draw, depth + 1))
            });
            Value::Object(filled.collect::<Map<_, _>>())
        }
        Some("array") => json!([filled(&schema["items"], mix(draw), depth + 1)]),
        Some("integer" | "number") => json!(bounded(schema, draw)),
        Some("boolean") => json!(draw.is_multiple_of(2)),
        Some("null") => Value::Null,
        _ => json!(sentence(draw)),
    }
}

/// A whole number between the bounds of a schema, of which it may have none.
fn bounded(schema: &Value, draw: u64) -> i64 {
    let least = schema["minimum"].as_i64().unwrap_or(0);
    let most = schema["maximum"].as_i64().unwrap_or(least.saturating_add(100)).max(least);
    least.saturating_add_unsigned(draw % most.abs_diff(least).saturating_add(1))
}
