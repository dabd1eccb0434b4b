//! Properties in comments: `# always: ICP Score >= 15`, `# never: …`, `# rising: Employee Count`.

use crate::check::{Checked, ColumnId, Input, InputId, NodeKind, adopt};
use crate::diagnostics::{Diagnostic, Diagnostics, PropertyError};
use crate::rules::Rules;
use crate::span::{Span, Spanned};
use crate::syntax::ast::{ColumnDefinition, Contract, ExprKind};
use crate::syntax::{Token, TokenKind, bare_or_braced, on_deep_stack, parse_at, tokenize};
use crate::tools::owners::Owners;
use crate::tools::walk::within;

/// What is claimed of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// The formula of this column is TRUE in every row.
    Always(ColumnId),
    /// The formula of this column is TRUE in no row.
    Never(ColumnId),
    /// The column never falls where this input rises.
    Rising(String),
    /// The column never rises where this input rises.
    Falling(String),
    /// The results keep to this range.
    Range(Contract),
}

/// A property of a rule file.
#[derive(Clone, Debug)]
pub struct Property {
    /// The column that it belongs to.
    pub column: ColumnId,
    /// What it claims.
    pub claim: Claim,
    /// How it is written: `always: ICP Score >= 15`, `(0-100)`.
    pub text: String,
    /// Where it is written.
    pub at: Span,
}

/// A rule file with its properties.
#[derive(Debug)]
pub struct Claimed {
    /// The rules; after the columns of the file, one column for the formula of each property, and then those that are
    /// imported.
    pub rules: Rules,
    /// How many columns the file has.
    pub columns: usize,
    /// The properties, in the order of the text; ranges among them.
    pub properties: Vec<Property>,
}

/// The words that open a property.
const WORDS: [&str; 4] = ["always", "never", "rising", "falling"];

/// Reads the properties of a rule file, or all that is wrong with them.
pub fn read(rules: &Rules) -> Result<Claimed, Diagnostics> {
    let own = rules.own_text().text;
    on_deep_stack(rules.tree().source.text(), || {
        let mut findings = Vec::new();
        let (source, mut file) = rules.read_again(&mut findings);
        let text = source.text();
        // The columns of the checked file show which one a comment belongs to.
        let mut whole = file.clone();
        adopt(&mut whole, &mut findings.clone());
        let plain = Rules::unanalyzed(&source, &whole, findings.clone())?;
        let columns = file.columns.len();
        let mut properties = Vec::new();
        let owners = Owners::of(plain.tree());
        for comment in tokenize(own).into_iter().filter(|token| token.kind == TokenKind::Comment) {
            let Some((word, body)) = property_in(text, comment) else { continue };
            let column = owners.owner(comment);
            let at = Span::new(body.start as usize - word.len() - 1, body.end as usize);
            let shown = format!("{word}: {}", body.of(text));
            let claim = match word {
                "always" | "never" => {
                    let (formula, found) = parse_at(text, body);
                    findings.extend(found);
                    let id = ColumnId(file.columns.len() as u32);
                    let name = Spanned::new(format!("\0{} {shown}", file.columns.len()), body);
                    file.columns.push(ColumnDefinition::unnamed(name, formula));
                    if word == "always" { Claim::Always(id) } else { Claim::Never(id) }
                }
                _ => match input_name(&plain, column, text, body) {
                    Ok(name) if word == "rising" => Claim::Rising(name),
                    Ok(name) => Claim::Falling(name),
                    Err(error) => {
                        findings.push(error.into());
                        continue;
                    }
                },
            };
            properties.push(Property { column, claim, text: shown, at });
        }
        for (index, column) in file.columns.iter().take(columns).enumerate() {
            let Some(contract) = &column.contract else { continue };
            let text = contract.span.of(text).to_owned();
            let claim = Claim::Range(contract.value);
            properties.push(Property { column: ColumnId(index as u32), claim, text, at: contract.span });
        }
        properties.sort_by_key(|property| property.at.start);
        adopt(&mut file, &mut findings);
        let rules = Rules::unanalyzed(&source, &file, findings)?;
        Ok(Claimed { rules, columns, properties })
    })
}

/// What is wrong with the properties of a rule file that is otherwise right.
#[must_use]
pub fn mistakes(rules: &Rules) -> Vec<Diagnostic> {
    if !WORDS.iter().any(|word| rules.own_text().text.contains(word)) {
        return Vec::new();
    }
    match read(rules) {
        Ok(_) => Vec::new(),
        Err(found) => found.iter().filter(|one| !one.is_warning()).cloned().collect(),
    }
}

/// The word and the body of a comment that is a property.
fn property_in(text: &str, comment: Token) -> Option<(&'static str, Span)> {
    let written = comment.text(text);
    let opening = written.len() - written.trim_start_matches('#').trim_start_matches('/').trim_start().len();
    let body = &written[opening..];
    let word = WORDS.into_iter().find(|word| {
        body.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            && body[word.len()..].starts_with(':')
    })?;
    let rest = &body[word.len() + 1..];
    let start =
        comment.span.start as usize + opening + word.len() + 1 + (rest.len() - rest.trim_start().len());
    let end = start + rest.trim().len();
    Some((word, Span::new(start, end)))
}

/// The column of the row that a `rising:` or `falling:` names; an input with a formula is none.
pub(super) fn key_named(tree: &Checked, name: &str) -> Option<InputId> {
    let at = tree.inputs.iter().position(|input| input.name == name && input.path().is_some())?;
    Some(InputId(at as u32))
}

/// The input that a `rising:` or `falling:` names.
fn input_name(rules: &Rules, column: ColumnId, text: &str, body: Span) -> Result<String, PropertyError> {
    let (formula, found) = parse_at(text, body);
    let kind = formula.filter(|_| found.is_empty()).map(|formula| formula.kind);
    let Some(ExprKind::Name(name)) = kind else {
        return Err(PropertyError::InvalidProperty {
            problem: "this property names no column of the row".to_owned(),
            at: body,
            what: "a column of the row belongs here".to_owned(),
            help: Some("write the name alone, as in `# rising: Employee Count`".to_owned()),
        });
    };
    let tree = rules.tree();
    if key_named(tree, &name).is_some() {
        return Ok(name);
    }
    if let Some(formula) = tree.inputs.iter().filter(|input| input.name == name).find_map(Input::formula) {
        let keys = within(formula).filter_map(|node| match &node.kind {
            NodeKind::Input(id) => tree.input(*id).own_key(),
            _ => None,
        });
        return Err(PropertyError::InvalidProperty {
            problem: format!("`{name}` is computed, and this property is about a column of the row"),
            at: body,
            what: "the input has a formula".to_owned(),
            help: keys.map(|key| format!("write `{}`", bare_or_braced(key))).next(),
        });
    }
    let names = tree.inputs.iter().map(|input| input.name.as_str());
    let help = crate::diagnostics::did_you_mean(&crate::diagnostics::suggest(&name, names));
    let column = &tree.column(column).name;
    Err(PropertyError::InvalidProperty {
        problem: format!("`{name}` is not a column of the row that a formula reads"),
        at: body,
        what: format!("not read by `{column}`"),
        help,
    })
}
