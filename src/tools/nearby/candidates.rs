//! Values worth trying for a field: those that the formulas compare it with, their neighbours, and nothing at all.

use super::compared::Sides;
use super::{Field, MOST_TRIED};
use crate::check::{ColumnId, Kind, KindSet, LocalId, Node, NodeKind, Step};
use crate::rules::Rules;
use crate::value::{Clock, Date, Value, is_empty, to_date};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A test of more fields or constants than this is only known by the first of them.
const MOST_NAMED: usize = 64;

/// What a formula, or a piece of it, reads and names.
#[derive(Clone, Default)]
struct Named<'v> {
    fields: BTreeSet<Field<'v>>,
    constants: Vec<&'v Value<'static>>,
}

impl Named<'_> {
    fn add(&mut self, other: &Self) {
        let room = MOST_NAMED.saturating_sub(self.fields.len());
        self.fields.extend(other.fields.iter().take(room).cloned());
        let room = MOST_NAMED.saturating_sub(self.constants.len());
        self.constants.extend(other.constants.iter().take(room));
    }
}

/// Values to try for a field.
pub(super) struct Candidates<'v> {
    /// Those that the formulas or the value itself speak for.
    pub values: Vec<Value<'v>>,
    /// Fractions for a field that holds a whole number, for what no whole number does.
    pub fractions: Vec<Value<'v>>,
    /// Something for a field that is empty, for what no other value does.
    pub fillers: Vec<Value<'v>>,
    /// Whether there were more than are tried for one field.
    pub is_cut: bool,
}

/// For each field that `goal` reads, directly or through other columns, the values to try.
pub(super) fn candidates<'v>(
    rules: &'v Rules,
    clock: &Clock,
    inputs: &[Value<'v>],
    goal: ColumnId,
) -> BTreeMap<Field<'v>, Candidates<'v>> {
    let tree = rules.tree();
    let columns = vec![ColumnUses::default(); tree.columns.len()];
    let mut gathering = Gathering {
        columns,
        now: goal,
        found: BTreeMap::new(),
        compared: BTreeMap::new(),
        scope: HashMap::new(),
        sides_in_scope: HashMap::new(),
    };
    for id in &tree.order {
        let node = &tree.column(*id).node;
        gathering.now = *id;
        let (named, sides) = rules.on_own_stack(|| (gathering.gather(node), gathering.sides(node)));
        let uses = &mut gathering.columns[id.0 as usize];
        (uses.first, uses.sides) = (named.fields, sides);
    }
    let fields = gathering.fields_of(goal);
    let (mut found, mut compared) = (gathering.found, gathering.compared);
    let values = |field: Field<'v>| {
        let value = field.value(inputs)?;
        let constants = found.remove(&field).unwrap_or_default();
        // What a record holds within is known by no use of the whole.
        let kinds = if field.path.is_empty() { tree.input(field.input).kinds } else { KindSet::ANY };
        let compared = compared.remove(&field).unwrap_or_default();
        let (values, has_more) = values_for(&value, kinds, (&constants.values, &compared.values), clock);
        let (values, fractions) = compared.sensible(&value, values);
        let fillers = if is_empty(&value) { fillers(kinds, &field.name(tree)) } else { Vec::new() };
        let is_cut = has_more || constants.is_cut || compared.is_cut;
        Some((field, Candidates { values, fractions, fillers, is_cut }))
    };
    fields.into_iter().filter_map(values).collect()
}

/// What the formula of a column reads.
#[derive(Clone, Default)]
pub(super) struct ColumnUses<'v> {
    /// The fields that stand in it, all of them.
    fields: BTreeSet<Field<'v>>,
    /// The columns that stand in it.
    columns: BTreeSet<ColumnId>,
    /// The first of the fields that it reads, those that it reads through other columns included.
    first: BTreeSet<Field<'v>>,
    /// What it is when it is one side of a test.
    pub(super) sides: Sides<'v>,
}

/// Constants that stand in one test with a field, each once.
#[derive(Default)]
pub(super) struct Constants<'v> {
    values: Vec<&'v Value<'static>>,
    /// Whether there were more than are tried.
    is_cut: bool,
    /// Whether a test tells numbers below 0 from 0.
    pub(super) divides_at_zero: bool,
}

