//! Budgets while rows run at once: granted in the order of the rows, as if they ran one after the other.
//!
//! A row may spend right away what would be left for it if every row before it spent the most that it still could.
//! Where that is too little, it waits until those before it need less, and is refused only when they are through.

use crate::table::credits::Credits;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the budget of a row is called.
pub(super) const OF_THE_ROW: &str = "the budget of the row";

/// A budget of all rows together.
#[derive(Clone, Debug)]
pub struct Account {
    /// What it is called: `the budget of the run`.
    pub name: String,
    /// The only step that it is for, if it is for one.
    pub step: Option<usize>,
    /// The most that may be spent.
    pub most: Credits,
    /// What was spent before.
    pub spent: Credits,
}

/// Whether a row may spend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// It may, and the amount counts as spent.
    Granted,
    /// It may not, and never will: the name of the budget.
    Refused(String),
    /// It is not known yet, as rows before it are not through.
    Wait,
}

/// All budgets of a run.
#[derive(Debug)]
pub struct Purse {
    rows_most: Option<Credits>,
    inner: Mutex<Inner>,
    /// Counts the times that a later row may have got more room.
    version: AtomicU64,
}

#[derive(Debug)]
struct Inner {
    accounts: Vec<Account>,
    /// The rows that are not through, and those behind them, by their order.
    rows: BTreeMap<u64, Spending>,
}

/// The most that a step may cost one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worst {
    /// By all the calls that may still be made.
    pub calls: Credits,
    /// By what the step allows itself, if it does; with what it spends in this run.
    pub allowed: Option<Credits>,
}

/// What one row spent and may still spend on one step.
#[derive(Clone, Copy, Debug)]
struct OfStep {
    spent: Credits,
    /// How much of it is for calls whose outcome is not known yet, so that it may come back.
    open: Credits,
    /// What an awaited call of an interrupted run costs: spent before this one, and it may come back as well.
    carried: Credits,
    worst: Worst,
}

impl OfStep {
    fn still(&self) -> Credits {
        let allowed = self.worst.allowed.map(|allowed| allowed.less(self.spent));
        allowed.map_or(self.worst.calls, |allowed| allowed.min(self.worst.calls))
    }
}

/// What one row spent and may still spend.
#[derive(Clone, Debug)]
struct Spending {
    /// In earlier runs.
    before: Credits,
    steps: Vec<OfStep>,
    is_through: bool,
}

impl Spending {
    /// A sum over the steps, or the one step.
    fn sum(&self, step: Option<usize>, amount: fn(&OfStep) -> Credits) -> Credits {
        match step {
            Some(step) => self.steps.get(step).map(amount).unwrap_or_default(),
            None => self.steps.iter().map(amount).sum(),
        }
    }

    fn spent_of(&self, step: Option<usize>) -> Credits {
        self.sum(step, |one| one.spent)
    }
}

