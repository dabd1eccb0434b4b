//! The moment that tests run at: rules that read the clock give the same results on any day.

use crate::builtins::{self, Builtin, DateFormat};
use crate::check::{Checked, Node, NodeKind};
use crate::tools::walk;
use crate::value::{Clock, ClockError, Value};

/// The functions that read the clock. `DATETIME_PARSE` does where its format leaves the year out.
const READERS: [&str; 5] = ["TODAY", "NOW", "DAYSSINCE", "DECAY", "DATETIME_PARSE"];

/// Whether a rule file's results depend on the clock.
#[must_use]
pub fn reads_clock(checked: &Checked) -> bool {
    let mut nodes = walk::nodes(checked).chain(walk::in_functions(checked));
    let calls_reader = nodes.any(|node| match &node.kind {
        NodeKind::Call(builtin, args) => is_reader(builtin, args),
        _ => false,
    });
    calls_reader
        || checked.inputs.iter().any(|input| input.format.as_ref().is_some_and(DateFormat::reads_clock))
}

fn is_reader(builtin: &Builtin, args: &[Node]) -> bool {
    let reads = READERS.iter().any(|name| builtins::find(name).is_some_and(|one| one.name == builtin.name));
    let names_year = |node: &Node| match &node.kind {
        NodeKind::Constant(Value::Text(format)) => format.as_str().to_ascii_lowercase().contains("yy"),
        _ => false,
    };
    reads && !(builtin.name == "DATETIME_PARSE" && args.get(1).is_some_and(names_year))
}

/// The moment and time zone of a test, as given or as a snapshot keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// `--now`, in ISO 8601.
    pub now: Option<String>,
    /// `--tz`.
    pub tz: Option<String>,
}

impl Moment {
    /// Reads what [`Self::describe`] wrote.
    #[must_use]
    pub fn parse(description: &str) -> Self {
        let mut moment = Self::default();
        for part in description.split(' ') {
            match part.split_once('=') {
                Some(("now", now)) => moment.now = Some(now.to_owned()),
                Some(("tz", tz)) => moment.tz = Some(tz.to_owned()),
                _ => {}
            }
        }
        moment
    }

    /// `now=2026-01-31T12:00:00Z tz=Europe/Berlin`, or nothing where neither is given.
    #[must_use]
    pub fn describe(&self) -> Option<String> {
        let now = self.now.iter().map(|now| format!("now={}", now.replace(' ', "T")));
        let tz = self.tz.iter().map(|tz| format!("tz={tz}"));
        let parts: Vec<String> = now.chain(tz).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Whether results at this moment are the same on any day: it is given, or the rules do not read the clock.
    #[must_use]
    pub fn is_fixed_for(&self, rules: &Checked) -> bool {
        self.now.is_some() || !reads_clock(rules)
    }

    /// What is given here, and else what `other` has.
    #[must_use]
    pub fn or(&self, other: Self) -> Self {
        Self { now: self.now.clone().or(other.now), tz: self.tz.clone().or(other.tz) }
    }

    /// A clock that stands at this moment.
    pub fn clock(&self) -> Result<Clock, ClockError> {
        let mut clock = Clock::system();
        if let Some(tz) = &self.tz {
            clock = clock.in_zone(tz)?;
        }
        if let Some(now) = &self.now {
            clock = clock.stopped_at(now)?;
        }
        Ok(clock)
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, READERS};
    use crate::builtins;
    use crate::rules::Rules;
    use crate::value::{Clock, Record, json_text};

    #[test]
    fn no_other_function_reads_the_clock() {
        let at = |moment: &str| Clock::system().stopped_at(moment).expect("a moment");
        let clocks = [at("2026-01-31T12:00:00Z"), at("2031-07-02T03:04:05Z")];
        for builtin in builtins::all() {
            for example in builtin.examples {
                let names = |name: &&str| example.formula.to_uppercase().contains(*name);
                if READERS.iter().any(names) {
                    continue;
                }
                let Ok(rules) = Rules::compile_formula(example.formula) else { continue };
                let row = Record::default();
                let [one, two] =
                    clocks.each_ref().map(|clock| json_text(&rules.eval(&row, clock).values()[0]));
                assert_eq!(one, two, "{} reads the clock", example.formula);
            }
        }
    }

    #[test]
    fn moments_are_read_back() {
        let moment = Moment { now: Some("2026-01-31T12:00:00Z".to_owned()), tz: Some("+02:00".to_owned()) };
        assert_eq!(Moment::parse(&moment.describe().expect("both")), moment);
        assert_eq!(Moment::default().describe(), None);
    }
}
