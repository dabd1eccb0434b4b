//! Reading a format: its codes, its literal text, and what can't be.

use super::{Compare, Condition, Section, SectionKind, rejected};
use crate::builtins::registry::Rejected;
use std::ops::Range;

/// One code of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Shown as it is.
    Literal(String),
    /// `0`, `#` or `?`
    Digit(char),
    /// `.`
    Point,
    /// `,`
    Comma,
    /// `%`
    Percent,
    /// `E+` or, without the plus of positive exponents, `E-`
    Exponent { plus: bool },
    /// `@`
    At,
    /// `General`
    General,
    /// A part of a date.
    Date(DatePart),
}

/// A part of a date or time, and how many letters it is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DatePart {
    Year(usize),
    Month(usize),
    Day(usize),
    Hour(usize),
    Minute(usize),
    Second(usize),
    /// `.00` behind seconds
    Fraction(usize),
    /// `AM/PM`, also written `A`; or, in one letter, `A/P`
    HalfDay {
        long: bool,
    },
}

/// A section whose pieces still know where they stand.
pub(super) struct Lexed {
    pieces: Vec<(Piece, Range<usize>)>,
    condition: Option<Condition>,
    pub(super) range: Range<usize>,
}

/// The sections of a format, which has at least one.
pub(super) fn sections(format: &str) -> Result<Vec<Lexed>, Rejected> {
    let mut sections = Vec::new();
    let mut lexer = Lexer { format, at: 0, pieces: Vec::new(), condition: None };
    let mut start = 0;
    while let Some(next) = lexer.peek() {
        if next == ';' {
            sections.push(lexer.take_section(start));
            lexer.at += 1;
            start = lexer.at;
        } else {
            lexer.piece(next)?;
        }
    }
    sections.push(lexer.take_section(start));
    Ok(sections)
}

