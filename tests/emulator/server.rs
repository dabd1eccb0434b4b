//! From bytes on a port to a decision, and from the decision back to bytes.

use super::ask::{Ask, Reply};
use super::contacts;
use super::faults::FaultKind;
use super::ledger::Outcome;
use super::vendor::Vendor;
use super::wire::{Cuttable, Scissors};
use super::world::{Decision, World};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::routing::{get, post};
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

const MOST_BYTES: usize = 16 << 20;

/// Serves until the task is dropped.
pub(crate) async fn serve(listener: Cuttable, world: Arc<World>) -> std::io::Result<()> {
    let routes = Router::new()
        .route("/__ledger", get(ledger))
        .route("/__contacts", get(all_contacts))
        .route("/__reset", post(reset))
        .fallback(answer)
        .with_state(world);
    axum::serve(listener, routes.into_make_service_with_connect_info::<Scissors>()).await
}

async fn ledger(State(world): State<Arc<World>>) -> Response<Body> {
    respond(Reply::json(200, Outcome::Done, &world.book.copy().to_json()))
}

async fn all_contacts(State(world): State<Arc<World>>) -> Response<Body> {
    let hubspot = contacts::to_json(world.hubspot().all());
    let salesforce = contacts::to_json(world.salesforce().all());
    respond(Reply::json(200, Outcome::Done, &json!({"hubspot": hubspot, "salesforce": salesforce})))
}

async fn reset(State(world): State<Arc<World>>) -> Response<Body> {
    world.reset();
    respond(Reply::json(200, Outcome::Done, &json!({"reset": true})))
}

async fn answer(
    State(world): State<Arc<World>>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response<Body> {
    let arrived = Instant::now();
    let (parts, body) = request.into_parts();
    let name = parts.uri.path().split('/').nth(1).unwrap_or_default();
    let Some(vendor) = Vendor::named(name) else {
        return respond(Reply::text(404, Outcome::Invalid, "no such vendor\n"));
    };
    let _inside = world.limits.enter(vendor);
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return respond(Reply::text(413, Outcome::Invalid, "too large\n"));
    };
    let ask = Ask::read(parts, &format!("/{}{}", vendor.name(), vendor.base()), body);
    let decision = world.decide(vendor, &ask, arrived);
    let delay = world.delay(decision.fault);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    deliver(decision, &scissors)
}

/// Sends the answer, or what the fault leaves of it.
fn deliver(decision: Decision, scissors: &Scissors) -> Response<Body> {
    match decision.fault {
        Some(FaultKind::DropBefore | FaultKind::DropAfter) => scissors.cut_all(),
        // An answer without a body has nothing to lose but itself.
        Some(FaultKind::Truncated) if decision.reply.body.is_empty() => scissors.cut_all(),
        Some(FaultKind::Truncated) => scissors.cut_last(decision.reply.body.len().div_ceil(2)),
        _ => {}
    }
    respond(decision.reply)
}

fn respond(reply: Reply) -> Response<Body> {
    let mut response = Response::builder().status(reply.status);
    if !reply.body.is_empty() {
        response = response.header("content-type", reply.content_type);
    }
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(reply.body)).expect("headers of plain text")
}
