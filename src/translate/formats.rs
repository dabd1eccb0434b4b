//! Texts with places for values: `f"{Score:.2f}"`, `"{} of {}".format(a, b)`, `"%s" % a`.

use super::expr::{Expr, Op};
use crate::builtins::from_strftime;

/// A value in the format of a place such as `{Score:,.2f}`.
pub(super) fn formatted(value: Expr, format: &str) -> Option<Expr> {
    let call = |name: &str, format: String| Some(Expr::call(name, vec![value.clone(), Expr::Text(format)]));
    if format.starts_with('%') {
        return call("DATETIME_FORMAT", from_strftime(format)?);
    }
    let (number, kind) = match format.char_indices().next_back() {
        None => return Some(value),
        Some((at, 'f' | 'd' | 'i' | 's' | '%')) => format.split_at(at),
        Some(_) => (format, ""),
    };
    let (commas, number) = match number.strip_prefix(',') {
        Some(number) => ("#,##0", number),
        None => ("0", number),
    };
    let places = match (number.strip_prefix('.'), kind) {
        (Some(digits), "f" | "%") => digits.parse::<usize>().ok()?,
        (None, "f" | "%") if number.is_empty() => 6,
        (None, "s" | "") if number.is_empty() && commas == "0" => return Some(value),
        // `05d` is padded with zeros.
        (None, "d" | "i" | "") => match (number.strip_prefix('0'), number) {
            (_, "") => 0,
            (Some(width), _) => return call("TEXT", "0".repeat(width.parse::<usize>().ok()?.min(30))),
            _ => return None,
        },
        _ => return None,
    };
    let decimals = if places == 0 { String::new() } else { format!(".{}", "0".repeat(places.min(30))) };
    call("TEXT", format!("{commas}{decimals}{}", if kind == "%" { "%" } else { "" }))
}

/// `"{} of {1:.2f}".format(a, b)`
pub(super) fn in_braces(text: &str, args: &[Expr]) -> Option<Expr> {
    let mut parts = Vec::new();
    let mut next = 0;
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (place, behind) = behind.split_once('}')?;
        let (index, format) = place.split_once(':').unwrap_or((place, ""));
        let index = if index.is_empty() { next } else { index.parse::<usize>().ok()? };
        parts.push(Expr::Text(before.to_owned()));
        parts.push(formatted(args.get(index)?.clone(), format)?);
        next = index + 1;
        rest = behind;
    }
    parts.push(Expr::Text(rest.to_owned()));
    joined(parts)
}

/// `"%s of %d" % (a, b)`; nothing if the left side is no text with places.
pub(super) fn filled(text: &Expr, args: &Expr) -> Option<Expr> {
    let Expr::Text(text) = text else { return None };
    let mut args = match args {
        Expr::List(args) => args.iter(),
        one => std::slice::from_ref(one).iter(),
    };
    let mut parts = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, behind)) = rest.split_once('%') {
        let end = behind.find(|next: char| next.is_ascii_alphabetic() || next == '%')?;
        let (format, behind) = behind.split_at(end + 1);
        parts.push(Expr::Text(before.to_owned()));
        parts.push(if format == "%" {
            Expr::Text("%".to_owned())
        } else {
            formatted(args.next()?.clone(), format)?
        });
        rest = behind;
    }
    parts.push(Expr::Text(rest.to_owned()));
    if args.next().is_some() { None } else { joined(parts) }
}

/// The parts in one text; a value alone becomes a text as well.
pub(super) fn joined(parts: Vec<Expr>) -> Option<Expr> {
    let mut parts: Vec<Expr> =
        parts.into_iter().filter(|part| !matches!(part, Expr::Text(text) if text.is_empty())).collect();
    match parts.as_slice() {
        [Expr::Atom(_)] => Some(Expr::call("TOTEXT", vec![parts.remove(0)])),
        _ => parts.into_iter().reduce(|left, right| Expr::binary(Op::Join, left, right)),
    }
}

/// `FORMAT(x, 'yyyy-MM-dd')`, `FORMAT(x, "N2")`: a value in a format of SQL Server and DAX.
pub(super) fn of_net(value: &Expr, format: &str) -> Expr {
    let call =
        |name: &str, rest: Vec<Expr>| Expr::call(name, std::iter::once(value.clone()).chain(rest).collect());
    let text = |format: String| call("TEXT", vec![Expr::Text(format)]);
    let (kind, places) = format.split_at(format.chars().next().map_or(0, char::len_utf8));
    let places =
        if places.is_empty() { Some(2) } else { places.parse::<usize>().ok().filter(|count| *count < 30) };
    let decimals = |count: usize| if count == 0 { String::new() } else { format!(".{}", "0".repeat(count)) };
    match (kind, places) {
        ("N" | "n", Some(count)) => call("FIXED", vec![Expr::Atom(count.to_string())]),
        ("F" | "f", Some(count)) => {
            call("FIXED", vec![Expr::Atom(count.to_string()), Expr::Atom("TRUE".to_owned())])
        }
        ("C" | "c", Some(count)) => call("DOLLAR", vec![Expr::Atom(count.to_string())]),
        ("P" | "p", Some(count)) => text(format!("0{}%", decimals(count))),
        // Letters of months are small ones here.
        _ if format.contains("yy") || format.contains("dd") || format.contains("HH") => {
            text(format.replace('M', "m").replace('H', "h").replace("tt", "AM/PM"))
        }
        _ => text(format.to_owned()),
    }
}
