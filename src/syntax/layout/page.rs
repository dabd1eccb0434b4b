//! Lays out a whole file: inputs, columns, and the comments and blank lines between them.

use super::build::Builder;
use super::comments::Lead;
use super::piece::{Bracket, ChainStyle, Item, OwnLine, Piece, Style};
use super::write::{STEP, Writer};
use crate::span::{Span, Spanned};
use crate::syntax::NESTING_LIMIT;
use crate::syntax::ast::{
    ColumnDefinition, DataDeclaration, Expr, FunctionDefinition, InputDeclaration, InputSource, RuleFile,
};
use crate::syntax::file::{Unit, units};
use crate::syntax::format::{bare_or_braced, path_text, text_spelling};
use crate::syntax::tokens::{Token, TokenKind, tokenize};

/// A formula that takes several lines begins behind a name up to this wide, and else below it.
const WIDEST_NAME: usize = 24;
/// A longer signature of a function has a line for each parameter.
const WIDEST_SIGNATURE: usize = 100;

/// One input or column, laid out.
#[derive(Debug)]
struct Block {
    text: String,
    /// Whether it stands apart from its neighbours.
    is_tall: bool,
    /// Whether its last line is a comment that went there for want of room.
    ends_in_comment: bool,
}

/// The whole file, each line ending in `\n`.
pub(super) fn page(text: &str, tokens: &[Token], file: &RuleFile) -> String {
    let mut builder = Builder::new(text, tokens);
    let mut inputs = file.inputs.iter();
    let mut data = file.data.iter();
    let mut decisions = file.decisions.iter();
    let mut uses = file.uses.iter();
    let mut functions = file.functions.iter();
    let mut columns = file.columns.iter();
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut above: Option<Block> = None;
    let mut end = 0;
    for unit in units(text, tokens) {
        let start = match unit {
            Unit::Input(span)
            | Unit::Blank(span)
            | Unit::Data(span)
            | Unit::Decision(span)
            | Unit::Use(span) => span.start,
            Unit::Function { signature, .. } => signature.start,
            Unit::Column { heading, formula } => heading.unwrap_or(formula).start,
        };
        builder.comments.rewind(end, 0);
        let comments = builder.comments.own_lines(start);
        let blank = builder.comments.blank_above_token(start);
        let (block, stop) = match unit {
            Unit::Input(span) => (inputs.next().map(|input| input_line(&mut builder, input, span)), span.end),
            Unit::Blank(span) => (Some(blank_line(&mut builder, &file.blanks, span)), span.end),
            Unit::Data(span) => (data.next().map(|one| data_line(&mut builder, one, span)), span.end),
            Unit::Decision(span) => (decisions.next().map(|one| declared(&mut builder, one, span)), span.end),
            Unit::Use(span) => (uses.next().map(|one| declared(&mut builder, one, span)), span.end),
            Unit::Function { signature, formula } => {
                let function = functions.next();
                (function.and_then(|one| function_lines(&mut builder, one, signature, formula)), formula.end)
            }
            Unit::Column { heading, formula } => {
                let column = columns.next();
                (column.and_then(|column| column_lines(&mut builder, column, heading, formula)), formula.end)
            }
        };
        let Some(mut block) = block else { continue };
        // A column that a comment names has that comment for its first line.
        block.is_tall |= matches!(unit, Unit::Column { heading: None, .. }) && !comments.is_empty();
        end = builder.comments.end_of_taken(stop);
        let apart = above.as_ref().is_some_and(|above| {
            let has_blank = blank || comments.iter().any(|comment| comment.blank);
            above.ends_in_comment || !has_blank && (above.is_tall || block.is_tall)
        });
        lines(&mut out, &comments, apart);
        let apart = apart && comments.is_empty();
        out.push_str(if (blank || apart) && !out.is_empty() { "\n" } else { "" });
        out.push_str(&block.text);
        out.push('\n');
        above = Some(block);
    }
    builder.comments.rewind(end, 0);
    let comments = builder.comments.own_lines(u32::MAX);
    lines(&mut out, &comments, above.is_some_and(|above| above.ends_in_comment));
    out
}

/// Comments between columns; a blank line above the first if `apart`.
fn lines(out: &mut String, comments: &[OwnLine], mut apart: bool) {
    for comment in comments {
        out.push_str(if (comment.blank || apart) && !out.is_empty() { "\n" } else { "" });
        out.push_str(&comment.text);
        out.push('\n');
        apart = false;
    }
}

