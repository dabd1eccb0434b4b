//! What goes wrong for good, and rows that are not as they should be: the run ends, and says what happened.

use crate::bench::{Bench, parsed, ran};
use crate::emulator::{FaultKind, FaultPlan, Settings, Vendor};
use crate::values::check_values;
use clayf::table::state::{ChargeFilter, RowName};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

/// The classes of the dead cells of a step, each with how many there are.
fn dead(bench: &Bench, step: &str) -> HashMap<String, usize> {
    let mut classes = HashMap::new();
    for cell in bench.store().dead().expect("dead cells").into_iter().filter(|cell| cell.step == step) {
        *classes.entry(cell.class.unwrap_or_default()).or_default() += 1;
    }
    classes
}

#[test]
fn when_credits_run_out_the_fallback_is_asked_and_the_rest_is_dead() {
    let quotas = HashMap::from([(Vendor::Apollo, 30)]);
    let bench = Bench::new("out-of-credits", Settings { quotas, ..Settings::default() });
    bench.without_budgets();
    let leads = bench.with_leads(80);
    bench.run(&[]);
    let classes = dead(&bench, "email_waterfall");
    assert!(classes.get("out_of_credits").is_some_and(|count| *count > 3), "{classes:?}");
    assert_eq!(classes.len(), 1, "{classes:?}");
    let results = bench.results();
    let universe = bench.emulator().universe();
    for (lead, result) in leads.iter().zip(&results) {
        let person = universe.person(&lead.first_name, &lead.last_name, &lead.domain);
        if let Some(email) = person.and_then(|person| universe.email(Vendor::Hunter, &person)) {
            assert_eq!(result["Work Email"], json!(email), "{lead:?}");
        }
    }
    let refused = bench.emulator().ledger().of(Vendor::Apollo).filter(|entry| entry.status == 403).count();
    assert!(refused <= 16, "a provider without credits is left alone: {refused} calls");
}

#[test]
fn a_wrong_key_is_told_and_costs_nothing() {
    let keys = HashMap::from([(Vendor::Clearbit, vec!["another".to_owned()])]);
    let bench = Bench::new("wrong-key", Settings { keys, ..Settings::default() });
    bench.with_leads(80);
    bench.run(&[]);
    let classes = dead(&bench, "company_enrichment");
    assert_eq!(classes.keys().collect::<Vec<_>>(), ["unauthorized"]);
    assert!(bench.emulator().ledger().of(Vendor::Clearbit).count() <= 32, "it is left alone");
    let spent = bench.store().charges(ChargeFilter::default()).expect("charges");
    assert!(
        spent
            .iter()
            .filter(|charge| charge.provider == "clearbit")
            .all(|charge| charge.spent.to_string() == "0")
    );
}

#[test]
fn a_provider_that_is_down_does_not_hold_up_the_run() {
    let bench = Bench::new("down", Settings::default());
    let address = format!("base_url: {}", bench.emulator().url("clearbit"));
    // Nobody listens there.
    bench.edit("providers/clearbit.yaml", &address, "base_url: http://127.0.0.1:9/v2");
    let leads = bench.with_leads(60);
    bench.run(&[]);
    let universe = bench.emulator().universe();
    let with_domain = leads.iter().filter(|lead| !lead.domain.is_empty());
    let fallback = |lead: &&crate::emulator::leads::Lead| {
        universe.company(&lead.domain).is_some_and(|company| universe.knows_company(Vendor::Apollo, &company))
    };
    let (known, unknown): (Vec<_>, Vec<_>) = with_domain.partition(fallback);
    let filled = bench.results().iter().filter(|result| result["Company Name"].is_string()).count();
    assert_eq!(filled, known.len(), "the fallback is asked");
    assert_eq!(dead(&bench, "company_enrichment").values().sum::<usize>(), unknown.len());
}

#[test]
fn pages_of_gateways_are_passing_faults_that_may_have_been_paid() {
    let bench = Bench::new(
        "bad-gateway",
        Settings {
            faults: FaultPlan { max_in_a_row: 2, ..FaultPlan::only(FaultKind::BadGateway, 0.5) },
            ..Settings::default()
        },
    );
    bench.without_budgets();
    let leads = bench.with_distinct_leads(90);
    bench.run(&[]);
    check_values(bench.emulator().universe(), &leads, &bench.results());
    let charges = bench.store().charges(ChargeFilter::default()).expect("charges");
    let unknown = charges.iter().filter(|charge| charge.state.word() == "unknown").count();
    assert_eq!(unknown, bench.emulator().ledger().faults(FaultKind::BadGateway) - polls_that_failed(&bench));
}

