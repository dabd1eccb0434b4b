//! What a list of numbers has in order: ranks, percentiles, and how far the numbers spread.

use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::builtins::{Call, CallError, Note};
use crate::types::Type;
use crate::value::{ErrorValue, Value, is_empty, same_number, to_number};

const LIST: Param =
    Param::required("list", Type::Any, "The list of numbers. Empty values are skipped.").role(Role::List);
const VALUES: Param =
    Param::repeated("value", Type::Any, "A number, or a list of them. Empty values are skipped.");
const POSITION: Param =
    Param::required("position", Type::Number, "Which one, from 1; it is cut to a whole number.")
        .role(Role::Position);

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "LARGE",
        aliases: &[],
        group: Group::Number,
        summary: "The number at a position of a list, counted from the largest; #NUM! if there is none.",
        params: &[LIST, POSITION],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("LARGE([3, 5, 3, 5, 4], 3)", "4"),
            Example::new(r#"LARGE([10, "", "20"], 1)"#, "20"),
            Example::new("LARGE([1, 2], 3)", "#NUM!"),
        ],
        run: Run::Eager(|call| at_position(call, true)),
    },
    Builtin {
        name: "SMALL",
        aliases: &[],
        group: Group::Number,
        summary: "The number at a position of a list, counted from the smallest; #NUM! if there is none.",
        params: &[LIST, POSITION],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("SMALL([3, 4, 5, 2, 3, 4], 4)", "4"),
            Example::new(r#"SMALL([10, "", "20"], 1)"#, "10"),
            Example::new("SMALL([1, 2], 0)", "#NUM!"),
        ],
        run: Run::Eager(|call| at_position(call, false)),
    },
    Builtin {
        name: "RANK",
        aliases: &["RANK.EQ"],
        group: Group::Number,
        summary: "The rank of a number in a list, 1 for the largest; equal numbers share a rank. #N/A if the list does not contain it.",
        params: &[
            Param::required("number", Type::Number, "The number to look for.").role(Role::Measured),
            LIST,
            Param::optional(
                "ascending",
                Type::Boolean,
                "TRUE, or a number other than 0, ranks the smallest first.",
            ),
        ],
        returns: Returns::whole(1.0, f64::INFINITY),
        examples: &[
            Example::new("RANK(3.5, [7, 3.5, 3.5, 1, 2], 1)", "3"),
            Example::new("RANK(7, [7, 3.5, 3.5, 1, 2])", "1"),
            Example::new("RANK(5, [1, 2])", "#N/A"),
        ],
        run: Run::Eager(rank),
    },
    Builtin {
        name: "PERCENTILE",
        aliases: &["PERCENTILE.INC"],
        group: Group::Number,
        summary: "The number below which a share of a list lies, between two of its numbers where needed; #NUM! if the list has none.",
        params: &[
            LIST,
            Param::required("share", Type::Number, "The share, from 0 to 1: 0.9 is the 90th percentile."),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("PERCENTILE([1, 2, 3, 4], 0.3)", "1.9"),
            Example::new("PERCENTILE([10, 20, 30], 0.5)", "20"),
            Example::new("PERCENTILE([1, 2], 1.5)", "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let share = call.number(1)?;
            percentile(call, share, "a share from 0 to 1")
        }),
    },
    Builtin {
        name: "QUARTILE",
        aliases: &["QUARTILE.INC"],
        group: Group::Number,
        summary: "The quartile of a list: 0 is the smallest number, 2 the median, 4 the largest; #NUM! if the list has none.",
        params: &[
            LIST,
            Param::required("quartile", Type::Number, "0, 1, 2, 3 or 4; it is cut to a whole number."),
        ],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("QUARTILE([1, 2, 4, 7, 8, 9, 10, 12], 1)", "3.5"),
            Example::new("QUARTILE([1, 2, 3], 4)", "3"),
            Example::new("QUARTILE([1, 2, 3], 5)", "#NUM!"),
        ],
        run: Run::Eager(|call| {
            let share = call.number(1)?.trunc() / 4.0;
            percentile(call, share, "a quartile from 0 to 4")
        }),
    },
    Builtin {
        name: "STDEV",
        aliases: &["STDEV.S"],
        group: Group::Number,
        summary: "The standard deviation of the numbers, as a sample; #DIV/0! for fewer than two.",
        params: &[VALUES],
        returns: Returns::between(0.0, f64::INFINITY),
        examples: &[
            Example::new("STDEV([2, 4, 4, 4, 5, 5, 7, 9, 5])", "2"),
            Example::new("STDEV(1, 1)", "0"),
            Example::new("STDEV(1)", "#DIV/0!"),
        ],
        run: Run::Eager(standard_deviation),
    },
    Builtin {
        name: "MODE",
        aliases: &["MODE.SNGL"],
        group: Group::Number,
        summary: "The number that occurs most often; of several, the one that occurs first. #N/A if none occurs twice.",
        params: &[VALUES],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("MODE([5.6, 4, 4, 3, 2, 4])", "4"),
            Example::new("MODE(3, 1, 1, 3)", "3"),
            Example::new("MODE(1, 2, 3)", "#N/A"),
        ],
        run: Run::Eager(mode),
    },
    Builtin {
        name: "SUMPRODUCT",
        aliases: &[],
        group: Group::Number,
        summary: "The sum of the products of the items at the same position of each list; #VALUE! for lists of different lengths.",
        params: &[Param::repeated(
            "list",
            Type::Any,
            "A list of numbers. Empty values count as 0, as does text that is no number, with a warning.",
        )],
        returns: Returns::any(Type::Number),
        examples: &[
            Example::new("SUMPRODUCT([3, 8, 1], [2, 6, 5])", "59"),
            Example::new(r#"SUMPRODUCT([1, ""], [5, 7])"#, "5"),
            Example::new("SUMPRODUCT([1, 2], [3])", "#VALUE!"),
        ],
        run: Run::Eager(sum_of_products),
    },
];

