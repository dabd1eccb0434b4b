//! Declared inputs, their formulas and the keys of the row that these read.

use super::Builder;
use crate::builtins::DateFormat;
use crate::check::input::{Input, InputFrom, InputId};
use crate::check::kinds::KindSet;
use crate::check::tree::{ColumnId, Node, NodeKind};
use crate::check::uses::Use;
use crate::diagnostics::CheckError;
use crate::span::{Span, Spanned};
use crate::syntax::ast::{Expr, InputDeclaration, InputPath, InputSource};
use crate::types::Type;

impl<'a> Builder<'a> {
    /// Adds the inputs that the file declares, and then the keys that their formulas read.
    pub(super) fn declare_inputs(&mut self) {
        for input in &self.file.inputs {
            let id = self.declare(input);
            let ty = input.ty.value;
            if !matches!(ty, Type::Any | Type::Blank) {
                let why = format!("declared as {ty}");
                let at = input.name.span.to(input.ty.span);
                self.uses.push(Use { input: id, kinds: KindSet::declared(ty), at, why });
            }
        }
        self.reads_keys = true;
        for (id, input) in (0..).map(InputId).zip(&self.file.inputs) {
            if let Some(InputSource::Formula(formula)) = &input.source {
                self.declared_formula(id, input, formula);
            }
        }
        self.reads_keys = false;
    }

    fn declare(&mut self, input: &InputDeclaration) -> InputId {
        let name = &input.name.value;
        let path = match &input.source {
            Some(InputSource::Path(path)) => path.clone(),
            _ => InputPath { key: name.clone(), steps: Vec::new() },
        };
        let format = input.format.as_ref().and_then(|format| self.date_format(format));
        let id = self.add_input(Input {
            name: name.clone(),
            from: InputFrom::Path(path),
            format,
            is_raw: false,
            declared: input.ty.value,
            span: input.name.span,
            kinds: KindSet::ANY,
        });
        self.by_name.insert(name.clone(), id);
        id
    }

    fn date_format(&mut self, format: &Spanned<String>) -> Option<DateFormat> {
        let read = DateFormat::new(&format.value);
        read.map_err(|rejected| {
            let error = CheckError::InvalidDateFormat {
                problem: rejected.problem,
                at: format.span,
                help: rejected.help,
            };
            self.findings.push(error.into());
        })
        .ok()
    }

    fn declared_formula(&mut self, id: InputId, input: &'a InputDeclaration, formula: &'a Expr) {
        self.column = ColumnId(self.file.columns.len() as u32 + id.0);
        let node = self.node(formula);
        let why = format!("`{}` is declared as {}", input.name.value, input.ty.value.with_article());
        self.wants(&node, input.ty.value, &why, Some(input.ty.span));
        self.inputs[id.0 as usize].from = InputFrom::Formula(node);
    }

    /// A name in the formula of an input, which is a key of the row.
    pub(super) fn key(&mut self, name: &str, span: Span) -> Node {
        let id = self.raw_by_key.get(name).copied().unwrap_or_else(|| {
            let id = self.add_key(name, span);
            self.inputs[id.0 as usize].is_raw = true;
            self.raw_by_key.insert(name.to_owned(), id);
            id
        });
        Node::new(NodeKind::Input(id), span, Type::Any)
    }

    /// Adds a key of the row that is not declared.
    pub(super) fn add_key(&mut self, name: &str, span: Span) -> InputId {
        self.add_input(Input {
            name: name.to_owned(),
            from: InputFrom::Path(InputPath { key: name.to_owned(), steps: Vec::new() }),
            format: None,
            is_raw: false,
            declared: Type::Any,
            span,
            kinds: KindSet::ANY,
        })
    }

    fn add_input(&mut self, input: Input) -> InputId {
        self.inputs.push(input);
        InputId(self.inputs.len() as u32 - 1)
    }
}