impl Purse {
    /// Budgets of all rows, and the budget of each row.
    #[must_use]
    pub fn new(accounts: Vec<Account>, rows_most: Option<Credits>) -> Self {
        Self {
            rows_most,
            inner: Mutex::new(Inner { accounts, rows: BTreeMap::new() }),
            version: AtomicU64::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the times that a later row may have got more room.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    fn has_more_room(&self) {
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    /// Makes a row known, in the order of the rows. `worst` is the most that each step may cost it, and what calls of an
    /// interrupted run that it still waits for cost; `before` what it cost before, those included.
    pub fn enter(&self, order: u64, worst: Vec<(Worst, Credits)>, before: Credits) {
        let of_step = |(worst, carried)| OfStep { spent: Credits::ZERO, open: Credits::ZERO, carried, worst };
        let steps = worst.into_iter().map(of_step).collect();
        self.lock().rows.insert(order, Spending { before, steps, is_through: false });
    }

    /// Asks for the price of one call; `ahead` is what is of use only together with another call for the row.
    pub fn grant(&self, order: u64, step: usize, price: Credits, ahead: Credits) -> Grant {
        if price == Credits::ZERO {
            return Grant::Granted;
        }
        let mut inner = self.lock();
        let Some(own) = inner.rows.get(&order) else { return Grant::Wait };
        if let Some(most) = self.rows_most
            && own.before + own.spent_of(None) + price + ahead > most
        {
            return Grant::Refused(OF_THE_ROW.to_owned());
        }
        for account in inner.accounts.iter().filter(|account| account.step.is_none_or(|only| only == step)) {
            let (mut spent, mut worst, mut open) = (account.spent, Credits::ZERO, Credits::ZERO);
            for row in inner.rows.range(..order).map(|(_, row)| row) {
                spent += row.spent_of(account.step);
                worst += row.sum(account.step, OfStep::still);
                open += row.sum(account.step, |one| one.open + one.carried);
            }
            let own = own.spent_of(account.step) + price;
            if spent + worst + own <= account.most {
                continue;
            }
            let is_known = worst == Credits::ZERO && open == Credits::ZERO;
            return if is_known { Grant::Refused(account.name.clone()) } else { Grant::Wait };
        }
        if let Some(own) = inner.rows.get_mut(&order).and_then(|row| row.steps.get_mut(step)) {
            own.spent += price;
            own.open += price;
            own.worst.calls = own.worst.calls.less(price);
        }
        Grant::Granted
    }

    /// Settles the call of an interrupted run that a row still waited for, if it did.
    fn settles_carried(&self, order: u64, step: usize, saved: Credits) -> bool {
        let mut inner = self.lock();
        let Some(row) = inner.rows.get_mut(&order) else { return false };
        let Some(own) = row.steps.get_mut(step).filter(|own| own.carried > Credits::ZERO) else {
            return false;
        };
        own.carried = Credits::ZERO;
        row.before = row.before.less(saved);
        for account in inner.accounts.iter_mut().filter(|one| one.step.is_none_or(|only| only == step)) {
            account.spent = account.spent.less(saved);
        }
        self.has_more_room();
        true
    }

    /// Says what a granted call cost in the end; `again` where the same call may be made once more.
    pub fn settle(&self, order: u64, step: usize, price: Credits, cost: Credits, again: bool) {
        let saved = price.less(cost);
        if self.settles_carried(order, step, saved) {
            return;
        }
        if let Some(own) = self.lock().rows.get_mut(&order).and_then(|row| row.steps.get_mut(step)) {
            own.spent = own.spent.less(saved);
            own.open = own.open.less(price);
            if again {
                own.worst.calls += saved;
            } else if saved > Credits::ZERO {
                self.has_more_room();
            }
        }
    }

    /// Says that a row will spend nothing more on a step.
    pub fn close(&self, order: u64, step: usize) {
        if let Some(own) = self.lock().rows.get_mut(&order).and_then(|row| row.steps.get_mut(step))
            && own.worst.calls > Credits::ZERO
        {
            own.worst.calls = Credits::ZERO;
            self.has_more_room();
        }
    }

    /// Says that a row is through.
    pub fn leave(&self, order: u64) {
        let mut guard = self.lock();
        let inner = &mut *guard;
        if let Some(own) = inner.rows.get_mut(&order) {
            own.is_through = true;
            own.steps.iter_mut().for_each(|one| one.worst = Worst::default());
            self.has_more_room();
        }
        // Rows that are through are counted together as soon as none before them can ask any more.
        while let Some(first) = inner.rows.first_entry() {
            if !first.get().is_through {
                break;
            }
            let row = first.remove();
            for account in &mut inner.accounts {
                account.spent += row.spent_of(account.step);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Grant, Purse, Worst};
    use crate::table::credits::Credits;
    use proptest::prelude::*;

    fn credits(whole: u64) -> Credits {
        Credits::thousandths(whole * 1000)
    }

    fn account(most: u64) -> Account {
        Account {
            name: "the budget of the run".to_owned(),
            step: None,
            most: credits(most),
            spent: Credits::ZERO,
        }
    }

    fn worst(calls: u64) -> Worst {
        Worst { calls: credits(calls), allowed: None }
    }

    #[test]
    fn a_later_row_waits_for_what_an_earlier_one_may_need() {
        let purse = Purse::new(vec![account(3)], None);
        purse.enter(0, vec![(worst(2), Credits::ZERO)], Credits::ZERO);
        purse.enter(1, vec![(worst(2), Credits::ZERO)], Credits::ZERO);
        assert_eq!(purse.grant(1, 0, credits(2), Credits::ZERO), Grant::Wait);
        assert_eq!(purse.grant(0, 0, credits(2), Credits::ZERO), Grant::Granted);
        assert_eq!(
            purse.grant(1, 0, credits(2), Credits::ZERO),
            Grant::Wait,
            "the call may turn out to cost nothing"
        );
        purse.settle(0, 0, credits(2), Credits::ZERO, false);
        assert_eq!(purse.grant(1, 0, credits(2), Credits::ZERO), Grant::Granted);
    }

    #[test]
    fn a_row_is_refused_once_what_is_before_it_was_paid() {
        let purse = Purse::new(vec![account(3)], None);
        purse.enter(0, vec![(worst(2), Credits::ZERO)], Credits::ZERO);
        purse.enter(1, vec![(worst(2), Credits::ZERO)], Credits::ZERO);
        assert_eq!(purse.grant(0, 0, credits(2), Credits::ZERO), Grant::Granted);
        purse.settle(0, 0, credits(2), credits(2), false);
        assert_eq!(
            purse.grant(1, 0, credits(2), Credits::ZERO),
            Grant::Refused("the budget of the run".to_owned())
        );
    }

    #[test]
    fn what_an_interrupted_run_waited_for_comes_back() {
        let spent = Account { spent: credits(3), ..account(3) };
        let purse = Purse::new(vec![spent], None);
        purse.enter(0, vec![(worst(0), credits(3))], credits(3));
        purse.enter(1, vec![(worst(2), Credits::ZERO)], Credits::ZERO);
        assert_eq!(purse.grant(1, 0, credits(2), Credits::ZERO), Grant::Wait, "it may have cost nothing");
        purse.settle(0, 0, credits(3), Credits::ZERO, false);
        assert_eq!(purse.grant(1, 0, credits(2), Credits::ZERO), Grant::Granted);
    }

    #[test]
    fn a_row_has_to_have_enough_for_a_call_and_its_check() {
        let purse = Purse::new(Vec::new(), Some(credits(3)));
        purse.enter(0, vec![(worst(3), Credits::ZERO)], Credits::ZERO);
        assert_eq!(purse.grant(0, 0, credits(2), credits(2)), Grant::Refused(super::OF_THE_ROW.to_owned()));
        assert_eq!(purse.grant(0, 0, credits(2), credits(1)), Grant::Granted);
    }

    #[test]
    fn what_a_step_allows_itself_is_free_again_after_a_call_that_cost_nothing() {
        let purse = Purse::new(vec![account(3)], None);
        purse.enter(
            0,
            vec![(Worst { calls: credits(6), allowed: Some(credits(3)) }, Credits::ZERO)],
            Credits::ZERO,
        );
        purse.enter(1, vec![(worst(3), Credits::ZERO)], Credits::ZERO);
        assert_eq!(purse.grant(0, 0, credits(3), Credits::ZERO), Grant::Granted);
        purse.settle(0, 0, credits(3), Credits::ZERO, false);
        assert_eq!(
            purse.grant(1, 0, credits(3), Credits::ZERO),
            Grant::Wait,
            "the first row may ask another provider"
        );
        assert_eq!(purse.grant(0, 0, credits(3), Credits::ZERO), Grant::Granted);
    }

    /// Rows that each make calls of some price, each of which is paid or not.
    fn rows() -> impl Strategy<Value = Vec<Vec<(u64, bool)>>> {
        proptest::collection::vec(proptest::collection::vec((0u64..4, any::<bool>()), 0..4), 1..8)
    }

    /// What the rows buy one after the other.
    fn serial(rows: &[Vec<(u64, bool)>], most: u64, each: u64) -> Vec<Vec<bool>> {
        let mut left = most;
        let buy = |row: &Vec<(u64, bool)>| {
            let mut own = each;
            let mut bought = Vec::new();
            for (price, is_paid) in row {
                let may = *price <= left && *price <= own;
                bought.push(may);
                if !may {
                    break;
                }
                if *is_paid {
                    left -= price;
                    own -= price;
                }
            }
            bought
        };
        rows.iter().map(buy).collect()
    }

    proptest! {
        #[test]
        fn any_schedule_buys_what_one_row_after_the_other_would(
            rows in rows(), most in 0u64..20, each in 1u64..8, schedule in proptest::collection::vec(any::<u16>(), 200),
        ) {
            let purse = Purse::new(vec![account(most)], Some(credits(each)));
            for (order, row) in rows.iter().enumerate() {
                let calls = row.iter().map(|(price, _)| *price).sum();
                purse.enter(order as u64, vec![(worst(calls), Credits::ZERO)], Credits::ZERO);
            }
            let mut bought: Vec<Vec<bool>> = vec![Vec::new(); rows.len()];
            let mut open: Vec<usize> = (0..rows.len()).collect();
            let mut picks = schedule.into_iter().cycle();
            while !open.is_empty() {
                let at = usize::from(picks.next().unwrap_or(0)) % open.len();
                let row = open[at];
                let order = row as u64;
                let next = bought[row].len();
                if next == rows[row].len() || bought[row].last() == Some(&false) {
                    purse.leave(order);
                    open.remove(at);
                    continue;
                }
                let (price, is_paid) = rows[row][next];
                match purse.grant(order, 0, credits(price), Credits::ZERO) {
                    Grant::Wait => prop_assert!(open[0] != row, "the first row never waits"),
                    Grant::Refused(_) => bought[row].push(false),
                    Grant::Granted => {
                        let cost = if is_paid { credits(price) } else { Credits::ZERO };
                        purse.settle(order, 0, credits(price), cost, false);
                        bought[row].push(true);
                    }
                }
            }
            prop_assert_eq!(bought, serial(&rows, most, each));
        }
    }
}
