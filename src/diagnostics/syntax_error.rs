//! Mistakes in the text of a rule file: what does not parse.

use crate::span::Span;

/// A text that is not a rule file; every variant is one mistake that people make.
#[derive(Clone, Debug, PartialEq, thiserror::Error, miette::Diagnostic)]
#[allow(missing_docs, reason = "the fields are the parts of the message above them")]
pub enum SyntaxError {
    /// `IF(a, 1`
    #[error("`{open}` is never closed")]
    #[diagnostic(code(clay::unclosed_bracket))]
    UnclosedBracket {
        open: String,
        #[label("opened here")]
        at: Span,
        #[label("expected `{close}` here or earlier")]
        end: Span,
        close: char,
        #[help]
        help: String,
    },
    /// `IF(a, 1, 2))`
    #[error("`{close}` closes nothing")]
    #[diagnostic(code(clay::unopened_bracket), help("remove it, or write the `{open}` that it closes"))]
    UnopenedBracket {
        close: char,
        open: char,
        #[label("nothing is open here")]
        at: Span,
    },
    /// `IN ["a", "b")`
    #[error("`{open}` is closed by `{close}`")]
    #[diagnostic(code(clay::mismatched_bracket), help("close it with `{wanted}`"))]
    MismatchedBracket {
        open: char,
        close: char,
        wanted: char,
        #[label("opened here")]
        open_at: Span,
        #[label("closed here with the wrong kind")]
        close_at: Span,
    },
    /// `Industry = "Software`
    #[error("this text has no closing quote")]
    #[diagnostic(code(clay::unclosed_text))]
    UnclosedText {
        #[label("opened here, still open at the end of the line")]
        at: Span,
        #[help]
        help: String,
    },
    /// `{{Company (HQ) = 1`
    #[error("this quoted name is never closed")]
    #[diagnostic(code(clay::unclosed_name))]
    UnclosedName {
        #[label("opened here, still open at the end of the line")]
        at: Span,
        #[help]
        help: String,
    },
    /// `{{}}`
    #[error("a quoted name is empty")]
    #[diagnostic(
        code(clay::empty_name),
        help("write the column's name between the braces: `{{{{Work Email}}}}`")
    )]
    EmptyName {
        #[label("no name in here")]
        at: Span,
    },
    /// `“Software”`
    #[error("curly quotes do not mark text")]
    #[diagnostic(code(clay::smart_quotes))]
    SmartQuotes {
        #[label("a quote from a word processor")]
        at: Span,
        #[help]
        help: String,
    },
    /// `Score => 80`
    #[error("`{found}` is not a comparison")]
    #[diagnostic(code(clay::reversed_comparison), help("write `{instead}`"))]
    ReversedComparison {
        found: String,
        instead: &'static str,
        #[label("the other way round")]
        at: Span,
    },
    /// `a === b`, `10 % 3`, `a ?? b`
    #[error("`{found}` is not an operator here")]
    #[diagnostic(code(clay::unknown_operator), help("{help}"))]
    UnknownOperator {
        found: String,
        help: String,
        #[label("not part of formulas")]
        at: Span,
    },
    /// `IF Score > 80 THEN "A" ELSE "B"`
    #[error("`IF … THEN … ELSE` is not how a formula branches")]
    #[diagnostic(code(clay::if_then_else))]
    IfThenElse {
        #[label("IF is a function: `IF(condition, then, else)`")]
        at: Span,
        #[help]
        help: String,
    },
    /// `Score > 80 and Tier = "A"`
    #[error("operators are upper case: `{upper}`")]
    #[diagnostic(
        code(clay::lowercase_operator),
        help("write `{upper}`; in lower case it is a word of a name")
    )]
    LowercaseOperator {
        upper: String,
        #[label("meant as an operator?")]
        at: Span,
    },
    /// `IF(a; 1; 2)`
    #[error("arguments are separated by commas, not semicolons")]
    #[diagnostic(code(clay::semicolon_separator), help("write `,` instead of `;`"))]
    SemicolonSeparator {
        #[label("a semicolon")]
        at: Span,
    },
    /// `Company (HQ) = "x"`
    #[error("the name `{name}` needs braces")]
    #[diagnostic(code(clay::name_needs_braces), help("write `{{{{{name}}}}}`"))]
    NameNeedsBraces {
        name: String,
        #[label("a name with signs in it is written in double braces")]
        at: Span,
    },
    /// `IF (a, 1, 2)`
    #[error("there is a space between `{name}` and its `(`")]
    #[diagnostic(code(clay::space_before_parenthesis), help("write `{name}(`"))]
    SpaceBeforeParenthesis {
        name: String,
        #[label("read as a column, not as the function")]
        at: Span,
    },
    /// `1 < x < 10`
    #[error("comparisons can't be chained")]
    #[diagnostic(code(clay::chained_comparison))]
    ChainedComparison {
        #[label("the first comparison")]
        first: Span,
        #[label("the second")]
        second: Span,
        #[help]
        help: String,
    },
    /// `1 +`
    #[error("`{operator}` has nothing on its {side}")]
    #[diagnostic(
        code(clay::missing_operand),
        help("write the value that belongs there, or remove `{operator}`")
    )]
    MissingOperand {
        operator: String,
        side: &'static str,
        #[label("a value is missing on the {side}")]
        at: Span,
    },
    /// `Revenue > 1.000.000`, `Revenue > 1000 USD`
    #[error("`{written}` is not a number")]
    #[diagnostic(code(clay::number_separator), help("write `{instead}`"))]
    NumberSeparator {
        written: String,
        instead: String,
        #[label("a number has digits, a decimal point, and no separators or units")]
        at: Span,
    },
    /// `Employees = 1000+`
    #[error("`{written}+` is not a number")]
    #[diagnostic(code(clay::open_range), help("{help}"))]
    OpenRange {
        written: String,
        help: String,
        #[label("`+` adds, and nothing follows it")]
        at: Span,
    },
    /// `REGEXMATCH(Phone, r"\d+")`
    #[error("a text has no prefix, and `{prefix}` is read as a column")]
    #[diagnostic(code(clay::prefixed_text), help("{help}"))]
    PrefixedText {
        prefix: String,
        #[label("not part of the text")]
        at: Span,
        help: String,
    },
    /// `Created > #2026-01-15#`
    #[error("`#` starts a comment, so this date is not read")]
    #[diagnostic(code(clay::hash_date), help("write the date as text: `{instead}`"))]
    HashDate {
        #[label("a comment")]
        at: Span,
        instead: String,
    },
    /// `IFNA(#N/A, 1)`
    #[error("`{code}` is not a value in a formula")]
    #[diagnostic(code(clay::error_code), help("{help}"))]
    ErrorCode {
        code: String,
        #[label("an error code of spreadsheets")]
        at: Span,
        help: &'static str,
    },
    /// `=IF(a, 1, 2)`
    #[error("a formula begins without `=`")]
    #[diagnostic(code(clay::leading_equals), help("remove it: a rule file holds nothing but formulas"))]
    LeadingEquals {
        #[label("only cells of a spreadsheet need this")]
        at: Span,
    },
    /// `IF(a "x", "y")`
    #[error("{what} is missing before {found}")]
    #[diagnostic(code(clay::missing_separator))]
    MissingSeparator {
        what: &'static str,
        found: String,
        #[label("this value ends here")]
        before: Span,
        #[label("and another begins")]
        at: Span,
        #[help]
        help: String,
    },
    /// `IF(a, , 1)`
    #[error("an argument is missing here")]
    #[diagnostic(
        code(clay::empty_argument),
        help("write a value between the commas (`\"\"` for an empty text), or remove a comma")
    )]
    EmptyArgument {
        #[label("nothing stands before this")]
        at: Span,
    },
    /// `{{1, 2}}` in single braces
    #[error("lists are written with square brackets")]
    #[diagnostic(code(clay::brace_list), help("write `{instead}`"))]
    BraceList {
        instead: String,
        #[label("braces mark a column's name")]
        at: Span,
    },
    /// `{1: a}`
    #[error("single braces with a colon are not a name")]
    #[diagnostic(
        code(clay::colon_in_name),
        help(
            "write `{{{{{name}}}}}` to read the column of this name; in a record, the key before the colon is words or a text in quotes"
        )
    )]
    ColonInName {
        name: String,
        #[label("neither a name nor a record")]
        at: Span,
    },
    /// `{a: 1, b}`, `{a: 1, b = 2}`
    #[error("`:` is missing after the key `{key}`")]
    #[diagnostic(code(clay::missing_colon))]
    MissingColon {
        key: String,
        #[label("a member of a record is a key, a colon and a value")]
        at: Span,
        #[help]
        help: String,
    },
    /// `{a: , b: 2}`
    #[error("the key `{key}` has no value")]
    #[diagnostic(code(clay::missing_member_value))]
    MissingMemberValue {
        key: String,
        #[label("no value follows this key")]
        at: Span,
        #[help]
        help: String,
    },
    /// `{a: 1, 5: 2}`
    #[error("`{key}` is not a key of a record")]
    #[diagnostic(code(clay::invalid_key))]
    InvalidKey {
        key: String,
        #[label("a key is words, or a text in quotes")]
        at: Span,
        #[help]
        help: String,
    },
    /// `/* … */`
    #[error("there is no `/* … */` comment")]
    #[diagnostic(code(clay::block_comment), help("start each line of the comment with `#`"))]
    BlockComment {
        #[label("comments run from `#` or `//` to the end of the line")]
        at: Span,
    },
    /// `Job Title.includes("VP")`
    #[error("`.{method}(…)` is a method, and formulas have functions")]
    #[diagnostic(code(clay::method_call))]
    MethodCall {
        method: String,
        #[label("a function takes the value as its first argument")]
        at: Span,
        #[help]
        help: String,
    },
    /// `5k`, `3rd Party`
    #[error("the number `{number}` runs into `{word}`")]
    #[diagnostic(code(clay::number_runs_into_word), help("{help}"))]
    NumberRunsIntoWord {
        number: String,
        word: String,
        help: String,
        #[label("a number ends with a digit, and a bare name starts with a letter")]
        at: Span,
    },
    /// `1, 2`
    #[error("a comma outside of a function's parentheses")]
    #[diagnostic(code(clay::stray_comma), help("{help}"))]
    StrayComma {
        help: &'static str,
        #[label("the formula should end before this")]
        at: Span,
    },
    /// `a @ b`
    #[error("unexpected character {shown}")]
    #[diagnostic(code(clay::unexpected_character))]
    UnexpectedCharacter {
        shown: String,
        #[label("can't be read")]
        at: Span,
        #[help]
        help: Option<String>,
    },
    /// `1e999`
    #[error("the number `{number}` is too large")]
    #[diagnostic(code(clay::number_too_large), help("numbers go up to about 1.8e308"))]
    NumberTooLarge {
        number: String,
        #[label("can't be held")]
        at: Span,
    },
    /// Anything else that can't stand where it does.
    #[error("unexpected {found}")]
    #[diagnostic(code(clay::unexpected_token))]
    UnexpectedToken {
        found: String,
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
    },
    /// 100,000 opening parentheses.
    #[error("this formula is nested more than {limit} levels deep")]
    #[diagnostic(
        code(clay::nested_too_deeply),
        help("split it into several columns, or name its parts with LET")
    )]
    NestedTooDeeply {
        limit: usize,
        #[label("this goes beyond level {limit}")]
        at: Span,
    },
    /// Two formulas, one after the other, without `Name :=`.
    #[error("two formulas in one file need names")]
    #[diagnostic(code(clay::unnamed_column), help("write a name before each: `First Column := …`"))]
    UnnamedColumn {
        #[label("this is one formula")]
        first: Span,
        #[label("and here another begins")]
        second: Span,
    },
    /// `Deal-Size := 1`
    #[error("`{text}` is not a valid column name")]
    #[diagnostic(code(clay::invalid_column_name), help("{help}"))]
    InvalidColumnName {
        text: String,
        help: String,
        #[label("a name of words, or one in double braces, belongs here")]
        at: Span,
    },
    /// `Score (100-0) := 1`
    #[error("the range `({text})` is not `(lowest-highest)`")]
    #[diagnostic(
        code(clay::invalid_contract),
        help("write two numbers, the smaller first: `Score (0-100) := …`")
    )]
    InvalidContract {
        text: String,
        #[label("the range of the column's results")]
        at: Span,
    },
    /// `input Employee Count`
    #[error("this input is not declared as `input Name: Type`")]
    #[diagnostic(code(clay::invalid_input), help("{help}"))]
    InvalidInput {
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
        help: String,
    },
    /// `let Base Points`
    #[error("this line is not `let NAME := FORMULA`")]
    #[diagnostic(code(clay::invalid_let), help("{help}"))]
    InvalidLet {
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
        help: String,
    },
    /// `input Founded: Number "MM/DD/YYYY"`
    #[error("only an input of type Date has a format, not {ty}")]
    #[diagnostic(
        code(clay::format_of_other_type),
        help("write `Date` before the format, or remove the format")
    )]
    FormatOfOtherType {
        ty: &'static str,
        #[label("this is how dates are spelled")]
        at: Span,
    },
    /// `blank N/A`
    #[error("this `blank` line is not a list of texts")]
    #[diagnostic(code(clay::invalid_blank), help("write the texts in double quotes: `{instead}`"))]
    InvalidBlank {
        wanted: &'static str,
        #[label("expected {wanted}")]
        at: Span,
        instead: String,
    },
    /// `# now: yesterday`
    #[error("this comment does not set the clock of the file's tests and examples")]
    #[diagnostic(
        code(clay::invalid_now),
        help("write one moment in ISO 8601: `# now: 2026-01-31T12:00:00Z`")
    )]
    InvalidNow {
        problem: &'static str,
        #[label("{problem}")]
        at: Span,
    },
    /// `input Employee Count: Numbr`
    #[error("unknown type `{name}`")]
    #[diagnostic(code(clay::unknown_type), help("{help}"))]
    UnknownType {
        name: String,
        help: String,
        #[label("not a type")]
        at: Span,
    },
    /// `Score :=` with nothing behind it.
    #[error("column `{name}` has no formula")]
    #[diagnostic(code(clay::missing_formula), help("write the formula behind `:=` or on the lines below"))]
    MissingFormula {
        name: String,
        #[label("nothing follows this name")]
        at: Span,
    },
    /// `CASE WHEN Score > 50 THEN 10 ELSE 0 END`
    #[error("this is not how a formula is written")]
    #[diagnostic(code(clay::other_language), help("{help}"))]
    OtherLanguage {
        #[label("not part of formulas")]
        at: Span,
        help: String,
    },
    /// An empty file.
    #[error("there is no formula in this file")]
    #[diagnostic(
        code(clay::empty_file),
        help("write one, such as `Lead Tier := IF(ICP Score >= 80, \"A\", \"B\")`")
    )]
    EmptyFile {
        #[label("only blanks and comments")]
        at: Span,
    },
}
