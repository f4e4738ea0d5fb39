//! Operators of expressions. What is not known makes the result unknown, unless the other side decides.

use hcl_edit::expr::{BinaryOperator, UnaryOperator};

use super::value::{Fault, Value};

pub(super) fn unary(operator: UnaryOperator, value: Value) -> Result<Value, Fault> {
    if let Some(opaque) = value.opaque() {
        return Ok(Value::Opaque(Box::new(opaque.clone())));
    }
    match operator {
        UnaryOperator::Not => Ok(Value::Bool(!value.truth()?)),
        UnaryOperator::Neg => Ok(Value::Number(super::number::Number::Int(0).subtract(value.number()?))),
    }
}

pub(super) fn binary(operator: BinaryOperator, left: Value, right: Value) -> Result<Value, Fault> {
    if let Some(opaque) = left.opaque().or_else(|| right.opaque()) {
        return Ok(Value::Opaque(Box::new(opaque.clone())));
    }
    use BinaryOperator as Op;
    let numbers = || Ok::<_, Fault>((left.number()?, right.number()?));
    let ordered = || numbers().map(|(left, right)| left.compare(right));
    Ok(match operator {
        Op::Eq => Value::Bool(left == right),
        Op::NotEq => Value::Bool(left != right),
        Op::And => Value::Bool(left.truth()? && right.truth()?),
        Op::Or => Value::Bool(left.truth()? || right.truth()?),
        Op::Less => Value::Bool(ordered()?.is_lt()),
        Op::LessEq => Value::Bool(ordered()?.is_le()),
        Op::Greater => Value::Bool(ordered()?.is_gt()),
        Op::GreaterEq => Value::Bool(ordered()?.is_ge()),
        Op::Plus => numbers().map(|(left, right)| Value::Number(left.add(right)))?,
        Op::Minus => numbers().map(|(left, right)| Value::Number(left.subtract(right)))?,
        Op::Mul => numbers().map(|(left, right)| Value::Number(left.multiply(right)))?,
        Op::Div => numbers().map(|(left, right)| Value::Number(left.divide(right)))?,
        Op::Mod => numbers().map(|(left, right)| Value::Number(left.remainder(right)))?,
    })
}
