//! The reference evaluator: walks the checked tree for one row, and tells an observer what it sees.

mod arithmetic;
mod conditions;
mod data;
mod forms;
mod observer;
mod records;
mod warning;

use data::LastLookup;
pub use observer::Observer;
use warning::Warnings;
pub use warning::{Warning, WarningKind};

use crate::builtins::{Builtin, Call, CallError, Each, LONGEST_TEXT, Note, Run, item_index, too_long};
use crate::check::{Argument, Arm, Checked, ColumnId, LocalId, Node, NodeKind, Step};
use crate::types::Type;
use crate::value::{
    Clock, ErrorValue, Misfit, Value, has_more_digits, is_empty, to_boolean, to_date, to_exact_number,
    to_number, to_text,
};

/// How deep a tree may be before it is evaluated on a stack grown for it.
const SHALLOW: usize = 64;
/// Bytes of stack that a tree of the greatest depth needs, with room to spare.
const DEEP_STACK: usize = 64 << 20;

/// Evaluates rows, one after the other, reusing its memory. `'v` is the life of the rules and of the rows' text.
#[derive(Debug)]
pub struct Evaluation<'v> {
    checked: &'v Checked,
    clock: &'v Clock,
    columns: Vec<Value<'v>>,
    locals: Vec<Value<'v>>,
    /// The `LET` names that no formula has read yet: each is computed when it is first read.
    unread: Vec<Option<&'v Arm>>,
    arguments: Vec<Value<'v>>,
    /// The lookup made last: several columns often look up the same key.
    last_lookup: Option<LastLookup<'v>>,
    warnings: Warnings,
    /// Whether the warnings so far are those of the inputs of the row that comes next.
    has_begun: bool,
}

impl<'v> Evaluation<'v> {
    /// Ready for the first row.
    #[must_use]
    pub fn new(checked: &'v Checked, clock: &'v Clock) -> Self {
        Self {
            checked,
            clock,
            columns: vec![Value::Blank; checked.columns.len()],
            locals: vec![Value::Blank; checked.locals],
            unread: vec![None; checked.locals],
            arguments: Vec::new(),
            last_lookup: None,
            warnings: Warnings::default(),
            has_begun: false,
        }
    }

    /// Computes all columns of one row. `inputs` holds the value of each input, by its id.
    pub fn row<O: Observer>(&mut self, inputs: &[Value<'v>], observer: &mut O) -> &[Value<'v>] {
        self.row_given(inputs, &[], observer)
    }

    /// The same, but a column for which `given` has a value, by the column's id, takes that and is not computed.
    pub fn row_given<O: Observer>(
        &mut self,
        inputs: &[Value<'v>],
        given: &[Option<Value<'v>>],
        observer: &mut O,
    ) -> &[Value<'v>] {
        if !std::mem::take(&mut self.has_begun) {
            self.warnings.next_row();
        }
        if self.checked.depth > SHALLOW {
            stacker::maybe_grow(DEEP_STACK / 2, DEEP_STACK, || self.all_columns(inputs, given, observer));
        } else {
            self.all_columns(inputs, given, observer);
        }
        &self.columns
    }

    /// Begins the next row with the formulas of its inputs, so that their warnings are counted with those of
    /// [`Self::row`].
    pub fn begin_row(&mut self) {
        self.warnings.next_row();
        self.has_begun = true;
    }

    /// The rules that it evaluates.
    #[must_use]
    pub fn tree(&self) -> &'v Checked {
        self.checked
    }

    /// Computes one node of the formula of `column` for the last row, with the `LET` names as they stand.
    pub fn node(&mut self, node: &'v Node, column: ColumnId, inputs: &[Value<'v>]) -> Value<'v> {
        self.node_observed(node, column, inputs, &mut ())
    }

    /// The same, seen by `observer`.
    pub fn node_observed<O: Observer>(
        &mut self,
        node: &'v Node,
        column: ColumnId,
        inputs: &[Value<'v>],
        observer: &mut O,
    ) -> Value<'v> {
        if self.checked.depth > SHALLOW {
            return stacker::maybe_grow(DEEP_STACK / 2, DEEP_STACK, || {
                Frame { evaluation: self, inputs, column, observer }.eval(node)
            });
        }
        Frame { evaluation: self, inputs, column, observer }.eval(node)
    }

