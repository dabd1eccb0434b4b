//! People, companies and addresses, as go-to-market data has them. The word lists lie in `data/`.

mod address;
mod company;
mod person;
mod phone;
mod place;
mod title;
mod words;

pub(crate) use place::is_placeholder;

use super::registry::{Param, Role};
use super::{Builtin, Call, CallError};
use crate::types::Type;
use crate::value::{Text, Value};

/// The chapter's functions, in the order of the reference.
pub(super) static CHAPTERS: &[&[Builtin]] = &[
    address::BUILTINS,
    company::BUILTINS,
    person::BUILTINS,
    title::BUILTINS,
    phone::BUILTINS,
    place::BUILTINS,
];

const TITLE: Param = Param::required("title", Type::Text, "A job title.").role(Role::Subject);
const NAME: Param = Param::required("name", Type::Text, "A name.").role(Role::Subject);

/// The part of the first argument that `find` gives, or Blank where there is none.
fn part<'v>(
    call: &Call<'_, 'v>,
    find: impl FnOnce(&str) -> Option<std::ops::Range<usize>>,
) -> Result<Value<'v>, CallError> {
    let text = call.text(0)?;
    Ok(find(&text).map_or(Value::Blank, |range| text.slice(range).into()))
}

/// A text, or Blank where there is none.
fn or_blank<'v>(text: Option<impl Into<Text<'v>>>) -> Value<'v> {
    text.map_or(Value::Blank, |text| text.into().into())
}
