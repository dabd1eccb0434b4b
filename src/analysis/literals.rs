//! Literals that are not what they seem: references in quotes, dates and numbers in other spellings, wildcards.

mod addresses;
mod alternatives;
mod clock;
mod dates;
mod foreign;
mod habits;
mod letter_case;
mod lists;
mod names;
mod numbers;
mod patterns;
mod references;
mod tiers;
mod unquoted;
mod uses;
mod weights;
mod wildcards;

use super::Habits;
use super::view::{Scope, View};
use crate::check::spelled_date::SpelledDate;
use crate::diagnostics::{Diagnostic, Lint};
use crate::span::Span;
use crate::syntax::ast::{Expr, ExprKind};
use std::collections::HashSet;
use uses::Use;

/// Adds a finding for each literal that is read as something its author did not mean.
pub(super) fn lint(view: &View<'_>, habits: Habits, findings: &mut Vec<Diagnostic>) {
    let mut literals = Literals {
        view,
        habits,
        findings,
        reported: HashSet::new(),
        compared: HashSet::new(),
        guarded: Span::default(),
    };
    view.walk(&mut |expr, scope| literals.visit(expr, scope));
    view.file.inputs.iter().for_each(|input| findings.extend(foreign::key(view, input)));
    names::unused(view, findings);
    names::repeated(view, findings);
}

struct Literals<'v, 'a> {
    view: &'v View<'a>,
    habits: Habits,
    findings: &'v mut Vec<Diagnostic>,
    /// The literals about which something was found: one mistake has one report.
    reported: HashSet<Span>,
    /// The last part of a formula in which an error has another result. Expressions come in the order of the text.
    guarded: Span,
    /// What is compared with a text that shows what it is, such as `Today` with `"Monday"`.
    compared: HashSet<Span>,
}

impl<'a> Literals<'_, 'a> {
    fn visit(&mut self, expr: &'a Expr, scope: &Scope<'a>) {
        let view = self.view;
        let uses = uses::uses(view, expr, scope);
        let shown = uses.iter().filter(|one| one.kind.is_equality() && shows_kind(one.text));
        self.compared.extend(shown.map(|one| one.other.span));
        numbers::commas(view, expr, self.findings);
        unquoted::lint(view, expr, self.findings);
        self.findings.extend(addresses::domain_as_email(view, expr));
        let is_guarded = self.guarded.start <= expr.span.start && expr.span.end <= self.guarded.end;
        if !is_guarded && let Some(guarded) = habits::guarded(expr) {
            self.guarded = guarded;
        }
        if self.habits == Habits::Searched
            && !self.reported.contains(&expr.span)
            && let Some(found) = foreign::lint(view, expr, scope)
                .or_else(|| habits::lint(view, expr, scope, is_guarded))
                .filter(|_| !self.is_joined_truths(expr))
        {
            self.reported.extend(expr.children().into_iter().map(|child| child.span));
            self.reported.insert(expr.span);
            let is_inside = |at: &Span| expr.span.start <= at.start && at.end <= expr.span.end;
            self.findings.retain(
                |one| !matches!(one, Diagnostic::Lint(Lint::MixedAndOr { and, .. }) if is_inside(and)),
            );
            // A finding about a part of the expression is the only one about that part.
            self.reported.extend(found.range().map(|at| Span::new(at.start, at.end)));
            self.findings.push(found);
        }
        if self.habits == Habits::Searched {
            for (at, found) in alternatives::lint(view, expr, scope) {
                if self.reported.insert(at) {
                    self.findings.push(found);
                }
            }
        }
        if let Some(found) = references::compared(view, expr, scope)
            .or_else(|| references::argument(view, expr, scope))
            .or_else(|| references::joined(view, expr, scope))
        {
            self.reported.extend(uses.iter().map(|one| one.at.span));
            self.findings.push(found);
        }
        self.findings.extend(lists::member(view, expr, scope).inspect(|_| {
            self.reported.extend(uses.iter().map(|one| one.at.span));
        }));
        for one in &uses {
            if references::searches_placeholder(one) {
                self.reported.insert(one.at.span);
            }
            if !self.reported.contains(&one.at.span)
                && let Some(found) = self.of_use(one, scope)
            {
                self.reported.insert(one.at.span);
                self.findings.push(found);
            }
        }
        if !self.reported.contains(&expr.span) {
            self.findings.extend(references::template(view, expr, scope));
        }
        self.findings.extend(
            dates::order(view, expr)
                .or_else(|| dates::year_number(view, expr, scope))
                .or_else(|| clock::lint(view, expr, scope))
                .or_else(|| clock::name(view, expr, scope).filter(|_| !self.compared.contains(&expr.span)))
                .or_else(|| numbers::joined(view, expr, scope))
                .or_else(|| numbers::spelling(view, expr, scope))
                .or_else(|| numbers::long(view, expr))
                .or_else(|| lists::position(view, expr))
                .or_else(|| lists::length(view, expr).filter(|_| !self.reported.contains(&expr.span)))
                .or_else(|| weights::sum(view, expr, scope))
                .or_else(|| weights::percent(view, expr, scope)),
        );
    }

    /// `(a > 1) & (b > 1)` where it is compared with `"TRUETRUE"`.
    fn is_joined_truths(&self, expr: &Expr) -> bool {
        matches!(expr.kind, ExprKind::Join(_)) && self.compared.contains(&expr.span)
    }

    fn of_use(&self, one: &Use<'a>, scope: &Scope<'a>) -> Option<Diagnostic> {
        let view = self.view;
        dates::spelling(view, one, scope)
            .or_else(|| wildcards::lint(view, one))
            .or_else(|| patterns::as_text(view, one))
            .or_else(|| patterns::pattern(view, one))
            .or_else(|| letter_case::lint(view, one, scope))
            .or_else(|| lists::needle(view, one))
            .or_else(|| numbers::ordered(view, one, scope))
            .or_else(|| tiers::lint(view, one, scope))
    }
}

/// Whether a text is no date and no number: what equals it is a text.
fn shows_kind(text: &str) -> bool {
    text.contains(char::is_alphabetic)
        && !text.starts_with(|next: char| next.is_ascii_digit())
        && SpelledDate::read(text).is_none()
}
