//! Any sequence of operations leaves what a simple model of the state says.

use std::collections::BTreeMap;
use std::path::Path;

use clayf::table::state::{
    Cell, CellState, CellUpdate, ChargeFilter, ChargeId, ChargeState, Limit, Reservation, Reserved,
    RowCounts, RowId, RowStatus, RunId, Scope, Settlement, SpentIn, Store,
};
use proptest::prelude::*;

use crate::support::{AT, cell, credits, fresh, limit, new_rows, reservation};

const STEPS: [&str; 2] = ["company", "email"];
const MONTHS: [&str; 2] = ["2026-11", "2026-12"];
const ROWS: usize = 3;

#[derive(Clone, Debug)]
enum Operation {
    Reserve { row: usize, step: usize, month: usize, amount: u64, scope: Scope, most: u64 },
    Settle { which: usize, settlement: Settlement },
    WriteCell { row: usize, state: CellState, outputs: Option<String> },
    SetStatus { row: usize, status: RowStatus },
    FinishRun,
    Reopen,
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let scope =
        prop::sample::select(vec![Scope::Run, Scope::Step, Scope::Row, Scope::Month, Scope::StepMonth]);
    let settlement = prop_oneof![
        (0..120_u64).prop_map(|amount| Settlement::Charged(credits(amount))),
        Just(Settlement::Released),
        Just(Settlement::Unknown),
    ];
    let state = prop::sample::select(vec![
        CellState::Queued,
        CellState::Running,
        CellState::AwaitingCallback,
        CellState::Success,
        CellState::Error,
    ]);
    let status = prop::sample::select(vec![
        RowStatus::Done,
        RowStatus::Skipped { reason: "no".to_owned() },
        RowStatus::Dead,
        RowStatus::Pending,
    ]);
    let operation = prop_oneof![
        6 => (0..ROWS, 0..2_usize, 0..2_usize, 0..100_u64, scope, 0..400_u64).prop_map(
            |(row, step, month, amount, scope, most)| Operation::Reserve { row, step, month, amount, scope, most }
        ),
        6 => (any::<usize>(), settlement)
            .prop_map(|(which, settlement)| Operation::Settle { which, settlement }),
        3 => (0..ROWS, state, prop::option::of("[a-z]{1,3}"))
            .prop_map(|(row, state, outputs)| Operation::WriteCell { row, state, outputs }),
        2 => (0..ROWS, status).prop_map(|(row, status)| Operation::SetStatus { row, status }),
        1 => Just(Operation::FinishRun),
        1 => Just(Operation::Reopen),
    ];
    prop::collection::vec(operation, 1..40)
}

/// A charge as the model knows it.
struct Owed {
    id: ChargeId,
    place: Place,
    reserved: u64,
    spent: u64,
    state: ChargeState,
}

/// What a charge is made for, by number.
#[derive(Clone, Copy)]
struct Place {
    run: RunId,
    row: usize,
    step: usize,
    month: usize,
}

struct Model {
    run: RunId,
    rows: Vec<RowId>,
    charges: Vec<Owed>,
    cells: BTreeMap<usize, (CellState, Option<String>)>,
    statuses: Vec<RowStatus>,
}

impl Model {
    fn spent(&self, like: Place, scope: Scope) -> u64 {
        let counts = |Owed { place, .. }: &&Owed| match scope {
            Scope::Run => place.run == like.run,
            Scope::Step => place.run == like.run && place.step == like.step,
            Scope::Row => place.row == like.row,
            Scope::Month => place.month == like.month,
            Scope::StepMonth => place.month == like.month && place.step == like.step,
        };
        self.charges.iter().filter(counts).map(|charge| charge.spent).sum()
    }

    fn settle(&mut self, which: usize, settlement: Settlement) {
        let charge = &mut self.charges[which];
        if matches!(charge.state, ChargeState::Charged | ChargeState::Released) {
            return;
        }
        (charge.state, charge.spent) = match settlement {
            Settlement::Charged(amount) => {
                (ChargeState::Charged, amount.as_thousandths().min(charge.reserved))
            }
            Settlement::Released => (ChargeState::Released, 0),
            Settlement::Unknown => (ChargeState::Unknown, charge.reserved),
        };
    }

    fn interrupt(&mut self) {
        for charge in self.charges.iter_mut().filter(|charge| charge.state == ChargeState::Reserved) {
            charge.state = ChargeState::Unknown;
        }
        for (state, _) in self.cells.values_mut() {
            if matches!(state, CellState::Queued | CellState::Running) {
                *state = CellState::New;
            }
        }
        // Whether a row is skipped is told anew.
        for status in self.statuses.iter_mut().filter(|status| matches!(status, RowStatus::Skipped { .. })) {
            *status = RowStatus::Pending;
        }
    }
}

