//! What plain scalars mean and how Compose prints them again: `1.10` is a number and becomes `1.1`, `017` is 15, `yes` is a text.
//! The rules are those of Go's yaml packages (YAML 1.2 with octals and underscores of 1.1) and of Go's `%v`.

use super::{Data, Node};

/// `null` in its forms.
pub(crate) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// What a plain scalar is, for errors.
pub(crate) fn kind(text: &str) -> &'static str {
    match text {
        _ if is_null(text) => "nothing",
        _ if boolean(text).is_some() => "a boolean",
        _ if number(text).is_some() => "a number",
        _ => "a text",
    }
}

/// A scalar as Compose prints it; none for null and for what is no scalar.
pub(crate) fn text(node: &Node) -> Option<String> {
    match &node.data {
        Data::Text { text, plain: false } => Some(text.clone()),
        Data::Text { text, plain: true } if is_null(text) => None,
        Data::Text { text, plain: true } => {
            let printed = boolean(text).map(|value| value.to_string()).or_else(|| number(text));
            Some(printed.unwrap_or_else(|| text.clone()))
        }
        _ => None,
    }
}

/// `true` and `false` in their forms.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// A number, printed.
fn number(text: &str) -> Option<String> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some("+Inf".to_owned()),
        "-.inf" | "-.Inf" | "-.INF" => return Some("-Inf".to_owned()),
        ".nan" | ".NaN" | ".NAN" => return Some("NaN".to_owned()),
        _ => {}
    }
    if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.')) {
        return None;
    }
    let plain = text.replace('_', "");
    integer(&plain).or_else(|| float(&plain))
}

fn integer(text: &str) -> Option<String> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", text.get(1..)?),
        b'+' => ("", text.get(1..)?),
        _ => ("", text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, digits.get(2..)?),
        [b'0', b'o' | b'O', ..] => (8, digits.get(2..)?),
        [b'0', b'b' | b'B', ..] => (2, digits.get(2..)?),
        [b'0', _, ..] => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    if !digits.starts_with(|first: char| first.is_digit(base)) {
        return None;
    }
    let value = u64::from_str_radix(digits, base).ok()?;
    let fits = sign.is_empty() || value <= 1 << 63;
    fits.then(|| if value == 0 { "0".to_owned() } else { format!("{sign}{value}") })
}

fn float(text: &str) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fine = match whole {
        "" => digits(fraction),
        whole => digits(whole) && (fraction.is_empty() || digits(fraction)),
    };
    if !fine || exponent.is_some_and(|exponent| !digits(exponent)) {
        return None;
    }
    // what overflows stays a text, as in Go
    let value: f64 = text.parse().ok()?;
    value.is_finite().then(|| go_float(value))
}

/// As Go's `%v`: the shortest digits, with an exponent below 1e-4 and from 1e21.
pub(crate) fn go_float(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e21).contains(&size) {
        let text = format!("{value:e}");
        let Some((mantissa, exponent)) = text.split_once('e') else { return text };
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        return format!("{mantissa}e{sign}{exponent:0>2}");
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::At;
    use crate::yaml::Mode;

    #[test]
    fn plain_scalars_are_printed_as_compose_prints_them() {
        // docker compose 2.40.3, `args:` of `config`
        let cases = [
            ("1.10", "1.1"),
            ("1_000", "1000"),
            ("0o17", "15"),
            ("017", "15"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("1e3", "1000"),
            ("true", "true"),
            ("yes", "yes"),
            (".inf", "+Inf"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("100000000000000000000000.0", "1e+23"),
            ("-0.5", "-0.5"),
            ("+12", "12"),
            ("1.", "1"),
            (".5", "0.5"),
            ("1__2", "12"),
            ("1:30", "1:30"),
            ("1.2.3", "1.2.3"),
            ("-", "-"),
            ("0.00001", "1e-05"),
            ("09", "9"),
            ("1e400", "1e400"),
            ("0o8", "0o8"),
            ("q", "q"),
            ("v1", "v1"),
        ];
        for (written, expected) in cases {
            let data = Data::Text { text: written.to_owned(), plain: true };
            let node = Node { at: At::default(), mode: Mode::Merge, data };
            assert_eq!(text(&node).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn null_has_no_text_and_a_quoted_null_has() {
        for null in ["", "~", "null"] {
            let data = |plain| Data::Text { text: null.to_owned(), plain };
            let node = |plain| Node { at: At::default(), mode: Mode::Merge, data: data(plain) };
            assert_eq!((text(&node(true)), text(&node(false)).as_deref()), (None, Some(null)));
        }
    }
}
