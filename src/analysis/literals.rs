//! Literals that are not what they seem: references in quotes, dates and numbers in other spellings, wildcards.

mod addresses;
mod clock;
mod dates;
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
use crate::diagnostics::Diagnostic;
use crate::span::Span;
use crate::syntax::ast::Expr;
use std::collections::HashSet;
use uses::Use;

/// Adds a finding for each literal that is read as something its author did not mean.
pub(super) fn lint(view: &View<'_>, habits: Habits, findings: &mut Vec<Diagnostic>) {
    let mut literals = Literals { view, habits, findings, reported: HashSet::new() };
    view.walk(&mut |expr, scope| literals.visit(expr, scope));
    names::unused(view, findings);
    names::repeated(view, findings);
}

struct Literals<'v, 'a> {
    view: &'v View<'a>,
    habits: Habits,
    findings: &'v mut Vec<Diagnostic>,
    /// The literals about which something was found: one mistake has one report.
    reported: HashSet<Span>,
}

impl<'a> Literals<'_, 'a> {
    fn visit(&mut self, expr: &'a Expr, scope: &Scope<'a>) {
        let view = self.view;
        numbers::commas(view, expr, self.findings);
        unquoted::lint(view, expr, self.findings);
        self.findings.extend(addresses::domain_as_email(view, expr));
        if self.habits == Habits::Searched
            && !self.reported.contains(&expr.span)
            && let Some(found) = habits::lint(view, expr, scope)
        {
            self.reported.extend(crate::analysis::view::children(expr).into_iter().map(|child| child.span));
            self.findings.push(found);
        }
        let uses = uses::uses(view, expr, scope);
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
            self.findings.extend(references::template(view, expr));
        }
        self.findings.extend(
            dates::order(view, expr)
                .or_else(|| dates::year_number(view, expr, scope))
                .or_else(|| clock::lint(view, expr, scope))
                .or_else(|| clock::name(view, expr, scope))
                .or_else(|| numbers::joined(view, expr, scope))
                .or_else(|| numbers::spelling(view, expr, scope))
                .or_else(|| numbers::long(view, expr))
                .or_else(|| lists::position(view, expr))
                .or_else(|| lists::length(view, expr))
                .or_else(|| weights::sum(view, expr, scope))
                .or_else(|| weights::percent(view, expr, scope)),
        );
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
