//! What vendors were asked, held against what the state says was paid.

use crate::bench::Bench;
use crate::emulator::leads::Lead;
use crate::emulator::{Outcome, Vendor};
use clayf::table::state::{Charge, ChargeFilter, ChargeState, RowName};
use std::collections::{HashMap, HashSet};

/// One thing that a vendor can be asked: its endpoint, and what the emulator knows the question by.
type Question = (Vendor, &'static str, String);

/// What was charged for one question.
#[derive(Default)]
struct Paid {
    charges: usize,
    unknown: usize,
    /// The cells that asked it.
    cells: HashSet<(i64, String, u32)>,
}

/// Every call that a vendor carried out is covered by a charge, and beyond one for each cell by one that is listed as
/// unknown.
pub(crate) fn check_bought_once(bench: &Bench, leads: &[Lead]) {
    let paid = paid(bench, leads);
    let mut done: HashMap<Question, usize> = HashMap::new();
    for entry in bench.emulator().ledger().entries {
        // The fetching of a number that was paid for before is free, and prompts are counted in sum.
        let counts = entry.outcome == Outcome::Done && entry.endpoint != "webhook_result";
        if counts {
            let key = if entry.vendor == Vendor::OpenAi { String::new() } else { entry.key };
            *done.entry((entry.vendor, entry.endpoint, key)).or_default() += 1;
        }
    }
    for (question, count) in &done {
        let paid = paid.get(question).unwrap_or_else(|| panic!("{question:?} was asked without a charge"));
        let most = paid.cells.len() + paid.unknown;
        assert!(*count <= most, "{question:?} was carried out {count} times, which {most} may be");
        assert!(*count <= paid.charges, "{question:?}: {count} calls, {} charges", paid.charges);
    }
}

fn paid(bench: &Bench, leads: &[Lead]) -> HashMap<Question, Paid> {
    let store = bench.store();
    let charges = store.charges(ChargeFilter::default()).expect("charges");
    let mut by_row: HashMap<i64, Vec<Charge>> = HashMap::new();
    charges.into_iter().for_each(|charge| by_row.entry(charge.row.number()).or_default().push(charge));
    let mut paid: HashMap<Question, Paid> = HashMap::new();
    for (position, lead) in (1..).zip(leads) {
        let row = store.find_row(RowName::Position(position)).expect("rows").expect("a row");
        for charge in by_row.remove(&row.number()).unwrap_or_default() {
            assert_ne!(charge.state, ChargeState::Reserved, "{charge:?}");
            let paid = paid.entry(question(lead, &charge.provider, &charge.lookup)).or_default();
            paid.charges += 1;
            paid.unknown += usize::from(charge.state == ChargeState::Unknown);
            paid.cells.insert((row.number(), charge.step, charge.epoch));
        }
    }
    paid
}

/// What the emulator calls the question of a lookup for a lead.
fn question(lead: &Lead, provider: &str, lookup: &str) -> Question {
    let [first_name, last_name, domain, linkedin_url] =
        [&lead.first_name, &lead.last_name, &lead.domain, &lead.linkedin_url].map(String::as_str);
    let (vendor, endpoint, parts) = match (provider, lookup) {
        ("clearbit", _) => (Vendor::Clearbit, "company", vec![domain]),
        ("apollo", "company") => (Vendor::Apollo, "organizations/enrich", vec![domain]),
        ("apollo", "phone") => {
            (Vendor::Apollo, "people/match", vec![first_name, last_name, domain, linkedin_url, "true"])
        }
        ("apollo", _) => (Vendor::Apollo, "people/match", vec![first_name, last_name, domain, linkedin_url]),
        ("hunter", _) => (Vendor::Hunter, "email-finder", vec![first_name, last_name, domain]),
        ("people_data_labs", _) => {
            (Vendor::PeopleDataLabs, "person/enrich", vec![first_name, last_name, domain, linkedin_url])
        }
        _ => (Vendor::OpenAi, "chat/completions", vec![]),
    };
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (vendor, endpoint, parts.join(" ").to_lowercase())
}

/// Where one vendor had the answer, those behind it were not asked.
pub(crate) fn check_nobody_is_asked_after_a_match(bench: &Bench, leads: &[Lead]) {
    let universe = bench.emulator().universe();
    let ledger = bench.emulator().ledger();
    let asked: HashSet<Question> =
        ledger.entries.into_iter().map(|entry| (entry.vendor, entry.endpoint, entry.key)).collect();
    for lead in leads {
        let not_asked = |provider, lookup| {
            assert!(!asked.contains(&question(lead, provider, lookup)), "{provider} about {lead:?}");
        };
        let company = universe.company(&lead.domain);
        if company.is_some_and(|company| universe.knows_company(Vendor::Clearbit, &company)) {
            not_asked("apollo", "company");
        }
        let Some(person) = universe.person(&lead.first_name, &lead.last_name, &lead.domain) else { continue };
        if universe.knows_person(Vendor::Apollo, &person) {
            not_asked("people_data_labs", "person");
        }
        if universe.email(Vendor::Apollo, &person).is_some() {
            not_asked("hunter", "email");
        }
    }
}
