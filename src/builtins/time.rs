//! Dates and times. The clock stands still during a run.

pub(super) mod clock_time;
pub(super) mod decay;
pub(super) mod parts;
pub(super) mod span;
pub(super) mod work;
pub(super) mod written;
mod year_fraction;

use super::registry::{Builtin, Example, Group, Returns, Run};
use crate::types::Type;

pub(super) static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "TODAY",
        aliases: &[],
        group: Group::Time,
        summary: "The day of the run, or that of `--now`.",
        params: &[],
        returns: Returns::any(Type::Date),
        examples: &[
            Example::new("TODAY()", r#""2026-01-31""#),
            Example::new("TODAY() + 1", r#""2026-02-01""#),
            Example::new(r#"TODAY() - "2026-01-01""#, "30"),
        ],
        run: Run::Eager(|call| Ok(call.clock().today().into())),
    },
    Builtin {
        name: "NOW",
        aliases: &[],
        group: Group::Time,
        summary: "The moment of the run, or that of `--now`.",
        params: &[],
        returns: Returns::any(Type::Date),
        examples: &[
            Example::new("NOW()", r#""2026-01-31T12:00:00Z""#),
            Example::new("NOW() - TODAY()", "0.5"),
            Example::new("NOW() > TODAY()", "true"),
        ],
        run: Run::Eager(|call| Ok(call.clock().now().into())),
    },
];
