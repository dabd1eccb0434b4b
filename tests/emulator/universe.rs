//! Who exists, what is true of them, and which vendor knows it: a function of the seed and of what is asked.

use super::hash::{mix, pick, stable, unit};
use super::names::{CITIES, TECHNOLOGIES, TITLES};
use super::vendor::Vendor;

/// The share of people or companies that a vendor knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coverage {
    pub(crate) clearbit_company: f64,
    pub(crate) apollo_company: f64,
    pub(crate) pdl_company: f64,
    /// At least `apollo_email`: Apollo gives e-mails of people it knows.
    pub(crate) apollo_person: f64,
    pub(crate) pdl_person: f64,
    pub(crate) apollo_email: f64,
    pub(crate) hunter_email: f64,
    /// What Apollo and Hunter find together.
    pub(crate) either_email: f64,
    /// At most `apollo_person`.
    pub(crate) apollo_phone: f64,
}

impl Default for Coverage {
    fn default() -> Self {
        Self {
            clearbit_company: 0.90,
            apollo_company: 0.85,
            pdl_company: 0.80,
            apollo_person: 0.85,
            pdl_person: 0.80,
            apollo_email: 0.70,
            hunter_email: 0.60,
            either_email: 0.83,
            apollo_phone: 0.50,
        }
    }
}

/// One industry in the words of each vendor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Industry {
    pub(crate) sector: &'static str,
    pub(crate) group: &'static str,
    pub(crate) clearbit: &'static str,
    pub(crate) apollo: &'static str,
    pub(crate) pdl: &'static str,
}

const fn industry(words: [&'static str; 5]) -> Industry {
    let [sector, group, clearbit, apollo, pdl] = words;
    Industry { sector, group, clearbit, apollo, pdl }
}

const SOFTWARE: Industry = industry([
    "Information Technology",
    "Software & Services",
    "Internet Software & Services",
    "information technology & services",
    "computer software",
]);

/// Software stands twice: it is what such lists of leads are full of.
const INDUSTRIES: [Industry; 9] = [
    SOFTWARE,
    SOFTWARE,
    industry([
        "Information Technology",
        "Software & Services",
        "Information Technology",
        "computer software",
        "information technology and services",
    ]),
    industry([
        "Financials",
        "Diversified Financials",
        "Financial Services",
        "financial services",
        "financial services",
    ]),
    industry([
        "Health Care",
        "Health Care Equipment & Services",
        "Health Care",
        "hospital & health care",
        "hospital & health care",
    ]),
    industry(["Consumer Discretionary", "Retailing", "Specialty Retail", "retail", "retail"]),
    industry(["Industrials", "Capital Goods", "Machinery", "machinery", "machinery"]),
    industry([
        "Consumer Discretionary",
        "Diversified Consumer Services",
        "Education Services",
        "education management",
        "education management",
    ]),
    industry([
        "Industrials",
        "Transportation",
        "Shipping & Logistics",
        "logistics & supply chain",
        "logistics and supply chain",
    ]),
];

/// What is true of a company.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Company {
    pub(crate) domain: String,
    pub(crate) name: String,
    pub(crate) industry: Industry,
    pub(crate) employees: u32,
    pub(crate) founded: u32,
    pub(crate) technologies: Vec<&'static str>,
    pub(crate) city: &'static str,
    pub(crate) state: &'static str,
    pub(crate) state_code: &'static str,
    hash: u64,
}

/// What is true of a person at a company.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Person {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) domain: String,
    pub(crate) title: &'static str,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) linkedin_url: String,
    hash: u64,
}

impl Company {
    /// The id that a vendor has for it.
    pub(crate) fn id(&self, vendor: Vendor) -> String {
        format!("{:016x}", stable(self.hash, &["id", vendor.name()]))
    }
}

impl Person {
    /// The id that a vendor has for the person.
    pub(crate) fn id(&self, vendor: Vendor) -> String {
        format!("{:016x}", stable(self.hash, &["id", vendor.name()]))
    }
}

