//! Formulas of every shape, for tests of laws.

use clayf::span::{Span, Spanned};
use clayf::syntax::ast::{
    Accessor, Binding, CompareOp, Expr, ExprKind, Factor, FunctionName, RecordItem, Sign, Spelling,
};
use proptest::prelude::*;

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

fn name() -> impl Strategy<Value = String> {
    let bare = "[A-Za-z_äé][A-Za-z0-9_]{0,5}( [A-Za-z0-9]{1,4}){0,2}";
    let braced = "[A-Z][ -z]{0,8}[a-z#(]";
    let words =
        prop_oneof![Just("Land OR Sea".to_owned()), Just("NOT x".to_owned()), Just("true".to_owned())];
    prop_oneof![4 => bare, 1 => braced, 1 => words]
}

fn spelling() -> impl Strategy<Value = Spelling> {
    prop_oneof![Just(Spelling::Infix), Just(Spelling::Call)]
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        (0.0..1e6f64).prop_map(ExprKind::Number),
        (0u32..2000).prop_map(|n| ExprKind::Number(f64::from(n))),
        prop_oneof![Just(1e21), Just(1e300), Just(2.5e-9), Just(0.1)].prop_map(ExprKind::Number),
        any::<bool>().prop_map(ExprKind::Boolean),
        "[ -~äß\u{4e2d}\\\\\"'\n\r\t]{0,12}".prop_map(ExprKind::Text),
        name().prop_map(|name| match name.to_lowercase().as_str() {
            "true" | "false" => ExprKind::Name(format!("{name} x")),
            _ => ExprKind::Name(name),
        }),
    ]
    .prop_map(expr)
}

fn accessor(inner: BoxedStrategy<Expr>) -> impl Strategy<Value = Accessor> {
    prop_oneof![
        name().prop_map(|name| Accessor::Field(Spanned::new(name, Span::default()))),
        inner.prop_map(Accessor::Index),
    ]
}

fn record_item(value: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = RecordItem> {
    let keyword = prop_oneof![Just("OR".to_owned()), Just("true".to_owned()), Just("a: b".to_owned())];
    let key = prop_oneof![4 => name(), 1 => keyword, 1 => "[ -~\"\\\\\n]{0,6}"];
    prop_oneof![
        4 => (key, value.clone()).prop_map(|(name, value)| RecordItem::Member {
            name: Spanned::new(name, Span::default()),
            value
        }),
        1 => value.prop_map(RecordItem::Spread),
    ]
}

pub(crate) fn tree() -> impl Strategy<Value = Expr> {
    let comparison = prop_oneof![
        Just(CompareOp::Equal),
        Just(CompareOp::NotEqual),
        Just(CompareOp::Less),
        Just(CompareOp::GreaterOrEqual),
    ];
    leaf().prop_recursive(5, 60, 4, move |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let many = prop::collection::vec(inner.clone(), 2..4);
        let sign = prop_oneof![Just(Sign::Plus), Just(Sign::Minus)];
        let terms = prop::collection::vec((sign.clone(), inner.clone()), 2..4).prop_map(|mut terms| {
            terms[0].0 = Sign::Plus;
            ExprKind::Sum(terms)
        });
        let factor = prop_oneof![Just(Factor::Times), Just(Factor::Divide)];
        let factors = prop::collection::vec((factor, inner.clone()), 2..4).prop_map(|mut factors| {
            factors[0].0 = Factor::Times;
            ExprKind::Product(factors)
        });
        let binding = (name(), inner.clone()).prop_map(|(name, value)| Binding {
            name: Spanned::new(if name == "true" { "t".to_owned() } else { name }, Span::default()),
            value,
        });
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(ExprKind::List),
            prop::collection::vec(record_item(inner.clone()), 0..4).prop_map(ExprKind::Record),
            (sign, boxed.clone()).prop_map(|(op, operand)| ExprKind::Sign { op, operand }),
            boxed.clone().prop_map(ExprKind::Percent),
            (boxed.clone(), spelling()).prop_map(|(operand, spelling)| ExprKind::Not { operand, spelling }),
            (many.clone(), spelling()).prop_map(|(operands, spelling)| ExprKind::And { operands, spelling }),
            (many.clone(), spelling()).prop_map(|(operands, spelling)| ExprKind::Or { operands, spelling }),
            (comparison.clone(), boxed.clone(), boxed.clone()).prop_map(|(op, lhs, rhs)| ExprKind::Compare {
                op: Spanned::new(op, Span::default()),
                lhs,
                rhs
            }),
            (boxed.clone(), boxed.clone(), any::<bool>()).prop_map(|(needle, list, negated)| ExprKind::In {
                needle,
                list,
                negated
            }),
            many.clone().prop_map(ExprKind::Join),
            many.clone().prop_map(ExprKind::Power),
            terms,
            factors,
            (
                prop_oneof![Just("IF"), Just("contains"), Just("CEILING.MATH")],
                prop::collection::vec(inner.clone(), 0..4)
            )
                .prop_map(|(function, args)| ExprKind::Call {
                    function: Spanned::new(FunctionName(function.to_uppercase()), Span::default()),
                    args
                }),
            (prop::collection::vec(binding, 1..3), boxed.clone())
                .prop_map(|(bindings, body)| ExprKind::Let { bindings, body }),
            (boxed, prop::collection::vec(accessor(inner.boxed()), 1..3))
                .prop_map(|(base, path)| ExprKind::Access { base, path }),
        ]
        .prop_map(expr)
    })
}