impl<'v> Constants<'v> {
    /// The values that a field like this can well hold, of these, and the fractions that it may hold. A count is neither
    /// negative nor a fraction, unless it is already, or the rules compare it with such a number.
    fn sensible(&self, own: &Value<'v>, values: Vec<Value<'v>>) -> (Vec<Value<'v>>, Vec<Value<'v>>) {
        let known = || self.values.iter().copied().filter_map(number).chain(number(own));
        let can_be_negative = self.divides_at_zero || known().any(|number| number < 0.0);
        let is_whole = number(own).is_some() && known().all(|number| number.fract() == 0.0);
        let is_fraction = |value: &Value<'v>| number(value).is_some_and(|number| number.fract() != 0.0);
        let kept =
            values.into_iter().filter(|one| can_be_negative || number(one).is_none_or(|one| one >= 0.0));
        kept.partition(|value| !(is_whole && is_fraction(value)))
    }

    pub(super) fn add(&mut self, constant: &'v Value<'static>) {
        if self.values.contains(&constant) {
            return;
        }
        if self.values.len() < MOST_TRIED {
            self.values.push(constant);
        } else {
            self.is_cut = true;
        }
    }
}

pub(super) struct Gathering<'v> {
    pub(super) columns: Vec<ColumnUses<'v>>,
    /// The column that is being looked at.
    now: ColumnId,
    found: BTreeMap<Field<'v>, Constants<'v>>,
    /// Those of them that are set against the field itself.
    pub(super) compared: BTreeMap<Field<'v>, Constants<'v>>,
    /// The fields that `LET` names stand for.
    scope: HashMap<LocalId, BTreeSet<Field<'v>>>,
    pub(super) sides_in_scope: HashMap<LocalId, Sides<'v>>,
}

impl<'v> Gathering<'v> {
    /// The fields that a column reads, through others as well.
    fn fields_of(&self, goal: ColumnId) -> BTreeSet<Field<'v>> {
        let mut fields = BTreeSet::new();
        let mut known = BTreeSet::from([goal]);
        let mut waiting = vec![goal];
        while let Some(id) = waiting.pop() {
            let uses = &self.columns[id.0 as usize];
            fields.extend(uses.fields.iter().cloned());
            waiting.extend(uses.columns.iter().filter(|column| known.insert(**column)));
        }
        fields
    }

    fn note(&mut self, field: Field<'v>) {
        self.columns[self.now.0 as usize].fields.insert(field);
    }

    fn gather(&mut self, node: &'v Node) -> Named<'v> {
        let mut named = Named::default();
        match &node.kind {
            NodeKind::Constant(value) => named.constants.push(value),
            NodeKind::Input(id) => {
                named.fields.insert(Field::of(*id));
                self.note(Field::of(*id));
            }
            NodeKind::Access { base, steps } if fields(steps).is_some() => {
                let within = fields(steps).unwrap_or_default();
                let outer = if let NodeKind::Input(id) = &base.kind {
                    BTreeSet::from([Field::of(*id)])
                } else {
                    named = self.gather(base);
                    std::mem::take(&mut named.fields)
                };
                named.fields = outer.iter().map(|field| field.within(&within)).collect();
                named.fields.iter().for_each(|field| self.note(field.clone()));
                // A list has its fields in its items, and is changed as a whole.
                let is_whole = matches!(base.kind, NodeKind::Input(_));
                named.fields.extend(outer.into_iter().filter(|_| !is_whole));
            }
            NodeKind::Column(id) => {
                named.fields.clone_from(&self.columns[id.0 as usize].first);
                self.columns[self.now.0 as usize].columns.insert(*id);
            }
            NodeKind::Local(id) => named.fields = self.scope.get(id).cloned().unwrap_or_default(),
            NodeKind::Let { bindings, body } => {
                for (local, arm) in bindings {
                    let value = self.gather(&arm.node);
                    let sides = self.sides(&arm.node);
                    self.scope.insert(*local, value.fields);
                    self.sides_in_scope.insert(*local, sides);
                }
                named = self.gather(body);
            }
            NodeKind::Each { list_and_body, local, .. } => {
                let list = self.gather(&list_and_body.0);
                let sides = self.sides(&list_and_body.0);
                self.scope.insert(*local, list.fields.clone());
                self.sides_in_scope.insert(*local, sides);
                named.add(&list);
                named.add(&self.gather(&list_and_body.1));
            }
            NodeKind::Reduce { list_start_formula, total, item } => {
                let [list, start, formula] = &**list_start_formula;
                for (local, source) in [(item, list), (total, start)] {
                    let fields = self.gather(source);
                    self.scope.insert(*local, fields.fields.clone());
                    self.sides_in_scope.remove(local);
                    named.add(&fields);
                }
                named.add(&self.gather(formula));
            }
            _ => {
                for child in node.children() {
                    named.add(&self.gather(child));
                }
            }
        }
        self.compare(node);
        if tests(node) {
            for field in &named.fields {
                let constants = self.found.entry(field.clone()).or_default();
                named.constants.iter().for_each(|constant| constants.add(constant));
            }
        }
        named
    }
}

