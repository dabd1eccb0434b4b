//! Lookup data and functions of rule files in the conditions, requests and formulas of a table.

use crate::bench::{Bench, body, told};

const TABLE: &str = r#"
table: Lookups
rules: [score.clay, shared.clay]
inputs: [domain, country, industry]
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
  - domain
  - Score
  - formula: Owner
    is: Owners[country].owner
  - step: Plan
    provider: mine
    run_if: Score > 10 AND domain NOT IN Rivals
    inputs: {domain: "{{IF(Teams[country].team = 1, domain, \"other.example\")}}"}
    fills: {Plan: plan}
"#;

const SCORE: &str = "data Points = \"data/points.csv\" key industry\n\
    DOUBLED(points) := points * 2\n\
    Score := DOUBLED(COALESCE(Points[industry].points, 0))\n";

const SHARED: &str = "data Owners = {US: {owner: \"Ada\"}, DE: {owner: \"Ben\"}}\n\
    data Teams = {US: {team: 1}, DE: {team: 2}}\n\
    data Rivals = [\"rival.com\"]\n";

fn bench(name: &str) -> Bench {
    let bench = Bench::new(name, TABLE, |_, _| body("{\"plan\": \"pro\"}"));
    bench.folder.write("score.clay", SCORE);
    bench.folder.write("shared.clay", SHARED);
    bench.folder.write("data/points.csv", "industry,points\nSoftware,30\nRetail,5\n");
    bench
}

#[test]
fn data_and_functions_of_rule_files_are_available_in_a_table() {
    let bench = bench("lookups");
    bench.folder.write(
        "rows.csv",
        "domain,country,industry\na.com,us,software\nb.com,de,software\nc.com,US,retail\nRival.com,US,software\n",
    );
    let output = bench.clayf(&["run", "table.yaml", "rows.csv", "-o", "out.csv"]);
    assert!(output.status.success(), "{}", told(&output));
    let wanted = "domain,country,industry,Score,Owner,Plan\n\
                  a.com,us,software,60,Ada,pro\n\
                  b.com,de,software,60,Ben,pro\n\
                  c.com,US,retail,10,Ada,\n\
                  Rival.com,US,software,60,Ada,\n";
    assert_eq!(bench.folder.read("out.csv"), wanted);
    let mut asked: Vec<String> = bench.vendor.asked().into_iter().map(|asked| asked.target).collect();
    asked.sort();
    assert_eq!(asked, ["/a.com", "/other.example"]);
}

#[test]
fn mistakes_in_lookups_of_a_table_are_reported_in_their_files() {
    let bench = bench("lookups_wrong");
    bench.folder.write("score.clay", &SCORE.replace(".points, 0", ".poinst, 0"));
    bench
        .folder
        .write("shared.clay", &SHARED.replace("data Teams", "data Missing = \"none.csv\" key a\ndata Teams"));
    let output = bench.clayf(&["check", "table.yaml"]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("score.clay:3:44]") && told.contains("did you mean `points`?"), "{told}");
    assert!(told.contains("shared.clay:2:16]") && told.contains("can't load none.csv"), "{told}");
}
