//! Lookup data in formulas: `Accounts[domain].points`, `Rivals`.

use super::Builder;
use crate::check::members::Members;
use crate::check::tree::{DataId, Lookup, Node, NodeKind, SiteKind, Step};
use crate::data::Dataset;
use crate::diagnostics::{Count, DataError, did_you_mean, suggest};
use crate::span::Span;
use crate::syntax::ast::{Accessor, DataDeclaration, Expr, ExprKind};
use crate::syntax::bare_or_braced;
use crate::types::Type;
use crate::value::Value;

impl<'a> Builder<'a> {
    /// The data that a name means, where no `LET` name hides it.
    pub(super) fn data_of(&self, expr: &Expr) -> Option<DataId> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        let is_hidden = self.scope[self.hidden..].iter().any(|local| local.name == name);
        self.data_named(name).filter(|_| !is_hidden)
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
        if let [Accessor::Index(_), field @ Accessor::Field(_), ..] = path {
            self.column_of(self.declaration(id), data, field);
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
    DataError::DataAccess {
        problem: format!("`{name}` is looked up by {}, and {found}", Count(columns.len(), "key")),
        at,
        why: format!("{} belongs in brackets", columns[given.min(columns.len() - 1)]),
        help: format!("write the value of each key: `{name}{keys}{field}`"),
    }
}
