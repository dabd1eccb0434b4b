//! What a whole table costs besides its calls: checking it, bringing rows to rest, and finding that nothing is to be done.

use clayf::batch::Input;
use clayf::rows::Format;
use clayf::table::export::export;
use clayf::table::http::{Redactor, Replayer};
use clayf::table::import::{OnBadRow, import};
use clayf::table::model::Table;
use clayf::table::run::{Live, Means, Time, run};
use clayf::table::state::Store;
use clayf::{Clock, table};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::io::sink;
use std::path::{Path, PathBuf};

const TABLE: &str = "corpus/outbound/table.yaml";
const LEADS: &[u8] = include_bytes!("../corpus/outbound/leads.jsonl");
const ROWS: u64 = 300;

fn loaded() -> Table {
    let text = std::fs::read_to_string(TABLE).expect("the table");
    table::load(Path::new(TABLE), &text).expect("a sound table").table
}

fn check(c: &mut Criterion) {
    let text = std::fs::read_to_string(TABLE).expect("the table");
    c.bench_function("check the reference table", |b| {
        b.iter(|| table::load(Path::new(TABLE), black_box(&text)).expect("a sound table"));
    });
}

/// Runs the table over its leads, from its recordings.
fn work(table: &Table, state: &Path) {
    let (clock, time, live) = (Clock::system(), Time::default(), Live::default());
    let store = Store::open(state).expect("a state");
    let began = store.begin_run(&time.text()).expect("a run");
    let input = Input { name: "leads".to_owned(), format: Format::JsonLines, reader: Box::new(LEADS) };
    let inputs = std::iter::once(Ok(input));
    import(table, &store, began.id, &clock, inputs, OnBadRow::Fail).expect("rows");
    let recordings = table.recordings.as_ref().expect("recordings");
    let transport = Replayer::open(recordings, Redactor::default()).expect("recordings");
    let means = Means {
        transport: &transport,
        secrets: None,
        clock: &clock,
        time: &time,
        concurrency: 16,
        live: &live,
    };
    run(table, &store, began.id, means).expect("a run");
    export(table, &store, began.id, &clock, Format::JsonLines, &mut sink()).expect("rows");
    store.finish_run(began.id, &time.text()).expect("the end");
}

fn rows(c: &mut Criterion) {
    let table = loaded();
    let folder = std::env::temp_dir().join(format!("clayf-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let state = folder.join("table.state");
    let mut group = c.benchmark_group("reference table");
    group.throughput(Throughput::Elements(ROWS));
    group.sample_size(10);
    let fresh = || -> PathBuf {
        let _ = std::fs::remove_file(&state);
        state.clone()
    };
    group.bench_function("to rest", |b| {
        b.iter_batched(fresh, |state| work(&table, &state), BatchSize::PerIteration);
    });
    group.bench_function("again", |b| b.iter(|| work(&table, &state)));
    group.finish();
    let _ = std::fs::remove_dir_all(&folder);
}

criterion_group!(benches, check, rows);
criterion_main!(benches);
