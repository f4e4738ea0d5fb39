//! Functions on numbers and truth values, and the operators that also have names.

use hcl_edit::expr::BinaryOperator as Op;

use super::{Call, Function, count};
use crate::bake::number::Number;
use crate::bake::operators;
use crate::bake::value::{Fault, Value};

pub(super) const TABLE: &[(&str, Function)] = &[
    ("absolute", |call| one(call, |n| if n.compare(ZERO).is_lt() { ZERO.subtract(n) } else { n })),
    ("add", |call| operator(call, Op::Plus)),
    ("and", |call| operator(call, Op::And)),
    ("ceil", |call| one(call, |n| rounded(n, f64::ceil))),
    ("divide", |call| operator(call, Op::Div)),
    ("equal", |call| operator(call, Op::Eq)),
    ("floor", |call| one(call, |n| rounded(n, f64::floor))),
    ("greaterthan", |call| operator(call, Op::Greater)),
    ("greaterthanorequalto", |call| operator(call, Op::GreaterEq)),
    ("int", |call| one(call, |n| rounded(n, f64::trunc))),
    ("lessthan", |call| operator(call, Op::Less)),
    ("lessthanorequalto", |call| operator(call, Op::LessEq)),
    ("log", |call| {
        let [number, base] = call.exactly()?;
        let result = number.number()?.float().ln() / base.number()?.float().ln();
        let whole = result.round();
        let exact = (result - whole).abs() < 1e-9;
        Ok(Value::Number(if exact { Number::of(whole) } else { Number::Rounded(result) }))
    }),
    ("max", |call| extreme(call, |new, best| new.compare(best).is_gt())),
    ("min", |call| extreme(call, |new, best| new.compare(best).is_lt())),
    ("modulo", |call| operator(call, Op::Mod)),
    ("multiply", |call| operator(call, Op::Mul)),
    ("negate", |call| one(call, |n| ZERO.subtract(n))),
    ("not", |call| {
        let [value] = call.exactly()?;
        Ok(Value::Bool(!value.truth()?))
    }),
    ("notequal", |call| operator(call, Op::NotEq)),
    ("or", |call| operator(call, Op::Or)),
    ("parseint", |call| {
        let [text, base] = call.exactly()?;
        let base = u32::try_from(count(base)?).ok().filter(|base| (2..=36).contains(base));
        let parsed = base.and_then(|base| i128::from_str_radix(&text.print().ok()?, base).ok());
        let whole = parsed.ok_or_else(|| Fault::Wrong("no whole number of that base".to_owned()))?;
        Ok(Value::Number(Number::Int(whole)))
    }),
    ("pow", |call| {
        let [base, exponent] = call.exactly()?;
        Ok(Value::Number(power(base.number()?, exponent.number()?)))
    }),
    ("signum", |call| one(call, |n| Number::Int(n.compare(ZERO) as i128))),
    ("subtract", |call| operator(call, Op::Minus)),
];

const ZERO: Number = Number::Int(0);

fn one(call: &Call<'_>, compute: impl Fn(Number) -> Number) -> Result<Value, Fault> {
    let [number] = call.exactly()?;
    Ok(Value::Number(compute(number.number()?)))
}

fn operator(call: &Call<'_>, operator: Op) -> Result<Value, Fault> {
    let [left, right] = call.exactly()?;
    operators::binary(operator, left.clone(), right.clone())
}

fn rounded(number: Number, round: fn(f64) -> f64) -> Number {
    match number {
        Number::Int(_) => number,
        Number::Float(value) | Number::Rounded(value) => Number::of(round(value)),
    }
}

fn extreme(call: &Call<'_>, better: impl Fn(Number, Number) -> bool) -> Result<Value, Fault> {
    let numbers = call.args.iter().map(Value::number).collect::<Result<Vec<_>, _>>()?;
    let best = numbers.into_iter().reduce(|best, new| if better(new, best) { new } else { best });
    best.map(Value::Number).ok_or_else(|| Fault::Wrong("takes at least one number".to_owned()))
}

fn power(base: Number, exponent: Number) -> Number {
    let exact = base.whole().zip(exponent.whole().and_then(|exponent| u32::try_from(exponent).ok()));
    match exact.and_then(|(base, exponent)| base.checked_pow(exponent)) {
        Some(whole) => Number::Int(whole),
        None => Number::Rounded(base.float().powf(exponent.float())),
    }
}
