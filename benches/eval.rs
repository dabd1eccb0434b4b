//! What the parts of a run cost: compiling the seed's rule, evaluating a row, reading, and a whole file.

use clayf::batch::{self, Input, OnBadRow, OnError, Options, Output, Sinks};
use clayf::rows::{Format, JsonRow, Lines, Wanted, read};
use clayf::{Clock, Record, Rules};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::io::sink;

const RULE: &str = include_str!("../corpus/seed/score.clay");
const LEADS: &str = include_str!("../corpus/seed/leads.jsonl");
const ROW: &str = r#"{"Job Title":"Director of Sales","Employee Count":250,"Industry":"Software","Work Email":"ada@example.com"}"#;

fn rules() -> Rules {
    Rules::compile("score.clay", RULE).expect("the seed's rule")
}

fn compile(c: &mut Criterion) {
    c.bench_function("compile the seed's rule", |b| b.iter(|| Rules::compile("score.clay", black_box(RULE))));
    let sum = format!("X := {}", vec!["12"; 20_000].join(" + "));
    c.bench_function("compile a sum of 20,000 terms", |b| {
        b.iter(|| Rules::compile("sum.clay", black_box(&sum)));
    });
}

fn evaluate(c: &mut Criterion) {
    let (rules, clock) = (rules(), Clock::system());
    let row = Record::from_json(ROW).expect("a row");
    let keyed: Vec<_> = rules.keys().iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect();
    let mut evaluation = clayf::eval::Evaluation::new(rules.tree(), &clock);
    c.bench_function("evaluate a row", |b| b.iter(|| evaluation.row(black_box(&keyed), &mut ()).len()));
}

fn read_rows(c: &mut Criterion) {
    let rules = rules();
    let wanted = Wanted::new(rules.keys().to_vec(), rules.column_names().map(ToOwned::to_owned).collect());
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Bytes(LEADS.len() as u64));
    group.bench_function("the leads", |b| {
        b.iter(|| {
            let mut row = JsonRow::default();
            for line in Lines::new(black_box(LEADS.as_bytes()), 1) {
                read(line.text.expect("UTF-8"), &wanted, &mut row).expect("a row");
            }
        });
    });
    group.finish();
}

fn whole_file(c: &mut Criterion) {
    let (rules, clock) = (rules(), Clock::system());
    let leads = LEADS.repeat(20);
    let mut group = c.benchmark_group("eval");
    group.throughput(Throughput::Bytes(leads.len() as u64));
    group.sample_size(20);
    for threads in [1, 2] {
        let options = Options {
            output: Output::Rows,
            to: Format::JsonLines,
            on_error: OnError::Null,
            on_bad_row: OnBadRow::Fail,
            threads,
            summary: false,
            filter: false,
            note_lost: false,
            paths: clayf::tools::against_rows::paths_of_formulas(&rules),
        };
        group.bench_function(format!("the leads twenty times, threads {threads}"), |b| {
            b.iter(|| {
                let input = Input {
                    name: "leads".to_owned(),
                    format: Format::JsonLines,
                    reader: Box::new(leads.as_bytes()),
                };
                let mut sinks = Sinks { out: &mut sink(), rejects: None, progress: &|_| {} };
                batch::run(&rules, &clock, &options, std::iter::once(Ok(input)), &mut sinks)
                    .expect("a run")
                    .rows
            });
        });
    }
    group.finish();
}

criterion_group!(benches, compile, evaluate, read_rows, whole_file);
criterion_main!(benches);
