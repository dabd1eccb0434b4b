//! Counterparts of functions, with the author's arguments in place of `_1`, `_2`, ….

use super::expr::{Expr, Op};
use super::functions::Habit;
use super::parser::Parser;

/// The habit's counterpart with these arguments; nothing if there is none for as many.
pub(super) fn instead(habit: &Habit, object: Option<&Expr>, args: &[Expr]) -> Option<Expr> {
    let template =
        habit.instead.iter().find(|template| count_of(template).is_none_or(|count| count == args.len()))?;
    let parsed = Parser::new(template, &[])?.expr()?;
    let filled = parsed.mapped(&|part| match part {
        Expr::Atom(name) if name == "_0" => object.cloned().unwrap_or(Expr::Null),
        Expr::Atom(name) if name.starts_with('_') => {
            let place = name[1..].parse::<usize>().ok().and_then(|place| args.get(place.wrapping_sub(1)));
            place.cloned().unwrap_or(Expr::Atom(name))
        }
        Expr::Call(name, inner) => Expr::Call(name, spread(inner, args)),
        Expr::Text(text) => completed(text, args),
        other => other,
    });
    // `ANY(list, t => …)` takes the name and the condition one after the other.
    Some(filled.mapped(&|part| match part {
        Expr::Call(name, inner) => match inner.iter().position(|arg| matches!(arg, Expr::Lambda(..))) {
            Some(at) => Expr::Call(name, unpacked(inner, at)),
            None => Expr::Call(name, inner),
        },
        Expr::Binary(Op::Equal, left, right) if matches!(*right, Expr::Null) => {
            Expr::call("ISEMPTY", vec![*left])
        }
        other => other,
    }))
}

/// A text of a template with the text of an argument in it, such as `"^(?:_2)"`.
fn completed(text: String, args: &[Expr]) -> Expr {
    let places = (1..=args.len()).map(|place| (format!("_{place}"), &args[place - 1]));
    let Some((place, arg)) = places.into_iter().find(|(place, _)| text.contains(place)) else {
        return Expr::Text(text);
    };
    match arg {
        Expr::Text(inner) => Expr::Text(text.replace(&place, inner)),
        _ => Expr::without_counterpart(),
    }
}

/// How many arguments a template is for; nothing if for any number.
fn count_of(template: &str) -> Option<usize> {
    if template.contains("_all") || template.contains("_rest") {
        return None;
    }
    Some((1..=4).rev().find(|place| template.contains(&format!("_{place}"))).unwrap_or(0))
}

fn spread(inner: Vec<Expr>, args: &[Expr]) -> Vec<Expr> {
    let mut all = Vec::new();
    for arg in inner {
        match &arg {
            Expr::Atom(name) if name == "_all" => all.extend(args.iter().cloned()),
            Expr::Atom(name) if name == "_rest" => all.extend(args.iter().skip(1).cloned()),
            _ => all.push(arg),
        }
    }
    all
}

/// Arguments in which a lambda is replaced by its name and its body.
pub(super) fn unpacked(args: Vec<Expr>, lambda: usize) -> Vec<Expr> {
    let mut all = Vec::new();
    for (index, arg) in args.into_iter().enumerate() {
        match arg {
            Expr::Lambda(mut names, body) if index == lambda && names.len() == 1 => {
                all.push(Expr::Atom(names.remove(0)));
                all.push(*body);
            }
            other => all.push(other),
        }
    }
    all
}
