//! The mistakes that are tried: each a small edit of the rule file's text.

use super::boundary::Boundary;
use super::earlier::{Earlier, Last};
use crate::builtins::{self, Form, Run};
use crate::check::Checked;
use crate::span::Span;
use crate::syntax::ast::{CompareOp, DataDeclaration, Expr, ExprKind, InputSource, Sign};
use crate::syntax::on_deep_stack;
use crate::syntax::{TokenKind, parse_file, print_number, print_text, tokenize};
use crate::tools::words::clipped_line;
use std::collections::HashSet;

/// One edit.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
    /// What stood there and what stands there now, as a person reads it.
    pub shown: (String, String),
    /// For which values the edit matters, where it moves a threshold.
    pub boundary: Option<Boundary>,
}

impl Mutant {
    /// The text of the mutant.
    #[must_use]
    pub fn apply(&self, source: &str) -> String {
        let Span { start, end } = self.span;
        let (before, behind) = (source.get(..start as usize), source.get(end as usize..));
        [before.unwrap_or_default(), &self.replacement, behind.unwrap_or_default()].concat()
    }
}

/// All mutants of a rule file and its decision tables, in the order of its text. What it imports stays as it is.
#[must_use]
pub fn mutants(checked: &Checked) -> Vec<Mutant> {
    on_deep_stack(checked.source.text(), || edits(checked))
}

fn edits(checked: &Checked) -> Vec<Mutant> {
    let source = &checked.source;
    let (mut file, _) = parse_file(source, "formula");
    for decision in &checked.decisions {
        file.columns.push(decision.column(source.text(), &mut Vec::new()));
    }
    let brackets = brackets(source.text());
    let mut edits = Edits { source: source.text(), brackets, earlier: Earlier::default(), found: Vec::new() };
    let of_inputs = file.inputs.iter().filter_map(|input| match &input.source {
        Some(InputSource::Formula(formula)) => Some(formula),
        _ => None,
    });
    let of_columns = file.columns.iter().filter_map(|column| column.formula.as_ref());
    let of_functions = file.functions.iter().filter_map(|function| function.body.as_ref());
    let formulas: Vec<&Expr> = of_inputs.chain(of_columns).chain(of_functions).collect();
    for formula in &formulas {
        edits.points(formula);
    }
    file.data.iter().filter_map(DataDeclaration::inline).for_each(|values| edits.data(values));
    let mut waiting: Vec<(&Expr, Last)> = formulas.into_iter().map(|formula| (formula, None)).collect();
    while let Some((expr, last)) = waiting.pop() {
        edits.of(expr, last);
        waiting.extend(edits.earlier.inside(expr, last));
    }
    let mut found = edits.found;
    found.sort_by_key(|mutant| (mutant.span.start, mutant.span.end));
    let mut seen = HashSet::new();
    // In the formula of a decision table, TRUE is the condition of a row without conditions.
    let is_no_cell = |span: Span| span.of(source.text()) == "TRUE" && source.is_written(span.start as usize);
    found.retain(|mutant| {
        !is_no_cell(mutant.span)
            && mutant.replacement != mutant.span.of(source.text())
            && seen.insert((mutant.span, mutant.replacement.clone()))
    });
    found
}

struct Edits<'s> {
    source: &'s str,
    /// Where brackets open and close.
    brackets: Vec<(usize, usize)>,
    earlier: Earlier<'s>,
    found: Vec<Mutant>,
}

/// Longer texts are cut where an edit is shown.
const SHOWN: usize = 48;

/// A text on one line, and not too long.
pub(super) fn shown(text: &str) -> String {
    clipped_line(text, SHOWN)
}

impl<'s> Edits<'s> {
    fn replace(&mut self, span: Span, replacement: String, shown_as: &str) {
        let from = shown(span.of(self.source));
        let to = if shown_as.is_empty() { shown(&replacement) } else { shown_as.to_owned() };
        self.found.push(Mutant { span, replacement, shown: (from, to), boundary: None });
    }

    /// The span with the brackets that belong to it: `a) > 3` of `(a) > 3` gets its first bracket back.
    fn whole(&self, span: Span) -> Span {
        let (mut start, mut end) = (span.start as usize, span.end as usize);
        loop {
            let cut = self.brackets.iter().find(|(open, close)| {
                (*open < start && (start..end).contains(close))
                    || ((start..end).contains(open) && *close >= end)
            });
            match cut {
                Some((open, close)) => (start, end) = (start.min(*open), end.max(close + 1)),
                None => return Span::new(start, end),
            }
        }
    }

