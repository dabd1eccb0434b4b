//! What can be seen while a row is evaluated.

use crate::check::{Lookup, Node, SiteId};
use crate::value::Value;

/// Sees what a formula decides and adds, place by place. Every method may be left out.
pub trait Observer {
    /// Whether it wants to see comparisons, whose values are copied for it.
    const SEES_COMPARISONS: bool = true;

    /// The result at `site` was chosen.
    fn branch(&mut self, site: SiteId, value: &Value<'_>) {
        let _ = (site, value);
    }

    /// Of the results or arms that begin with the one at `first`, none was chosen or decided: no condition held and
    /// there is no else, all arms of OR were FALSE, all values of COALESCE were empty.
    fn none(&mut self, first: SiteId) {
        let _ = first;
    }

    /// The operand at `site` of AND, OR or IN was looked at: whether it held.
    fn arm(&mut self, site: SiteId, held: bool) {
        let _ = (site, held);
    }

    /// The term at `site` of a sum.
    fn addend(&mut self, site: SiteId, value: &Value<'_>) {
        let _ = (site, value);
    }

    /// The value of the `LET` name at `site`.
    fn binding(&mut self, site: SiteId, value: &Value<'_>) {
        let _ = (site, value);
    }

    /// A row of data was looked up by these keys: which was found, if any.
    fn looked_up(&mut self, lookup: &Lookup, keys: &[Value<'_>], row: Option<usize>) {
        let _ = (lookup, keys, row);
    }

    /// A comparison of the values of two nodes, and what it gave.
    fn compared(&mut self, sides: (&Node, &Node), values: (&Value<'_>, &Value<'_>), held: bool) {
        let _ = (sides, values, held);
    }
}

/// Sees nothing, at no cost.
impl Observer for () {
    const SEES_COMPARISONS: bool = false;
}
