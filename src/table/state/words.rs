//! How ids, states and amounts are spelled in the file.

use crate::table::credits::Credits;

/// Declares ids, each a type of its own, stored as the number the file gave it.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub(super) i64);

        impl $name {
            /// The number that the state file gave it.
            #[must_use]
            pub fn number(self) -> i64 {
                self.0
            }

            /// The id of a number that [`Self::number`] gave.
            #[must_use]
            pub fn of_number(number: i64) -> Self {
                Self(number)
            }
        }

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }
    )+};
}

/// Gives each variant of an enum the word it is stored and printed as.
macro_rules! stored_as_words {
    ($name:ident { $($variant:ident = $word:literal,)+ }) => {
        impl $name {
            /// The word it is stored and printed as.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(rusqlite::types::FromSqlError::InvalidType),
                }
            }
        }
    };
}

pub(super) use {ids, stored_as_words};

/// A count or position as the file stores it. None comes near the largest number there.
pub(super) fn to_stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count or position read from the file, where none is negative.
pub(super) fn from_stored(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// Credits read from the file, where they stand in thousandths.
pub(super) fn credits_from_stored(thousandths: i64) -> Credits {
    Credits::thousandths(from_stored(thousandths))
}