    fn of(&mut self, expr: &'s Expr, last: Last) {
        match &expr.kind {
            ExprKind::Compare { op, lhs, rhs } => self.comparison((op.value, op.span), lhs, rhs, last),
            ExprKind::And { operands, .. } => self.arms(operands, "TRUE"),
            ExprKind::Or { operands, .. } => self.arms(operands, "FALSE"),
            ExprKind::In { list, .. } => {
                if let ExprKind::List(items) = &list.kind {
                    self.items(items);
                }
            }
            ExprKind::Sum(terms) => terms.iter().for_each(|(_, term)| self.points(term)),
            ExprKind::Product(factors) => factors.iter().for_each(|(_, factor)| self.points(factor)),
            ExprKind::Let { bindings, body } => {
                bindings.iter().for_each(|binding| self.points(&binding.value));
                self.points(body);
            }
            ExprKind::Call { function, args } => {
                self.call(&function.value, args);
                args.iter().for_each(|arg| self.points_in_list(arg));
            }
            ExprKind::Access { base, .. } => self.points_in_list(base),
            ExprKind::Record(items) => items.iter().for_each(|item| self.points(item.value())),
            _ => {}
        }
    }

    /// `>` and `>=` for each other, `=` and `<>` for each other, the threshold one up and one down, the needle changed.
    /// A threshold that is moved over values of an earlier branch is left: nothing could notice that.
    fn comparison(&mut self, (op, at): (CompareOp, Span), lhs: &Expr, rhs: &Expr, last: Last) {
        let other = match op {
            CompareOp::Equal => CompareOp::NotEqual,
            CompareOp::NotEqual => CompareOp::Equal,
            CompareOp::Less => CompareOp::LessOrEqual,
            CompareOp::LessOrEqual => CompareOp::Less,
            CompareOp::Greater => CompareOp::GreaterOrEqual,
            CompareOp::GreaterOrEqual => CompareOp::Greater,
        };
        let side = if literal(rhs).is_some() { rhs } else { lhs };
        let Some(threshold) = literal(side) else {
            let swapped = format!("{} {}", other.symbol(), rhs.span.of(self.source));
            self.replace(at, other.symbol().to_owned(), "");
            if let Some(last) = self.found.last_mut() {
                let from = format!("{} {}", at.of(self.source), rhs.span.of(self.source));
                last.shown = (shown(&from), shown(&swapped));
            }
            if op.is_ordering() {
                return;
            }
            [lhs, rhs].into_iter().for_each(|side| self.needle(side));
            return;
        };
        let whole = lhs.span.to(rhs.span);
        let written = whole.of(self.source);
        for (new_op, new) in [(other, threshold), (op, threshold + 1.0), (op, threshold - 1.0)] {
            let mut text = written.to_owned();
            let offset = |span: Span| (span.start - whole.start) as usize..(span.end - whole.start) as usize;
            let number = if new == threshold { None } else { Some(print_number(new)) };
            // The edit behind goes first, so that the other place still holds.
            let mut edits = vec![(offset(at), new_op.symbol().to_owned())];
            edits.extend(number.map(|number| (offset(side.span), number)));
            edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
            let unchanged_op = new_op == op;
            for (range, new_text) in edits {
                let is_op = range == offset(at);
                if !(is_op && unchanged_op) {
                    text.replace_range(range, &new_text);
                }
            }
            let boundary = Boundary::new(op, new_op, lhs, rhs, threshold, new, self.source);
            let subject = if literal(rhs).is_some() { lhs } else { rhs };
            if boundary.as_ref().is_some_and(|boundary| self.earlier.catch(last, subject, boundary)) {
                continue;
            }
            // The subject is left out of what is shown: `>= 80` → `> 80`.
            let start = at.start.min(side.span.start) - whole.start;
            let tail = written.len() - (at.end.max(side.span.end) - whole.start) as usize;
            let piece = |text: &str| shown(text.get(start as usize..text.len() - tail).unwrap_or(text));
            let pair = (piece(written), piece(&text));
            let span = Span::new(at.start.min(side.span.start) as usize, at.end.max(side.span.end) as usize);
            let replacement = text.get(start as usize..text.len() - tail).unwrap_or_default().to_owned();
            self.found.push(Mutant { span, replacement, shown: pair, boundary });
        }
    }

    /// Each of several arms left out.
    fn arms(&mut self, operands: &[Expr], neutral: &str) {
        if operands.len() < 2 {
            return;
        }
        for operand in operands {
            self.replace(self.whole(operand.span), neutral.to_owned(), "left out");
        }
    }

    /// The numbers of a list that is written out, such as `[0, 10, 20]` in `AT([0, 10, 20], Level)`.
    fn points_in_list(&mut self, expr: &Expr) {
        if let ExprKind::List(items) = &expr.kind {
            items.iter().for_each(|item| self.points(item));
        }
    }

    /// The numbers of lookup data, and each of several texts of a list left out.
    fn data(&mut self, values: &Expr) {
        match &values.kind {
            ExprKind::List(items) if items.iter().any(|item| matches!(item.kind, ExprKind::Text(_))) => {
                self.items(items);
            }
            ExprKind::List(_) | ExprKind::Record(_) => {
                values.children().into_iter().for_each(|value| self.data(value));
            }
            _ => self.points(values),
        }
    }

