//! A rule beside the shapes of the rows it was compared with: every node with its scope, and the place it reads.

use super::domain::Domains;
use super::memo::Memo;
use super::tests_of_kind::Long;
use crate::builtins::Each;
use crate::check::{ColumnId, InputId, LocalId, Node, NodeKind, Step};
use crate::rules::Rules;
use crate::span::Span;
use crate::syntax::ast::PathStep;
use crate::tools::shape::{Shape, ShapeStep};
use crate::tools::spelled::{Spellings, call, holds};
use crate::types::Type;
use crate::value::{Clock, Text, Value};
use std::cell::Cell;
use std::rc::Rc;

/// Evaluations of literals and functions that one comparison may take.
const MOST_WORK: u64 = 4_000_000;
/// Columns and names that a place is followed through.
const MOST_HOPS: usize = 40;

/// A rule and the rows it is compared with.
pub(super) struct Bench<'r> {
    pub(super) rules: &'r Rules,
    pub(super) clock: &'r Clock,
    /// What the rows have under each of the rule's keys.
    pub(super) shapes: &'r [Shape],
    /// Rows that could be read.
    pub(super) rows: u64,
    /// Every node of the columns, each before those inside it.
    pub(super) sites: Vec<Site<'r>>,
    /// Every node of the formulas of inputs.
    pub(super) input_sites: Vec<Site<'r>>,
    work: Cell<u64>,
    spelled: Memo<'r, Spellings<'r>>,
    pub(super) long: Memo<'r, Long<'r>>,
    pub(super) domains: Domains<'r>,
    /// Every call with an argument that is a place of the rows.
    calls: Vec<(&'static str, ColumnId, Place<'r>)>,
}

/// A node of the rule, with what surrounds it.
pub(super) struct Site<'r> {
    pub(super) node: &'r Node,
    /// The node around it, by its index.
    pub(super) parent: Option<usize>,
    pub(super) column: ColumnId,
    pub(super) scope: Scope<'r>,
}

/// The names in scope, innermost first.
pub(super) type Scope<'r> = Option<Rc<Frame<'r>>>;

/// One name in scope.
pub(super) struct Frame<'r> {
    local: LocalId,
    pub(super) bound: Bound<'r>,
    pub(super) outer: Scope<'r>,
}

/// What a name stands for.
#[derive(Clone, Copy)]
pub(super) enum Bound<'r> {
    /// The value of a `LET` name.
    Value(&'r Node),
    /// An item of a list.
    Item(&'r Node),
    /// The total of REDUCE.
    Total,
}

/// Where in a row a node's value comes from, unchanged.
#[derive(Clone, Debug)]
pub(super) struct Place<'r> {
    /// The key, by its index among those of the rule.
    pub(super) key: usize,
    pub(super) steps: Vec<ShapeStep<'r>>,
    /// What holds the value while the rule is evaluated.
    pub(super) variable: Variable,
    /// The steps from the variable; `None` where the value can't be put there.
    pub(super) inner: Option<Vec<Inner<'r>>>,
}

/// How far the place of a node is followed.
#[derive(Clone, Copy)]
struct Follow {
    /// Columns and names left to go through.
    hops: usize,
    /// Whether the items that FILTER keeps count as items of its list.
    filters: bool,
}

/// What holds a value while the rule is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    Input(InputId),
    Local(LocalId),
}

/// A step from a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inner<'r> {
    Field(&'r str),
    Index(usize),
}

impl Place<'_> {
    /// Whether both are the same place of a row.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.key == other.key && self.steps == other.steps
    }

    /// The input whose value it is, rather than a part of one.
    pub(super) fn whole_input(&self) -> Option<InputId> {
        match self.variable {
            Variable::Input(id) if self.inner.as_ref().is_some_and(Vec::is_empty) => Some(id),
            _ => None,
        }
    }

    /// Whether its values are items of a list, so that a row can have several.
    pub(super) fn is_in_list(&self) -> bool {
        self.steps.contains(&ShapeStep::Item)
    }
}

impl<'r> Bench<'r> {
    pub(super) fn new(rules: &'r Rules, clock: &'r Clock, shapes: &'r [Shape], rows: u64) -> Self {
        let tree = rules.tree();
        let (mut sites, mut input_sites) = (Vec::new(), Vec::new());
        for (id, column) in (0..).map(ColumnId).zip(&tree.columns) {
            collect(&mut sites, &column.node, None, id, &None);
        }
        for (id, input) in (tree.columns.len() as u32..).map(ColumnId).zip(&tree.inputs) {
            if let Some(formula) = input.formula() {
                collect(&mut input_sites, formula, None, id, &None);
            }
        }
        let mut bench = Self {
            rules,
            clock,
            shapes,
            rows,
            sites,
            input_sites,
            work: Cell::new(0),
            spelled: Memo::default(),
            long: Memo::default(),
            domains: Domains::default(),
            calls: Vec::new(),
        };
        bench.calls = bench.sites.iter().flat_map(|site| bench.calls_of(site)).collect();
        bench
    }

