//! What was found out about places of the rows, so that it is found out once.

use super::bench::Place;
use std::cell::RefCell;
use std::rc::Rc;

/// Something that is known of places.
pub(super) struct Memo<'r, T>(RefCell<Vec<(Place<'r>, Rc<T>)>>);

impl<T> Default for Memo<'_, T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<'r, T> Memo<'r, T> {
    /// Returns what is known of a place, which `make` finds out the first time.
    pub(super) fn of(&self, place: &Place<'r>, make: impl FnOnce() -> T) -> Rc<T> {
        let known = self.0.borrow().iter().find(|(known, _)| known.is(place)).map(|(_, one)| one.clone());
        known.unwrap_or_else(|| {
            let new = Rc::new(make());
            self.0.borrow_mut().push((place.clone(), new.clone()));
            new
        })
    }
}
