//! What a formula is laid out from: texts that never break, and the places where a line may.

/// The width of what can't stand on one line, whatever its length: a comment ends its line.
pub(super) const NEVER: usize = usize::MAX;

/// A part of a formula.
#[derive(Debug)]
pub(super) enum Piece {
    /// `Employee Count`, `"SaaS"`, `30`
    Text(String),
    /// `# …` that stands where no line should break: it goes to the end of the line it comes out on.
    Comment(Remark),
    /// `-size`, `company.offices[0]`: pieces with nothing between them.
    Glued { parts: Vec<Piece>, width: usize },
    /// `CONTAINS(…)`, `[…]`, `(…)`
    Bracket(Box<Bracket>),
    /// `a + b + c`
    Chain(Box<Chain>),
    /// `IF(…, IF(…, IF(…)))`
    Branches(Box<Branches>),
}

/// A comment that ends the line it stands on.
#[derive(Clone, Debug)]
pub(super) struct Remark {
    pub text: String,
    /// Whether it may stand behind a word: `# > 3` there would look like a part of the formula.
    pub behind_word: bool,
}

/// A comment on a line of its own.
#[derive(Debug)]
pub(super) struct OwnLine {
    pub text: String,
    /// Whether a blank line stands above it.
    pub blank: bool,
}

/// An argument, an operand: a piece with its comments.
#[derive(Debug)]
pub(super) struct Item {
    pub before: Vec<OwnLine>,
    /// Whether a blank line stands above it, below its comments.
    pub blank: bool,
    pub piece: Piece,
    pub behind: Vec<Remark>,
}

/// Something between brackets, with commas between its items.
#[derive(Debug)]
pub(super) struct Bracket {
    /// `CONTAINS(`, `[`
    pub open: String,
    /// Behind the opening bracket.
    pub open_remarks: Vec<Remark>,
    pub items: Vec<Item>,
    /// Comments before the closing bracket.
    pub last: Vec<OwnLine>,
    pub close: char,
    pub style: Style,
    pub width: usize,
}

/// How the items of a bracket stand when they don't fit on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As many on a line as fit.
    Fill,
    /// One on each line.
    Each,
    /// After so many items, two on each line: `name, value,`
    Pairs(usize),
}

/// Operands with operators between them.
#[derive(Debug)]
pub(super) struct Chain {
    pub operands: Vec<Item>,
    /// One less than operands.
    pub operators: Vec<&'static str>,
    pub style: ChainStyle,
    pub width: usize,
}

/// How the operands of a chain stand when they don't fit on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChainStyle {
    /// As many on a line as fit.
    Fill,
    /// One on each line.
    Each,
    /// A comparison: the side that is a bracket breaks inside of it.
    Comparison,
}

/// A chain of IFs, each the last argument of the one before.
#[derive(Debug)]
pub(super) struct Branches {
    pub links: Vec<Link>,
    pub otherwise: Option<Item>,
    pub width: usize,
}

/// One `IF(condition, value,` of a chain.
#[derive(Debug)]
pub(super) struct Link {
    /// Before the IF.
    pub before: Vec<OwnLine>,
    pub blank: bool,
    /// Behind `IF(`.
    pub open_remarks: Vec<Remark>,
    pub condition: Item,
    pub value: Item,
    /// Comments before its closing bracket.
    pub last: Vec<OwnLine>,
    /// The width from here to the closing bracket of this IF.
    pub width: usize,
}

impl Item {
    pub(super) fn plain(piece: Piece) -> Self {
        Self { before: Vec::new(), blank: false, piece, behind: Vec::new() }
    }

    /// The width on one line.
    pub(super) fn width(&self) -> usize {
        if self.has_comments() { NEVER } else { self.piece.width() }
    }

    pub(super) fn has_comments(&self) -> bool {
        !self.before.is_empty() || !self.behind.is_empty()
    }
}

impl Piece {
    /// The width on one line, or [`NEVER`].
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Comment(_) => NEVER,
            Self::Glued { width, .. } => *width,
            Self::Bracket(bracket) => bracket.width,
            Self::Chain(chain) => chain.width,
            Self::Branches(branches) => branches.width,
        }
    }

    /// The parts as one piece.
    pub(super) fn glued(mut parts: Vec<Self>) -> Self {
        if parts.len() == 1
            && let Some(only) = parts.pop()
        {
            return only;
        }
        let width = sum(parts.iter().map(Self::width));
        Self::Glued { parts, width }
    }

    /// The bracket that this piece is, if it has something between its brackets.
    pub(super) fn as_bracket(&self) -> Option<&Bracket> {
        match self {
            Self::Bracket(bracket) if !bracket.items.is_empty() => Some(bracket),
            _ => None,
        }
    }

    /// Whether nothing in it reads as an operator: such items may share a line.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Text(_) | Self::Bracket(_) => true,
            Self::Glued { parts, .. } => parts.iter().all(Self::is_plain),
            Self::Comment(_) | Self::Chain(_) | Self::Branches(_) => false,
        }
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// Whether it begins with `(` of its own.
    pub(super) fn begins_with_parenthesis(&self) -> bool {
        match self {
            Self::Text(text) => text.starts_with('('),
            Self::Comment(_) | Self::Branches(_) => false,
            Self::Glued { parts, .. } => {
                let first = parts.iter().find(|part| !matches!(part, Self::Comment(_)));
                first.is_some_and(Self::begins_with_parenthesis)
            }
            Self::Bracket(bracket) => bracket.open == "(",
            Self::Chain(chain) => {
                chain.operands.first().is_some_and(|first| first.piece.begins_with_parenthesis())
            }
        }
    }
}

impl Bracket {
    /// The bracket as a piece, its width measured.
    pub(super) fn piece(mut self) -> Piece {
        let inside = separated(&self.items, 2);
        let commented = !self.open_remarks.is_empty() || !self.last.is_empty();
        self.width = if commented { NEVER } else { sum([self.open.chars().count(), inside, 1].into_iter()) };
        Piece::Bracket(Box::new(self))
    }
}

impl Chain {
    /// The chain as a piece, its width measured. One that is `always_broken` fits on no line.
    pub(super) fn piece(mut self, always_broken: bool) -> Piece {
        // A blank stands before and behind each operator.
        let operators = self.operators.iter().map(|operator| operator.len() + 2);
        let width = sum(self.operands.iter().map(Item::width).chain(operators));
        self.width = if always_broken { NEVER } else { width };
        Piece::Chain(Box::new(self))
    }
}

impl Branches {
    /// The branches as a piece, their widths measured.
    pub(super) fn piece(mut self) -> Piece {
        let mut rest = self.otherwise.as_ref().map_or(0, |item| sum([2, item.width()].into_iter()));
        for link in self.links.iter_mut().rev() {
            let commented = !link.open_remarks.is_empty() || !link.last.is_empty();
            let own = sum([3, link.condition.width(), 2, link.value.width(), rest, 1].into_iter());
            link.width = if commented { NEVER } else { own };
            // The next link out counts the comma before this one, whose comments end a line.
            rest = if link.before.is_empty() { link.width.saturating_add(2) } else { NEVER };
        }
        self.width = self.links.first().map_or(0, |first| first.width);
        Piece::Branches(Box::new(self))
    }
}

/// The sum, or [`NEVER`] where it is beyond all measure.
pub(super) fn sum(widths: impl Iterator<Item = usize>) -> usize {
    widths.fold(0, usize::saturating_add)
}

fn separated(items: &[Item], separator: usize) -> usize {
    sum(items.iter().map(Item::width)).saturating_add(items.len().saturating_sub(1) * separator)
}