    /// The values of the `LET` names, by their slots; for [`Self::node`], which reads them.
    pub fn locals(&mut self) -> &mut [Value<'v>] {
        self.unread.fill(None);
        &mut self.locals
    }

    /// The columns of the last row, to be changed; for [`Self::node`], which reads them.
    pub fn columns(&mut self) -> &mut [Value<'v>] {
        &mut self.columns
    }

    /// The clock it computes with.
    #[must_use]
    pub fn clock(&self) -> &'v Clock {
        self.clock
    }

    /// The columns of the last row.
    #[must_use]
    pub fn values(&self) -> &[Value<'v>] {
        &self.columns
    }

    /// What was counted as a warning in the last row, each kind once for a column and an input.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        self.warnings.all()
    }

    fn all_columns<O: Observer>(
        &mut self,
        inputs: &[Value<'v>],
        given: &[Option<Value<'v>>],
        observer: &mut O,
    ) {
        for id in &self.checked.order {
            if let Some(Some(value)) = given.get(id.0 as usize) {
                self.columns[id.0 as usize] = value.clone();
                continue;
            }
            let mut frame = Frame { evaluation: self, inputs, column: *id, observer };
            let column = frame.evaluation.checked.column(*id);
            let value = frame.eval(&column.node);
            if column.is_outside_range(&value) {
                frame.warn(WarningKind::OutsideRange, None);
            }
            self.columns[id.0 as usize] = value;
        }
    }
}

/// One column of one row being computed.
struct Frame<'e, 'v, O> {
    evaluation: &'e mut Evaluation<'v>,
    inputs: &'e [Value<'v>],
    column: ColumnId,
    observer: &'e mut O,
}