fn input_line(builder: &mut Builder<'_>, input: &InputDeclaration, span: Span) -> Block {
    let mut writer = Writer::default();
    writer.push(&format!("input {}: {}", bare_or_braced(&input.name.value), input.ty.value.name()));
    if let Some(format) = &input.format {
        let written = builder.comments.between(format.span.start, format.span.end);
        writer.push(&format!(" {}", text_spelling(&format.value, Some(written))));
    }
    match &input.source {
        Some(InputSource::Formula(formula)) => {
            writer.push(" = ");
            input_formula(builder, &mut writer, formula, span);
        }
        Some(InputSource::Path(path)) => {
            writer.push(&format!(" = {}", path_text(path)));
            builder.comments.rewind(span.end, 0);
        }
        None => builder.comments.rewind(span.end, 0),
    }
    finish(builder, writer, span.end)
}

/// The formula of an input. A declaration ends with the line on which its brackets are closed, so a formula that takes
/// several lines is broken inside of brackets only.
fn input_formula(builder: &mut Builder<'_>, writer: &mut Writer, formula: &Expr, span: Span) {
    let mut item = Formula::read(builder, formula, span, span.start, 0);
    let fits = writer.fits(item.piece.width(), 1);
    let has_brackets = item.piece.as_bracket().is_some() || matches!(item.piece, Piece::Branches(_));
    let has_remarks = !item.lead.own.is_empty() || !item.lead.behind.is_empty() || !item.tail.own.is_empty();
    if has_remarks || !fits && !has_brackets {
        builder.comments.rewind(span.start, 0);
        item = Formula::read(builder, formula, span, span.start, 1).in_parentheses();
    }
    writer.piece(&item.piece, 0, 0);
    writer.remarks(&item.tail.behind);
}

/// `data Accounts = "accounts.csv" key domain`, `data Points = {"Software": 30}`
fn data_line(builder: &mut Builder<'_>, data: &DataDeclaration, span: Span) -> Block {
    let mut writer = Writer::default();
    if let Some(values) = data.inline() {
        writer.push(&format!("data {} = ", bare_or_braced(&data.name.value)));
        let values = Formula::read(builder, values, values.span, values.span.start, 0);
        writer.piece(&values.piece, 0, 0);
        writer.push(&data.options());
    } else {
        writer.push(&data.to_string());
    }
    builder.comments.rewind(span.end, 0);
    finish(builder, writer, span.end)
}

/// `decision Routing = "routing.csv"`, `use "shared.clay"`
fn declared(builder: &mut Builder<'_>, declaration: &impl ToString, span: Span) -> Block {
    let mut writer = Writer::default();
    writer.push(&declaration.to_string());
    builder.comments.rewind(span.end, 0);
    finish(builder, writer, span.end)
}

/// `blank "N/A", "-"`
fn blank_line(builder: &mut Builder<'_>, blanks: &[Spanned<String>], span: Span) -> Block {
    let mut writer = Writer::default();
    let own = blanks.iter().filter(|text| span.start <= text.span.start && text.span.end <= span.end);
    let spelled = |text: &Spanned<String>| {
        text_spelling(&text.value, Some(builder.comments.between(text.span.start, text.span.end)))
    };
    let texts: Vec<String> = own.map(spelled).collect();
    writer.push(&format!("blank {}", texts.join(", ")));
    builder.comments.rewind(span.end, 0);
    finish(builder, writer, span.end)
}

fn column_lines(
    builder: &mut Builder<'_>,
    column: &ColumnDefinition,
    heading: Option<Span>,
    formula: Span,
) -> Option<Block> {
    let expr = column.formula.as_ref()?;
    let written = heading.map(|heading| vec![heading_text(builder, column, heading)]);
    Some(formula_lines(builder, written, expr, heading, formula))
}

fn function_lines(
    builder: &mut Builder<'_>,
    function: &FunctionDefinition,
    signature: Span,
    formula: Span,
) -> Option<Block> {
    let expr = function.body.as_ref()?;
    let written = signature_lines(builder, function, signature);
    Some(formula_lines(builder, Some(written), expr, Some(signature), formula))
}

/// A formula with what stands before it on its first line.
fn formula_lines(
    builder: &mut Builder<'_>,
    written: Option<Vec<String>>,
    expr: &Expr,
    heading: Option<Span>,
    formula: Span,
) -> Block {
    let mut writer = Writer::default();
    let start = heading.unwrap_or(formula).start;
    let mut item = Formula::read(builder, expr, formula, start, 0);
    let lead_is_bare = item.lead.behind.is_empty() && item.lead.own.is_empty();
    let is_bare = heading.is_some() || lead_is_bare;
    if builder.comments.reads_as_header || !item.tail.own.is_empty() || !is_bare {
        item = Formula::read(builder, expr, formula, start, 1).in_parentheses();
    }
    let Formula { lead, piece, tail } = item;
    if let Some(written) = written {
        for (index, line) in written.iter().enumerate() {
            if index > 0 {
                writer.newline(0, false);
            }
            writer.push(line);
        }
        let fits = writer.fits(piece.width(), 1);
        let breaks_aside = !fits && breaks_below(&piece);
        writer.remarks(&lead.behind);
        if !lead.behind.is_empty() || !lead.own.is_empty() || breaks_aside && writer.column > WIDEST_NAME {
            writer.begin_item(&lead.own, lead.blank && !lead.own.is_empty(), STEP, true);
            writer.piece(&piece, STEP, 0);
        } else {
            writer.push(" ");
            writer.piece(&piece, 0, 0);
        }
    } else {
        writer.piece(&piece, 0, 0);
    }
    writer.remarks(&tail.behind);
    finish(builder, writer, formula.end)
}

