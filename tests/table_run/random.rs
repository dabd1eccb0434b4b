//! Random tables with random latencies: many workers find, buy and refuse what one worker does.

use crate::common::Folder;
use clayf::Clock;
use clayf::batch::{BatchError, Input};
use clayf::rows::Format;
use clayf::table::export::export;
use clayf::table::http::{CallError, Request, Response, Secrets, Transport};
use clayf::table::import::{OnBadRow, import};
use clayf::table::model::Table;
use clayf::table::run::{Live, Means, Time, run};
use clayf::table::state::{ChargeFilter, Store};
use proptest::prelude::*;
use std::fmt::Write;
use std::time::Duration;

/// A vendor that has some keys and not others, and takes its time at random.
struct Uneven;

impl Transport for Uneven {
    fn call(&self, request: &Request) -> Result<Response, CallError> {
        std::thread::sleep(Duration::from_micros(fastrand::u64(0..1500)));
        let sum: u64 =
            request.url.bytes().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let body =
            if (sum >> 7).is_multiple_of(2) { format!(r#"{{"v": {}}}"#, sum % 50) } else { "{}".to_owned() };
        Ok(Response { status: 200, headers: Vec::new(), body })
    }
}

/// A provider of some kind, at some price.
#[derive(Clone, Debug)]
struct Vendor {
    kind: u8,
    credits: u32,
    is_charged_by_lookup: bool,
}

#[derive(Clone, Debug)]
struct Step {
    providers: Vec<usize>,
    condition: u8,
    most: Option<u32>,
    budget: Option<u32>,
    validation: bool,
}

#[derive(Clone, Debug)]
struct Plan {
    vendors: Vec<Vendor>,
    steps: Vec<Step>,
    run: Option<u32>,
    row: Option<u32>,
    rows: usize,
    workers: usize,
}

fn plans() -> impl Strategy<Value = Plan> {
    let vendor = (0u8..3, 0u32..4, any::<bool>());
    let vendor = vendor.prop_map(|(kind, credits, by_lookup)| Vendor {
        kind,
        credits,
        is_charged_by_lookup: by_lookup,
    });
    let maybe = |range: std::ops::Range<u32>| proptest::option::weighted(0.4, range);
    let providers = proptest::sample::subsequence(vec![0usize, 1, 2], 1..=3);
    let step = (providers, 0u8..5, maybe(1..6), maybe(2..20), any::<bool>());
    let step = step.prop_map(|(providers, condition, most, budget, validation)| Step {
        providers,
        condition,
        most,
        budget,
        validation,
    });
    let steps = proptest::collection::vec(step, 1..4);
    let vendors = proptest::collection::vec(vendor, 3);
    (vendors, steps, maybe(1..40), maybe(1..8), 1usize..25, 2usize..40).prop_map(
        |(vendors, steps, run, row, rows, workers)| Plan { vendors, steps, run, row, rows, workers },
    )
}

impl Plan {
    /// The table file.
    fn table(&self) -> String {
        let mut text = "table: Random\ninputs: [k]\nproviders: providers\n".to_owned();
        let budgets = [("run", self.run), ("row", self.row)];
        let budgets: Vec<String> =
            budgets.iter().filter_map(|(name, most)| Some(format!("{name}: {}", (*most)?))).collect();
        if !budgets.is_empty() {
            let _ = writeln!(text, "budget: {{{}}}", budgets.join(", "));
        }
        text.push_str(
            "columns:\n  - formula: Total\n    is: 'COALESCE(C0, 0) + COALESCE(C1, 0) + COALESCE(C2, 0)'\n",
        );
        for (number, step) in self.steps.iter().enumerate() {
            let _ = writeln!(text, "  - step: S{number}\n    winner: W{number}\n    fills: {{C{number}: v}}");
            let condition =
                ["", "Total >= 0", "Total < 30", "ISNOTEMPTY(C0)", "Total > 20"][usize::from(step.condition)];
            if !condition.is_empty() {
                let _ = writeln!(text, "    run_if: {condition}");
            }
            let names: Vec<String> = step.providers.iter().map(|index| format!("p{index}")).collect();
            let _ = writeln!(text, "    lookup: find\n    providers: [{}]", names.join(", "));
            for (name, most) in [("max_credits", step.most), ("budget", step.budget)] {
                if let Some(most) = most {
                    let _ = writeln!(text, "    {name}: {most}");
                }
            }
            if step.validation {
                text.push_str("    validate: v > 10\n");
            }
        }
        // A column that no step fills is one that rows may bring.
        let inputs: String = (self.steps.len()..3).map(|number| format!(", C{number}")).collect();
        text.replace("inputs: [k]", &format!("inputs: [k{inputs}]"))
    }

    fn write(&self, folder: &Folder) {
        folder.write("table.yaml", &self.table());
        let rows: String = (0..self.rows)
            .step_by(2)
            .map(|row| format!("{{\"key\": \"{row}\", \"v\": {}}}\n", row * 7 % 40))
            .collect();
        folder.write("providers/rows.jsonl", &rows);
        for (index, vendor) in self.vendors.iter().enumerate() {
            let Vendor { kind, credits, is_charged_by_lookup } = vendor;
            let charge = if *is_charged_by_lookup { "lookup" } else { "match" };
            let (backend, request, value) = match kind {
                0 => (
                    "base_url: https://vendor.example",
                    format!("request: {{path: /p{index}, query: {{k: \"{{{{k}}}}\"}}}}"),
                    "response.v",
                ),
                1 => ("kind: file\nfile: rows.jsonl", "equal: {key: k}".to_owned(), "response.v"),
                _ => ("kind: formulas", String::new(), "IF(ENDSWITH(k, \"3\"), 33)"),
            };
            let text = format!(
                "provider: p{index}\n{backend}\nlookups:\n  find:\n    inputs: [k]\n    credits: {credits}\n    charge: {charge}\n    {request}\n    match: ISNOTEMPTY({value})\n    outputs: {{v: '{value}'}}\n"
            );
            folder.write(&format!("providers/p{index}.yaml"), &text);
        }
    }
}

/// What came of a run: the rows as they are written, what became of each cell, and what was charged for it.
fn outcome(folder: &Folder, table: &Table, rows: usize, workers: usize) -> (String, Vec<String>) {
    let store = Store::open(&folder.path(&format!("{workers}.state"))).expect("a store");
    let clock = Clock::default();
    let time = Time { fixed: Some("2026-03-04T05:06:07Z".parse().expect("a moment")) };
    let id = store.begin_run(&time.text()).expect("a run").id;
    let lines: String = (0..rows).map(|row| format!("{{\"k\": \"{row}\"}}\n")).collect();
    let input =
        Input { name: "rows".to_owned(), format: Format::JsonLines, reader: Box::new(lines.as_bytes()) };
    let inputs = std::iter::once(Ok::<_, BatchError>(input));
    import(table, &store, id, &clock, inputs, OnBadRow::Fail).expect("rows");
    let (secrets, live) = (Secrets::of_environment(), Live::default());
    let means = Means {
        transport: &Uneven,
        secrets: Some(&secrets),
        clock: &clock,
        time: &time,
        concurrency: workers,
        live: &live,
    };
    run(table, &store, id, means).expect("a good end");
    let mut out = Vec::new();
    export(table, &store, id, &clock, Format::JsonLines, &mut out).expect("results");
    let mut told = Vec::new();
    for row in store.rows(id, 0, rows).expect("rows") {
        told.push(format!("{row:?} {:?}", store.load_row(row.row).expect("a row").cells));
        let charges = store.charges(ChargeFilter { row: Some(row.row), ..ChargeFilter::default() });
        for charge in charges.expect("charges") {
            told.push(format!("{} {} {} {:?}", charge.step, charge.provider, charge.spent, charge.state));
        }
    }
    (String::from_utf8(out).expect("text"), told)
}

fn check(plan: &Plan, name: &str) {
    let folder = Folder::new(name);
    plan.write(&folder);
    let text = folder.read("table.yaml");
    let loaded = clayf::table::load(&folder.path("table.yaml"), &text);
    let table = loaded.unwrap_or_else(|problems| panic!("{problems}\n{text}")).table;
    let serial = outcome(&folder, &table, plan.rows, 1);
    let many = outcome(&folder, &table, plan.rows, plan.workers);
    assert_eq!(serial, many, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn many_workers_do_what_one_does(plan in plans()) {
        check(&plan, "random-tables");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
    #[test]
    #[ignore = "2,000 tables take minutes"]
    fn many_workers_do_what_one_does_in_2000_tables(plan in plans()) {
        check(&plan, "random-tables-2000");
    }
}