impl<'v, O: Observer> Frame<'_, 'v, O> {
    fn checked(&self) -> &'v Checked {
        self.evaluation.checked
    }

    fn clock(&self) -> &'v Clock {
        self.evaluation.clock
    }

    /// The value of a node that is only read, without a copy.
    fn peek(&self, node: &'v Node) -> Option<&Value<'v>> {
        match &node.kind {
            NodeKind::Constant(value) => Some(value),
            NodeKind::Input(id) => self.inputs.get(id.0 as usize),
            NodeKind::Column(id) => self.evaluation.columns.get(id.0 as usize),
            NodeKind::Local(id) if self.evaluation.unread.get(id.0 as usize)?.is_some() => None,
            NodeKind::Local(id) => self.evaluation.locals.get(id.0 as usize),
            _ => None,
        }
    }

    fn eval(&mut self, node: &'v Node) -> Value<'v> {
        // A text of the rule is borrowed: counting its owners would make the threads wait for each other.
        if let NodeKind::Constant(Value::Text(text)) = &node.kind {
            return Value::borrowed(text.as_str());
        }
        if let Some(value) = self.peek(node) {
            return value.clone();
        }
        match &node.kind {
            NodeKind::Compare(op, sides) => self.compare(*op, &sides.0, &sides.1),
            NodeKind::Call(builtin, args) => self.call(node, builtin, args),
            NodeKind::Choose { .. }
            | NodeKind::Switch { .. }
            | NodeKind::Rescue { .. }
            | NodeKind::Coalesce(_)
            | NodeKind::Bucket { .. }
            | NodeKind::Pick { .. }
            | NodeKind::Each { .. }
            | NodeKind::Reduce { .. }
            | NodeKind::And(_)
            | NodeKind::Or(_)
            | NodeKind::Not(_)
            | NodeKind::InArms { .. }
            | NodeKind::InList { .. } => self.condition_node(node),
            NodeKind::Negate(_)
            | NodeKind::Percent(_)
            | NodeKind::AsNumber(_)
            | NodeKind::Sum(_)
            | NodeKind::Product(_)
            | NodeKind::Power(_) => self.arithmetic(node).unwrap_or_else(|error| Value::Error(error.0)),
            NodeKind::Argument(argument) => {
                self.argument(argument).unwrap_or_else(|error| Value::Error(error.0))
            }
            NodeKind::Lookup(lookup) => self.lookup(lookup),
            NodeKind::Data(id) => self.whole_data(*id).unwrap_or_else(|error| Value::Error(error.0)),
            NodeKind::Join(operands) => self.join(operands).unwrap_or_else(|error| Value::Error(error.0)),
            NodeKind::Let { bindings, body } => {
                for (local, arm) in bindings {
                    self.evaluation.unread[local.0 as usize] = Some(arm);
                }
                self.eval(body)
            }
            NodeKind::List(items, _) => {
                let items = items.iter().map(|item| self.eval(item)).collect();
                made_list(items).unwrap_or_else(|error| Value::Error(error.0))
            }
            NodeKind::Record(members) => self.record(members).unwrap_or_else(|error| Value::Error(error.0)),
            NodeKind::Access { base, steps } => self.access(node, base, steps),
            NodeKind::Local(id) => self.first_read(*id),
            NodeKind::Constant(_) | NodeKind::Input(_) | NodeKind::Column(_) => Value::Blank,
        }
    }

    /// Computes the value of a `LET` name. What no branch reads is not computed, and so has no warnings.
    fn first_read(&mut self, id: LocalId) -> Value<'v> {
        let index = id.0 as usize;
        let Some(arm) = self.evaluation.unread.get_mut(index).and_then(Option::take) else {
            return Value::Blank;
        };
        let value = self.eval(&arm.node);
        self.observer.binding(arm.site, &value);
        self.evaluation.locals[index] = value.clone();
        value
    }

    /// Gives a name of an item its value.
    fn bind(&mut self, id: LocalId, value: Value<'v>) {
        let index = id.0 as usize;
        self.evaluation.unread[index] = None;
        self.evaluation.locals[index] = value;
    }

    fn call(&mut self, node: &Node, builtin: &'static Builtin, args: &'v [Node]) -> Value<'v> {
        let base = self.evaluation.arguments.len();
        for arg in args {
            let value = self.eval(arg);
            if let (Value::Error(_), Run::Eager(_)) = (&value, &builtin.run) {
                self.evaluation.arguments.truncate(base);
                return value;
            }
            self.evaluation.arguments.push(value);
        }
        let checked = self.checked();
        let origin = |index: usize| args.get(index).and_then(|arg| checked.origin(arg));
        let call = Call::new(builtin, &self.evaluation.arguments[base..], self.clock(), &origin);
        let result = match builtin.run {
            Run::Eager(run) | Run::SeesErrors(run) => run(&call),
            Run::Form(_) => Ok(Value::Blank),
        };
        let notes = call.into_notes();
        if let Ok(item) = &result {
            self.picked_at(node, base, item);
        }
        self.evaluation.arguments.truncate(base);
        for (note, index) in notes {
            // An unread text that the formula computed comes from no column; the other side of a comparison may.
            let input = args.get(index).and_then(input_of);
            let compared =
                || args.first().filter(|_| matches!(note, Note::Incomparable(_))).and_then(input_of);
            self.warn(note.into(), input.or_else(compared));
        }
        result.unwrap_or_else(|error| Value::Error(error.0))
    }

    /// An argument as the type of its parameter. What is empty stays as it is.
    fn argument(&mut self, argument: &'v Argument) -> Result<Value<'v>, CallError> {
        let value = self.eval(&argument.value);
        if is_empty(&value) {
            return Ok(value);
        }
        let read = match argument.ty {
            Type::Number => to_exact_number(&value),
            Type::Text => to_text(&value).map(Value::Text),
            Type::Boolean => to_boolean(&value).map(Value::Boolean),
            Type::Date => to_date(&value, self.clock()).map(Value::Date),
            ty if value.ty() == ty => return Ok(value),
            _ => Err(Misfit::Kind),
        };
        read.map_err(|misfit| {
            if let Value::Error(error) = &value {
                return CallError(error.clone());
            }
            let origin = self.checked().origin(&argument.value);
            let place = Some(argument.place.as_str());
            ErrorValue::misfit(&value, origin.as_deref(), argument.ty, misfit, place).into()
        })
    }

    /// Shows the observer the item that AT picked from a list that is written out.
    fn picked_at(&mut self, node: &Node, base: usize, item: &Value<'v>) {
        let Some((items, first)) = node.picked_from() else { return };
        let position = self.evaluation.arguments.get(base + 1).and_then(|position| to_number(position).ok());
        if let Some(index) = position.and_then(|position| item_index(position, items.len())) {
            self.observer.branch(first.of_item(index), item);
        }
    }

    fn join(&mut self, operands: &'v [Node]) -> Result<Value<'v>, CallError> {
        let mut text = String::new();
        for operand in operands {
            let value = self.eval(operand);
            let part = to_text(&value).map_err(|misfit| self.misfit(operand, &value, Type::Text, misfit))?;
            text.push_str(&part);
            if text.len() > LONGEST_TEXT {
                return Err(too_long());
            }
        }
        Ok(text.into())
    }

    /// Reaching into records and lists never fails: what isn't there is Blank.
    fn access(&mut self, node: &Node, base: &'v Node, steps: &'v [Step]) -> Value<'v> {
        let mut value = self.eval(base);
        let mut first = node.picked_from().map(|(_, first)| first);
        for step in steps {
            let written = first.take();
            let next = match (step, &value) {
                (_, Value::Error(_)) => return value,
                (Step::Field(name), Value::Record(record)) => record.get(name).cloned(),
                (Step::Field(_), _) => None,
                (Step::Index(index), _) => match (self.eval(index), &value) {
                    (error @ Value::Error(_), _) => return error,
                    (Value::Text(name), Value::Record(record)) => record.get(&name).cloned(),
                    (Value::Number(at), Value::List(items)) if at >= 0.0 && at.fract() == 0.0 => {
                        let item = items.get(at as usize);
                        if let (Some(first), Some(item)) = (written, item) {
                            self.observer.branch(first.of_item(at as usize), item);
                        }
                        item.cloned()
                    }
                    _ => None,
                },
            };
            value = next.unwrap_or_default();
        }
        value
    }

    /// The value of `node` as a number.
    fn number(&mut self, node: &'v Node) -> Result<f64, CallError> {
        if let Some(Value::Number(number)) = self.peek(node) {
            return Ok(*number);
        }
        let value = self.eval(node);
        self.as_number(node, &value)
    }

    fn as_number(&mut self, node: &Node, value: &Value<'v>) -> Result<f64, CallError> {
        if has_more_digits(value) {
            self.warn(WarningKind::LostDigits, input_of(node));
        }
        to_number(value).map_err(|misfit| self.misfit(node, value, Type::Number, misfit))
    }

    fn misfit(&self, node: &Node, value: &Value<'v>, wanted: Type, misfit: Misfit) -> CallError {
        if let Value::Error(error) = value {
            return CallError(error.clone());
        }
        ErrorValue::misfit(value, self.checked().origin(node).as_deref(), wanted, misfit, None).into()
    }

    fn warn(&mut self, kind: WarningKind, input: Option<crate::check::InputId>) {
        self.evaluation.warnings.add(Warning { kind, column: self.column, input });
    }
}

