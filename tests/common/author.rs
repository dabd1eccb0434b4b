//! Rule files and rows at random, the same on every machine.
#![allow(dead_code, reason = "each test uses its own part")]

use std::fmt::Write;

/// A source of random choices that is the same on every machine.
pub(crate) struct Dice(pub u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    pub(crate) fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const NUMBERS: [&str; 9] = ["0", "1", "5", "10", "50", "100", "2.5", "-3", "9007199254740993"];
const TEXTS: [&str; 14] = [
    "\"VP\"",
    "\"SVP\"",
    "\"vp\"",
    "\"Software\"",
    "\"software\"",
    "\"\"",
    "\"US\"",
    "\"10\"",
    "\"10.0\"",
    "\"true\"",
    "\"TRUE\"",
    "\"2026-01-15\"",
    "\"President\"",
    "\"Vice President\"",
];
pub(crate) const NAMES: [&str; 5] = ["a", "b", "c", "d", "t"];
/// What rows hold, as JSON.
pub(crate) const VALUES: [&str; 38] = [
    "null",
    "0",
    "1",
    "5",
    "10",
    "50",
    "99.5",
    "100",
    "-3",
    "1000",
    "2.5",
    "true",
    "false",
    "\"\"",
    "\" \"",
    "\"VP\"",
    "\"SVP of Sales\"",
    "\"vp\"",
    "\"Vice President\"",
    "\"Software\"",
    "\"SOFTWARE\"",
    "\"US\"",
    "\"Germany\"",
    "\"10\"",
    "\" 50 \"",
    "\"51-200\"",
    "\"N/A\"",
    "9007199254740992",
    "9007199254740993",
    "\"9007199254740993\"",
    "\"true\"",
    "\"FALSE\"",
    "\"2026-01-15\"",
    "\"2025-06-01T10:00:00Z\"",
    "[]",
    "[\"VP\", 10]",
    "{}",
    "{\"x\": 5}",
];

/// Which files are written.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Plain,
    /// With declared and cleaned inputs.
    WithInputs,
    /// With functions that the formulas call.
    WithFunctions,
    /// With lookup data.
    WithData,
    /// With decision tables.
    WithTable,
}

/// The files of the lookup data and decision tables that files at random declare.
pub(crate) fn data_file(path: &str) -> std::io::Result<Vec<u8>> {
    let text = match path {
        "points.csv" => "word,points,low\nVP,30,1\nus,5,\n10,20,x\ntrue,7,3\n2026-01-15,9,2\nSoftware,,4\n",
        "bands.csv" => "low,points\n-3,1\n5,10\n50,20\n1000,40\n",
        "table.csv" => {
            "a,b,LEN(c),result: points,result: word\n>= 50,\"VP, us\",-,20,VP\n5..10,<> Software,-,5,10\n-,-,> 2,-3,\n\"< 0, 100\",ISEMPTY,-,1,vp\n-,US,1..3,7,\n"
        }
        "words.txt" => "VP\n10\nSoftware\n\nus\nvp\n",
        _ => return Err(std::io::ErrorKind::NotFound.into()),
    };
    Ok(text.as_bytes().to_vec())
}

/// A formula at random, of a kind that fits its place more often than not.
pub(crate) struct Author<'d> {
    pub dice: &'d mut Dice,
    columns: Vec<String>,
    /// Whether formulas look values up.
    has_data: bool,
    /// Whether formulas read decision tables.
    has_table: bool,
    /// The functions of the file that formulas can call.
    functions: Vec<String>,
}

impl<'d> Author<'d> {
    pub(crate) fn new(dice: &'d mut Dice) -> Self {
        Self { dice, columns: Vec::new(), functions: Vec::new(), has_data: false, has_table: false }
    }

    fn name(&mut self) -> String {
        if !self.columns.is_empty() && self.dice.below(6) == 0 {
            let at = self.dice.below(self.columns.len());
            return self.columns[at].clone();
        }
        match self.dice.below(14) {
            0 => "r.x".to_owned(),
            _ => self.dice.of(&NAMES).to_owned(),
        }
    }

