//! What a rule file gets from the files that it imports: their functions and lookup data, and of their private columns
//! and inputs those that its formulas read, directly or through other private columns.

use super::order::names_in;
use crate::diagnostics::{CheckError, Diagnostic, Lint, UseError};
use crate::span::Span;
use crate::syntax::ast::{ColumnDefinition, Import, InputDeclaration, RuleFile};
use crate::syntax::{TokenKind, bare_or_braced, tokenize};
use crate::types::Type;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Adds to a file what it gets from its imports. Each definition keeps its place in the text of its own file.
pub fn adopt(file: &mut RuleFile, findings: &mut Vec<Diagnostic>) {
    if file.imports.is_empty() {
        return;
    }
    let mut imports = std::mem::take(&mut file.imports);
    imports.iter().for_each(|import| super::duplicates(&import.file, findings));
    let adopted = Adoption::of(file, &imports, findings).finish();
    file.columns.extend(adopted.columns);
    file.inputs.extend(adopted.inputs);
    // What follows from two declarations that contradict each other is not reported.
    for input in file.inputs.iter_mut().filter(|input| adopted.conflicts.contains(&input.name.value)) {
        input.ty.value = Type::Any;
    }
    for import in &mut imports {
        file.functions.append(&mut import.file.functions);
        file.data.append(&mut import.file.data);
        file.blanks.append(&mut import.file.blanks);
        import.file.columns.clear();
    }
    file.imports = imports;
}

/// Returns a warning for each `use` line of a file whose imports define nothing that the file mentions. A file without a
/// column that is written out is there to be imported, and can pass on what it does not use itself.
#[must_use]
pub fn unused(file: &RuleFile, text: &str) -> Vec<Lint> {
    if file.uses.is_empty() || file.columns.iter().all(|column| column.is_private) {
        return Vec::new();
    }
    let words = words(text, file);
    let is_mentioned = |name: &str| words.contains(&format!(" {} ", name.to_lowercase()));
    let index: HashMap<&str, usize> = by_id(&file.imports);
    let is_used = |id: &str| {
        reachable(&file.imports, &index, id).into_iter().any(|import| {
            let own = &file.imports[import].file;
            let functions = own.functions.iter().map(|one| &one.name.value);
            let data = own.data.iter().map(|one| &one.name.value);
            let columns = own.columns.iter().map(|one| &one.name.value);
            let inputs = own.inputs.iter().map(|one| &one.name.value);
            !own.blanks.is_empty()
                || functions.chain(data).chain(columns).chain(inputs).any(|name| is_mentioned(name))
        })
    };
    let unused = file.uses.iter().filter(|one| one.id.as_ref().is_some_and(|id| !is_used(id)));
    unused.map(|one| Lint::UnusedUse { file: one.file.value.clone(), at: one.span }).collect()
}

/// The words of a text in lower case, those of its comments included, with a blank between them. `use` lines are left out.
fn words(text: &str, file: &RuleFile) -> String {
    let is_use = |at: usize| file.uses.iter().any(|one| one.span.contains(at));
    let tokens = tokenize(text).into_iter().filter(|token| !is_use(token.span.start as usize));
    let texts = tokens.map(|token| match token.kind {
        TokenKind::QuotedName => token.text(text).trim_matches(['{', '}']).trim(),
        _ => token.text(text),
    });
    let mut words = String::from(" ");
    for part in texts {
        part.split(|next: char| !next.is_alphanumeric() && next != '_')
            .filter(|word| !word.is_empty())
            .for_each(|word| {
                words.push_str(&word.to_lowercase());
                words.push(' ');
            });
    }
    words
}

fn by_id(imports: &[Import]) -> HashMap<&str, usize> {
    imports.iter().enumerate().map(|(index, import)| (import.id.as_str(), index)).collect()
}

/// The imports that the file of an id reaches, itself included.
fn reachable(imports: &[Import], index: &HashMap<&str, usize>, id: &str) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open: Vec<usize> = index.get(id).copied().into_iter().collect();
    while let Some(import) = open.pop() {
        if found.insert(import) {
            open.extend(used(imports, index, import));
        }
    }
    found
}

/// The imports that an import names itself.
fn used<'i>(
    imports: &'i [Import],
    index: &'i HashMap<&str, usize>,
    import: usize,
) -> impl Iterator<Item = usize> + 'i {
    let uses = imports[import].file.uses.iter().filter_map(|one| one.id.as_deref());
    uses.filter_map(|id| index.get(id).copied())
}

/// A column or an input of an imported file: the index of the import, and its own index among those of the file.
type Place = (usize, usize);