/// Faults of calls that fetch what was paid for before, which have no charge of their own.
fn polls_that_failed(bench: &Bench) -> usize {
    let ledger = bench.emulator().ledger();
    ledger.entries.iter().filter(|entry| entry.endpoint == "webhook_result" && entry.fault.is_some()).count()
}

#[test]
fn answers_that_come_late_are_waited_for() {
    let bench = Bench::new(
        "late",
        Settings { phone_delay: Duration::from_millis(300), clearbit_queued: 0.6, ..Settings::default() },
    );
    bench.without_budgets();
    let leads = bench.with_leads(60);
    bench.run(&[]);
    check_values(bench.emulator().universe(), &leads, &bench.results());
    let ledger = bench.emulator().ledger();
    assert!(ledger.entries.iter().any(|entry| entry.endpoint == "webhook_result" && entry.status == 202));
}

#[test]
fn an_empty_input_and_one_row_are_runs_too() {
    let bench = Bench::new("empty", Settings::default());
    bench.folder.write("leads.jsonl", "");
    bench.run(&[]);
    assert_eq!(bench.folder.read("out.jsonl"), "");
    let leads = bench.with_leads(1);
    bench.run(&[]);
    check_values(bench.emulator().universe(), &leads, &bench.results());
}

#[test]
fn what_is_no_row_is_left_out_and_kept() {
    let bench = Bench::new("rejects", Settings::default());
    let leads = bench.with_leads(3);
    let bad = "[1, 2]\n{\"domain\": \n";
    let lines: Vec<String> = leads.iter().map(crate::emulator::leads::Lead::to_line).collect();
    bench.folder.write("leads.jsonl", &format!("{}\n{bad}{}\n{}\n", lines[0], lines[1], lines[2]));
    bench.run(&["--on-bad-row", "skip", "--rejects", "bad.jsonl"]);
    assert_eq!(bench.folder.read("bad.jsonl"), bad);
    check_values(bench.emulator().universe(), &leads, &bench.results());
    let store = bench.store();
    let counts = store.counts(store.last_run().expect("runs").expect("a run")).expect("counts");
    assert_eq!((counts.done, counts.rejected, counts.input()), (3, 2, 5));
}

#[test]
fn equal_rows_stay_rows_of_their_own() {
    let bench = Bench::new("equal-rows", Settings::default());
    let lead = bench.with_leads(1).remove(0);
    bench.folder.write("leads.jsonl", &format!("{0}\n{0}\n", lead.to_line()));
    bench.run(&[]);
    check_values(bench.emulator().universe(), &[lead.clone(), lead], &bench.results());
    let store = bench.store();
    let row = |position| store.find_row(RowName::Position(position)).expect("rows");
    assert_ne!(row(1), row(2));
}

#[test]
fn csv_comes_in_and_harmless_csv_goes_out() {
    let bench = Bench::new("csv", Settings::default());
    bench.folder.write(
        "leads.csv",
        "domain,first_name,last_name,source\nbright-forge.example,Mira,Okafor,\"=HYPERLINK(\"\"x\"\")\"\nnorth-labs.example,Zoë,Ñandú,@x\n",
    );
    ran(&mut bench.command_over("leads.csv", "out.csv", &[]));
    let out = bench.folder.read("out.csv");
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let rows: Vec<HashMap<String, String>> = reader.deserialize().map(|row| row.expect("a record")).collect();
    assert_eq!((rows[0]["source"].as_str(), rows[1]["source"].as_str()), ("'=HYPERLINK(\"x\")", "'@x"));
    assert_eq!(rows[1]["first_name"], "Zoë");
    let person = bench.emulator().universe().person("Zoë", "Ñandú", "north-labs.example").expect("a person");
    assert!(rows[1]["Work Email"].is_empty() || rows[1]["Work Email"] == person.email, "{:?}", rows[1]);
    ran(&mut bench.command_over("leads.csv", "again.csv", &[]));
    assert_eq!(bench.folder.read("again.csv"), out);
}