/// The numbers of argument `index`, the smallest first.
fn in_order(call: &Call<'_, '_>, index: usize) -> Result<Vec<f64>, CallError> {
    let mut numbers = call.numbers_in(index)?;
    numbers.sort_by(f64::total_cmp);
    Ok(numbers)
}

fn at_position<'v>(call: &Call<'_, 'v>, from_largest: bool) -> Result<Value<'v>, CallError> {
    let numbers = in_order(call, 0)?;
    let position = call.number(1)?.trunc();
    if !(1.0..=numbers.len() as f64).contains(&position) {
        let message =
            format!("{}: a list of {} numbers has no position {position}", call.name(), numbers.len());
        return Err(ErrorValue::number(message).into());
    }
    let index = position as usize - 1;
    Ok(numbers[if from_largest { numbers.len() - 1 - index } else { index }].into())
}

fn rank<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let (number, numbers) = (call.number(0)?, call.numbers_in(1)?);
    let ascending = call.has(2) && call.boolean(2)?;
    if !numbers.iter().any(|other| same_number(*other, number)) {
        return Err(ErrorValue::not_available(format!("RANK: {number} is not in the list")).into());
    }
    let is_before = |other: &&f64| {
        !same_number(**other, number) && if ascending { **other < number } else { **other > number }
    };
    Ok((numbers.iter().filter(is_before).count() as f64 + 1.0).into())
}

/// The number at a share of the way from the smallest to the largest.
fn percentile<'v>(call: &Call<'_, 'v>, share: f64, expected: &str) -> Result<Value<'v>, CallError> {
    let numbers = in_order(call, 0)?;
    if numbers.is_empty() {
        return Err(ErrorValue::number(format!("{} of no numbers", call.name())).into());
    }
    if !(0.0..=1.0).contains(&share) {
        let shown = ErrorValue::shown(call.value(1), None);
        return Err(ErrorValue::number(format!("{}: {shown} is not {expected}", call.name())).into());
    }
    let place = share * (numbers.len() - 1) as f64;
    let below = numbers[place.floor() as usize];
    let above = numbers[place.ceil() as usize];
    Ok((below + (above - below) * place.fract()).into())
}

fn standard_deviation<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let numbers = call.numbers_from(0)?;
    if numbers.len() < 2 {
        return Err(ErrorValue::division_by_zero("STDEV of fewer than two numbers").into());
    }
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>();
    Ok((squares / (count - 1.0)).sqrt().into())
}

fn mode<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let numbers = call.numbers_from(0)?;
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    // Equal numbers become neighbors, the first of them first.
    order.sort_by(|one, two| numbers[*one].total_cmp(&numbers[*two]).then(one.cmp(two)));
    let groups = order.chunk_by(|one, two| numbers[*one] == numbers[*two]);
    let most = groups.max_by_key(|group| (group.len(), std::cmp::Reverse(group[0])));
    match most {
        Some(group) if group.len() > 1 => Ok(numbers[group[0]].into()),
        _ => Err(ErrorValue::not_available("MODE: no number occurs twice").into()),
    }
}

fn sum_of_products<'v>(call: &Call<'_, 'v>) -> Result<Value<'v>, CallError> {
    let mut products: Option<Vec<f64>> = None;
    let mut is_zero = false;
    for index in 0..call.args().len() {
        if is_empty(call.value(index)) {
            // A list that the row lacks is one of zeros.
            is_zero = true;
            continue;
        }
        let factors = factors(call, index)?;
        products = Some(match products {
            None => factors,
            Some(products) if products.len() == factors.len() => {
                products.iter().zip(factors).map(|(product, factor)| product * factor).collect()
            }
            Some(products) => {
                let problem = format!("must have as many items as the lists before it ({})", products.len());
                return Err(call.fail(index, &problem));
            }
        });
    }
    let sum = products.filter(|_| !is_zero).map_or(0.0, |products| products.iter().sum::<f64>());
    Ok(sum.into())
}

/// The items of argument `index` as numbers; what is no number is 0, so that each keeps its position.
fn factors(call: &Call<'_, '_>, index: usize) -> Result<Vec<f64>, CallError> {
    let items = call.items_from(index).take_while(|(from, _)| *from == index);
    let factor = |(_, item): (usize, &Value<'_>)| match (item, to_number(item)) {
        (_, Ok(number)) => {
            call.note_lost_digits(item, index);
            Ok(number)
        }
        (Value::Text(_), Err(_)) => {
            call.note(Note::SkippedText, index);
            Ok(0.0)
        }
        (Value::Error(error), Err(_)) => Err(CallError(error.clone())),
        (_, Err(_)) => Err(call.fail(index, "must be a list of numbers")),
    };
    items.map(factor).collect()
}