/// What an imported file defines under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Private(usize),
    Data,
    Input(usize),
    /// A column that is written out, which other files can't read.
    Public(usize),
}

/// The search for what is read.
struct Adoption<'a> {
    file: &'a RuleFile,
    imports: &'a [Import],
    by_id: HashMap<&'a str, usize>,
    /// The columns, inputs and data of the file itself.
    own: HashMap<&'a str, Span>,
    /// What imports define under each name: the import, what, and where.
    defined: HashMap<&'a str, Vec<(usize, Kind, Span)>>,
    /// Whether an import reaches another.
    reach: HashMap<(usize, usize), bool>,
    columns: BTreeSet<Place>,
    inputs: BTreeSet<Place>,
    /// Names that imports read as columns of the row: the import, the name, and where.
    rows: Vec<(usize, &'a str, Span)>,
    open: Vec<Place>,
    findings: &'a mut Vec<Diagnostic>,
}

/// What a file gets.
struct Adopted {
    columns: Vec<ColumnDefinition>,
    inputs: Vec<InputDeclaration>,
    /// The names of inputs that are declared differently.
    conflicts: Vec<String>,
}

impl<'a> Adoption<'a> {
    fn of(file: &'a RuleFile, imports: &'a [Import], findings: &'a mut Vec<Diagnostic>) -> Self {
        let mut adoption = Self {
            file,
            imports,
            by_id: by_id(imports),
            own: definitions(file).map(|(name, _, at)| (name, at)).collect(),
            defined: HashMap::new(),
            reach: HashMap::new(),
            columns: BTreeSet::new(),
            inputs: BTreeSet::new(),
            rows: Vec::new(),
            open: Vec::new(),
            findings,
        };
        adoption.index();
        for formula in file.columns.iter().filter_map(|column| column.formula.as_ref()) {
            names_in(formula, &mut Vec::new(), &mut |name, at| adoption.read(None, name, at));
        }
        while let Some((import, column)) = adoption.open.pop() {
            if let Some(formula) = &imports[import].file.columns[column].formula {
                names_in(formula, &mut Vec::new(), &mut |name, at| adoption.read(Some(import), name, at));
            }
        }
        adoption
    }

    /// Indexes the definitions of all imports, and reports what is shared under a name that another file has as well.
    fn index(&mut self) {
        for (index, import) in self.imports.iter().enumerate() {
            for (name, kind, at) in definitions(&import.file) {
                let known = self.defined.entry(name).or_default();
                let is_shared = |kind: &Kind| matches!(kind, Kind::Private(_) | Kind::Data);
                let other = known.iter().find(|(other, kind, _)| *other != index && is_shared(kind));
                let first = self.own.get(name).copied().or(other.map(|(.., at)| *at));
                if let Some(first) = first.filter(|_| is_shared(&kind)) {
                    let (name, second) = (name.to_owned(), at);
                    self.findings.push(CheckError::DuplicateColumn { name, first, second }.into());
                }
                known.push((index, kind, at));
            }
        }
    }

    /// Notes that a formula of the file, or of an import, reads a name.
    fn read(&mut self, from: Option<usize>, name: &'a str, at: Span) {
        if from.is_none() && self.own.contains_key(name) {
            return;
        }
        match self.meaning(from, name) {
            Some((import, Kind::Private(column), _)) => self.adopt((import, column)),
            Some((import, Kind::Public(column), defined)) => {
                if from != Some(import) {
                    let (file, instead) = (self.imports[import].name.clone(), bare_or_braced(name));
                    let name = name.to_owned();
                    self.findings.push(UseError::NotImported { name, file, at, defined, instead }.into());
                }
                // It can be read, so that a mistake is reported once.
                self.adopt((import, column));
            }
            Some((import, Kind::Input(input), _)) => drop(self.inputs.insert((import, input))),
            Some((_, Kind::Data, _)) => {}
            None => self.rows.extend(from.map(|from| (from, name, at))),
        }
    }

    fn adopt(&mut self, place: Place) {
        if self.columns.insert(place) {
            self.open.push(place);
        }
    }

    /// What a name means in a formula of the file, or of an import; nothing for a column of the row.
    fn meaning(&mut self, from: Option<usize>, name: &str) -> Option<(usize, Kind, Span)> {
        let known = self.defined.get(name)?;
        // The definitions of its own file come first.
        if let Some(own) = known.iter().find(|(import, ..)| Some(*import) == from) {
            return Some(*own);
        }
        let mut known = known.clone();
        known.sort_by_key(|(_, kind, _)| *kind);
        known.into_iter().find(|(import, ..)| self.reaches(from, *import))
    }