/// The names of steps, if all of them are names.
pub(super) fn fields(steps: &[Step]) -> Option<Vec<&str>> {
    let names = steps.iter().map(|step| match step {
        Step::Field(name) => Some(name.as_str()),
        Step::Index(_) => None,
    });
    names.collect()
}

/// Whether a node sets values against each other.
fn tests(node: &Node) -> bool {
    matches!(
        node.kind,
        NodeKind::Compare(..)
            | NodeKind::InArms { .. }
            | NodeKind::InList { .. }
            | NodeKind::Switch { .. }
            | NodeKind::Bucket { .. }
            | NodeKind::Pick { .. }
            | NodeKind::Call(..)
    )
}

/// Values to try in place of `value`, without it, each once, and whether there are more than are tried.
fn values_for<'v>(
    value: &Value<'v>,
    kinds: KindSet,
    (constants, compared): (&[&'v Value<'static>], &[&'v Value<'static>]),
    clock: &Clock,
) -> (Vec<Value<'v>>, bool) {
    let likely = plausible(value, kinds, clock);
    let others = of_any_rule(value, likely, clock);
    let room = MOST_TRIED.saturating_sub(others.len());
    let mut unlike: Vec<Value<'v>> = Vec::new();
    let mut is_cut = false;
    for one in of_rule(value, kinds, likely, constants).into_iter().chain(beside(value, compared, clock)) {
        is_cut |= !add_unlike(&mut unlike, one, value, room);
    }
    for one in others {
        add_unlike(&mut unlike, one, value, MOST_TRIED);
    }
    (unlike, is_cut)
}

/// Adds a value that is neither there nor the one that the field has; false if there is no room for it.
fn add_unlike<'v>(values: &mut Vec<Value<'v>>, one: Value<'v>, own: &Value<'v>, room: usize) -> bool {
    let is_known = |known: &Value<'v>| *known == one || (is_empty(known) && is_empty(&one));
    let is_new = !is_known(own) && !values.iter().any(is_known);
    let has_room = values.len() < room;
    if is_new && has_room {
        values.push(one);
    }
    has_room || !is_new
}

/// Values that a field is compared with, and their neighbours.
fn of_rule<'v>(
    value: &Value<'v>,
    kinds: KindSet,
    likely: KindSet,
    constants: &[&'v Value<'static>],
) -> Vec<Value<'v>> {
    let mut values: Vec<Value<'v>> = Vec::new();
    for constant in constants {
        match constant {
            Value::Number(number)
                if likely.has(Kind::Number) || (is_empty(value) && kinds == KindSet::ANY) =>
            {
                values.extend(around(*number));
            }
            Value::Boolean(_) if likely.has(Kind::Boolean) || is_empty(value) => {
                values.push((*constant).clone());
            }
            Value::Date(_) => values.push((*constant).clone()),
            _ => {}
        }
    }
    values
}

/// What a field itself is compared with, whatever kind of value it seems to hold, and what lies beside that.
fn beside<'v>(value: &Value<'v>, compared: &[&'v Value<'static>], clock: &Clock) -> Vec<Value<'v>> {
    if let Value::List(items) = value {
        return lists_with(items, compared);
    }
    let is_day = !matches!(value, Value::Number(_)) && to_date(value, clock).is_ok();
    let mut values: Vec<Value<'v>> = Vec::new();
    for one in compared {
        // A day that is written as text is no less a threshold of days.
        let day = if is_day && !matches!(one, Value::Number(_)) { to_date(one, clock).ok() } else { None };
        match (one, day) {
            (_, Some(day)) => {
                let days = [0.0, 1.0, -1.0].into_iter().filter_map(|days| day.plus_days(days, clock).ok());
                values.extend(days.map(Value::Date));
            }
            (Value::Number(number), _) => values.extend(around(*number)),
            (Value::Text(text), _) => values.push(Value::borrowed(text.as_str())),
            (Value::Boolean(_) | Value::Date(_), _) => values.push((*one).clone()),
            _ => {}
        }
    }
    values
}

/// Values that may do something to any field: a list without one of its items, numbers and days near and far, nothing.
fn of_any_rule<'v>(value: &Value<'v>, likely: KindSet, clock: &Clock) -> Vec<Value<'v>> {
    let mut values: Vec<Value<'v>> = Vec::new();
    if let Value::List(items) = value {
        values.extend(lists_without(items));
    }
    if likely.has(Kind::Boolean) {
        values.extend([Value::Boolean(true), Value::Boolean(false)]);
    }
    if likely.has(Kind::Number) {
        values.extend(steps_from(value));
    }
    if likely.has(Kind::Date) {
        values.extend(days_from(&clock.today(), clock));
    }
    // Nobody empties a whole record.
    if !is_empty(value) && !matches!(value, Value::Record(_)) {
        values.push(Value::Blank);
    }
    values
}