/// Everybody.
#[derive(Clone, Debug)]
pub(crate) struct Universe {
    seed: u64,
    coverage: Coverage,
}

impl Universe {
    pub(crate) fn new(seed: u64, coverage: Coverage) -> Self {
        Self { seed, coverage }
    }

    /// The company behind a domain; nothing where that is no domain.
    pub(crate) fn company(&self, domain: &str) -> Option<Company> {
        let domain = domain.trim().to_lowercase();
        let (stem, ending) = domain.rsplit_once('.')?;
        if stem.is_empty() || ending.is_empty() || domain.contains([' ', '@', '/']) {
            return None;
        }
        let hash = stable(self.seed, &["company", &domain]);
        let draw = |what: &str| stable(hash, &[what]);
        let first = (draw("technologies") % TECHNOLOGIES.len() as u64) as usize;
        let count = 1 + (draw("how many technologies") % 4) as usize;
        let (city, state, state_code) = *pick(draw("city"), &CITIES);
        Some(Company {
            name: words(stem),
            industry: *pick(draw("industry"), &INDUSTRIES),
            employees: employees(unit(draw("size"))),
            founded: 1985 + (draw("founded") % 38) as u32,
            technologies: TECHNOLOGIES.iter().cycle().skip(first).take(count).copied().collect(),
            city,
            state,
            state_code,
            domain,
            hash,
        })
    }

    /// The person of a name at a company; letter case, blanks and punctuation of names do not matter.
    pub(crate) fn person(&self, first_name: &str, last_name: &str, domain: &str) -> Option<Person> {
        let company = self.company(domain)?;
        let (first, last) = (letters(first_name), letters(last_name));
        if first.is_empty() || last.is_empty() {
            return None;
        }
        let hash = stable(self.seed, &["person", &first, &last, &company.domain]);
        let area = 201 + mix(hash) % 700;
        Some(Person {
            first_name: capitalised(first_name),
            last_name: capitalised(last_name),
            title: pick::<&str>(stable(hash, &["title"]), &TITLES),
            email: address(&company, &first, &last),
            // 555-0100 to 555-0199 are kept free for stories.
            phone: format!("+1{area}55501{:02}", stable(hash, &["phone"]) % 100),
            linkedin_url: format!(
                "https://www.linkedin.com/in/{first}-{last}-at-{}",
                company.domain.replace('.', "-")
            ),
            domain: company.domain,
            hash,
        })
    }

    /// The person behind a `LinkedIn` profile of this universe.
    pub(crate) fn person_of_profile(&self, profile: &str) -> Option<Person> {
        let (_, slug) = profile.trim().trim_end_matches('/').rsplit_once("/in/")?;
        let (name, domain) = slug.split_once("-at-")?;
        let (first, last) = name.split_once('-')?;
        let (stem, ending) = domain.rsplit_once('-')?;
        self.person(first, last, &format!("{stem}.{ending}"))
    }

    /// The person behind an address, where it spells out both names.
    pub(crate) fn person_of_email(&self, email: &str) -> Option<Person> {
        let (local, domain) = email.trim().rsplit_once('@')?;
        let (first, last) = local.split_once(['.', '_'])?;
        self.person(first, last, domain).filter(|person| person.email.eq_ignore_ascii_case(email.trim()))
    }

    /// Whether a vendor has a record of a company.
    pub(crate) fn knows_company(&self, vendor: Vendor, company: &Company) -> bool {
        let share = match vendor {
            Vendor::Clearbit => self.coverage.clearbit_company,
            Vendor::Apollo => self.coverage.apollo_company,
            Vendor::PeopleDataLabs => self.coverage.pdl_company,
            _ => 0.0,
        };
        unit(stable(company.hash, &["known", vendor.name()])) < share
    }