    /// The nodes around a site, innermost first.
    pub(super) fn around<'b>(&'b self, site: &Site<'r>) -> impl Iterator<Item = &'b Site<'r>> {
        let is_input = site.column.0 as usize >= self.rules.tree().columns.len();
        let sites = if is_input { &self.input_sites } else { &self.sites };
        let parent = |site: &Site<'r>| site.parent.and_then(|index| sites.get(index));
        std::iter::successors(parent(site), move |site| parent(site))
    }

    /// The place of the row whose value the node is.
    pub(super) fn place(&self, node: &'r Node, scope: &Scope<'r>) -> Option<Place<'r>> {
        self.place_within(node, scope, Follow { hops: MOST_HOPS, filters: false })
    }

    /// The same, where FILTER is followed too: the place then has items that the node leaves out.
    pub(super) fn place_before_filters(&self, node: &'r Node, scope: &Scope<'r>) -> Option<Place<'r>> {
        self.place_within(node, scope, Follow { hops: MOST_HOPS, filters: true })
    }

    fn place_within(&self, node: &'r Node, scope: &Scope<'r>, follow: Follow) -> Option<Place<'r>> {
        let follow = Follow { hops: follow.hops.checked_sub(1)?, ..follow };
        match &node.kind {
            NodeKind::Input(id) => self.place_of_input(*id),
            NodeKind::Column(id) => self.place_within(&self.rules.tree().column(*id).node, &None, follow),
            NodeKind::Local(id) => {
                let frame = frame_of(scope, *id)?;
                match frame.bound {
                    Bound::Value(value) => self.place_within(value, &frame.outer, follow),
                    Bound::Total => None,
                    Bound::Item(list) => {
                        let mut place = self.place_within(list, &frame.outer, follow)?;
                        place.steps.push(ShapeStep::Item);
                        Some(Place { variable: Variable::Local(*id), inner: Some(Vec::new()), ..place })
                    }
                }
            }
            NodeKind::Access { base, steps } => {
                let mut place = self.place_within(base, scope, follow)?;
                steps.iter().for_each(|step| reach(&mut place, step));
                Some(place)
            }
            NodeKind::Each { each: Each::Filter, list_and_body, .. } if follow.filters => {
                let place = self.place_within(&list_and_body.0, scope, follow)?;
                Some(Place { inner: None, ..place })
            }
            NodeKind::Call(builtin, args) => {
                let list = args.first()?;
                let mut place = match builtin.name {
                    "FIRST" | "LAST" | "AT" | "SORT" | "UNIQUE" | "COMPACT" => {
                        self.place_within(list, scope, follow)?
                    }
                    _ => return None,
                };
                if ["FIRST", "LAST", "AT"].contains(&builtin.name) {
                    place.steps.push(ShapeStep::Item);
                }
                Some(Place { inner: None, ..place })
            }
            _ => None,
        }
    }

    /// The place that an input is read from; nothing if a formula computes it.
    pub(super) fn place_of_input(&self, id: InputId) -> Option<Place<'r>> {
        let path = self.rules.tree().input(id).path()?;
        let steps = path.steps.iter().map(|step| match step {
            PathStep::Field(name) => ShapeStep::Field(name),
            PathStep::Index(_) => ShapeStep::Item,
        });
        Some(Place {
            key: self.rules.key_of_input(id.0 as usize)?,
            steps: steps.collect(),
            variable: Variable::Input(id),
            inner: Some(Vec::new()),
        })
    }

    /// What the rows have at a place.
    pub(super) fn shape(&self, place: &Place<'r>) -> Option<&'r Shape> {
        self.shapes.get(place.key)?.inside(&place.steps)
    }

    /// The node as the rule spells it, on one line.
    pub(super) fn written(&self, node: &Node) -> String {
        self.text_of(node.span)
    }

    /// The text of the rule at a span, on one line.
    pub(super) fn text_of(&self, span: Span) -> String {
        crate::tools::words::whole_line(self.rules.tree().source.text(), span)
    }

    /// `3 of 4 rows`, or of the values of lists.
    pub(super) fn share(&self, place: &Place<'r>, count: u64) -> String {
        if place.is_in_list() {
            let all = self.shape(place).map_or(count, |shape| shape.count);
            return format!("{count} of {}", crate::diagnostics::Count(all as usize, "list item"));
        }
        format!("{count} of {}", crate::diagnostics::Count(self.rows as usize, "row"))
    }

    /// The places that are arguments of a call.
    fn calls_of(&self, site: &Site<'r>) -> Vec<(&'static str, ColumnId, Place<'r>)> {
        let NodeKind::Call(builtin, args) = &site.node.kind else { return Vec::new() };
        let places = args.iter().filter_map(|arg| self.place(arg, &site.scope));
        places.map(|place| (builtin.name, site.column, place)).collect()
    }

    /// Whether a formula of the rule calls one of these functions on this place.
    pub(super) fn calls_on(&self, place: &Place<'r>, names: &[&str], column: Option<ColumnId>) -> bool {
        self.calls.iter().any(|(name, own, called)| {
            names.contains(name) && column.is_none_or(|column| column == *own) && called.is(place)
        })
    }

    /// Whether the rule alone has a warning inside this span.
    pub(super) fn has_warning(&self, span: Span) -> bool {
        let inside = span.start as usize..span.end as usize;
        self.rules.warnings().iter().any(|warning| inside.contains(&warning.offset()))
    }

    /// Takes `amount` off the work that the comparison may take; `false` where none is left.
    pub(super) fn spend(&self, amount: u64) -> bool {
        self.work.set(self.work.get() + amount);
        self.work.get() <= MOST_WORK
    }

    /// Whether the work that the comparison may take was used up, so that some literals were not compared.
    pub(super) fn is_cut(&self) -> bool {
        self.work.get() > MOST_WORK
    }

    /// The result of a function for these arguments, unless it is an error.
    pub(super) fn call<'v>(&self, name: &str, args: &[Value<'v>]) -> Option<Value<'v>> {
        call(self.clock, name, args)
    }

    /// Whether a place is an input that is declared as a list or record, and so reads text that is one in JSON.
    pub(super) fn reads_json(&self, place: &Place<'r>) -> bool {
        match place.variable {
            Variable::Input(id) if place.steps.is_empty() => {
                matches!(self.rules.tree().input(id).declared, Type::List | Type::Record)
            }
            _ => false,
        }
    }

    /// Whether a function of one text is TRUE of it.
    pub(super) fn holds(&self, name: &str, text: &str) -> bool {
        holds(self.clock, name, text)
    }

    /// What the texts at a place spell.
    pub(super) fn spellings(&self, place: &Place<'r>) -> Option<Rc<Spellings<'r>>> {
        let shape = self.shape(place)?;
        Some(self.spelled.of(place, || {
            let texts = shape.values.texts().map(|(text, count)| (Text::Borrowed(text), count));
            Spellings::of_texts(self.clock, texts.filter(|(text, _)| self.stays_text(place, text)).collect())
        }))
    }

    /// Whether a text at a place is still text after it has been read as the input that the place is.
    fn stays_text(&self, place: &Place<'r>, text: &Text<'r>) -> bool {
        let Some(input) = place.whole_input() else { return true };
        matches!(self.rules.read_input(input, Value::Text(text.clone()), self.clock), Value::Text(_))
    }
}

