//! What a table file and a provider file say, read from YAML; formulas are texts yet, with their places.

mod amounts;
mod effect;
mod found;
mod hint;
mod provider;
mod section;
mod step;
mod table;

pub use amounts::{RateLimit, duration_text};
pub use effect::{EffectFile, Mapped};
pub use found::Found;
pub use provider::{
    AuthFile, AwaitFile, BackendFile, ChecksFile, LookupFile, LookupInput, PropertyCheckFile, ProviderFile,
    PushFile, RequestFile,
};
pub use step::{Choice, StepFile, Strategy, Validation};
pub use table::{BudgetFile, FormulaFile, TableFile};
