//! Calls in which a literal and a column have changed places.

use crate::analysis::view::{Scope, View, is_clock, is_literal, number, read_name, with_role};
use crate::analysis::words::is_past;
use crate::builtins::{Builtin, Role};
use crate::syntax::ast::{Expr, ExprKind};
use crate::types::Type;

/// The longest text, in words, that is a needle rather than the text that is searched.
const MOST_WORDS: usize = 3;

/// The order in which the arguments of a call belong, if it is another.
pub(super) fn order<'a>(
    view: &View<'a>,
    builtin: &'static Builtin,
    args: &'a [Expr],
    scope: &Scope<'a>,
) -> Option<Vec<usize>> {
    let call = Call { view, builtin, args, scope };
    let swap =
        call.searched().or_else(|| call.joined()).or_else(|| call.compared()).or_else(|| call.rescued());
    swap.map(|(one, two)| {
        let mut order: Vec<usize> = (0..args.len()).collect();
        order.swap(one, two);
        order
    })
    .or_else(|| call.counted())
    .or_else(|| call.limited())
    .or_else(|| call.conditions())
    .or_else(|| call.tried())
    .or_else(|| call.divided())
    .or_else(|| call.started())
}

struct Call<'v, 'a> {
    view: &'v View<'a>,
    builtin: &'static Builtin,
    args: &'a [Expr],
    scope: &'v Scope<'a>,
}