    pub(crate) fn condition(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.dice.below(17) {
                0..=3 => {
                    let op = self.dice.of(&[">", ">=", "<", "<=", "=", "<>"]);
                    format!("{} {op} {}", self.name(), self.dice.of(&NUMBERS))
                }
                4 | 5 => {
                    let op = self.dice.of(&["=", "<>", "=", ">", "<="]);
                    format!("{} {op} {}", self.name(), self.dice.of(&TEXTS))
                }
                6 | 7 => {
                    let function =
                        self.dice.of(&["CONTAINS", "ICONTAINS", "CONTAINSWORD", "STARTSWITH", "ENDSWITH"]);
                    let more = if self.dice.below(3) == 0 {
                        format!(", {}", self.dice.of(&TEXTS))
                    } else {
                        String::new()
                    };
                    format!("{function}({}, {}{more})", self.name(), self.dice.of(&TEXTS))
                }
                8 => {
                    let function = self.dice.of(&[
                        "ISEMPTY",
                        "ISNOTEMPTY",
                        "ISBLANK",
                        "ISNUMBER",
                        "ISTEXT",
                        "ISERROR",
                        "ISDATE",
                        "ISLOGICAL",
                    ]);
                    format!("{function}({})", self.name())
                }
                9 => {
                    let not = self.dice.of(&["", "NOT "]);
                    format!(
                        "{} {not}IN [{}, {}, {}]",
                        self.name(),
                        self.dice.of(&TEXTS),
                        self.dice.of(&TEXTS),
                        self.dice.of(&NUMBERS)
                    )
                }
                10 => format!(
                    "BETWEEN({}, {}, {})",
                    self.name(),
                    self.dice.of(&NUMBERS),
                    self.dice.of(&NUMBERS)
                ),
                11 => {
                    let op = self.dice.of(&[">", "<", "=", ">=", "<>"]);
                    format!("{} {op} {}", self.number(1), self.number(1))
                }
                14 => format!("EXACT({}, {})", self.name(), self.dice.of(&TEXTS)),
                15 => {
                    format!(
                        "MONTH(TODAY()) {} {}",
                        self.dice.of(&[">", "=", "<"]),
                        self.dice.of(&["1", "5", "11"])
                    )
                }
                12 => format!("{} {} {}", self.name(), self.dice.of(&["<", "=", ">"]), self.name()),
                _ => self.name(),
            };
        }
        match self.dice.below(6) {
            0 | 1 => format!("({} AND {})", self.condition(depth - 1), self.condition(depth - 1)),
            2 | 3 => format!("({} OR {})", self.condition(depth - 1), self.condition(depth - 1)),
            4 => format!("NOT ({})", self.condition(depth - 1)),
            _ => self.condition(0),
        }
    }

    pub(crate) fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.dice.below(3) == 0 { self.name() } else { self.dice.of(&TEXTS).to_owned() };
        }
        match self.dice.below(6) {
            0 => format!("LOWER({})", self.text(depth - 1)),
            1 => format!("TRIM({})", self.text(depth - 1)),
            2 => format!("SENIORITY({})", self.text(depth - 1)),
            3 => format!("{} & {}", self.name(), self.dice.of(&TEXTS)),
            4 => format!("COUNTRYCODE({})", self.text(depth - 1)),
            5 => format!("IF({}, {}, {})", self.condition(1), self.text(depth - 1), self.text(depth - 1)),
            6 => format!("COALESCE({}, {}, {})", self.name(), self.name(), self.dice.of(&TEXTS)),
            _ => self.text(0),
        }
    }

    pub(crate) fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return if self.dice.below(2) == 0 { self.name() } else { self.dice.of(&NUMBERS).to_owned() };
        }
        let number = |author: &mut Self| author.number(depth - 1);
        if self.has_data && self.dice.below(4) == 0 {
            return match self.dice.below(8) {
                4 => format!("Weights[{}]", self.name()),
                5 => format!("Sizes[{}].{}", self.text(1), self.dice.of(&["low", "label"])),
                0 => format!("Bands[{}].points", number(self)),
                1 => format!("Points[{}].low", self.text(1)),
                2 => format!("COALESCE(Points[{}].points, {})", self.name(), number(self)),
                _ => format!(
                    "IF({} {}IN Words, 5, {})",
                    self.name(),
                    self.dice.of(&["", "NOT "]),
                    number(self)
                ),
            };
        }
        if self.has_table && self.dice.below(3) == 0 {
            return match self.dice.below(2) {
                0 => "Table.points".to_owned(),
                _ => format!("COALESCE(Table.points, SUM(MAP(All, one, one.points)), {})", number(self)),
            };
        }
        if !self.functions.is_empty() && self.dice.below(4) == 0 {
            let function = self.functions[self.dice.below(self.functions.len())].clone();
            let last = if self.dice.below(2) == 0 { String::new() } else { format!(", {}", self.name()) };
            return format!("{function}({}, {}, {}{last})", number(self), self.text(1), number(self));
        }
        match self.dice.below(27) {
            0..=4 => {
                let condition = self.condition(1);
                let (one, two) = (number(self), number(self));
                format!("IF({condition}, {one}, {two})")
            }
            5 => format!("IF({}, {})", self.condition(0), number(self)),
            6 => format!("({} + {})", number(self), number(self)),
            7 => format!("({} - {})", number(self), number(self)),
            8 => format!("({} * {})", number(self), self.dice.of(&NUMBERS)),
            9 => format!("({} / {})", number(self), number(self)),
            10 => format!("MIN({}, {})", number(self), number(self)),
            11 => format!("MAX({}, {}, {})", number(self), number(self), self.name()),
            12 => format!("CLAMP({}, 0, 50)", number(self)),
            13 => format!("{}({})", self.dice.of(&["ROUND", "INT", "ABS"]), number(self)),
            14 => format!("SUM({}, {})", number(self), number(self)),
            15 => format!(
                "BUCKET({}, 5, {}, 50, {}, {})",
                self.name(),
                number(self),
                number(self),
                number(self)
            ),
            16 => {
                format!("POINTS({}, {}, {}, 7)", self.condition(1), self.dice.of(&NUMBERS), self.condition(0))
            }
            17 => {
                format!(
                    "SWITCH({}, {}, {}, {}, {}, {})",
                    self.text(1),
                    self.dice.of(&TEXTS),
                    number(self),
                    self.dice.of(&NUMBERS),
                    number(self),
                    number(self)
                )
            }
            18 => format!("IFERROR({}, {})", number(self), number(self)),
            19 => format!("LET(x, {}, IF(x > 5, x, {}))", number(self), number(self)),
            20 => format!("CHOOSE(IF({}, 1, 2), {}, {})", self.condition(0), number(self), number(self)),
            21 => format!("{}({})", self.dice.of(&["DAYSSINCE", "RANGEMID", "PARSENUMBER"]), self.name()),
            22 => format!("DECAY({}, 30, {})", number(self), self.name()),
            24 | 25 => self.member(depth),
            23 => format!("SUMIF([{}, {}], n, n > 5)", self.name(), number(self)),
            _ => format!("LEN({})", self.text(1)),
        }
    }

    /// What a record that is written out has under a name.
    fn member(&mut self, depth: usize) -> String {
        let (one, two, name) = (self.number(depth - 1), self.number(depth - 1), self.name());
        let condition = self.condition(1);
        match self.dice.below(15) {
            8 => format!("MAXBY([{one}, {name}], n, n)"),
            9 => format!("MINBY([{{p: {one}}}, {{p: {two}}}], n, n.p).p"),
            10 => format!("REDUCE([{one}, {name}], {two}, total, n, total + n)"),
            11 => format!("COUNTA(GROUPBY([{one}, {two}, {name}], n, n))"),
            12 => format!("SUM(SORTBY([{one}, {two}], n, n, {condition}))"),
            13 => format!("UNIQUEBY([{one}, {two}], n, n)[1]"),
            0 => format!("{{p: {one}, q: {name}}}.p"),
            1 => format!("{{p: {one}, q: {two}}}.z"),
            2 => format!("IF({condition}, {{p: {one}, q: {name}}}, {{p: {two}}}).p"),
            3 => format!("IF({condition}, {{p: {one}, q: {name}}}).q"),
            4 => format!("LET(o, {{p: {one}, q: {two}}}, IF(o.p > 5, o.q, o.p))"),
            5 => format!("{{...{name}, x: {one}}}.x"),
            6 => format!("{{x: {one}, ...{name}}}.x"),
            7 => format!("IFERROR(SWITCH({name}, 5, {{p: {one}}}, 10, {{p: TODAY()}}).p, {two})"),
            _ => format!("[{one}, {{p: TODAY(), q: {two}}}][1].p"),
        }
    }

    fn file(&mut self) -> String {
        let mut text = String::new();
        for index in 0..=self.dice.below(3) {
            let depth = 1 + self.dice.below(3);
            let formula = match self.dice.below(5) {
                0 => self.condition(depth),
                1 => self.text(depth.min(2)),
                _ => self.number(depth),
            };
            let name = format!("Col {index}");
            if self.dice.below(3) == 0 {
                let word = self.dice.of(&["always", "never", "rising", "falling"]);
                let body = match word {
                    "always" | "never" => self.condition(1),
                    _ => self.dice.of(&NAMES).to_owned(),
                };
                let _ = writeln!(text, "# {word}: {body}");
            }
            let range = if self.dice.below(4) == 0 { " (0-50)" } else { "" };
            let word = if self.dice.below(4) == 0 { "let " } else { "" };
            let _ = writeln!(text, "{word}{name}{range} := {formula}");
            self.columns.push(name);
        }
        text
    }

    pub(crate) fn file_of(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Plain => self.file(),
            Kind::WithInputs => self.file_with_inputs(),
            Kind::WithFunctions => self.file_with_functions(),
            Kind::WithTable => {
                self.has_table = true;
                let tables = "decision Table = \"table.csv\"\ndecision All = \"table.csv\" collect\n";
                format!("{tables}{}", self.file())
            }
            Kind::WithData => {
                self.has_data = true;
                let data = "data Points = \"points.csv\" key word\ndata Weights = {vp: 5, \"10\": 20, Software: -3}\n\
                    data Sizes = {\n  us: {low: 1, label: \"S\"},\n  VP: {low: 50, label: \"10\"}\n}\ndata Bands = \"bands.csv\" range low\ndata Words = \"words.txt\"\n";
                format!("{data}{}", self.file())
            }
        }
    }

    /// A file with functions, some of which call others.
    fn file_with_functions(&mut self) -> String {
        let mut text = String::new();
        for name in ["FA", "FB", "FC"] {
            let ty = self.dice.of(&["", ": Number", ": Text", ": Boolean", ": Date", ": Any"]);
            let other = self.dice.of(&["", "", ": Number", ": Text"]);
            let default = self.dice.of(&["5", "\"VP\"", "a", "IF(b = \"US\", 10, c)"]);
            let body = match self.dice.below(4) {
                0 => self.condition(1),
                1 => self.text(1),
                _ => self.number(2),
            };
            // A function reads its parameters alone.
            let body = body.replace("r.x", "d");
            let _ = writeln!(text, "{name}(a{ty}, b, c{other}, d = {default}, t = 1) := {body}");
            self.functions.push(name.to_owned());
        }
        text + &self.file()
    }

    /// A file whose inputs are declared, many of them with formulas. A formula is not a number of the row that could be
    /// made to rise.
    fn file_with_inputs(&mut self) -> String {
        let mut text = String::new();
        if self.dice.below(2) == 0 {
            text.push_str("blank \"VP\", \"10\"\n");
        }
        for name in NAMES.into_iter().chain(["r"]) {
            let ty =
                self.dice.of(&["Any", "Any", "Number", "Text", "Boolean", "Date", "Date \"yyyy-dd-mm\""]);
            let _ = match self.dice.below(6) {
                0 => writeln!(text, "input {name}: {ty} = {}", self.condition(1)),
                1 => writeln!(text, "input {name}: {ty} = {}", self.text(2)),
                2 | 3 => writeln!(text, "input {name}: {ty} = {}", self.number(2)),
                _ => writeln!(text, "input {name}: {ty}"),
            };
        }
        let columns = self.file();
        let lines =
            columns.lines().filter(|line| !line.starts_with("# rising") && !line.starts_with("# falling"));
        lines.for_each(|line| {
            let _ = writeln!(text, "{line}");
        });
        text
    }

    pub(crate) fn row(&mut self) -> String {
        let mut members: Vec<String> = Vec::new();
        for name in NAMES {
            if self.dice.below(5) > 0 {
                members.push(format!("\"{name}\": {}", VALUES[self.dice.below(VALUES.len())]));
            }
        }
        if self.dice.below(2) == 0 {
            members.push(format!("\"r\": {{\"x\": {}}}", VALUES[self.dice.below(VALUES.len())]));
        }
        format!("{{{}}}", members.join(", "))
    }
}
