//! What the name of a column reveals of its values.

/// Words of names whose dates lie in the past.
const PAST: [&str; 27] = [
    "last",
    "previous",
    "created",
    "updated",
    "modified",
    "changed",
    "joined",
    "registered",
    "founded",
    "seen",
    "visited",
    "contacted",
    "clicked",
    "activity",
    "engaged",
    "received",
    "sent",
    "replied",
    "converted",
    "signed",
    "signup",
    "submitted",
    "added",
    "enriched",
    "hired",
    "born",
    "login",
];
/// Words of names whose dates may lie in the future.
const AHEAD: [&str; 22] = [
    "next",
    "renewal",
    "renews",
    "renew",
    "due",
    "expires",
    "expiry",
    "expiration",
    "expected",
    "deadline",
    "scheduled",
    "upcoming",
    "until",
    "target",
    "forecast",
    "planned",
    "end",
    "ends",
    "start",
    "close",
    "contract",
    "trial",
];
/// Last words of names that hold dates.
const DATES: [&str; 10] =
    ["date", "at", "on", "day", "deadline", "birthday", "timestamp", "datetime", "since", "time"];
/// Words of names that hold tiers or grades.
const TIERS: [&str; 14] = [
    "grade",
    "tier",
    "rank",
    "rating",
    "class",
    "level",
    "priority",
    "band",
    "stage",
    "heat",
    "temperature",
    "segment",
    "plan",
    "fit",
];
/// Words of names that hold codes, which are text in the order of their letters.
const CODES: [&str; 12] = [
    "zip", "zipcode", "postal", "postcode", "code", "id", "sku", "key", "phone", "number", "version",
    "release",
];
/// Last words of names that hold scores.
const SCORES: [&str; 9] =
    ["score", "fit", "engagement", "intent", "rating", "index", "points", "grade", "match"];

/// The words of a name, in lower case: `lastActivityDate` and `last_activity_date` have three.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut after_lower = false;
    for next in name.chars() {
        let begins = next.is_uppercase() && after_lower;
        if !next.is_alphanumeric() || begins {
            words.push(String::new());
        }
        if let (true, Some(word)) = (next.is_alphanumeric(), words.last_mut()) {
            word.extend(next.to_lowercase());
        }
        after_lower = next.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Words for email addresses.
const EMAILS: [&str; 4] = ["email", "emails", "mail", "mails"];

/// Words of names that hold web addresses, or parts of them.
const WEB: [&str; 20] = [
    "url", "urls", "uri", "href", "link", "links", "page", "pages", "path", "paths", "website", "site",
    "domain", "referrer", "referer", "landing", "visited", "viewed", "source", "profile",
];

fn has(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|word| list.contains(&word.as_str()))
}

fn ends(name: &str, list: &[&str]) -> bool {
    words(name).last().is_some_and(|word| list.contains(&word.as_str()))
}

/// Whether a column of this name holds dates that have passed.
pub(super) fn is_past(name: &str) -> bool {
    has(name, &PAST) && !has(name, &AHEAD)
}

/// Whether a column of this name holds dates.
pub(super) fn is_date(name: &str) -> bool {
    ends(name, &DATES)
}

/// Whether a column of this name holds email addresses.
pub(super) fn is_email(name: &str) -> bool {
    let is_address = ends(name, &["address", "addresses"]) && has(name, &EMAILS);
    ends(name, &EMAILS) || is_address
}

/// Whether a column of this name holds web addresses, or parts of them.
pub(super) fn is_web_address(name: &str) -> bool {
    has(name, &WEB)
}

/// Whether a column of this name holds tiers or grades.
pub(super) fn is_tier(name: &str) -> bool {
    has(name, &TIERS)
}

/// Whether a column of this name holds codes.
pub(super) fn is_code(name: &str) -> bool {
    has(name, &CODES)
}

/// Whether a column of this name holds a score.
pub(super) fn is_score(name: &str) -> bool {
    ends(name, &SCORES)
}

#[cfg(test)]
mod tests {
    use super::{is_code, is_date, is_past, is_tier, words};

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(words("lastActivityDate"), ["last", "activity", "date"]);
        assert_eq!(words("created_at"), ["created", "at"]);
        assert_eq!(words("Zip Code 2"), ["zip", "code", "2"]);
    }

    #[test]
    fn names_reveal_what_they_hold() {
        for name in ["Last Activity Date", "Created At", "signed_up_on", "Last Seen"] {
            assert!(is_past(name), "{name}");
        }
        for name in ["Renewal Date", "Contract Signed Until", "Next Contacted", "Close Date"] {
            assert!(!is_past(name), "{name}");
        }
        assert!(is_date("Created At") && is_date("Launch Date") && !is_date("Quarter"));
        assert!(is_tier("Lead Tier") && !is_tier("Last Name"));
        assert!(is_code("Zip Code") && !is_code("Employee Count"));
    }
}
