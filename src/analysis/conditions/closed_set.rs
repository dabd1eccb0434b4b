//! Comparisons with values that a function never returns, or a column never has.

use super::Linter;
use super::wording::{described, one_line, shown};
use crate::analysis::facts::Facts;
use crate::analysis::possible::{Flags, Possible};
use crate::analysis::transfer;
use crate::builtins::{Builtin, Values as Returned};
use crate::check::{Node, NodeKind};
use crate::diagnostics::{ValueLint, suggest};
use crate::syntax::ast::CompareOp;
use crate::types::Type;
use crate::value::{Value, equal, fold_case};
use std::rc::Rc;

/// More values than this are not listed.
const MOST_LISTED: usize = 20;

impl<'t> Linter<'_, 't> {
    /// The literals that a comparison or IN compares with something that is never equal to them.
    pub(super) fn closed_sets(&mut self, node: &'t Node) {
        match &node.kind {
            NodeKind::Compare(CompareOp::Equal | CompareOp::NotEqual, sides) => {
                self.literal(&sides.0, &sides.1);
                self.literal(&sides.1, &sides.0);
            }
            NodeKind::InArms { needle, arms, .. } => {
                for arm in arms {
                    self.literal(needle, &arm.node);
                }
                self.repeated_items(needle, arms);
            }
            _ => {}
        }
    }

    fn repeated_items(&mut self, needle: &'t Node, arms: &'t [crate::check::Arm]) {
        let mut seen = std::collections::HashMap::new();
        for arm in arms {
            let key = match &arm.node.kind {
                NodeKind::Constant(Value::Text(text)) => fold_case(text),
                _ => format!("\0{}", self.values.terms.id(&arm.node).0),
            };
            if let Some(first) = seen.insert(key, arm.node.span)
                && !matches!(needle.kind, NodeKind::Constant(_))
            {
                let help = "remove one of them, or change the one that was copied".to_owned();
                let second = arm.node.span;
                self.findings
                    .push(ValueLint::DuplicateCondition { what: "value", first, second, help }.into());
            }
        }
    }

    /// The findings for a literal that `subject` is compared with.
    fn literal(&mut self, subject: &'t Node, literal: &'t Node) {
        self.never_equal(subject, literal);
        self.unlisted(subject, literal);
    }

    /// The builtin that a node calls, also by a name for the call.
    fn called(&self, node: &Node) -> Option<&'static Builtin> {
        match self.values.terms.get(self.values.terms.id(node)).node?.kind {
            NodeKind::Call(builtin, _) => Some(builtin),
            _ => None,
        }
    }

    /// A finding if the literal is a misspelt one of the texts that the function of `subject` knows.
    pub(super) fn unlisted(&mut self, subject: &'t Node, literal: &'t Node) {
        let NodeKind::Constant(value @ Value::Text(text)) = &literal.kind else { return };
        let Some(builtin) = self.called(subject) else { return };
        let Returned::Known(known) = builtin.returns.values else { return };
        if self.outside_normal_form(builtin, subject, text).is_some() {
            return;
        }
        if let Some(near) = misspelt(text, known()) {
            let (written, near) = (shown(value), crate::syntax::print_text(near));
            let (function, at) = (builtin.name, literal.span);
            self.findings.push(ValueLint::UnlistedValue { function, written, at, near }.into());
        }
    }

    /// A finding if `subject` never equals the literal.
    pub(super) fn never_equal(&mut self, subject: &'t Node, literal: &'t Node) {
        let NodeKind::Constant(value) = &literal.kind else { return };
        if matches!(subject.kind, NodeKind::Constant(_)) || matches!(value, Value::Blank) {
            return;
        }
        let id = self.values.terms.id(subject);
        if self.is_made_blank(subject, value) {
            self.made_blank(subject, literal);
            return;
        }
        let call = self.called(subject);
        if let (Some(builtin), Value::Text(text)) = (call, value)
            && let Some(help) = self.outside_normal_form(builtin, subject, text)
        {
            self.outside(builtin, literal, help);
            return;
        }
        if let (Some(builtin), Value::Text(text)) = (call, value)
            && let Some(help) = self
                .outside_format(builtin, subject, text)
                .or_else(|| self.outside_shape(builtin, subject, text))
                .or_else(|| self.outside_length(builtin, subject, text))
        {
            self.outside(builtin, literal, help);
            return;
        }
        let possible = self.values.of(id, &Facts::default());
        let wanted = Possible::exactly(value, &self.values.clock);
        if transfer::equal(&possible, &wanted, &self.values.clock).has(Flags::TRUE) || possible.is_empty() {
            return;
        }
        let of_any_row = self.any.of(id, &Facts::default());
        let is_rare = transfer::equal(&of_any_row, &wanted, &self.values.clock).has(Flags::TRUE);
        match call.filter(|builtin| is_closed(builtin)) {
            // Such as `YEAR(Created At) = 26`, which is reported as a condition.
            Some(_) if is_rare => {}
            Some(builtin) => {
                let help = self.member_help(builtin, subject, value);
                self.outside(builtin, literal, help);
            }
            None => self.never_has(subject, &possible, literal, value),
        }
    }

    /// Whether `subject` is an input, for which a `blank` line makes this text Blank. A text that reads as a number, a
    /// date or a Boolean may equal one.
    fn is_made_blank(&self, subject: &Node, value: &Value<'_>) -> bool {
        let node = match subject.kind {
            NodeKind::Input(_) => Some(subject),
            _ => self.values.terms.get(self.values.terms.id(subject)).node,
        };
        node.is_some_and(|node| matches!(node.kind, NodeKind::Input(_)))
            && self.values.tree.is_blank(value)
            && !Possible::exactly(value, &self.values.clock).words.is_empty()
    }

    fn made_blank(&mut self, subject: &'t Node, literal: &'t Node) {
        let NodeKind::Constant(value) = &literal.kind else { return };
        let written = shown(value);
        let name = one_line(self.values.tree.source.text(), subject.span);
        let help = format!(
            "the `blank` line makes {written} Blank; to test for an empty value, write `ISEMPTY({name})`"
        );
        let subject = format!("`{name}`");
        self.findings.push(ValueLint::NeverEqual { subject, written, at: literal.span, help }.into());
    }

    fn outside(&mut self, builtin: &'static Builtin, literal: &'t Node, help: String) {
        let NodeKind::Constant(value) = &literal.kind else { return };
        let written = shown(value);
        self.findings.push(
            ValueLint::OutsideClosedSet { function: builtin.name, written, at: literal.span, help }.into(),
        );
    }

    fn never_has(&mut self, subject: &'t Node, possible: &Possible, literal: &'t Node, value: &Value<'_>) {
        let Some(range) = described(possible) else { return };
        let text = self.values.tree.source.text();
        let subject_text = format!("`{}`", one_line(text, subject.span));
        let near = match value {
            Value::Text(wanted) => {
                let listed = possible.listed(MOST_LISTED).unwrap_or_default();
                let texts: Vec<String> = listed.iter().filter_map(as_text).collect();
                suggest(wanted, texts.iter().map(String::as_str)).first().map(|near| (*near).to_owned())
            }
            _ => None,
        };
        let help = match near {
            Some(near) => {
                format!("{subject_text} is {range}; did you mean {}?", crate::syntax::print_text(&near))
            }
            None => format!("compare with a value that {subject_text} can have: it is {range}"),
        };
        let written = shown(value);
        self.findings
            .push(ValueLint::NeverEqual { subject: subject_text, written, at: literal.span, help }.into());
    }

    /// What a builtin makes of the text in place of its first argument.
    fn applied(&self, builtin: &'static Builtin, subject: &Node, text: &str) -> Option<Value<'static>> {
        let term = self.values.terms.get(self.values.terms.id(subject));
        let mut args: Vec<Rc<Possible>> =
            vec![Rc::new(Possible::exactly(&Value::borrowed(text), &self.values.clock))];
        for child in &term.children[1..] {
            args.push(self.values.of(*child, &Facts::default()));
        }
        transfer::called(builtin, &args, &self.values.clock).as_exact()
    }

    /// What to write for a text that the builtin would change, so that it never returns it.
    fn outside_normal_form(&self, builtin: &'static Builtin, subject: &Node, text: &str) -> Option<String> {
        let is_part = matches!(builtin.returns.values, Returned::Part);
        let is_normal = matches!(builtin.returns.values, Returned::Normal | Returned::Known(_));
        if text.is_empty() || !(is_part || is_normal) {
            return None;
        }
        let result = self.applied(builtin, subject, text)?;
        if is_part && matches!(result, Value::Blank) {
            // `gmail` is the domain of no address.
            let is_domain = builtin.name == "EMAILDOMAIN";
            return (is_domain && !text.contains('.')).then(|| {
                format!(
                    "EMAILDOMAIN returns a whole domain, such as {}",
                    crate::syntax::print_text(&format!("{}.com", text.to_lowercase()))
                )
            });
        }
        if equal(&result, &Value::borrowed(text), &self.values.clock) {
            return None;
        }
        let name = builtin.name;
        Some(match &result {
            Value::Text(normal) if !normal.is_empty() => {
                format!("{name} returns {} for this; write {0}", crate::syntax::print_text(normal))
            }
            _ => format!("{name} returns nothing for this; compare the column itself"),
        })
    }

    /// The texts that a format makes of dates, where they are few, and none of them is this one.
    fn outside_format(&self, builtin: &'static Builtin, subject: &Node, text: &str) -> Option<String> {
        if !matches!(builtin.name, "TEXT" | "DATETIME_FORMAT") {
            return None;
        }
        let term = self.values.terms.get(self.values.terms.id(subject));
        let format = self.values.of(*term.children.get(1)?, &Facts::default());
        // What every year has is not the year's own.
        let texts = self.formatted(builtin, &format, 2024)?;
        if texts != self.formatted(builtin, &format, 1996)? || texts.len() > 31 || text.is_empty() {
            return None;
        }
        if texts.iter().any(|one| one.eq_ignore_ascii_case(text)) {
            return None;
        }
        let begins = |one: &&String| {
            let (one, text) = (one.to_lowercase(), text.to_lowercase());
            one.starts_with(&text) || text.starts_with(&one)
        };
        let names: Vec<&str> = texts.iter().map(String::as_str).collect();
        let format = format.as_exact().as_ref().map(shown).unwrap_or_default();
        let returned = format!("{} with {format} returns {}", builtin.name, listed(&names));
        Some(match texts.iter().find(begins) {
            Some(near) => format!("did you mean {}? {returned}", crate::syntax::print_text(near)),
            None => returned,
        })
    }

    /// What to write for a text that no date has in this format: `1/15/2026` where the month has two digits.
    fn outside_shape(&self, builtin: &'static Builtin, subject: &Node, text: &str) -> Option<String> {
        if !matches!(builtin.name, "TEXT" | "DATETIME_FORMAT") || text.is_empty() {
            return None;
        }
        let term = self.values.terms.get(self.values.terms.id(subject));
        let format = self.values.of(*term.children.get(1)?, &Facts::default());
        let texts = self.sample_texts(builtin, &format)?;
        let own = shape(text);
        if texts.iter().any(|one| shape(one) == own) {
            return None;
        }
        let format = format.as_exact().as_ref().map(shown).unwrap_or_default();
        let sample = crate::syntax::print_text(texts.first()?);
        Some(format!("{} with {format} returns texts such as {sample}", builtin.name))
    }

    /// Texts that a format makes of days and times of all lengths that they can have.
    fn sample_texts(&self, builtin: &'static Builtin, format: &Rc<Possible>) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for month in 1..=12_i8 {
            for (day, hour) in [(1, 9), (15, 23), (4, 0)] {
                let time = jiff::civil::date(2014 + i16::from(month), month, day).at(hour, 5, 7, 0);
                let date = Value::Date(crate::value::Date::moment(time, &self.values.clock));
                let args = [Rc::new(Possible::exactly(&date, &self.values.clock)), Rc::clone(format)];
                match transfer::called(builtin, &args, &self.values.clock).as_exact()? {
                    Value::Text(text) => texts.push(text.to_string()),
                    _ => return None,
                }
            }
        }
        // A format without a part of a date is one for numbers.
        let varies = texts.iter().any(|text| *text != texts[0]);
        varies.then_some(texts)
    }

    /// What to write for a text that is longer than the part that LEFT, RIGHT or MID takes.
    fn outside_length(&self, builtin: &'static Builtin, subject: &Node, text: &str) -> Option<String> {
        let most = match (builtin.name, &subject.kind) {
            ("LEFT" | "RIGHT", NodeKind::Call(_, args)) if args.len() == 1 => 1,
            ("LEFT" | "RIGHT" | "MID", _) => {
                let term = self.values.terms.get(self.values.terms.id(subject));
                let count = self.values.of(*term.children.last()?, &Facts::default());
                transfer::as_number(&count).numbers.as_point().filter(|count| *count >= 0.0)? as usize
            }
            _ => return None,
        };
        let length = text.chars().count();
        (length > most && most > 0).then(|| {
            let plural = if most == 1 { "" } else { "s" };
            format!("{} returns at most {most} character{plural} here; take {length}, or compare with a shorter text", builtin.name)
        })
    }

    /// The texts that a format makes of all days of a year, each once, in their order.
    fn formatted(&self, builtin: &'static Builtin, format: &Rc<Possible>, year: i16) -> Option<Vec<String>> {
        let mut texts: Vec<String> = Vec::new();
        let mut day = jiff::civil::date(year, 1, 1);
        while day.year() == year {
            let date = Value::Date(crate::value::Date::day(day));
            let args = [Rc::new(Possible::exactly(&date, &self.values.clock)), Rc::clone(format)];
            match transfer::called(builtin, &args, &self.values.clock).as_exact()? {
                Value::Text(text) if !texts.iter().any(|one| **one == *text) => texts.push(text.to_string()),
                Value::Text(_) if texts.len() <= 31 => {}
                _ => return None,
            }
            day = day.tomorrow().ok()?;
        }
        texts.sort();
        Some(texts)
    }

    /// The member that is meant by a value outside of a closed set, and the members.
    fn member_help(&self, builtin: &'static Builtin, subject: &Node, value: &Value<'_>) -> String {
        let name = builtin.name;
        if builtin.returns.ty == Type::Boolean {
            let subject = one_line(self.values.tree.source.text(), subject.span);
            let is_no = matches!(value, Value::Text(text) if text.to_lowercase().starts_with(['n', 'f']))
                || matches!(value, Value::Number(number) if *number == 0.0);
            let instead = if is_no { format!("NOT({subject})") } else { subject };
            return format!("{name} returns TRUE or FALSE; write `{instead}` without the comparison");
        }
        let Some(list) = builtin.returns.texts_to_compare() else {
            let possible = self.values.of(self.values.terms.id(subject), &Facts::default());
            let range = match builtin.returns.values {
                Returned::Between(low, high) | Returned::Whole(low, high) if high.is_finite() => {
                    let (low, high) =
                        possible.numbers.hull().map_or((low, high), |hull| (hull.low, hull.high));
                    Some(format!("a number from {low} to {high}"))
                }
                _ => described(&possible),
            };
            return format!("{name} returns {}", range.unwrap_or_else(|| "other values".to_owned()));
        };
        let members = members(builtin, list);
        match value {
            Value::Text(text) => match self.nearest(builtin, subject, text, list) {
                Some(near) => {
                    format!("did you mean {}? {name} returns {members}", crate::syntax::print_text(&near))
                }
                None => format!("{name} returns {members}"),
            },
            _ => format!("{name} returns text: {members}"),
        }
    }

    /// What the builtin makes of the text, or the member that is spelled most like it.
    fn nearest(
        &self,
        builtin: &'static Builtin,
        subject: &Node,
        text: &str,
        list: &[&str],
    ) -> Option<String> {
        if let Some(Value::Text(member)) = self.applied(builtin, subject, text) {
            // A default for everything that is unknown says nothing.
            let unknown = self.applied(builtin, subject, "qqq");
            if !matches!(&unknown, Some(Value::Text(default)) if **default == *member) {
                return Some(member.to_string());
            }
        }
        let words: Vec<&str> = words(text).collect();
        let initials: String = words.iter().filter_map(|word| word.chars().next()).collect();
        let by_initials =
            list.iter().find(|member| initials.len() > 1 && member.eq_ignore_ascii_case(&initials));
        let begins = |member: &&&str| {
            let first = self::words(member).next().unwrap_or_default();
            words.first().is_some_and(|word| first.eq_ignore_ascii_case(word))
        };
        let spelled = || suggest(text, list.iter().copied()).first().copied();
        let near = by_initials.copied().or_else(spelled).or_else(|| list.iter().find(begins).copied());
        near.map(ToOwned::to_owned)
    }
}

