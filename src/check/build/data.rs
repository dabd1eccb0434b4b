//! Lookup data in formulas: `Accounts[domain].points`, `Rivals`.

use super::Builder;
use crate::check::members::Members;
use crate::check::tree::{DataId, Lookup, Node, NodeKind, SiteKind, Step};
use crate::data::Dataset;
use crate::diagnostics::{Count, DataError, Lint, did_you_mean, suggest};
use crate::span::Span;
use crate::syntax::ast::{Accessor, DataDeclaration, Expr, ExprKind};
use crate::syntax::{bare_or_braced, print_text};
use crate::types::Type;
use crate::value::{Value, is_empty, json_text, read_number};
use std::sync::Arc;

impl<'a> Builder<'a> {
    /// The data that a name means: its own, or that of a `LET` name, a parameter or a column that is only another name
    /// for it.
    pub(super) fn data_of(&self, expr: &Expr) -> Option<DataId> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        if let Some(local) = self.scope[self.hidden..].iter().rfind(|local| local.name == name) {
            return local.data;
        }
        if self.is_parameter(name) {
            return None;
        }
        self.data_named(name).or_else(|| {
            let column = self.columns.get(name.as_str()).filter(|_| self.reads_columns())?;
            self.column_data.get(&(column.0 as usize)).copied()
        })
    }

    /// The columns of data as the members of its rows.
    pub(super) fn columns_of_rows(&self, id: DataId) -> Option<Arc<Members>> {
        let data = self.declaration(id).loaded.as_deref().filter(|data| !data.is_list_of_values())?;
        Members::named(data.columns().iter().map(crate::data::Column::name))
    }

    /// Whether a name is a parameter of the function that is checked by itself.
    pub(super) fn is_parameter(&self, name: &str) -> bool {
        self.own_function.is_some_and(|own| own.params.iter().any(|param| param.name.value == name))
    }

    /// Whether names mean columns of the file here.
    fn reads_columns(&self) -> bool {
        self.open_calls == 0 && self.own_function.is_none() && !self.reads_keys
    }

    /// Reports `IF(Country = "US", US, EU)[plan]`: what is chosen is a list of rows, without its keys.
    pub(super) fn looked_up_in_choice(&mut self, base: &Node, first: &Accessor, span: Span) {
        let Accessor::Index(key) = first else { return };
        let Some(data) = self.indexed_data_in(base).filter(|_| !matches!(key.kind, ExprKind::Number(_)))
        else {
            return;
        };
        let name = bare_or_braced(&self.declaration(data).name.value);
        let key = key.span.of(self.source);
        self.findings.push(
            DataError::DataAccess {
                problem: format!("`{name}` is looked up by its key, and here it is a list of rows"),
                at: span,
                why: "always Blank".to_owned(),
                help: format!("look up first, and choose then: write `{name}[{key}]` inside"),
            }
            .into(),
        );
    }

    /// Data with keys that a formula can be as a whole.
    fn indexed_data_in(&self, node: &Node) -> Option<DataId> {
        match &node.kind {
            NodeKind::Data(id) => Some(*id)
                .filter(|id| self.declaration(*id).loaded.as_ref().is_some_and(|data| data.is_indexed())),
            NodeKind::Choose { branches, otherwise, .. } => branches
                .iter()
                .map(|branch| &branch.result)
                .chain(otherwise.iter().map(|arm| &arm.node))
                .find_map(|node| self.indexed_data_in(node)),
            NodeKind::Switch { cases, otherwise, .. } => cases
                .iter()
                .map(|case| &case.result)
                .chain(otherwise.iter().map(|arm| &arm.node))
                .find_map(|node| self.indexed_data_in(node)),
            NodeKind::Coalesce(arms) => arms.iter().find_map(|arm| self.indexed_data_in(&arm.node)),
            NodeKind::Rescue { value, .. } => self.indexed_data_in(&value.node),
            NodeKind::Let { body, .. } => self.indexed_data_in(body),
            _ => None,
        }
    }

    /// Reports a function that looks for a key in data as it does in a list: `website IN Accounts`, `GET(Accounts,
    /// website)`.
    pub(super) fn searched_as_list(&mut self, list: &Node, needle: &Expr, is_get: bool, span: Span) {
        let NodeKind::Data(id) = list.kind else { return };
        let declaration = self.declaration(id);
        let Some(data) = declaration.loaded.as_deref().filter(|data| !data.is_list_of_values()) else {
            return;
        };
        let (name, needle) = (bare_or_braced(&declaration.name.value), needle.span.of(self.source));
        let lookup = format!("{name}[{needle}]");
        let help = match (data.is_indexed(), is_get) {
            (true, true) => format!("write `{lookup}`"),
            (true, false) => format!("write `ISNOTEMPTY({lookup})`"),
            (false, true) => return,
            (false, false) => {
                let column = data.columns().first().map_or("", crate::data::Column::name);
                format!("write `ANY({name}, row, row.{} = {needle})`", bare_or_braced(column))
            }
        };
        self.findings.push(
            DataError::DataAccess {
                problem: format!("the items of `{name}` are whole rows"),
                at: span,
                why: if is_get { "always Blank" } else { "never found" }.to_owned(),
                help,
            }
            .into(),
        );
    }

    pub(super) fn data_named(&self, name: &str) -> Option<DataId> {
        let data = &self.functions.data;
        data.iter().position(|data| data.name.value == name).map(|index| DataId(index as u32))
    }

    /// Data as a whole: the list of its rows.
    pub(super) fn whole_data(id: DataId, span: Span) -> Node {
        Node::new(NodeKind::Data(id), span, Type::List)
    }

    fn declaration(&self, id: DataId) -> &'a DataDeclaration {
        &self.functions.data[id.0 as usize]
    }

    /// `Accounts[domain].points`
    pub(super) fn data_access(&mut self, id: DataId, base: Span, path: &'a [Accessor], span: Span) -> Node {
        let declaration = self.declaration(id);
        let Some(data) = declaration.loaded.as_deref() else { return self.unloaded(path, span) };
        if !data.is_indexed() {
            return self.item_of_data(id, data, base, path, span);
        }
        let wanted = data.key_columns().count();
        let keys: Vec<&'a Expr> = path
            .iter()
            .map_while(|step| if let Accessor::Index(key) = step { Some(key) } else { None })
            .take(wanted)
            .collect();
        if keys.len() < wanted {
            self.findings.push(missing_key(declaration, data, path, keys.len(), span).into());
            return self.unloaded(path, span);
        }
        let keys: Vec<Node> = keys.into_iter().map(|key| self.node(key)).collect();
        self.keys_that_no_row_has(declaration, data, &keys, span);
        let mut rest = &path[wanted..];
        let mut column = data.answer();
        if column.is_some() {
            self.field_of_value(declaration, rest, span);
        } else if let Some(step) = rest.first() {
            column = self.column_of(declaration, data, step);
            rest = &rest[usize::from(column.is_some())..];
        }
        let ty = column.map_or(Type::Record, |column| data.type_of(column));
        let site = self.site(SiteKind::Lookup, span);
        let lookup = Lookup { data: id, keys, column, site };
        let names = data.columns().iter().map(crate::data::Column::name);
        let members = if column.is_none() { Members::named(names) } else { None };
        let node = Node { members, ..Node::new(NodeKind::Lookup(Box::new(lookup)), span, ty) };
        self.stepped(node, rest, span)
    }

    /// `Prices["UK"]` where no row has this key, and `Country[Country]` where the data hides the column of the row.
    fn keys_that_no_row_has(
        &mut self,
        declaration: &DataDeclaration,
        data: &Dataset,
        keys: &[Node],
        span: Span,
    ) {
        let name = bare_or_braced(&declaration.name.value);
        if let Some(own) = keys.iter().find(|key| matches!(key.kind, NodeKind::Data(_))) {
            let hidden = own.span.of(self.source);
            self.findings.push(
                DataError::DataAccess {
                    problem: format!("`{hidden}` is the lookup data here, not the column of the row"),
                    at: own.span,
                    why: "a list of rows is no key".to_owned(),
                    help: format!("give the data `{hidden}` another name"),
                }
                .into(),
            );
            return;
        }
        let constant = |key: &Node| match &key.kind {
            NodeKind::Constant(value) => Some(value.clone()),
            _ => None,
        };
        let Some(values) = keys.iter().map(constant).collect::<Option<Vec<_>>>() else { return };
        if values.iter().any(is_empty) || data.find(&values, &self.clock).is_some() {
            return;
        }
        let wanted = values.iter().map(json_text).collect::<Vec<_>>().join(", ");
        let near = match (&values[..], data.key_columns().next()) {
            ([Value::Text(text)], Some(column)) => {
                let known: Vec<String> = column
                    .distinct()
                    .iter()
                    .filter_map(|row| {
                        if let Value::Text(text) = column.value(*row) { Some(text.to_string()) } else { None }
                    })
                    .collect();
                suggest(text, known.iter().map(String::as_str)).first().map(|near| print_text(near))
            }
            _ => None,
        };
        let help = near.map_or_else(
            || "write a key that the data has, or add a row".to_owned(),
            |near| format!("did you mean the key `{near}`?"),
        );
        self.findings.push(Lint::MissingKey { data: name, key: wanted, at: span, help }.into());
    }

    /// Reports a cell that is no number in a column that is read as numbers.
    pub(super) fn reads_cells_as_numbers(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Coalesce(arms) => arms.iter().for_each(|arm| self.reads_cells_as_numbers(&arm.node)),
            NodeKind::AsNumber(node) => self.reads_cells_as_numbers(node),
            NodeKind::Lookup(lookup) if !self.rescued => self.mixed_column(lookup, node.span),
            _ => {}
        }
    }

    fn mixed_column(&mut self, lookup: &Lookup, at: Span) {
        let declaration = self.declaration(lookup.data);
        let (Some(data), Some(index)) = (declaration.loaded.as_deref(), lookup.column) else { return };
        let column = &data.columns()[index];
        if column.ty() != Type::Any || self.mixed.contains(&(lookup.data, index)) {
            return;
        }
        let (mut numbers, mut texts) = (0, Vec::new());
        for row in 0..data.len() {
            match column.value(row) {
                Value::Text(text) if read_number(&text).is_none() => texts.push((row, text)),
                Value::Text(_) | Value::Number(_) | Value::Digits(_) => numbers += 1,
                _ => {}
            }
        }
        let Some((row, text)) = texts.first().filter(|_| numbers > texts.len()) else { return };
        self.mixed.insert((lookup.data, index));
        let line = data.line(*row).map(|line| format!(" on line {line}")).unwrap_or_default();
        let found = Lint::MixedColumn {
            name: column.name().to_owned(),
            problem: format!(
                "is a number in {} of {}, and {}{line}",
                Count(numbers, "row"),
                declaration.quoted(),
                print_text(text)
            ),
            at,
        };
        self.findings.push(found.into());
    }

    /// `Points[Industry].points` where `Points` has a value for each key
    fn field_of_value(&mut self, declaration: &DataDeclaration, rest: &[Accessor], span: Span) {
        let Some(Accessor::Field(field)) = rest.first() else { return };
        let name = bare_or_braced(&declaration.name.value);
        let before = Span::new(span.start as usize, field.span.start as usize).of(self.source);
        let lookup = before.trim_end_matches(['.', '?', '{', ' ']);
        let problem = format!("the values of `{name}` have no members");
        let (at, why, help) =
            (field.span, "the value is not a record".to_owned(), format!("write `{lookup}`"));
        self.findings.push(DataError::DataAccess { problem, at, why, help }.into());
    }

    /// `Bands[0].label`
    fn item_of_data(
        &mut self,
        id: DataId,
        data: &Dataset,
        base: Span,
        path: &'a [Accessor],
        span: Span,
    ) -> Node {
        match path {
            [Accessor::Index(_), field @ Accessor::Field(_), ..] => {
                self.column_of(self.declaration(id), data, field);
            }
            [Accessor::Field(field), ..] => {
                let name = bare_or_braced(&self.declaration(id).name.value);
                let column = bare_or_braced(&field.value);
                let error = DataError::DataAccess {
                    problem: format!("`{name}` is a list of rows, which has no `{column}`"),
                    at: field.span,
                    why: "always Blank".to_owned(),
                    help: format!("for the list of its values, write `MAP({name}, row, row.{column})`"),
                };
                self.findings.push(error.into());
            }
            _ => {}
        }
        let node = Self::whole_data(id, base);
        self.stepped(node, path, span)
    }

    /// The column that a step of a path means. A name of none is reported.
    fn column_of(&mut self, declaration: &DataDeclaration, data: &Dataset, step: &Accessor) -> Option<usize> {
        let (name, at) = match step {
            Accessor::Field(field) => (&field.value, field.span),
            Accessor::Index(Expr { kind: ExprKind::Text(name), span }) => (name, *span),
            Accessor::Index(_) => return None,
        };
        let column = data.column(name);
        if column.is_none() && !data.is_list_of_values() {
            let names: Vec<&str> = data.columns().iter().map(crate::data::Column::name).collect();
            let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
            let help = did_you_mean(&suggest(name, names.iter().copied()));
            let help = help.unwrap_or_else(|| format!("its columns are {}", shown.join(", ")));
            let (file, name) = (declaration.quoted(), name.clone());
            self.findings.push(DataError::UnknownDataColumn { file, name, at, help }.into());
        }
        column
    }

    fn stepped(&mut self, base: Node, path: &'a [Accessor], span: Span) -> Node {
        if path.is_empty() {
            return base;
        }
        let steps = path.iter().map(|accessor| match accessor {
            Accessor::Field(name) => Step::Field(name.value.clone()),
            Accessor::Index(index) => Step::Index(self.node(index)),
        });
        let steps = steps.collect();
        Node::new(NodeKind::Access { base: Box::new(base), steps }, span, Type::Any)
    }

    /// The node of an invalid lookup. Its keys are still checked.
    fn unloaded(&mut self, path: &'a [Accessor], span: Span) -> Node {
        for accessor in path {
            if let Accessor::Index(index) = accessor {
                self.node(index);
            }
        }
        Node::new(NodeKind::Constant(Value::Blank), span, Type::Any)
    }
}