#[test]
fn results_that_are_too_old_are_fetched_anew_the_oldest_first() {
    let bench = Bench::new("refresh", Settings::default());
    bench.edit("table.yaml", "budget: {run: 6000, row: 30}\n", "");
    let rows: Vec<String> = bench
        .with_leads(60)
        .iter()
        .filter(|lead| !lead.domain.is_empty())
        .map(crate::emulator::leads::Lead::to_line)
        .collect();
    // The second half is fetched first, and so is the older one.
    let (first, second) = (rows[..20].join("\n"), rows[20..40].join("\n"));
    bench.folder.write("leads.jsonl", &second);
    bench.run(&["--now", "2026-01-01T00:00:00Z"]);
    bench.folder.write("leads.jsonl", &format!("{first}\n{second}\n"));
    bench.run(&["--now", "2026-01-15T00:00:00Z"]);
    let asked = bench.emulator().ledger().of(Vendor::Clearbit).count();
    assert_eq!(asked, 40);
    bench.run(&["--now", "2026-02-01T00:00:00Z"]);
    assert_eq!(bench.emulator().ledger().of(Vendor::Clearbit).count(), asked, "nothing is too old");
    // There is money for a few of them at a time.
    bench.edit("table.yaml", "rules: ", "budget: {run: 16}\nrules: ");
    let mut fetched = Vec::new();
    for _ in 0..2 {
        bench.run(&["--now", "2026-05-01T00:00:00Z"]);
        fetched.push(stale(&bench));
    }
    assert!(fetched[1] < fetched[0] && fetched[0] < 40, "each run renews some: {fetched:?}");
    let store = bench.store();
    let run = store.last_run().expect("runs").expect("a run");
    for row in store.rows(run, 0, 100).expect("rows").into_iter().filter(|row| row.position <= 20) {
        let stored = store.load_row(row.row).expect("a row");
        let cell = stored.cell("company_enrichment").expect("a cell");
        assert!(
            !cell.at.starts_with("2026-05") || cell.state.word() == "new",
            "a younger row came first: {cell:?}"
        );
    }
}

/// How many of the results are still from before.
fn stale(bench: &Bench) -> usize {
    let store = bench.store();
    let run = store.last_run().expect("runs").expect("a run");
    let rows: Vec<_> = store.rows(run, 0, 100).expect("rows").into_iter().map(|row| row.row).collect();
    let stored = store.load_rows(&rows).expect("rows");
    let cells = stored.iter().filter_map(|row| row.cell("company_enrichment"));
    cells.filter(|cell| cell.fetched_at.as_deref().is_some_and(|at| at < "2026-02")).count()
}

#[test]
fn a_step_that_is_added_is_all_that_is_bought() {
    let bench = Bench::new("edited", Settings::default());
    bench.without_budgets();
    let leads = bench.with_leads(40);
    bench.run(&[]);
    let before = bench.emulator().ledger().entries.len();
    bench.edit("table.yaml", "  - crm_sync\n", "  - step: Firm\n    provider: people_data_labs\n    lookup: company\n    run_if: ISNOTEMPTY(domain)\n    fills: {Firm: name}\n  - crm_sync\n");
    bench.run(&[]);
    let ledger = bench.emulator().ledger();
    let new = &ledger.entries[before..];
    assert_eq!(new.len(), leads.iter().filter(|lead| !lead.domain.is_empty()).count());
    assert!(new.iter().all(|entry| entry.endpoint == "company/enrich"), "{new:?}");
    // With another condition, only the rows that it lets in are asked about.
    bench.edit("table.yaml", "run_if: ICP Score >= 80", "run_if: ICP Score >= 55");
    let before = ledger.entries.len();
    bench.run(&[]);
    let ledger = bench.emulator().ledger();
    let new = &ledger.entries[before..];
    assert!(!new.is_empty());
    let phones = |key: &str, endpoint: &str| {
        key.ends_with(" true") || endpoint == "webhook_result" || endpoint == "chat/completions"
    };
    assert!(new.iter().all(|entry| phones(&entry.key, entry.endpoint)), "{new:?}");
    assert_eq!(parsed(&bench.folder.read("out.jsonl")).len(), 40);
}
