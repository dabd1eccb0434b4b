//! Rate limits where calls wait for a place: turns that were taken long ago are not all used at once.

use crate::bench::{Bench, body};
use std::time::Duration;

#[test]
fn calls_that_waited_for_a_place_keep_to_the_limit() {
    let table = r#"
table: Pace
inputs: [k]
row_key: "{{k}}"
providers:
  - provider: slow
    base_url: {url}
    lookups: {x: {inputs: [k], request: {path: "/slow/{{k}}"}, outputs: {v: response.v}}}
  - provider: paced
    base_url: {url}
    limits: 2 per second
    lookups: {x: {inputs: [k], request: {path: "/paced/{{k}}"}, outputs: {v: response.v}}}
columns:
  - step: Slow
    provider: slow
    lookup: x
    run_if: LEFT(k, 1) = "s"
    fills: {Slow: v}
  - step: Paced
    provider: paced
    lookup: x
    run_if: LEFT(k, 1) = "p"
    fills: {Paced: v}
"#;
    // Slow answers hold both places while those who want to call the other wait with turns in their hands.
    let bench = Bench::new("burst", table, |asked, _| {
        let wait = if asked.target.starts_with("/slow/") { 700 } else { 1 };
        std::thread::sleep(Duration::from_millis(wait));
        body(r#"{"v":1}"#)
    });
    let rows: String = ["s1", "s2", "p1", "p2", "s3", "s4", "p3", "p4", "p5"]
        .map(|row| format!("{{\"k\":\"{row}\"}}\n"))
        .concat();
    bench.results(&rows, &["--concurrency", "2"]);
    let paced = bench.vendor.asked().into_iter().filter(|asked| asked.target.starts_with("/paced/"));
    let mut arrivals: Vec<_> = paced.map(|asked| asked.at).collect();
    arrivals.sort();
    assert_eq!(arrivals.len(), 5);
    for three in arrivals.windows(3) {
        let span = three[2] - three[0];
        assert!(span >= Duration::from_millis(980), "three calls within {span:?}");
    }
}