/// Adds a node and those inside it to the sites of a formula.
fn collect<'r>(
    sites: &mut Vec<Site<'r>>,
    node: &'r Node,
    parent: Option<usize>,
    column: ColumnId,
    scope: &Scope<'r>,
) {
    let own = Some(sites.len());
    sites.push(Site { node, parent, column, scope: scope.clone() });
    let within = |local, bound, outer: &Scope<'r>| -> Scope<'r> {
        Some(Rc::new(Frame { local, bound, outer: outer.clone() }))
    };
    match &node.kind {
        NodeKind::Let { bindings, body } => {
            let mut scope = scope.clone();
            for (local, arm) in bindings {
                collect(sites, &arm.node, own, column, &scope);
                scope = within(*local, Bound::Value(&arm.node), &scope);
            }
            collect(sites, body, own, column, &scope);
        }
        NodeKind::Each { list_and_body, local, .. } => {
            collect(sites, &list_and_body.0, own, column, scope);
            let inner = within(*local, Bound::Item(&list_and_body.0), scope);
            collect(sites, &list_and_body.1, own, column, &inner);
        }
        NodeKind::Reduce { list_start_formula, total, item } => {
            let [list, start, formula] = &**list_start_formula;
            collect(sites, list, own, column, scope);
            collect(sites, start, own, column, scope);
            let inner = within(*total, Bound::Total, scope);
            let inner = within(*item, Bound::Item(list), &inner);
            collect(sites, formula, own, column, &inner);
        }
        _ => node.children().into_iter().for_each(|child| collect(sites, child, own, column, scope)),
    }
}

/// The frame of a name.
pub(super) fn frame_of<'s, 'r>(scope: &'s Scope<'r>, local: LocalId) -> Option<&'s Frame<'r>> {
    let mut frames = std::iter::successors(scope.as_deref(), |frame| frame.outer.as_deref());
    frames.find(|frame| frame.local == local)
}

/// Follows one step from a place.
fn reach<'r>(place: &mut Place<'r>, step: &'r Step) {
    let (outer, inner) = match step {
        Step::Field(name) => (ShapeStep::Field(name), Some(Inner::Field(name))),
        Step::Index(node) => match &node.kind {
            NodeKind::Constant(Value::Text(name)) => {
                (ShapeStep::Field(name.as_str()), Some(Inner::Field(name.as_str())))
            }
            NodeKind::Constant(Value::Number(at)) if (0.0..100.0).contains(at) => {
                (ShapeStep::Item, Some(Inner::Index(*at as usize)))
            }
            _ => (ShapeStep::Item, None),
        },
    };
    place.steps.push(outer);
    place.inner = place.inner.take().zip(inner).map(|(mut steps, step)| {
        steps.push(step);
        steps
    });
}
