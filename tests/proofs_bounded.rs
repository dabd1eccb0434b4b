//! Large and hostile rule files: the analysis of each ends, and claims nothing that it did not finish.

use clayf::rules::NoFiles;
use clayf::tools::prove::{Proof, Status, prove};
use clayf::{Clock, Rules};
use std::sync::Arc;

fn proof(text: &str) -> Proof {
    let rules = Rules::compile_unanalyzed("large.clay", text, Arc::new(NoFiles)).expect("rules");
    prove(&rules, &Clock::system()).expect("a rule file without mistakes")
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn bands(count: usize) -> String {
    let bands: Vec<String> = (1..=count).rev().map(|band| format!("x > {band}, {band}")).collect();
    format!("A := IFS({}, TRUE, 0)\n", bands.join(", "))
}

fn words(proof: &Proof) -> Vec<&'static str> {
    proof.properties.iter().map(|one| one.status.word()).collect()
}

#[test]
fn sums_of_shared_sums_end() {
    let sums = lines(40, |at| format!("A{} := A{at} + A{at}\n", at + 1));
    let proof = proof(&format!("A0 := x + y\n{sums}B := IF(A40 > 5, 1, 0)\n"));
    assert_eq!(proof.columns.len(), 42);
}

#[test]
fn columns_that_share_nothing_are_proved() {
    let proof =
        proof(&lines(40, |at| format!("C{at} (0-100) := IF(x{at} > {at}, 100, CLAMP(x{at}, 0, 50))\n")));
    assert_eq!(words(&proof), ["proved"; 40]);
}

#[test]
fn chained_columns_are_never_proved_by_work_that_was_cut_off() {
    let chain = lines(30, |at| {
        let next = at + 1;
        format!("C{at} (0-100) := IF(x{at} > {at}, C{next} + 1, C{next} * 2)\n")
    });
    let proof = proof(&format!("{chain}C30 := IF(x30 > 1, 1, 0)\n"));
    let is_outside = |at: usize| 30 - at >= 7;
    for (at, one) in proof.properties.iter().enumerate().filter(|(at, _)| is_outside(*at)) {
        assert!(!matches!(one.status, Status::Proved), "C{at}: {}", one.method);
    }
    assert!(proof.columns[0].values.is_none(), "{}", proof.columns[0].method);
}

#[test]
fn the_bands_of_one_column_are_proved() {
    let proof = proof(&format!("# always: A >= 0\n# rising: x\n{}", bands(250)));
    assert_eq!(words(&proof), ["proved", "proved"]);
}