/// What a field is likely to hold: a column of names may read as a number somewhere, and yet a number is no name.
fn plausible(value: &Value<'_>, kinds: KindSet, clock: &Clock) -> KindSet {
    let is_number = matches!(value, Value::Number(_));
    let is_date = matches!(value, Value::Date(_) | Value::Text(_)) && to_date(value, clock).is_ok();
    let is_open = !kinds.has(Kind::Words);
    // A field of dates that holds something else may hold a date.
    let is_misfit = is_empty(value) || !(is_number && kinds.has(Kind::Number));
    let reads_text = kinds.has(Kind::Words) || kinds.has(Kind::NumberText);
    // A condition takes numbers as well, and a number TRUE; nobody fills one in for the other.
    let is_condition = is_open && kinds.has(Kind::Boolean) && !kinds.has(Kind::NumberText);
    let likely = [
        (Kind::Number, kinds.has(Kind::Number) && !is_date && (is_number || (is_open && !is_condition))),
        (Kind::Words, reads_text && !is_number && !is_date),
        (Kind::Boolean, is_condition || (kinds.has(Kind::Boolean) && matches!(value, Value::Boolean(_)))),
        (Kind::Date, is_date || (kinds.has(Kind::Date) && is_open && is_misfit)),
    ];
    let likely: Vec<Kind> =
        likely.into_iter().filter(|(_, is_likely)| *is_likely).map(|(kind, _)| kind).collect();
    KindSet::of(&likely)
}

fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// A threshold and its neighbours.
fn around<'v>(number: f64) -> impl Iterator<Item = Value<'v>> {
    let step = if number.fract() == 0.0 { 1.0 } else { 0.01 };
    let near = move |number: f64| if step == 1.0 { number } else { crate::value::round_half_away(number, 9) };
    [number, near(number + step), near(number - step)].into_iter().map(Value::number)
}

/// Numbers far and near, for formulas that compute with a field before they compare it.
fn steps_from<'v>(value: &Value<'v>) -> Vec<Value<'v>> {
    let number = crate::value::to_number(value).unwrap_or(0.0);
    let powers = (0..8).map(|power| 10f64.powi(power));
    let factors = [0.5, 0.9, 1.1, 2.0, 10.0].map(|factor| (number * factor).round());
    powers.chain(factors).chain([0.0]).map(Value::number).collect()
}

/// Days before and after today.
fn days_from<'v>(today: &Date, clock: &Clock) -> Vec<Value<'v>> {
    let days = [0, 1, 7, 14, 30, 31, 60, 90, 91, 180, 181, 365, 366, 730, 731, 1095, 3650];
    let signed = days.iter().flat_map(|days| [-days, *days]);
    signed.filter_map(|days| today.plus_days(f64::from(days), clock).ok().map(Value::Date)).collect()
}

/// The list with one more of the constants.
fn lists_with<'v>(items: &[Value<'v>], constants: &[&'v Value<'static>]) -> Vec<Value<'v>> {
    let new = constants.iter().filter(|constant| !matches!(constant, Value::List(_)));
    new.map(|constant| Value::list(items.iter().cloned().chain([(*constant).clone()]).collect())).collect()
}

/// The list without one of its items.
fn lists_without<'v>(items: &[Value<'v>]) -> impl Iterator<Item = Value<'v>> {
    (0..items.len().min(20)).map(|left_out| {
        let kept = items.iter().enumerate().filter(|(index, _)| *index != left_out);
        Value::list(kept.map(|(_, item)| item.clone()).collect())
    })
}

/// What fields of some names hold: a part of the name, and an example.
const FILLERS: [(&str, &str); 5] = [
    ("mail", "name@example.com"),
    ("domain", "example.com"),
    ("site", "https://example.com"),
    ("url", "https://example.com"),
    ("phone", "+1 415 555 0100"),
];

/// Something for a field that is empty: what its name asks for, else any text, and then what formulas may ask for.
fn fillers<'v>(kinds: KindSet, name: &str) -> Vec<Value<'v>> {
    let mut values = Vec::new();
    if kinds.has(Kind::Words) {
        let name = name.to_lowercase();
        let named = FILLERS.iter().find(|(part, _)| name.contains(part)).map(|(_, filler)| *filler);
        let all = FILLERS.iter().map(|(_, filler)| *filler);
        values.extend(named.into_iter().chain(["something"]).chain(all).map(Value::borrowed));
    }
    if kinds.has(Kind::List) && !kinds.has(Kind::Words) {
        values.push(Value::list(vec![Value::borrowed("something")]));
    }
    values
}