    /// Each of several items of a list left out.
    fn items(&mut self, items: &[Expr]) {
        for (index, item) in items.iter().enumerate() {
            let span = match (items.get(index + 1), index.checked_sub(1).and_then(|before| items.get(before)))
            {
                (Some(next), _) => Span::new(item.span.start as usize, next.span.start as usize),
                (None, Some(before)) => Span::new(before.span.end as usize, item.span.end as usize),
                (None, None) => continue,
            };
            self.replace(span, String::new(), "left out");
            if let Some(last) = self.found.last_mut() {
                last.shown.0 = shown(item.span.of(self.source));
            }
        }
    }

    fn call(&mut self, function: &str, args: &[Expr]) {
        let Some(builtin) = builtins::find(function) else { return };
        let Run::Form(form) = builtin.run else {
            // The first argument is looked in; the rest is looked for.
            args.iter().skip(1).for_each(|arg| self.needle(arg));
            return;
        };
        let every_second = |from: usize| args.iter().skip(from).step_by(2);
        match form {
            Form::If => {
                args.first().into_iter().for_each(|condition| self.negate(condition));
                args.iter().skip(1).for_each(|result| self.points(result));
            }
            Form::Ifs | Form::Reasons => {
                every_second(0).for_each(|condition| self.negate(condition));
                self.results(every_second(1));
            }
            Form::Points => {
                every_second(0).for_each(|condition| self.negate(condition));
                every_second(1).for_each(|points| self.points(points));
            }
            Form::Switch => {
                let cases = args.len().saturating_sub(1) / 2;
                every_second(1).take(cases).for_each(|case| self.needle(case));
                let default = args.last().filter(|_| args.len().is_multiple_of(2));
                self.results(every_second(2).chain(default));
            }
            Form::Bucket => {
                let steps = args.len().saturating_sub(1) / 2;
                every_second(1).take(steps).for_each(|threshold| self.threshold(threshold));
                let last = args.last().filter(|_| args.len().is_multiple_of(2));
                self.results(every_second(2).chain(last));
            }
            Form::Choose => self.results(args.iter().skip(1)),
            Form::IfError | Form::IfNa | Form::Coalesce => args.iter().for_each(|arg| self.points(arg)),
            Form::In => self.items(args.get(1..).unwrap_or_default()),
            Form::Reduce => args.get(1).into_iter().for_each(|start| self.points(start)),
            Form::SumIf
            | Form::AverageIf
            | Form::And
            | Form::Or
            | Form::Not
            | Form::Let
            | Form::Each(_)
            | Form::Keyed(_) => {}
        }
    }

    /// Results in a row: each with its points changed, and each swapped with the next.
    fn results<'e>(&mut self, results: impl Iterator<Item = &'e Expr>) {
        let results: Vec<&Expr> = results.collect();
        results.iter().for_each(|result| self.points(result));
        for pair in results.windows(2) {
            let (first, second) = (self.whole(pair[0].span), self.whole(pair[1].span));
            let (one, two) = (first.of(self.source), second.of(self.source));
            let between = Span::new(first.end as usize, second.start as usize).of(self.source);
            if one == two || first.end > second.start {
                continue;
            }
            let replacement = format!("{two}{between}{one}");
            let to = format!("swapped with {}", shown(two));
            self.found.push(Mutant {
                span: first.to(second),
                replacement,
                shown: (shown(one), to),
                boundary: None,
            });
        }
    }

    /// A condition turned round. Where it is an equation, the equation itself is.
    fn negate(&mut self, condition: &Expr) {
        if matches!(&condition.kind, ExprKind::Compare { op, .. } if !op.value.is_ordering()) {
            return;
        }
        let span = self.whole(condition.span);
        self.replace(span, format!("NOT({})", span.of(self.source)), "negated");
    }

    /// A number that is a result or a term, one more.
    fn points(&mut self, expr: &Expr) {
        if let Some(number) = literal(expr) {
            self.replace(expr.span, print_number(number + 1.0), "");
        }
    }

    fn threshold(&mut self, expr: &Expr) {
        if let Some(number) = literal(expr) {
            self.replace(expr.span, print_number(number + 1.0), "");
            self.replace(expr.span, print_number(number - 1.0), "");
        }
    }

    /// A text that is looked for, with a letter more.
    fn needle(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Text(text) => self.replace(expr.span, print_text(&format!("{text}x")), ""),
            ExprKind::List(items) => items.iter().for_each(|item| self.needle(item)),
            _ => {}
        }
    }
}

/// The number that is written out.
pub(super) fn literal(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Number(number) => Some(*number),
        ExprKind::Sign { op: Sign::Minus, operand } => match operand.kind {
            ExprKind::Number(number) => Some(-number),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an operand is a number that is written out.
pub(super) fn is_literal(expr: &Expr) -> bool {
    literal(expr).is_some()
}

/// The pairs of brackets of a text.
fn brackets(text: &str) -> Vec<(usize, usize)> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    for token in tokenize(text) {
        match token.kind {
            TokenKind::Open => open.push(token.span.start as usize),
            TokenKind::Close => pairs.extend(open.pop().map(|open| (open, token.span.start as usize))),
            _ => {}
        }
    }
    pairs
}
