//! Outbound leads as lists of them come: from the universe's names, some of them messy.

use super::hash::{pick, stable, unit};
use super::names::{FIRST, LAST, QUALITIES, SOURCES, THINGS};
use super::universe::Universe;
use serde_json::json;

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lead {
    pub(crate) domain: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) source: &'static str,
    pub(crate) linkedin_url: String,
}

impl Lead {
    /// As one line of JSON; what is missing is an empty text.
    pub(crate) fn to_line(&self) -> String {
        let line = json!({
            "domain": self.domain,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "source": self.source,
            "linkedin_url": self.linkedin_url,
        });
        line.to_string()
    }
}

/// So many leads, the same for the same seed: of each hundred about three lack a domain, three a last name, and four
/// name a person again that an earlier line has, in other letter case.
pub(crate) fn leads(universe: &Universe, seed: u64, count: usize) -> Vec<Lead> {
    let mut leads: Vec<Lead> = Vec::with_capacity(count);
    for number in 0..count {
        let draw = |what: &str| stable(seed, &["lead", what, &number.to_string()]);
        let again = leads.len() > 10 && unit(draw("again")) < 0.04;
        let lead = if again {
            shouted(pick(draw("whom"), &leads))
        } else {
            let companies = (count / 3 + 1) as u64;
            fresh(universe, &domain(draw("company") % companies), &draw)
        };
        leads.push(lead);
    }
    leads
}

/// The leads as a file of JSON lines.
pub(crate) fn lines(leads: &[Lead]) -> String {
    leads.iter().map(|lead| lead.to_line() + "\n").collect()
}

fn fresh(universe: &Universe, domain: &str, draw: &impl Fn(&str) -> u64) -> Lead {
    let (first_name, last_name) = (*pick(draw("first name"), &FIRST), *pick(draw("last name"), &LAST));
    let person = universe.person(first_name, last_name, domain);
    let profile = person.map(|person| person.linkedin_url).filter(|_| unit(draw("profile")) < 0.7);
    let mess = unit(draw("mess"));
    Lead {
        domain: if mess < 0.03 { String::new() } else { domain.to_owned() },
        first_name: first_name.to_owned(),
        last_name: if (0.03..0.06).contains(&mess) { String::new() } else { last_name.to_owned() },
        source: pick::<&str>(draw("source"), &SOURCES),
        linkedin_url: profile.unwrap_or_default(),
    }
}

/// The same person, typed by someone else.
fn shouted(lead: &Lead) -> Lead {
    Lead {
        domain: lead.domain.to_uppercase(),
        first_name: lead.first_name.to_uppercase(),
        last_name: lead.last_name.to_lowercase(),
        ..lead.clone()
    }
}

/// The domain of the company of a number; a word for each company, then words with numbers.
fn domain(number: u64) -> String {
    let (quality, thing) = (number % QUALITIES.len() as u64, number / QUALITIES.len() as u64);
    let round = thing / THINGS.len() as u64;
    let (quality, thing) = (QUALITIES[quality as usize], pick(thing, &THINGS));
    if round == 0 {
        format!("{quality}-{thing}.example")
    } else {
        format!("{quality}-{thing}-{round}.example")
    }
}