impl<'a> Call<'_, 'a> {
    fn first(&self, roles: &[Role]) -> Option<(usize, &'a Expr)> {
        roles.iter().find_map(|role| with_role(self.builtin, self.args, *role).next())
    }

    fn reads_row(&self, expr: &'a Expr) -> bool {
        self.view.reads_row(expr, self.scope)
    }

    /// `CONTAINS("VP", Job Title)`, `REGEXMATCH("^VP", Job Title)`, `TEXT("0%", Rate)`, `JOIN(", ", Tags)`
    fn searched(&self) -> Option<(usize, usize)> {
        use Role::{Format, List, LooseNeedle, Member, Needle, Pattern, Separator, Subject, Wildcards};
        let (subject, text) = self.first(&[Subject, List])?;
        let settings = [Needle, LooseNeedle, Wildcards, Pattern, Format, Separator, Member];
        let (setting, value) = self.first(&settings)?;
        let text = self.view.text_of(text, self.scope)?;
        (is_needle(text) && self.reads_row(value)).then_some((subject, setting))
    }

    /// `TEXTJOIN(Tags, TRUE, ", ")`
    fn joined(&self) -> Option<(usize, usize)> {
        let (0, separator) = self.first(&[Role::Separator])? else { return None };
        let [last] = self.args.get(2..)? else { return None };
        let is_separator =
            self.view.text_of(last, self.scope).is_some_and(|text| !text.contains(char::is_alphanumeric));
        (is_separator && self.reads_row(separator)).then_some((0, 2))
    }

    /// `LEFT(3, Phone)`, `ROUND(2, Open Rate)`, `AT(1, Tags)`, `MID(1, 3, Phone)`
    fn counted(&self) -> Option<Vec<usize>> {
        use Role::{Count, Digits, List, Measured, Position, Subject};
        let (0, value) = self.first(&[Subject, List, Measured])? else { return None };
        let settings = [Count, Digits, Position].iter();
        let settings = settings.flat_map(|role| with_role(self.builtin, self.args, *role));
        let varying = settings.filter(|(_, arg)| self.reads_row(arg)).map(|(index, _)| index).max()?;
        number(value)?;
        let mut order: Vec<usize> = (0..self.args.len()).filter(|index| *index != varying).collect();
        order.insert(0, varying);
        Some(order)
    }

    /// `IN(["US", "DE"], Country)`, `SWITCH("US", Country, 10, 0)`
    fn compared(&self) -> Option<(usize, usize)> {
        let (0, value) = self.first(&[Role::Compared])? else { return None };
        let candidates: Vec<(usize, &Expr)> = with_role(self.builtin, self.args, Role::Candidate).collect();
        let [(index, candidate)] = candidates.as_slice() else { return None };
        let is_list = matches!(value.kind, ExprKind::List(_));
        let selects = with_role(self.builtin, self.args, Role::Result).next().is_some();
        let is_single =
            selects && (self.view.text_of(value, self.scope).is_some() || number(value).is_some());
        ((is_list || is_single) && self.reads_row(candidate)).then_some((0, *index))
    }

    /// `IFERROR(0, VALUE(Revenue))`
    fn rescued(&self) -> Option<(usize, usize)> {
        let (value, rescued) = self.first(&[Role::Rescued])?;
        let (fallback, replacement) = self.first(&[Role::Fallback])?;
        (is_literal(rescued) && self.reads_row(replacement)).then_some((value, fallback))
    }

    /// `CLAMP(0, 100, Score)`, `BETWEEN(50, Employee Count, 500)`: one bound varies, and the value does not.
    fn limited(&self) -> Option<Vec<usize>> {
        let (measured, value) = self.first(&[Role::Measured])?;
        let bounds: Vec<usize> = [Role::Low, Role::High, Role::Bound]
            .iter()
            .flat_map(|role| with_role(self.builtin, self.args, *role).map(|(index, _)| index))
            .collect();
        let varying: Vec<usize> =
            bounds.iter().copied().filter(|index| self.reads_row(&self.args[*index])).collect();
        let [varying] = varying.as_slice() else { return None };
        let is_fixed = |index: usize| index == *varying || is_literal(&self.args[index]);
        if bounds.len() < 2 || !is_literal(value) || !bounds.iter().all(|index| is_fixed(*index)) {
            return None;
        }
        let mut order: Vec<usize> = (0..self.args.len()).filter(|index| index != varying).collect();
        order.insert(measured, *varying);
        Some(order)
    }

    /// `POINTS(10, Page Views > 3)`, `IFS(20, Score > 80, 0, TRUE)`, `IF(10, Page Views > 3, 0)`
    fn conditions(&self) -> Option<Vec<usize>> {
        let conditions: Vec<usize> =
            with_role(self.builtin, self.args, Role::Condition).map(|(index, _)| index).collect();
        let results: Vec<usize> =
            with_role(self.builtin, self.args, Role::Result).map(|(index, _)| index).collect();
        let is_condition = |index: usize| {
            self.view.ty(&self.args[index]) == Type::Boolean && self.reads_row(&self.args[index])
        };
        let pairs = || conditions.iter().copied().zip(results.iter().copied());
        let is_first_swapped = pairs().next().is_some_and(|(condition, result)| {
            number(&self.args[condition]).is_some() && is_condition(result)
        });
        let is_any_right = pairs().any(|(condition, _)| self.reads_row(&self.args[condition]));
        if !is_first_swapped || is_any_right {
            return None;
        }
        let mut order: Vec<usize> = (0..self.args.len()).collect();
        pairs().for_each(|(condition, result)| order.swap(condition, result));
        Some(order)
    }

    /// `MOD(2, Page Views)`, `SAFEDIV(0, Clicks, Opens)`: the literal is the divisor or the default.
    fn divided(&self) -> Option<Vec<usize>> {
        let value = number(self.args.first()?)?;
        let others_vary = self.args[1..].iter().all(|arg| self.reads_row(arg));
        match (self.builtin.name, self.args.len()) {
            ("MOD" | "QUOTIENT", 2) if others_vary && value < 10.0 => Some(vec![1, 0]),
            ("SAFEDIV", 3) if others_vary && value == 0.0 => Some(vec![1, 2, 0]),
            _ => None,
        }
    }

    /// `DATEDIF(TODAY(), Created At, "D")`: an error for every date in the past.
    fn started(&self) -> Option<Vec<usize>> {
        let [start, end, _] = self.args else { return None };
        let past = read_name(self.view.resolve(end, self.scope)).is_some_and(is_past);
        let is_swapped = self.builtin.name == "DATEDIF" && is_clock(self.view.resolve(start, self.scope));
        (past && is_swapped).then(|| vec![1, 0, 2])
    }

    /// `COALESCE("Unknown", Company Name)`: a literal is never empty, so what follows is never used.
    fn tried(&self) -> Option<Vec<usize>> {
        let (0, first) = self.first(&[Role::Tried])? else { return None };
        let is_fallback = match self.view.text_of(first, self.scope) {
            Some(text) => !text.trim().is_empty() && !self.view.is_name(text, self.scope),
            None => number(first).is_some(),
        };
        let others_vary = self.args.len() > 1 && self.args[1..].iter().all(|arg| self.reads_row(arg));
        (is_fallback && others_vary).then(|| (1..self.args.len()).chain([0]).collect())
    }
}

/// Whether a literal is short enough to be what is searched for. A text of many words, or one with separators, may well
/// be searched: `CONTAINS("US,DE,FR", Country)`, `FIND(Grade, "FDCBA")`.
fn is_needle(text: &str) -> bool {
    let is_alphabet = text.len() >= 4
        && text.chars().all(|next| next.is_ascii_uppercase() || next.is_ascii_digit())
        && text.chars().enumerate().all(|(at, next)| text.chars().take(at).all(|before| before != next));
    let separators = text.matches([',', ';', '|', '\n']).count();
    let is_separator = !text.contains(char::is_alphanumeric);
    !text.is_empty()
        && (separators == 0 || is_separator)
        && !is_alphabet
        && text.split_whitespace().count() <= MOST_WORDS
}
