//! Calls: finding the function, counting and checking its arguments, and the forms that branch.

use super::Builder;
use crate::builtins::{self, Builtin, Form, Param, ParamKind, Run};
use crate::check::kinds::{Kind, KindSet};
use crate::check::separators::{divided, instead_of};
use crate::check::tree::{Arm, Branch, Case, Node, NodeKind, SiteKind};
use crate::diagnostics::{CheckError, Count, DataError, did_you_mean, suggest};
use crate::span::{Span, Spanned};
use crate::syntax::ast::{Expr, FunctionName};
use crate::types::Type;
use crate::value::Value;

impl<'a> Builder<'a> {
    pub(super) fn call(&mut self, function: &Spanned<FunctionName>, args: &'a [Expr], span: Span) -> Node {
        let Some(builtin) = builtins::find(&function.value) else {
            if let Some(own) = self.functions.find(&function.value) {
                return self.own_call(own, function.span, args, span);
            }
            if let Some(error) = random_function(function) {
                self.findings.push(error.into());
                return self.nothing_of(args, Type::Number, span);
            }
            if let Some(instead) = self.search_in_data(function, args) {
                let (name, help) = (function.value.to_string(), Some(format!("write `{instead}`")));
                self.findings.push(CheckError::UnknownFunction { name, at: function.span, help }.into());
                // What it reads of the data is written in another way.
                return Node::new(NodeKind::Constant(Value::Blank), span, Type::Any);
            }
            self.findings.push(unknown_function(function, self.functions.names()).into());
            return self.nothing_of(args, Type::Any, span);
        };
        // A LET is a node of its own, but for one that lost its result, which was told by the parser.
        if matches!(builtin.run, Run::Form(Form::Let)) {
            return self.nothing_of(args, Type::Any, span);
        }
        if let Some(instead) = self.aggregate_of_data(builtin.name, args) {
            let error = DataError::DataAccess {
                problem: format!("{builtin} goes through rows, each by a name"),
                at: span,
                why: "this is how a spreadsheet names a column".to_owned(),
                help: format!("write `{instead}`"),
            };
            self.findings.push(error.into());
            return Node::new(NodeKind::Constant(Value::Blank), span, builtin.returns.ty);
        }
        if let Some(error) = wrong_count(self.source, builtin, function, args, span) {
            self.findings.push(error.into());
            return self.nothing_of(args, builtin.returns.ty, span);
        }
        match builtin.run {
            Run::Form(form) => self.form(form, builtin, args, span),
            Run::Eager(_) | Run::SeesErrors(_) => self.plain_call(builtin, function.span, args, span),
        }
    }

    /// Stands for a call that is wrong, whose arguments are looked at all the same.
    pub(super) fn nothing_of(&mut self, args: &'a [Expr], ty: Type, span: Span) -> Node {
        args.iter().for_each(|arg| drop(self.node(arg)));
        Node::new(NodeKind::Constant(Value::Blank), span, ty)
    }

    fn plain_call(&mut self, builtin: &'static Builtin, name: Span, args: &'a [Expr], span: Span) -> Node {
        let mut nodes = Vec::with_capacity(args.len());
        let before = self.findings.len();
        for (index, arg) in args.iter().enumerate() {
            let node = self.node(arg);
            if let Some(param) = builtin.param_of(index, args.len()) {
                let why = format!("{builtin} wants {} for `{}`", param.ty.with_article(), param.name);
                self.wants(&node, param.ty, &why, Some(name));
                self.checked_literal(builtin, param, &node);
            }
            nodes.push(node);
        }
        if self.findings.len() > before {
            self.swapped_help(before, builtin, &nodes);
        }
        match builtin.name {
            "ISNUMBER" | "ISTEXT" | "ISERROR" => self.asks_kind(&nodes[0]),
            "CONTAINS" | "ICONTAINS" | "CONTAINSWORD" => {
                self.searched_for_words(builtin, &nodes);
                self.record_for_name(&nodes[0]);
                self.searched_as_list(&nodes[0], &args[1], false, span);
            }
            "ISEMPTY" | "ISNOTEMPTY" | "ISBLANK" => self.record_for_name(&nodes[0]),
            "INCLUDES" | "POSITION" => self.searched_as_list(&nodes[0], &args[1], false, span),
            "GET" => self.searched_as_list(&nodes[0], &args[1], true, span),
            _ => {}
        }
        if builtin.name == "BETWEEN" {
            let (value, bounds) = nodes.split_at_mut(1);
            bounds.iter_mut().for_each(|bound| self.compare_as_day(bound, &value[0]));
        }
        Node::new(NodeKind::Call(builtin, nodes), span, builtin.returns.ty)
    }

