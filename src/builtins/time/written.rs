//! Dates written and read by a format.

use crate::builtins::call::limited;
use crate::builtins::conversion::unreadable;
use crate::builtins::format::{self, date::read};
use crate::builtins::registry::{Builtin, Example, Group, Param, Returns, Role, Run};
use crate::types::Type;
use crate::value::{Date, Value};

const FORMAT: Param = Param::required(
    "format",
    Type::Text,
    "Parts such as `yyyy yy mmmm mmm mm m dddd ddd dd d hh:mm:ss AM/PM`, with literal text in quotes or behind `\\`, or `ISO`.",
).role(Role::Format)
.checked(format::check_date);

pub(in crate::builtins) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "DATETIME_FORMAT",
        aliases: &[],
        group: Group::Time,
        summary: "A date as text, shown by a format. Blank for empty and for text that is no date.",
        params: &[Param::required("date", Type::Date, "What is shown.").role(Role::Subject), FORMAT],
        returns: Returns::any(Type::Text).or_blank(),
        examples: &[
            Example::new(r#"DATETIME_FORMAT("2026-03-05", "d mmm yyyy")"#, r#""5 Mar 2026""#),
            Example::new(r#"DATETIME_FORMAT(NOW(), "m/d/yy h:mm AM/PM")"#, r#""1/31/26 12:00 PM""#),
            Example::new(r#"DATETIME_FORMAT(NOW(), "ISO")"#, r#""2026-01-31T12:00:00Z""#),
            Example::new(r#"DATETIME_FORMAT(NOW(), "0.00" & "")"#, "#VALUE!"),
            Example::new(r#"DATETIME_FORMAT("" & "", "d mmm yyyy")"#, "null"),
        ],
        run: Run::Eager(|call| {
            let Some(date) = call.date_if_readable(0)? else { return Ok(Value::Blank) };
            let format = call.text(1)?;
            match format::read_date(&format) {
                Ok(None) => Ok(date.to_string().into()),
                Ok(Some(format)) => limited(format.date(&date)?),
                Err(rejected) => Err(unreadable(call, 1, &rejected.problem)),
            }
        }),
    },
    Builtin {
        name: "DATETIME_PARSE",
        aliases: &[],
        group: Group::Time,
        summary: "The date that a text spells in a format. What the format leaves out is this year, January, the 1st, midnight. Blank for empty and for text in another form.",
        params: &[Param::required("text", Type::Text, "What is read.").role(Role::Subject), FORMAT],
        returns: Returns::any(Type::Date).or_blank(),
        examples: &[
            Example::new(r#"DATETIME_PARSE("31/01/2026", "dd/mm/yyyy")"#, r#""2026-01-31""#),
            Example::new(
                r#"DATETIME_PARSE("Jan 5, 2026 3:04 pm", "mmm d, yyyy h:mm AM/PM")"#,
                r#""2026-01-05T15:04:00Z""#,
            ),
            Example::new(r#"DATETIME_PARSE("31/02/2026", "dd/mm/yyyy")"#, "null"),
        ],
        run: Run::Eager(|call| {
            let (text, format) = (call.text(0)?, call.text(1)?);
            let date = match format::read_date(&format) {
                Ok(None) => Date::read(&text, call.clock()),
                Ok(Some(format)) => read(&format, &text, call.clock()),
                Err(rejected) => return Err(unreadable(call, 1, &rejected.problem)),
            };
            let problem = || format!("must be a date written as \"{}\"", format.as_str());
            date.map_or_else(|| call.unread(0, &problem()), |date| Ok(date.into()))
        }),
    },
];
