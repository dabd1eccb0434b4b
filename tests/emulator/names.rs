//! The words that made-up people and companies are made of.

pub(crate) const FIRST: [&str; 48] = [
    "Mira", "Jonas", "Anouk", "Tariq", "Solveig", "Dario", "Priya", "Henrik", "Lucia", "Kwame", "Yuki",
    "Petra", "Rafael", "Ingrid", "Omar", "Celeste", "Bram", "Noor", "Emil", "Zofia", "Mateo", "Hanna",
    "Viktor", "Leila", "Andre", "Saskia", "Farid", "Greta", "Ivo", "Marisol", "Nils", "Odette", "Pavel",
    "Quinn", "Rosa", "Stefan", "Tamar", "Ulla", "Vera", "Wout", "Ximena", "Yannick", "Zeno", "Alma",
    "Bastian", "Chiara", "Dunya", "Elio",
];

pub(crate) const LAST: [&str; 48] = [
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Haddad",
    "Bergstrom",
    "Ferrante",
    "Raman",
    "Kjeldsen",
    "Castellan",
    "Mensah",
    "Tanabe",
    "Novotna",
    "Quiroga",
    "Solberg",
    "Farouk",
    "Delacroix",
    "Vermeer",
    "Aziz",
    "Strand",
    "Wolska",
    "Ibarra",
    "Keller",
    "Sokolov",
    "Nazari",
    "Fontaine",
    "Dekker",
    "Rahimi",
    "Brandt",
    "Horvat",
    "Cervantes",
    "Ekman",
    "Laurent",
    "Dvorak",
    "O'Malley",
    "Marchetti",
    "Baumann",
    "Levanon",
    "Heikkila",
    "Petrova",
    "Claes",
    "Salazar",
    "Girard",
    "Kostas",
    "Thorne",
    "Reiter",
    "Bianchi",
    "Sayegh",
    "Ricci",
];

/// The first half of a company's name.
pub(crate) const QUALITIES: [&str; 32] = [
    "bright", "north", "copper", "silver", "quiet", "amber", "cedar", "coral", "delta", "ember", "fern",
    "granite", "harbor", "iron", "juniper", "kestrel", "lumen", "maple", "nimbus", "onyx", "pine", "quartz",
    "river", "summit", "timber", "umber", "velvet", "willow", "zenith", "alder", "basalt", "cobalt",
];

/// The second half of it.
pub(crate) const THINGS: [&str; 24] = [
    "forge", "labs", "works", "loop", "field", "grid", "bridge", "stack", "yard", "point", "wave", "mill",
    "bay", "peak", "gate", "path", "craft", "port", "signal", "ledger", "orbit", "foundry", "harvest",
    "clinic",
];

pub(crate) const SOURCES: [&str; 5] = ["webinar", "inbound form", "conference list", "referral", "outbound"];

/// Titles as people write them: some that a rule for seniority finds, some that mislead it.
pub(crate) const TITLES: [&str; 24] = [
    "CEO",
    "CTO",
    "VP of Sales",
    "VP Engineering",
    "VP Marketing",
    "Vice President, Sales",
    "Chief Executive Officer",
    "Director of Sales",
    "Marketing Director",
    "Director of Operations",
    "Head of Growth",
    "Head of Revenue Operations",
    "Sales Manager",
    "Product Manager",
    "Account Manager",
    "Software Engineer",
    "Senior Software Engineer",
    "Account Executive",
    "Data Analyst",
    "Customer Success Lead",
    "Independent Contractor",
    "Founder & CEO",
    "CTO and Co-Founder",
    "Office Coordinator",
];

pub(crate) const TECHNOLOGIES: [&str; 12] = [
    "salesforce",
    "hubspot",
    "stripe",
    "segment",
    "postgresql",
    "kubernetes",
    "zendesk",
    "intercom",
    "snowflake",
    "marketo",
    "wordpress",
    "google_analytics",
];

/// City, state and its code.
pub(crate) const CITIES: [(&str, &str, &str); 6] = [
    ("Portland", "Oregon", "OR"),
    ("Austin", "Texas", "TX"),
    ("Denver", "Colorado", "CO"),
    ("Boston", "Massachusetts", "MA"),
    ("Chicago", "Illinois", "IL"),
    ("Seattle", "Washington", "WA"),
];