    /// Whether a file imports another, directly or not. The file itself imports all.
    fn reaches(&mut self, from: Option<usize>, to: usize) -> bool {
        let Some(from) = from else { return true };
        if let Some(known) = self.reach.get(&(from, to)) {
            return *known;
        }
        let mut seen = HashSet::from([from]);
        let mut open = std::collections::VecDeque::from([from]);
        let mut is_reached = from == to;
        while let Some(import) = open.pop_front().filter(|_| !is_reached) {
            for next in used(self.imports, &self.by_id, import) {
                is_reached |= next == to;
                if seen.insert(next) {
                    open.push_back(next);
                }
            }
        }
        self.reach.insert((from, to), is_reached);
        is_reached
    }

    fn finish(mut self) -> Adopted {
        let (inputs, conflicts) = self.adopted_inputs();
        let mut taken = self.own.clone();
        let mut columns = Vec::new();
        for (import, column) in std::mem::take(&mut self.columns) {
            let column = &self.imports[import].file.columns[column];
            match taken.get(column.name.value.as_str()) {
                Some(first) if !column.is_private => {
                    let (name, first, second) = (column.name.value.clone(), *first, column.name.span);
                    self.findings.push(CheckError::DuplicateColumn { name, first, second }.into());
                }
                // Two private columns of one name are reported already.
                Some(_) => {}
                None => {
                    taken.insert(&column.name.value, column.name.span);
                    // Its range is checked with its own file.
                    columns.push(ColumnDefinition { is_private: true, contract: None, ..column.clone() });
                }
            }
        }
        self.hidden_names(&taken);
        Adopted { columns, inputs, conflicts }
    }

    /// The inputs of imports that are read, without those that are declared alike elsewhere, and the names of those that
    /// are declared differently.
    fn adopted_inputs(&mut self) -> (Vec<InputDeclaration>, Vec<String>) {
        let mut inputs: Vec<InputDeclaration> = Vec::new();
        let mut conflicts = Vec::new();
        for (import, input) in std::mem::take(&mut self.inputs) {
            let input = &self.imports[import].file.inputs[input];
            let name = input.name.value.clone();
            let other = self.file.inputs.iter().chain(&inputs).find(|other| other.name.value == name);
            match (other, self.own.get(name.as_str())) {
                (Some(other), _) if is_alike(other, input) => {}
                (Some(other), _) => {
                    let (first, second) = (other.name.span, input.name.span);
                    conflicts.push(name.clone());
                    self.findings.push(UseError::InputConflict { name, first, second }.into());
                }
                (None, Some(first)) => {
                    let (first, second) = (*first, input.name.span);
                    self.findings.push(CheckError::DuplicateColumn { name, first, second }.into());
                }
                (None, None) => inputs.push(input.clone()),
            }
        }
        (inputs, conflicts)
    }

    /// Reports names that an import reads from the row, and that a definition of another file would hide.
    fn hidden_names(&mut self, taken: &HashMap<&str, Span>) {
        let inputs: HashSet<&str> = self.file.inputs.iter().map(|input| input.name.value.as_str()).collect();
        let mut reported = HashSet::new();
        for (import, name, at) in std::mem::take(&mut self.rows) {
            let known = self.defined.get(name).into_iter().flatten();
            let data = known.filter(|(_, kind, _)| *kind == Kind::Data).map(|(.., at)| *at).next();
            let defined = taken.get(name).copied().or(data).filter(|_| !inputs.contains(name));
            if let Some(defined) = defined.filter(|_| reported.insert((import, name))) {
                let (name, file) = (name.to_owned(), self.imports[import].name.clone());
                self.findings.push(UseError::NameInImport { name, file, defined, at }.into());
            }
        }
    }
}

/// The columns, inputs and data that a file defines, by name.
fn definitions(file: &RuleFile) -> impl Iterator<Item = (&str, Kind, Span)> {
    let columns = file.columns.iter().enumerate().filter(|(_, column)| column.is_readable);
    let columns = columns.map(|(index, column)| {
        let kind = if column.is_private { Kind::Private(index) } else { Kind::Public(index) };
        (&column.name, kind)
    });
    let inputs = file.inputs.iter().enumerate().map(|(index, input)| (&input.name, Kind::Input(index)));
    let data = file.data.iter().map(|data| (&data.name, Kind::Data));
    columns.chain(inputs).chain(data).map(|(name, kind)| (name.value.as_str(), kind, name.span))
}

/// Whether two declarations of an input say the same.
fn is_alike(one: &InputDeclaration, two: &InputDeclaration) -> bool {
    (one.ty.value, &one.format, &one.source) == (two.ty.value, &two.format, &two.source)
}
