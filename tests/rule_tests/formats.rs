//! The results of tests for other programs: JSON, `JUnit`, GitHub.

use super::common::{self, Folder};
use super::{RULE, clayf, run, tested};

#[test]
fn json_tells_all() {
    let folder = tested("json");
    folder
        .write("score.clay", &format!("# example: {{\"Score\": 3}} => \"C\"\n{}", RULE.replace("80", "90")));
    let output = clayf(&folder, false, &["--format", "json", "--coverage", "--mutate"]);
    assert_eq!(output.status.code(), Some(1));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["passed"], false);
    let tests = &found["files"][0]["tests"];
    assert_eq!(
        (&tests[0]["kind"], &tests[0]["line"], &tests[0]["got"]),
        (&"example".into(), &1.into(), &"\"B\"".into())
    );
    assert_eq!(tests[1]["changed"][0]["lead"], "Ada");
    assert_eq!(tests[1]["transitions"][0]["rows"], 1);
    assert_eq!(found["coverage"]["outcomes"], 2);
    assert_eq!(found["files"][0]["coverage"]["missed"][0]["text"], "\"A\"");
    assert!(found["mutation"]["mutants"].as_u64().expect("a number") >= 3);
}

#[test]
fn junit_is_xml() {
    let folder = tested("junit");
    folder.write(
        "score.clay",
        &format!("# example: {{\"Name\": \"<&\\u0001\\\"\"}} => \"]]>\"\n{}", RULE.replace("80", "90")),
    );
    let (status, text) = run(&folder, &["--format", "junit"]);
    assert_eq!(status, 1);
    assert!(
        text.contains("<testsuites name=\"clayf test\" tests=\"2\" failures=\"2\" errors=\"0\">"),
        "{text}"
    );
    assert!(text.contains("expected &quot;]]&gt;&quot;") && text.contains("line=\"1\""), "{text}");
    assert!(text.chars().all(|next| next == '\n' || !next.is_control()), "{text:?}");
    assert_eq!(text.matches("<testcase").count(), text.matches("</testcase>").count());
}

#[test]
fn junit_tells_every_mistake() {
    let folder = Folder::new("junit-mistakes");
    folder.write("bad.clay", "X := CONTANS(A, \"<&>\")\nZ := LENN(A)\n");
    folder.write("warned.clay", "Y := A OR B AND C\n# example: {} = 5\n# example: {} => \n");
    folder.write("good.clay", "X := A\n# example: {\"A\": 1} => 1\n");
    let (status, text) = run(&folder, &["--format", "junit"]);
    assert_eq!(status, 1);
    let case = |place: &str, code: &str| {
        format!(
            "    <testcase classname=\"bad.clay\" name=\"compiles, line {place}, {code}\" file=\"bad.clay\" line=\""
        )
    };
    for (place, code) in [("1:6", "clay::unknown_function"), ("2:6", "clay::unknown_function")] {
        assert_eq!(text.matches(&case(place, code)).count(), 1, "{place}: {text}");
    }
    assert!(
        text.contains("<failure message=\"unknown function `CONTANS` [clay::unknown_function]\">"),
        "{text}"
    );
    assert!(text.contains("help: did you mean `LEN`") && text.contains("&lt;&amp;&gt;"), "{text}");
    // What is warned of does not fail.
    assert!(text.contains("\n      <system-out>"), "{text}");
    let count = |what: &str| text.matches(what).count();
    assert_eq!(count("<failure "), count("</failure>"));
    let suite = format!("tests=\"{}\" failures=\"{}\" errors", count("<testcase "), count("<failure "));
    assert!(text.contains(&format!("<testsuites name=\"clayf test\" {suite}")), "{text}");
}

#[test]
fn github_shows_failures_beside_lines() {
    let folder = tested("github");
    folder.write(
        "score.clay",
        &format!("\n# example: {{\"Score\": 3}} => \"C\"\n{}", RULE.replace("80", "90")),
    );
    let (status, text) = run(&folder, &["--format", "github"]);
    assert_eq!(status, 1);
    let wanted =
        "::error file=score.clay,line=2,title=clayf test::Tier: expected \"C\", got \"B\"%0Afor Score 3\n";
    assert!(text.starts_with(wanted), "{text}");
    assert!(text.contains("1 of 2 rows changed%0AAda · Tier A → B%0ATier A → B: 1"), "{text}");
}

#[test]
fn each_mistake_is_annotated_on_its_own_line() {
    let folder = common::folder("annotations");
    let rules = "T := a\n# example: {\"a\": 1} = 1\n# example: => 5\n# example: {a: 5} => 5\n";
    std::fs::write(folder.join("r.clay"), rules).expect("a writable file");
    let output = common::clayf(&folder, &["test", "--format", "github"], b"");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in 2..=4 {
        let wanted = format!("file=r.clay,line={line},");
        assert_eq!(told.matches(&wanted).count(), 1, "{told}");
    }
}
