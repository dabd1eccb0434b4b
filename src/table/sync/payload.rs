//! What is sent for one row, as it is kept in the outbox: enough to send exactly the same again.

use crate::table::state::{EffectState, OutboxEntry};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use siphasher::sip128::{Hasher128, SipHasher13};
use std::hash::Hasher;

/// What is sent for one row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Payload {
    /// What tells one contact from another, without blanks around it and in lower case.
    pub(super) key: String,
    /// The properties, in the order of the mapping.
    pub(super) properties: Map<String, Json>,
    /// Those that only a new contact gets, if this one was new when it was decided.
    pub(super) create: Option<Map<String, Json>>,
    /// The rest of a call that is made for this row alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) call: Option<OwnCall>,
}

/// The rest of a call that is made for one row alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct OwnCall {
    /// The address, where it is not the same for every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    /// Further headers.
    pub(super) headers: Vec<(String, String)>,
    /// The body, where it is not just the properties.
    pub(super) body: Option<Json>,
    /// When it was queued, so that the same values, sent once more later on, are another call.
    pub(super) since: String,
}

impl Payload {
    /// Reads what is stored; what can't be read is nothing.
    pub(super) fn read(stored: &str) -> Self {
        serde_json::from_str(stored).unwrap_or_default()
    }

    /// The text that is stored.
    pub(super) fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether two say the same of a contact, whether or not it was new, and whenever it was.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let own = |payload: &Self| {
            payload.call.as_ref().map(|call| (call.url.clone(), call.headers.clone(), call.body.clone()))
        };
        self.key == other.key && self.properties == other.properties && own(self) == own(other)
    }

    /// All properties that are sent.
    pub(super) fn all_properties(&self) -> Map<String, Json> {
        let mut all = self.properties.clone();
        all.extend(self.create.clone().unwrap_or_default());
        all
    }

    /// A word that is the same for the same call of the same effect and for no other.
    pub(super) fn digest(&self, effect: &str) -> String {
        let mut hasher = SipHasher13::new();
        for part in [effect, &self.written()] {
            hasher.write(part.as_bytes());
            // No byte of UTF-8, so that parts can't run into each other.
            hasher.write_u8(0xff);
        }
        format!("{:032x}", hasher.finish128().as_u128())
    }
}

/// What becomes of a row that is due, by what the outbox knows of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// It was sent like this.
    Unchanged,
    /// It was refused like this, and nobody asked to try again.
    Dead,
    /// What was perhaps sent before could not be settled.
    Unsettled,
    /// It is sent; whether the contact is new has to be asked unless it was sent before.
    Send {
        /// Whether it was sent before.
        was_sent: bool,
    },
}

/// What becomes of `payload`; `is_dead` says whether the row's cell is a dead letter.
pub(super) fn plan(entry: Option<&OutboxEntry>, payload: &Payload, is_dead: bool) -> Plan {
    let Some(entry) = entry else { return Plan::Send { was_sent: false } };
    let is_same = Payload::read(&entry.payload).says_the_same(payload);
    match entry.state {
        EffectState::Sent if is_same => Plan::Unchanged,
        EffectState::Sent => Plan::Send { was_sent: true },
        EffectState::Failed if is_same && is_dead => Plan::Dead,
        // There is an answer if it was ever sent, whatever came later.
        EffectState::Failed | EffectState::Queued => Plan::Send { was_sent: entry.answer.is_some() },
        EffectState::Unknown | EffectState::Sending => Plan::Unsettled,
    }
}

#[cfg(test)]
mod tests {
    use super::{OwnCall, Payload};
    use serde_json::json;

    fn payload(properties: &serde_json::Value) -> Payload {
        let properties = properties.as_object().cloned().unwrap_or_default();
        Payload { key: "ada@stripe.com".to_owned(), properties, create: None, call: None }
    }

    #[test]
    fn what_only_a_new_contact_gets_makes_no_difference() {
        let sent =
            Payload { create: json!({"status": "NEW"}).as_object().cloned(), ..payload(&json!({"a": 1})) };
        assert!(sent.says_the_same(&payload(&json!({"a": 1}))));
        assert!(!sent.says_the_same(&payload(&json!({"a": 2}))));
        assert_eq!(Payload::read(&sent.written()), sent);
        assert_eq!(sent.all_properties().len(), 2);
    }

    #[test]
    fn another_address_is_another_call_and_is_kept() {
        let to = |url: Option<&str>| {
            let call = OwnCall { url: url.map(str::to_owned), ..OwnCall::default() };
            Payload { call: Some(call), ..payload(&json!({"a": 1})) }
        };
        let (one, two) = (to(Some("https://a.example/1")), to(Some("https://a.example/2")));
        assert!(!one.says_the_same(&two));
        assert_eq!(Payload::read(&one.written()), one);
        // What was queued before addresses were kept is still the same.
        assert!(!to(None).written().contains("url"));
    }

    #[test]
    fn the_same_values_at_another_time_are_another_call() {
        let at = |since: &str| {
            let call = OwnCall { since: since.to_owned(), ..OwnCall::default() };
            Payload { call: Some(call), ..payload(&json!({"a": 1})) }
        };
        assert!(at("1").says_the_same(&at("2")));
        assert_eq!(at("1").digest("hook"), at("1").digest("hook"));
        assert_ne!(at("1").digest("hook"), at("2").digest("hook"));
        assert_ne!(at("1").digest("hook"), at("1").digest("other"));
    }
}