/// More values than this, those of inner lists included, are refused in a list that a formula makes.
const MOST_ITEMS: usize = 1_000_000;
/// Lists that a formula makes nest no deeper than those of a row.
const DEEPEST_LIST: usize = 128;

/// A list of these values, or the first error among them. Lists are shared, not copied, so that a short formula could
/// make one that has no end to compare or to print.
fn made_list(items: Vec<Value<'_>>) -> Result<Value<'_>, CallError> {
    if let Some(error) = items.iter().find_map(Value::as_error) {
        return Err(CallError(error.clone()));
    }
    within_bounds(Value::list(items), "list")
}

/// The value, unless it has more items or levels than a value that a formula makes may have.
fn within_bounds<'v>(made: Value<'v>, what: &str) -> Result<Value<'v>, CallError> {
    if fits(&made, DEEPEST_LIST, &mut { MOST_ITEMS }) {
        return Ok(made);
    }
    let message = format!(
        "the {what} would hold more than {MOST_ITEMS} values, or nest deeper than {DEEPEST_LIST} levels"
    );
    Err(ErrorValue::value(message).into())
}

/// Whether a value nests at most `levels` deep and holds at most `room` values.
fn fits(value: &Value<'_>, levels: usize, room: &mut usize) -> bool {
    let (Some(left), Some(levels)) = (room.checked_sub(1), levels.checked_sub(1)) else { return false };
    *room = left;
    match value {
        Value::List(items) => items.iter().all(|item| fits(item, levels, room)),
        Value::Record(record) => record.members().iter().all(|(_, member)| fits(member, levels, room)),
        _ => true,
    }
}

/// The column of the row that a node reads, if it is one.
fn input_of(node: &Node) -> Option<crate::check::InputId> {
    match &node.kind {
        NodeKind::Input(id) => Some(*id),
        NodeKind::Access { base, .. } => input_of(base),
        // The keys of SORTBY and its kin come from the list.
        NodeKind::Each { each: Each::Keyed, list_and_body, .. } => input_of(&list_and_body.0),
        _ => None,
    }
}
