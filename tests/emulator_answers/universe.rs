//! The universe depends on nothing but its seed, and is spread as lists of leads are.

use crate::calls::people;
use crate::emulator::{Coverage, Person, Universe, Vendor, leads};
use std::collections::HashSet;

fn universe() -> Universe {
    Universe::new(1, Coverage::default())
}

#[track_caller]
fn is_about(count: usize, of: usize, share: f64) {
    let found = count as f64 / of as f64;
    assert!((found - share).abs() < 0.035, "{found} is not about {share}");
}

#[test]
fn vendors_know_the_shares_they_are_said_to() {
    let universe = universe();
    let people: Vec<Person> = people(&universe).collect();
    let count = |holds: &dyn Fn(&Person) -> bool| people.iter().filter(|person| holds(person)).count();
    let email = |vendor, person: &Person| universe.email(vendor, person).is_some();
    is_about(count(&|person| email(Vendor::Apollo, person)), people.len(), 0.70);
    is_about(count(&|person| email(Vendor::Hunter, person)), people.len(), 0.60);
    let either = |person: &Person| email(Vendor::Apollo, person) || email(Vendor::Hunter, person);
    is_about(count(&either), people.len(), 0.83);
    is_about(count(&|person| universe.knows_person(Vendor::Apollo, person)), people.len(), 0.85);
    is_about(count(&|person| universe.knows_person(Vendor::PeopleDataLabs, person)), people.len(), 0.80);
    is_about(count(&|person| universe.phone(person).is_some()), people.len(), 0.50);
}

#[test]
fn vendors_know_the_share_of_companies() {
    let universe = universe();
    let companies: Vec<_> =
        (0..2000).filter_map(|number| universe.company(&format!("firm-{number}.example"))).collect();
    for (vendor, share) in [(Vendor::Clearbit, 0.90), (Vendor::Apollo, 0.85)] {
        let known = companies.iter().filter(|company| universe.knows_company(vendor, company)).count();
        is_about(known, companies.len(), share);
    }
}

#[test]
fn a_person_is_the_same_however_the_name_is_typed() {
    let universe = universe();
    let person = universe.person("Mira", "O'Malley", "bright-forge.example").expect("a person");
    let typed = universe.person(" MIRA", "o'malley ", "Bright-Forge.EXAMPLE").expect("a person");
    assert_eq!(person, typed);
    assert_eq!(universe.person_of_profile(&person.linkedin_url).map(|found| found.email), Some(person.email));
    assert_eq!(universe.person("Mira", "", "bright-forge.example"), None);
    assert_eq!(universe.company("no domain"), None);
}

#[test]
fn another_seed_is_another_world() {
    let other = Universe::new(2, Coverage::default());
    let titles = |universe: &Universe| people(universe).map(|person| person.title).collect::<Vec<_>>();
    assert_eq!(titles(&universe()), titles(&universe()));
    assert_ne!(titles(&universe()), titles(&other));
}

/// The points of a rule for fit: size, industry, title, and whether there is an e-mail and a phone number.
fn score(universe: &Universe, person: &Person) -> u32 {
    let company = universe.company(&person.domain).expect("a company");
    let size = match company.employees {
        1001.. => 30,
        201.. => 25,
        51.. => 15,
        11.. => 5,
        _ => 0,
    };
    let industry = match company.industry.clearbit {
        "Information Technology" => 30,
        "Financial Services" => 20,
        _ => 10,
    };
    let has = |words: &[&str]| words.iter().any(|word| person.title.contains(word));
    let title = if has(&["CEO", "CTO", "VP", "C-Suite"]) {
        25
    } else if has(&["Director", "Head of"]) {
        20
    } else if has(&["Manager"]) {
        10
    } else {
        5
    };
    let email = Vendor::ALL.into_iter().any(|vendor| universe.email(vendor, person).is_some());
    let phone = universe.phone(person).is_some();
    size + industry + title + if email { 10 } else { 0 } + if phone { 5 } else { 0 }
}

#[test]
fn all_tiers_of_fit_occur() {
    let universe = universe();
    let scores: Vec<_> = people(&universe).map(|person| score(&universe, &person)).collect();
    for tier in [80..=100, 60..=79, 40..=59, 0..=39] {
        let share = scores.iter().filter(|score| tier.contains(*score)).count() * 100 / scores.len();
        assert!(share >= 3, "{share} % of people have a score in {tier:?}");
    }
}

#[test]
fn leads_are_plausible_and_some_are_messy() {
    let universe = universe();
    let list = leads::leads(&universe, 9, 1000);
    assert_eq!(list, leads::leads(&universe, 9, 1000));
    let count = |holds: &dyn Fn(&leads::Lead) -> bool| list.iter().filter(|lead| holds(lead)).count();
    is_about(count(&|lead| lead.domain.is_empty()), 1000, 0.03);
    is_about(count(&|lead| lead.last_name.is_empty()), 1000, 0.03);
    let names = list.iter().map(|lead| (lead.first_name.to_lowercase(), lead.last_name.to_lowercase()));
    let names = names.zip(list.iter().map(|lead| lead.domain.to_lowercase()));
    let distinct: HashSet<_> = names.collect();
    assert!((930..=985).contains(&distinct.len()), "{} of 1000 are distinct", distinct.len());
    let keys = ["domain", "first_name", "last_name", "source", "linkedin_url"];
    for line in leads::lines(&list).lines() {
        let lead: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(lead.as_object().is_some_and(|lead| lead.keys().eq(keys)), "{line}");
    }
}