/// The words of a text: `C-Level` and `c_suite` have two each.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The members of a builtin's closed set in a sentence; of many, those that its examples show.
fn members(builtin: &Builtin, list: &[&str]) -> String {
    if list.len() <= MOST_LISTED {
        return listed(list);
    }
    let results = builtin.examples.iter().map(|example| example.result.trim_matches('"'));
    let examples: Vec<&str> = results.filter(|result| list.contains(result)).collect();
    format!("one of {} texts, such as {}", list.len(), examples.join(", "))
}

fn as_text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether the registry states which values the builtin returns.
fn is_closed(builtin: &Builtin) -> bool {
    builtin.returns.ty == Type::Boolean
        || matches!(
            builtin.returns.values,
            Returned::Texts(_) | Returned::Numbers(_) | Returned::Whole(..) | Returned::Between(..)
        )
}

/// A text with each digit as `0` and each run of letters as `a`.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for next in text.chars() {
        match next {
            _ if next.is_ascii_digit() => shape.push('0'),
            _ if next.is_alphabetic() && shape.ends_with('a') => {}
            _ if next.is_alphabetic() => shape.push('a'),
            _ => shape.push(next),
        }
    }
    shape
}

/// Texts in a sentence.
fn listed(texts: &[&str]) -> String {
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => texts.join(""),
    }
}

/// The known text that is meant by one that differs from it in a letter, or in two of a longer word.
fn misspelt<'k>(text: &str, known: &[&'k str]) -> Option<&'k str> {
    let length = text.chars().count();
    let most = if length >= 9 { 2 } else { usize::from(length >= 5) };
    let near = suggest(text, known.iter().copied()).into_iter().next()?;
    let distance = strsim::osa_distance(&text.to_lowercase(), &near.to_lowercase());
    (1..=most).contains(&distance).then_some(near)
}
