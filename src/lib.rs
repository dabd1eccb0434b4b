//! Clay formulas and scoring rules as code: parse them, check them, run them over rows.
//!
//! A rule file holds named columns. [`Rules::compile`] parses and checks it, telling all that is wrong in one go;
//! [`Rules::eval`] computes its columns for a row.
//!
//! ```
//! use clayf::{Clock, Record, Rules, Value};
//!
//! let rules = Rules::compile("score.clay", r#"
//!     ICP Score (0-100) := IF(Employee Count > 200, 25, 5) + IF(ISNOTEMPTY(Work Email), 10, 0)
//!     Lead Tier := IF(ICP Score >= 30, "A", "B")
//! "#)?;
//!
//! let row = Record::from_json(r#"{"Employee Count": 250, "Work Email": "ada@example.com"}"#)?;
//! let clock = Clock::system();
//! let results = rules.eval(&row, &clock);
//!
//! assert_eq!(results.get("ICP Score"), Some(&Value::from(35.0)));
//! assert_eq!(results.get("Lead Tier"), Some(&Value::from("A")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A mistake is told with its place, a stable code and what to write instead:
//!
//! ```
//! let mistakes = clayf::Rules::compile("score.clay", "Lead Tier := IF(ICP Score => 80, \"A\", \"B\")").unwrap_err();
//! assert_eq!(mistakes.to_string(), "score.clay:1:27: `=>` is not a comparison [clay::reversed_comparison]");
//! ```
//!
//! The layers, each of which knows only those above it in this list: [`span`] and [`types`]; [`diagnostics`];
//! [`value`]; [`data`], tables to look values up in; [`syntax`], from text to tree; [`builtins`], the functions; [`check`], from tree to checked tree;
//! [`analysis`], which values are possible; [`eval`], the reference evaluator; [`rules`], which joins them; [`rows`], bytes in and out; [`batch`], rules over
//! whole files on several threads; [`tools`], what people do with rules; [`table`], whole enrichment tables.
//!
//! The feature `cli` (on by default) adds the command line and the drawn reports; without it the library depends on
//! neither.

pub mod analysis;
pub mod batch;
pub mod builtins;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod diagnostics;
pub mod eval;
#[cfg(feature = "cli")]
pub mod repl;
pub mod rows;
pub mod rules;
pub mod span;
pub mod syntax;
#[cfg(feature = "table")]
pub mod table;
pub mod tools;
pub mod translate;
pub mod types;
pub mod value;

pub use rules::{Results, Rules};
pub use value::{Clock, Record, Value};