struct Lexer<'f> {
    format: &'f str,
    at: usize,
    pieces: Vec<(Piece, Range<usize>)>,
    condition: Option<Condition>,
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.format[self.at..].chars().next()
    }

    fn take_section(&mut self, start: usize) -> Lexed {
        Lexed {
            pieces: std::mem::take(&mut self.pieces),
            condition: self.condition.take(),
            range: start..self.at,
        }
    }

    fn push(&mut self, piece: Piece, length: usize) {
        self.pieces.push((piece, self.at..self.at + length));
        self.at += length;
    }

    /// Whether the rest begins with `word`, in any letter case.
    fn starts_with(&self, word: &str) -> bool {
        let rest = &self.format.as_bytes()[self.at..];
        rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word.as_bytes())
    }

    /// How often the code of this letter stands here in a row.
    fn run_of(&self, letter: char) -> usize {
        self.format[self.at..].chars().take_while(|next| next.eq_ignore_ascii_case(&letter)).count()
    }

    fn piece(&mut self, next: char) -> Result<(), Rejected> {
        match next {
            '0' | '#' | '?' => self.push(Piece::Digit(next), 1),
            '.' => self.point(),
            ',' => self.push(Piece::Comma, 1),
            '%' => self.push(Piece::Percent, 1),
            '@' => self.push(Piece::At, 1),
            '"' => self.quoted()?,
            '\\' | '_' | '*' => self.escape(next)?,
            '[' => self.bracket()?,
            _ if self.starts_with("General") => self.push(Piece::General, 7),
            _ if self.starts_with("AM/PM") => self.push(Piece::Date(DatePart::HalfDay { long: true }), 5),
            _ if self.starts_with("A/P") => self.push(Piece::Date(DatePart::HalfDay { long: false }), 3),
            _ if self.is_half_day() => self.push(Piece::Date(DatePart::HalfDay { long: true }), 1),
            _ if self.starts_with("E+") => self.push(Piece::Exponent { plus: true }, 2),
            _ if self.starts_with("E-") => self.push(Piece::Exponent { plus: false }, 2),
            _ => return self.letter(next),
        }
        Ok(())
    }

    /// Whether the letter here is the `A` of formats such as `h:mm A`: alone, after an hour.
    fn is_half_day(&self) -> bool {
        let is_letter = |next: Option<char>| next.is_some_and(char::is_alphabetic);
        let is_hour = |(piece, _): &(Piece, Range<usize>)| matches!(piece, Piece::Date(DatePart::Hour(_)));
        self.starts_with("A")
            && self.pieces.iter().any(is_hour)
            && !is_letter(self.format[..self.at].chars().next_back())
            && !is_letter(self.format[self.at + 1..].chars().next())
    }

    fn letter(&mut self, next: char) -> Result<(), Rejected> {
        let run = self.run_of(next);
        // Longer runs of a year, month or day mean its longest form, as in spreadsheets.
        let (part, most) = match next.to_ascii_lowercase() {
            'y' => (DatePart::Year(run.min(4)), usize::MAX),
            'm' => (DatePart::Month(if run > 5 { 4 } else { run }), usize::MAX),
            'd' => (DatePart::Day(run.min(4)), usize::MAX),
            'h' => (DatePart::Hour(run), 2),
            's' => (DatePart::Second(run), 2),
            'b' | 'e' | 'g' | 'n' => {
                let problem = format!("`{next}` is no code");
                let help = Some("put literal words in quotes".to_owned());
                return Err(rejected(self.at..self.at + 1, problem, help));
            }
            _ => {
                self.push(Piece::Literal(next.into()), next.len_utf8());
                return Ok(());
            }
        };
        if run > most {
            let problem = format!("there are {run} `{next}` in a row, and {most} are the most");
            return Err(rejected(self.at..self.at + run, problem, None));
        }
        self.push(Piece::Date(part), run);
        Ok(())
    }

    /// A point; behind seconds and before zeros it begins their fraction.
    fn point(&mut self) {
        let behind_seconds = matches!(self.pieces.last(), Some((Piece::Date(DatePart::Second(_)), _)));
        let zeros = self.format[self.at + 1..].bytes().take_while(|byte| *byte == b'0').count();
        if behind_seconds && zeros > 0 {
            self.push(Piece::Date(DatePart::Fraction(zeros)), zeros + 1);
        } else {
            self.push(Piece::Point, 1);
        }
    }

    fn quoted(&mut self) -> Result<(), Rejected> {
        let rest = &self.format[self.at + 1..];
        let Some(end) = rest.find('"') else {
            let range = self.at..self.format.len();
            return Err(rejected(range, "the quote is never closed".to_owned(), None));
        };
        self.push(Piece::Literal(rest[..end].to_owned()), end + 2);
        Ok(())
    }

    /// `\x` is x, `_x` is a blank as wide as x, `*x` would fill the cell with x, of which there is none.
    fn escape(&mut self, mark: char) -> Result<(), Rejected> {
        let Some(next) = self.format[self.at + 1..].chars().next() else {
            let problem = format!("a character is missing behind `{mark}`");
            return Err(rejected(self.at..self.at + 1, problem, None));
        };
        let shown = match mark {
            '\\' => next.to_string(),
            '_' => " ".to_owned(),
            _ => String::new(),
        };
        self.push(Piece::Literal(shown), 1 + next.len_utf8());
        Ok(())
    }

    /// `[Red]`, `[$€-407]` or `[>=100]`.
    fn bracket(&mut self) -> Result<(), Rejected> {
        let rest = &self.format[self.at + 1..];
        let Some(end) = rest.find(']') else {
            let range = self.at..self.format.len();
            return Err(rejected(range, "the bracket is never closed".to_owned(), None));
        };
        let inside = &rest[..end];
        let range = self.at..self.at + end + 2;
        if let Some(currency) = inside.strip_prefix('$') {
            let sign = currency.split('-').next().unwrap_or_default();
            self.push(Piece::Literal(sign.to_owned()), end + 2);
        } else if let Some(condition) = condition(inside) {
            self.condition = Some(condition);
            self.at = range.end;
        } else if is_colour(inside) {
            self.at = range.end;
        } else {
            let help = Some("brackets hold a colour, a condition or a currency".to_owned());
            return Err(rejected(range, format!("`[{inside}]` is no code"), help));
        }
        Ok(())
    }
}

fn is_colour(word: &str) -> bool {
    const COLOURS: [&str; 8] = ["Black", "Blue", "Cyan", "Green", "Magenta", "Red", "White", "Yellow"];
    let numbered = || word.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("Color"));
    COLOURS.iter().any(|colour| word.eq_ignore_ascii_case(colour)) || numbered()
}

