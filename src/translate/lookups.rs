//! Searches of spreadsheets in lists: `MATCH`, `INDEX`, `XLOOKUP`.

use super::expr::Expr;

/// A search whose lists are in the formula, or of a column that is a list.
pub(super) fn read(name: &str, args: &[Expr]) -> Option<Expr> {
    match (name, args) {
        ("MATCH" | "XMATCH", [value, list, rest @ ..]) if is_exact(name, rest) => {
            Some(Expr::call("POSITION", vec![list.clone(), value.clone()]))
        }
        ("INDEX", [Expr::List(results), Expr::Call(inner, found)]) if inner == "POSITION" => {
            let [Expr::List(keys), value] = found.as_slice() else { return None };
            cases(value, keys, results, None)
        }
        ("INDEX", [list, Expr::Atom(place)]) if place.parse::<f64>().is_ok() => {
            let place = place.parse::<usize>().ok()?.checked_sub(1)?;
            Some(Expr::Index(Box::new(list.clone()), Box::new(Expr::Atom(place.to_string()))))
        }
        ("INDEX", [list, place]) if !place.is_list() && !list.is_condition() => {
            let is_search = matches!(place, Expr::Call(name, _) if name == "POSITION" || name == "MATCH");
            (!is_search).then(|| Expr::call("AT", vec![list.clone(), place.clone()]))
        }
        ("XLOOKUP", [value, Expr::List(keys), Expr::List(results), rest @ ..]) if rest.len() < 2 => {
            cases(value, keys, results, rest.first())
        }
        // Between numbers, LOOKUP takes the nearest below.
        ("LOOKUP", [value, Expr::List(keys), Expr::List(results)])
            if keys.iter().all(|key| matches!(key, Expr::Text(_))) =>
        {
            cases(value, keys, results, None)
        }
        ("ISNUMBER", [Expr::Call(inner, found)]) if inner == "POSITION" => is_found(found, false),
        ("ISNA", [Expr::Call(inner, found)]) if inner == "POSITION" => is_found(found, true),
        _ => None,
    }
}

/// Whether a search finds nothing but what equals the value.
fn is_exact(name: &str, rest: &[Expr]) -> bool {
    match rest {
        [] => name == "XMATCH",
        [mode] => *mode == Expr::Atom("0".to_owned()),
        _ => false,
    }
}

fn cases(value: &Expr, keys: &[Expr], results: &[Expr], otherwise: Option<&Expr>) -> Option<Expr> {
    let pairs = keys.iter().zip(results).flat_map(|(key, result)| [key, result]);
    let args = std::iter::once(value).chain(pairs).chain(otherwise);
    (keys.len() == results.len()).then(|| Expr::call("SWITCH", args.cloned().collect()))
}

/// `ISNUMBER(MATCH(Country, {"US","DE"}, 0))`
fn is_found(found: &[Expr], negated: bool) -> Option<Expr> {
    let [list, value] = found else { return None };
    if let Expr::List(list) = list {
        return Some(Expr::In { value: Box::new(value.clone()), list: list.clone(), negated });
    }
    let test = Expr::call("INCLUDES", vec![list.clone(), value.clone()]);
    Some(if negated { test.negated() } else { test })
}