/// Does an operation on both, and compares what can be compared at once.
fn apply(store: &mut Option<Store>, path: &Path, model: &mut Model, operation: Operation) {
    let open = store.as_ref().expect("an open store");
    match operation {
        Operation::Reserve { row, step, month, amount, scope, most } => {
            let limits = [limit(scope, most)];
            let wanted = Reservation {
                step: STEPS[step],
                month: MONTHS[month],
                limits: &limits,
                ..reservation(model.run, model.rows[row], amount)
            };
            let place = Place { run: model.run, row, step, month };
            reserve(open, model, &wanted, place);
        }
        Operation::Settle { which, settlement } if !model.charges.is_empty() => {
            let which = which % model.charges.len();
            open.settle_only(model.charges[which].id, settlement, AT);
            model.settle(which, settlement);
        }
        Operation::Settle { .. } => {}
        Operation::WriteCell { row, state, outputs } => {
            open.write_cell(CellUpdate { outputs: outputs.clone(), ..cell(model.rows[row], state) });
            let kept = model.cells.get(&row).and_then(|(_, outputs)| outputs.clone());
            model.cells.insert(row, (state, outputs.or(kept)));
        }
        Operation::SetStatus { row, status } => {
            open.set_row_status(model.run, model.rows[row], status.clone());
            model.statuses[row] = status;
        }
        Operation::FinishRun => {
            open.finish_run(model.run, AT).expect("finished");
            begin(open, model, false);
            model.statuses = vec![RowStatus::Pending; ROWS];
        }
        Operation::Reopen => {
            *store = None;
            let again = store.insert(Store::open(path).expect("a store"));
            begin(again, model, true);
            model.interrupt();
        }
    }
}

fn begin(store: &Store, model: &mut Model, continued: bool) {
    let run = store.begin_run(AT).expect("a run");
    assert_eq!(run.continued, continued);
    model.run = run.id;
    model.rows = store.add_rows(run.id, &new_rows(ROWS as u64)).expect("rows");
}

fn reserve(store: &Store, model: &mut Model, wanted: &Reservation<'_>, place: Place) {
    let reserved = wanted.credits.as_thousandths();
    let Limit { scope, most } = wanted.limits[0];
    let fits = reserved == 0 || model.spent(place, scope) + reserved <= most.as_thousandths();
    match store.reserve(wanted).expect("an answer") {
        Reserved::Granted(id) => {
            assert!(fits, "overshot");
            let state = ChargeState::Reserved;
            model.charges.push(Owed { id, place, reserved, spent: reserved, state });
        }
        Reserved::Refused(limit) => {
            assert!(!fits, "refused without need");
            assert_eq!(limit, wanted.limits[0]);
        }
    }
}

fn compare(store: &Store, model: &Model) {
    let stored = store.charges(ChargeFilter::default()).expect("charges");
    let stored: Vec<_> = stored.iter().map(|charge| (charge.id, charge.state, charge.spent)).collect();
    let expected: Vec<_> =
        model.charges.iter().map(|charge| (charge.id, charge.state, credits(charge.spent))).collect();
    assert_eq!(stored, expected);
    for charge in &model.charges {
        let place = charge.place;
        let (step, month) = (STEPS[place.step], MONTHS[place.month]);
        for (scope, within) in [
            (Scope::Run, SpentIn::Run(place.run)),
            (Scope::Step, SpentIn::Step(place.run, step)),
            (Scope::Row, SpentIn::Row(model.rows[place.row])),
            (Scope::Month, SpentIn::Month(month)),
            (Scope::StepMonth, SpentIn::StepMonth(month, step)),
        ] {
            assert_eq!(store.spent(within), Ok(credits(model.spent(place, scope))), "{within:?}");
        }
    }
    for (row, stored) in store.load_rows(&model.rows).expect("rows").iter().enumerate() {
        let found = stored.cell("email").map(|Cell { state, outputs, .. }| (*state, outputs.clone()));
        assert_eq!(found.as_ref(), model.cells.get(&row));
    }
    let statuses: Vec<_> =
        store.rows(model.run, 0, ROWS).expect("rows").into_iter().map(|row| row.status).collect();
    assert_eq!(statuses, model.statuses);
    let count =
        |wanted: fn(&RowStatus) -> bool| statuses.iter().filter(|status| wanted(status)).count() as u64;
    let counts = RowCounts {
        done: count(|status| *status == RowStatus::Done),
        skipped: count(|status| matches!(status, RowStatus::Skipped { .. })),
        dead: count(|status| *status == RowStatus::Dead),
        pending: count(|status| *status == RowStatus::Pending),
        rejected: 0,
    };
    assert_eq!(store.counts(model.run), Ok(counts));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_state_is_what_the_model_says(operations in operations()) {
        let path = fresh("model");
        let mut store = Some(Store::open(&path).expect("a store"));
        let mut model = Model {
            run: store.as_ref().expect("a store").begin_run(AT).expect("a run").id,
            rows: Vec::new(),
            charges: Vec::new(),
            cells: BTreeMap::new(),
            statuses: vec![RowStatus::Pending; ROWS],
        };
        begin(store.as_ref().expect("a store"), &mut model, true);
        for operation in operations {
            apply(&mut store, &path, &mut model, operation);
        }
        compare(store.as_ref().expect("a store"), &model);
    }
}