    /// Whether a vendor has a record of a person.
    pub(crate) fn knows_person(&self, vendor: Vendor, person: &Person) -> bool {
        match vendor {
            Vendor::Apollo => email_draw(person) < self.coverage.apollo_person,
            Vendor::PeopleDataLabs => {
                unit(stable(person.hash, &["known", vendor.name()])) < self.coverage.pdl_person
            }
            _ => false,
        }
    }

    /// The e-mail that a vendor gives for a person.
    pub(crate) fn email(&self, vendor: Vendor, person: &Person) -> Option<String> {
        let draw = email_draw(person);
        // Both vendors read one draw, from its two ends, so that they overlap by just so much.
        let found = match vendor {
            Vendor::Apollo => draw < self.coverage.apollo_email,
            Vendor::Hunter => {
                let end = self.coverage.either_email.max(self.coverage.hunter_email);
                draw < end && draw >= end - self.coverage.hunter_email
            }
            _ => false,
        };
        found.then(|| person.email.clone())
    }

    /// The phone number that Apollo gives for a person.
    pub(crate) fn phone(&self, person: &Person) -> Option<String> {
        let share = self.coverage.apollo_phone / self.coverage.apollo_person.max(f64::EPSILON);
        let found = unit(stable(person.hash, &["phone known"])) < share;
        (found && self.knows_person(Vendor::Apollo, person)).then(|| person.phone.clone())
    }

    /// What Hunter's verifier says of an address: its status and a score.
    pub(crate) fn email_status(&self, email: &str) -> (&'static str, u32) {
        let hash = stable(self.seed, &["verified", &email.trim().to_lowercase()]);
        let spread = (mix(hash) % 8) as u32;
        match unit(hash) {
            draw if draw < 0.86 => ("valid", 92 + spread),
            draw if draw < 0.93 => ("accept_all", 65 + spread),
            draw if draw < 0.97 => ("unknown", 40 + spread),
            _ => ("invalid", 5 + spread),
        }
    }

    /// A number for things that only one vendor draws.
    pub(crate) fn draw(&self, parts: &[&str]) -> u64 {
        stable(self.seed, parts)
    }
}

fn email_draw(person: &Person) -> f64 {
    unit(stable(person.hash, &["e-mail known"]))
}

/// Head-counts as lists of leads have them: many small companies, some large ones.
fn employees(draw: f64) -> u32 {
    const BANDS: [(f64, f64, f64); 5] = [
        (0.14, 1.0, 10.0),
        (0.22, 11.0, 50.0),
        (0.26, 51.0, 200.0),
        (0.22, 201.0, 1000.0),
        (0.16, 1001.0, 20000.0),
    ];
    let mut below = 0.0;
    for (share, least, most) in BANDS {
        if draw < below + share {
            let place = (draw - below) / share;
            return (least * f64::powf(most / least, place)).round() as u32;
        }
        below += share;
    }
    20000
}

/// Each company has its own way to write addresses.
fn address(company: &Company, first: &str, last: &str) -> String {
    let initial = first.chars().next().unwrap_or_default();
    let local = match stable(company.hash, &["addresses"]) % 4 {
        0 | 1 => format!("{first}.{last}"),
        2 => format!("{initial}{last}"),
        _ => format!("{first}_{last}"),
    };
    format!("{local}@{}", company.domain)
}

fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `MIRA o'malley` as `Mira O'Malley`.
fn capitalised(name: &str) -> String {
    let mut starts = true;
    let letters = name.trim().chars().flat_map(|letter| {
        let cased: Vec<char> =
            if starts { letter.to_uppercase().collect() } else { letter.to_lowercase().collect() };
        starts = !letter.is_alphanumeric();
        cased
    });
    letters.collect()
}

/// `bright-forge` as `Bright Forge`.
fn words(stem: &str) -> String {
    let words = stem.split(['-', '.', '_']).filter(|word| !word.is_empty());
    words.map(capitalised).collect::<Vec<_>>().join(" ")
}