    /// Lets the parameter look at a text that is written out.
    fn checked_literal(&mut self, builtin: &'static Builtin, param: &'static Param, node: &Node) {
        let (Some(check), NodeKind::Constant(Value::Text(text))) = (param.check, &node.kind) else { return };
        let Err(rejected) = check(text) else { return };
        // Without escapes, the text stands in the source as it is, one quote further on.
        let written = node.span.of(self.source);
        let start = node.span.start as usize + 1 + rejected.range.start;
        let is_plain = written.get(1..written.len().saturating_sub(1)) == Some(text.as_str());
        let at = if is_plain { Span::new(start, start + rejected.range.len()) } else { node.span };
        self.findings.push(
            CheckError::InvalidArgument {
                function: builtin.name,
                what: param.name,
                problem: rejected.problem,
                at,
                help: rejected.help,
            }
            .into(),
        );
    }

    /// A column that is searched for words is text or a list; a search for digits or signs tells nothing.
    fn searched_for_words(&mut self, builtin: &Builtin, args: &[Node]) {
        let is_word = |node: &Node| match &node.kind {
            NodeKind::Constant(Value::Text(text)) => node.words && text.chars().any(char::is_alphabetic),
            _ => false,
        };
        let searched_in = KindSet::of(&[Kind::Words, Kind::List]);
        if args[1..].iter().all(is_word) {
            self.used(&args[0], searched_in, &format!("searched for words by {}", builtin.name));
        }
    }

    fn form(&mut self, form: Form, builtin: &'static Builtin, args: &'a [Expr], span: Span) -> Node {
        match form {
            Form::If => self.choose(&args[..2], args.get(2), false, span),
            Form::Ifs => self.choose(args, None, true, span),
            Form::Switch => self.switch(args, span),
            Form::IfError | Form::IfNa => self.rescue(form, args, span),
            Form::Coalesce => {
                let arms: Vec<Arm> = args.iter().map(|arg| self.arm(SiteKind::Branch, arg)).collect();
                let (ty, words) = joined_type(arms.iter().map(|arm| &arm.node));
                Node { words, ..Node::new(NodeKind::Coalesce(arms), span, ty) }
            }
            Form::Bucket => self.bucket(builtin, args, span),
            Form::Points => self.points(args, span),
            Form::Reasons => self.reasons(args, span),
            Form::SumIf => self.aggregate_if("SUM", builtin, args, span),
            Form::AverageIf => self.aggregate_if("AVERAGE", builtin, args, span),
            Form::Choose => self.choose_by_index(args, span),
            Form::In => self.in_call(args, span),
            Form::Each(each) => self.each(each, builtin, args, span),
            Form::Keyed(of_pairs) => self.keyed(of_pairs, builtin, args, span),
            Form::Reduce => self.reduce(builtin, args, span),
            // AND, OR, NOT and LET are nodes of their own; only a wrong number of arguments makes them calls.
            Form::And | Form::Or | Form::Not | Form::Let => {
                Node::new(NodeKind::Constant(Value::Blank), span, builtin.returns.ty)
            }
        }
    }

    /// IF and IFS: conditions and results in turn.
    fn choose(
        &mut self,
        pairs: &'a [Expr],
        otherwise: Option<&'a Expr>,
        or_not_available: bool,
        span: Span,
    ) -> Node {
        let outer = self.guarded.len();
        let told = self.findings.len();
        let mut branches = Vec::with_capacity(pairs.len() / 2);
        for pair in pairs.chunks_exact(2) {
            let before = self.uses.len();
            let condition = self.condition(&pair[0], "used as a condition");
            let tested = before..self.uses.len();
            let Arm { node: result, site } = self.arm(SiteKind::Branch, &pair[1]);
            self.guard(tested);
            branches.push(Branch { condition, result, site });
        }
        self.condition_first(told, pairs, otherwise, if or_not_available { "IFS" } else { "IF" });
        let otherwise = otherwise.map(|otherwise| Box::new(self.arm(SiteKind::Branch, otherwise)));
        self.guarded.truncate(outer);
        let (ty, words) =
            joined_type(Branch::results(&branches).chain(otherwise.iter().map(|arm| &arm.node)));
        let words = words && (otherwise.is_some() || or_not_available);
        Node { words, ..Node::new(NodeKind::Choose { branches, otherwise, or_not_available }, span, ty) }
    }

    fn switch(&mut self, args: &'a [Expr], span: Span) -> Node {
        let value = Box::new(self.node(&args[0]));
        let rest = &args[1..];
        let mut cases = Vec::with_capacity(rest.len() / 2);
        for pair in rest.chunks_exact(2) {
            let case = self.node(&pair[0]);
            let Arm { node: result, site } = self.arm(SiteKind::Branch, &pair[1]);
            cases.push(Case { case, result, site });
        }
        let default = rest.last().filter(|_| rest.len() % 2 == 1);
        let otherwise = default.map(|default| Box::new(self.arm(SiteKind::Branch, default)));
        let results = cases.iter().map(|case| &case.result).chain(otherwise.iter().map(|arm| &arm.node));
        let (ty, words) = joined_type(results);
        Node { words, ..Node::new(NodeKind::Switch { value, cases, otherwise }, span, ty) }
    }

