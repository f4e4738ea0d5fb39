//! `format` and `formatlist`: `%s`, `%d`, `%05.1f`, `%-10s`, `%[2]v` … as Go's relatives of printf.

use super::codec::encode;
use super::{Call, Function};
use crate::bake::number::Number;
use crate::bake::value::{Fault, Value};

pub(super) const TABLE: &[(&str, Function)] = &[
    ("format", |call| match call.args.split_first() {
        Some((format, args)) => formatted(&format.print()?, args, call.budget.left()).map(Value::Text),
        None => Err(Fault::Wrong("takes a format".to_owned())),
    }),
    ("formatlist", formatlist),
];

/// One text for each element of the lists among the arguments, which are equally long.
fn formatlist(call: &Call<'_>) -> Result<Value, Fault> {
    let Some((format, args)) = call.args.split_first() else {
        return Err(Fault::Wrong("takes a format".to_owned()));
    };
    let format = format.print()?;
    let lengths: Vec<usize> = args.iter().filter_map(|arg| arg.list().ok()).map(<[Value]>::len).collect();
    let length = lengths.first().copied().unwrap_or(1);
    if lengths.iter().any(|one| *one != length) {
        return Err(Fault::Wrong("the lists differ in length".to_owned()));
    }
    call.room(length.saturating_mul(args.iter().filter(|arg| arg.list().is_err()).map(Value::weight).sum()))?;
    let line = |at: usize| {
        let pick = |arg: &Value| match arg {
            Value::List(items) => items.get(at).cloned().unwrap_or(Value::Null),
            other => other.clone(),
        };
        formatted(&format, &args.iter().map(pick).collect::<Vec<_>>(), call.budget.left()).map(Value::Text)
    };
    Ok(Value::List((0..length).map(line).collect::<Result<_, _>>()?))
}

#[derive(Default)]
struct Verb {
    minus: bool,
    plus: bool,
    zero: bool,
    sharp: bool,
    space: bool,
    width: usize,
    precision: Option<usize>,
    argument: Option<usize>,
}

fn formatted(format: &str, args: &[Value], limit: usize) -> Result<String, Fault> {
    let mut out = String::new();
    let mut next = 0;
    let mut most = 0;
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let (verb, letter, after) = verb(after)?;
        let at = verb.argument.unwrap_or(next);
        let value = args.get(at).ok_or_else(|| Fault::Wrong(format!("`%{letter}` has no argument")))?;
        next = at.saturating_add(1);
        most = most.max(next);
        if out.len().saturating_add(verb.width).saturating_add(value.weight()) > limit {
            return Err(Fault::TooMuch);
        }
        out.push_str(&padded(&verb, letter, &printed(&verb, letter, value)?));
        rest = after;
    }
    if most < args.len() {
        return Err(Fault::Wrong("there are more arguments than the format takes".to_owned()));
    }
    out.push_str(rest);
    Ok(out)
}

/// What follows a `%`: the verb, its letter, the rest.
fn verb(text: &str) -> Result<(Verb, char, &str), Fault> {
    const WIDEST: usize = 10_000;
    let mut verb = Verb::default();
    let mut rest = text;
    while let Some(flag) = rest.chars().next().filter(|flag| "-+0# ".contains(*flag)) {
        match flag {
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            '0' => verb.zero = true,
            '#' => verb.sharp = true,
            _ => verb.space = true,
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    let number = |text: &str| -> Result<usize, Fault> {
        let value = if text.is_empty() { Some(0) } else { text.parse().ok() };
        value.filter(|value| *value <= WIDEST).ok_or(Fault::TooMuch)
    };
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (width, after) = rest.split_at(digits(rest));
    verb.width = number(width)?;
    rest = after;
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = after.split_at(digits(after));
        verb.precision = Some(number(precision)?);
        rest = after;
    }
    if let Some((index, after)) = rest.strip_prefix('[').and_then(|after| after.split_once(']')) {
        verb.argument =
            Some(number(index)?.checked_sub(1).ok_or_else(|| Fault::Wrong("arguments count from 1".to_owned()))?);
        rest = after;
    }
    let letter = rest.chars().next().ok_or_else(|| Fault::Wrong("the format ends in a `%`".to_owned()))?;
    Ok((verb, letter, rest.get(letter.len_utf8()..).unwrap_or_default()))
}

fn printed(verb: &Verb, letter: char, value: &Value) -> Result<String, Fault> {
    let whole = || value.number()?.whole().ok_or_else(|| Fault::Wrong("a whole number is needed".to_owned()));
    let signed = |text: String| match (text.starts_with('-'), verb.plus, verb.space) {
        (false, true, _) => format!("+{text}"),
        (false, false, true) => format!(" {text}"),
        _ => text,
    };
    let radix = |print: fn(u128) -> String| {
        let value = whole()?;
        Ok::<_, Fault>(format!("{}{}", if value < 0 { "-" } else { "" }, print(value.unsigned_abs())))
    };
    let json = || {
        let mut out = String::new();
        encode(value, &mut out).map(|()| out)
    };
    match letter {
        's' => Ok(shortened(value.print()?, verb.precision)),
        'q' => encode_text(&shortened(value.print()?, verb.precision)),
        'v' if verb.sharp => json(),
        'v' => match value {
            Value::Text(text) => Ok(text.clone()),
            Value::Number(number) => number.print().map(signed),
            _ => json(),
        },
        't' => value.truth().map(|truth| truth.to_string()),
        'd' => Ok(signed(whole()?.to_string())),
        'b' => radix(|value| format!("{value:b}")).map(signed),
        'o' => radix(|value| format!("{value:o}")).map(signed),
        'x' => radix(|value| format!("{value:x}")).map(signed),
        'X' => radix(|value| format!("{value:X}")).map(signed),
        'f' => {
            let precision = verb.precision.unwrap_or(6).min(100);
            Ok(signed(match value.number()? {
                Number::Int(whole) if precision == 0 => whole.to_string(),
                number => format!("{:.precision$}", number.float()),
            }))
        }
        'e' | 'E' | 'g' | 'G' => Err(Fault::Unknown(format!("`%{letter}` is not computed here"))),
        other => Err(Fault::Wrong(format!("there is no `%{other}`"))),
    }
}

fn encode_text(text: &str) -> Result<String, Fault> {
    let mut out = String::new();
    encode(&Value::Text(text.to_owned()), &mut out).map(|()| out)
}

fn shortened(text: String, precision: Option<usize>) -> String {
    match precision {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

fn padded(verb: &Verb, letter: char, text: &str) -> String {
    let missing = verb.width.saturating_sub(text.chars().count());
    let numeric = "dboxXf".contains(letter);
    match (verb.minus, verb.zero) {
        (true, _) => format!("{text}{}", " ".repeat(missing)),
        (false, true) if numeric => {
            let digits = text.trim_start_matches(['+', '-', ' ']);
            let (sign, digits) = text.split_at(text.len().saturating_sub(digits.len()));
            format!("{sign}{}{digits}", "0".repeat(missing))
        }
        (false, true) => format!("{}{text}", "0".repeat(missing)),
        _ => format!("{}{text}", " ".repeat(missing)),
    }
}