/// `Accounts.points`, `Prices["US"]` where a plan is a key as well
fn missing_key(
    declaration: &DataDeclaration,
    data: &Dataset,
    path: &[Accessor],
    given: usize,
    at: Span,
) -> DataError {
    let name = bare_or_braced(&declaration.name.value);
    let columns: Vec<String> = data.key_columns().map(|column| bare_or_braced(column.name())).collect();
    let keys = format!("[{}]", columns.join("]["));
    let field = match path.get(given) {
        Some(Accessor::Field(field)) => format!(".{}", bare_or_braced(&field.value)),
        _ => String::new(),
    };
    let found = match given {
        0 => "none is given".to_owned(),
        _ => format!("{} given", Count(given, "key is").to_string().replace("keys is", "keys are")),
    };
    // `Points.Software`, where this is a key.
    let own_key = match path.first() {
        Some(Accessor::Field(field)) if columns.len() == 1 && data.column(&field.value).is_none() => {
            Some(format!("write `{name}[{}]`", print_text(&field.value)))
        }
        _ => None,
    };
    DataError::DataAccess {
        problem: format!("`{name}` is looked up by {}, and {found}", Count(columns.len(), "key")),
        at,
        why: format!("{} belongs in brackets", columns[given.min(columns.len() - 1)]),
        help: own_key.unwrap_or_else(|| format!("write the value of each key: `{name}{keys}{field}`")),
    }
}