    /// IFERROR and IFNA: what may fail inside is expected to.
    fn rescue(&mut self, form: Form, args: &'a [Expr], span: Span) -> Node {
        let outer = std::mem::replace(&mut self.rescued, true);
        let value = Box::new(self.arm(SiteKind::Branch, &args[0]));
        self.rescued = outer;
        let fallback = Box::new(self.arm(SiteKind::Branch, &args[1]));
        let (ty, words) = joined_type([&value.node, &fallback.node].into_iter());
        let only_not_available = matches!(form, Form::IfNa);
        Node { words, ..Node::new(NodeKind::Rescue { value, fallback, only_not_available }, span, ty) }
    }
}

/// The type of a value that is one of these, and whether all of them can only be words.
pub(super) fn joined_type<'n>(nodes: impl Iterator<Item = &'n Node>) -> (Type, bool) {
    nodes.fold((Type::Blank, true), |(ty, words), node| (ty.or(node.ty), words && node.words))
}

/// The function that gives the moment, for what other languages call it.
pub(crate) fn clock_of_others(upper: &str) -> Option<&'static str> {
    match upper {
        "GETDATE" | "CURRENT_TIMESTAMP" | "SYSDATE" | "SYSDATETIME" | "UTCNOW" | "GETUTCDATE"
        | "DATETIME" => Some("NOW()"),
        "CURRENT_DATE" | "CURDATE" | "UTCTODAY" | "CURRENTDATE" => Some("TODAY()"),
        _ => None,
    }
}

/// `RAND()`: the same row would have another result in each run.
fn random_function(function: &Spanned<FunctionName>) -> Option<CheckError> {
    let upper = function.value.to_ascii_uppercase();
    matches!(upper.as_str(), "RAND" | "RANDBETWEEN" | "RANDARRAY" | "RANDOM")
        .then_some(CheckError::RandomFunction { name: upper, at: function.span })
}

fn unknown_function<'n>(function: &Spanned<FunctionName>, own: impl Iterator<Item = &'n str>) -> CheckError {
    let upper = function.value.to_ascii_uppercase();
    let help = clock_of_others(&upper).map(|instead| format!("write `{instead}`"));
    let names: Vec<&str> = builtins::names().map(|name| -> &str { name }).chain(own).collect();
    let help = help.or_else(|| did_you_mean(&suggest(&upper, names)));
    CheckError::UnknownFunction { name: function.value.to_string(), at: function.span, help }
}

/// Too few, too many, or a pair without its second half.
fn wrong_count(
    source: &str,
    builtin: &'static Builtin,
    function: &Spanned<FunctionName>,
    args: &[Expr],
    span: Span,
) -> Option<CheckError> {
    let mut signature = format!("the signature is {builtin}");
    let binds = builtin.params.iter().any(|param| param.kind == ParamKind::Binding);
    if let Some(example) = builtin.examples.first().filter(|_| binds) {
        signature.push_str(&format!(", as in `{}`", example.formula));
    }
    let count = args.len();
    let found = match count {
        0 => "none is given".to_owned(),
        1 => "1 is given".to_owned(),
        _ => format!("{count} are given"),
    };
    if count < builtin.fewest() {
        let missing = builtin.param_of(count, builtin.fewest())?;
        let at_least = if builtin.most() == Some(builtin.fewest()) { "" } else { "at least " };
        let end = Span::new(span.end as usize - 1, span.end as usize);
        return Some(CheckError::MissingArgument {
            function: builtin.name,
            wanted: format!("{at_least}{}", Count(builtin.fewest(), "argument")),
            found,
            at: end,
            parameter: missing.name,
            doc: missing.doc,
            signature,
        });
    }
    if let Some(most) = builtin.most().filter(|most| count > *most) {
        let wanted = match most {
            0 => "no arguments".to_owned(),
            _ if most == builtin.fewest() => Count(most, "argument").to_string(),
            _ => format!("at most {}", Count(most, "argument")),
        };
        let at = args.get(most).map_or(function.span, |extra| extra.span);
        let signature = separators(source, args).unwrap_or(signature);
        return Some(CheckError::TooManyArguments { function: builtin.name, wanted, found, at, signature });
    }
    builtin.leaves_partner_out(count).then(|| CheckError::UnpairedArgument {
        function: builtin.name,
        at: args.last().map_or(span, |last| last.span),
        missing: "a condition without a result; `TRUE, …` as the last pair catches the rest",
        signature: separators(source, args).unwrap_or(signature),
    })
}

/// The help for a call whose number of arguments is wrong because of commas inside numbers.
fn separators(source: &str, args: &[Expr]) -> Option<String> {
    let found = divided(source, args);
    let first = found.first()?;
    let what = if first.is_thousands { "thousands separators" } else { "a decimal point, not a comma" };
    let with = if first.is_thousands { "without" } else { "with" };
    Some(format!("write numbers {with} {what}: {}", instead_of(&found)))
}