fn condition(inside: &str) -> Option<Condition> {
    const SIGNS: [(&str, Compare); 6] = [
        ("<=", Compare::AtMost),
        (">=", Compare::AtLeast),
        ("<>", Compare::Unequal),
        ("<", Compare::Less),
        (">", Compare::More),
        ("=", Compare::Equal),
    ];
    SIGNS.iter().find_map(|(sign, compare)| {
        let number = inside.strip_prefix(sign)?.trim().parse::<f64>().ok()?;
        number.is_finite().then_some(Condition { compare: *compare, number })
    })
}

impl Lexed {
    /// Settles what the section shows; digits and parts of a date don't go together.
    pub(super) fn checked(mut self) -> Result<Section, Rejected> {
        self.settle_minutes();
        let kind = self.kind();
        for (piece, range) in &mut self.pieces {
            match piece {
                Piece::Digit(_) | Piece::Exponent { .. } | Piece::At | Piece::General
                    if kind == SectionKind::Date =>
                {
                    let help = Some("put literal words in quotes".to_owned());
                    return Err(rejected(
                        range.clone(),
                        "it does not go together with parts of a date".to_owned(),
                        help,
                    ));
                }
                Piece::Exponent { .. } if kind != SectionKind::Number => {
                    return Err(rejected(
                        range.clone(),
                        "an exponent needs digits before it".to_owned(),
                        None,
                    ));
                }
                Piece::Point | Piece::Comma if kind != SectionKind::Number => {
                    let sign = if *piece == Piece::Point { "." } else { "," };
                    *piece = Piece::Literal(sign.to_owned());
                }
                _ => {}
            }
        }
        if kind == SectionKind::Number {
            self.check_number()?;
        }
        let pieces = self.pieces.into_iter().map(|(piece, _)| piece).collect();
        Ok(Section { pieces, condition: self.condition, kind })
    }

    fn kind(&self) -> SectionKind {
        let has = |wanted: fn(&Piece) -> bool| self.pieces.iter().any(|(piece, _)| wanted(piece));
        if has(|piece| matches!(piece, Piece::Date(_))) {
            SectionKind::Date
        } else if has(|piece| matches!(piece, Piece::Digit(_))) {
            SectionKind::Number
        } else if has(|piece| *piece == Piece::At) {
            SectionKind::Text
        } else if has(|piece| *piece == Piece::General) {
            SectionKind::General
        } else {
            SectionKind::Literal
        }
    }

    /// `m` behind hours or before seconds is the minute.
    fn settle_minutes(&mut self) {
        let parts: Vec<usize> =
            (0..self.pieces.len()).filter(|index| matches!(self.pieces[*index].0, Piece::Date(_))).collect();
        for (order, index) in parts.iter().enumerate() {
            let Piece::Date(DatePart::Month(letters @ 1..=2)) = self.pieces[*index].0 else { continue };
            let part = |order: Option<usize>| {
                order.and_then(|order| parts.get(order)).map(|index| &self.pieces[*index].0)
            };
            let behind_hours = matches!(part(order.checked_sub(1)), Some(Piece::Date(DatePart::Hour(_))));
            let before_seconds = matches!(part(Some(order + 1)), Some(Piece::Date(DatePart::Second(_))));
            if behind_hours || before_seconds {
                self.pieces[*index].0 = Piece::Date(DatePart::Minute(letters));
            }
        }
    }

    fn check_number(&self) -> Result<(), Rejected> {
        let mut points = 0;
        let mut exponents = 0;
        for (index, (piece, range)) in self.pieces.iter().enumerate() {
            let digit_at =
                |index: usize| matches!(self.pieces.get(index), Some((Piece::Digit(_), _))) && index > 0;
            let problem = match piece {
                Piece::Point if points > 0 || exponents > 0 => "a number has one decimal point",
                Piece::Exponent { .. } if exponents > 0 => "a number has one exponent",
                Piece::Exponent { .. } if !digit_at(index + 1) => "an exponent needs digits behind it",
                Piece::At | Piece::General => "it does not go together with digits",
                Piece::Literal(literal) if literal == "/" && digit_at(index + 1) => {
                    "fractions can't be shown"
                }
                _ => {
                    points += usize::from(*piece == Piece::Point);
                    exponents += usize::from(matches!(piece, Piece::Exponent { .. }));
                    continue;
                }
            };
            let help = Some("put literal text in quotes".to_owned());
            return Err(rejected(range.clone(), problem.to_owned(), help));
        }
        Ok(())
    }
}