/// `DECAYED(points: Number, step: Number = 5) :=`, with a line for each parameter if it is long. With comments among
/// the parameters, it stays as it is written.
fn signature_lines(builder: &mut Builder<'_>, function: &FunctionDefinition, signature: Span) -> Vec<String> {
    let written = builder.comments.between(signature.start, signature.end);
    let has_comments = tokenize(written).iter().any(|token| token.kind == TokenKind::Comment);
    let verbatim: Vec<String> = written.trim_end().lines().map(|line| line.trim_end().to_owned()).collect();
    builder.comments.rewind(signature.end, 0);
    if has_comments {
        return verbatim;
    }
    let line = format!("{} :=", function.signature());
    if line.chars().count() <= WIDEST_SIGNATURE || function.params.is_empty() {
        return vec![line];
    }
    let first = format!("{}(", function.name.value);
    let params = function.params.iter().map(|param| format!("{}{param},", " ".repeat(STEP)));
    std::iter::once(first).chain(params).chain([") :=".to_owned()]).collect()
}

/// A formula with the comments at its ends.
#[derive(Debug)]
struct Formula {
    lead: Lead,
    piece: Piece,
    tail: Lead,
}

impl Formula {
    fn read(builder: &mut Builder<'_>, expr: &Expr, formula: Span, start: u32, depth: usize) -> Self {
        builder.is_deep = false;
        let (mut lead, mut piece) = builder.formula(expr, start, depth);
        // Parentheses are added only where they can't nest beyond the limit.
        if builder.comments.deepest > NESTING_LIMIT / 2 {
            builder.is_deep = true;
            (lead, piece) = builder.formula(expr, start, depth);
        }
        let tail = builder.comments.take(formula.end);
        Self { lead, piece, tail }
    }

    /// The formula in parentheses, its comments inside.
    fn in_parentheses(self) -> Self {
        let Self { lead, piece, tail } = self;
        let item = Item { before: lead.own, blank: lead.blank, piece, behind: tail.behind };
        let (open, open_remarks) = ("(".to_owned(), lead.behind);
        let (close, style) = (')', Style::Each);
        let bracket =
            Bracket { open, open_remarks, items: vec![item], last: tail.own, close, style, width: 0 };
        Self { lead: Lead::default(), piece: bracket.piece(), tail: Lead::default() }
    }
}

/// Whether the lines of a piece that is broken stand below its beginning.
fn breaks_below(piece: &Piece) -> bool {
    match piece {
        Piece::Chain(chain) => {
            let breaks_inside = chain.operands.iter().any(|operand| operand.piece.as_bracket().is_some());
            chain.style != ChainStyle::Comparison || !breaks_inside
        }
        Piece::Branches(branches) => branches.links.len() > 1,
        _ => false,
    }
}

/// `Name (0-100) :=`, `let Name (0-100) :=`
fn heading_text(builder: &Builder<'_>, column: &ColumnDefinition, heading: Span) -> String {
    let word = if column.is_private { "let " } else { "" };
    let name = format!("{word}{}", bare_or_braced(&column.name.value));
    // A range in a comment above belongs to the comment.
    let contract = column.contract.as_ref().filter(|contract| contract.span.start >= heading.start);
    let Some(contract) = contract else { return format!("{name} :=") };
    let written = builder.comments.between(contract.span.start, contract.span.end);
    let inside = written.trim_matches(['(', ')', '[', ']']).trim();
    let dash = inside.char_indices().skip(1).find(|(_, next)| matches!(next, '-' | '–' | '—'));
    let Some((at, dash)) = dash else { return format!("{name} {written} :=") };
    let (low, high) = (inside[..at].trim(), inside[at + dash.len_utf8()..].trim());
    format!("{name} ({low}-{high}) :=")
}

/// Ends the last line, with the comment that stands behind it.
fn finish(builder: &mut Builder<'_>, mut writer: Writer, end: u32) -> Block {
    let remark = builder.comments.behind_end(end);
    writer.remarks(remark.as_slice());
    writer.end_line();
    let is_tall = writer.out.contains('\n');
    Block { is_tall, ends_in_comment: writer.overflowed, text: writer.out }
}
