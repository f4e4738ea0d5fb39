//! Numbers as HCL has them: whole ones exact, others as the nearest double. The tool computes with 512 bits and prints all of their
//! digits, so the text of a result that is not exact here is not told.

use super::value::Fault;

/// Significant digits up to which a result is taken to be what the tool would print.
const DIGITS: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int(i128),
    Float(f64),
    /// A result that was rounded.
    Rounded(f64),
}

impl Number {
    pub(crate) fn of(value: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        // the cast is exact below 2^53
        if value.fract() == 0.0 && value.abs() < EXACT { Self::Int(value as i128) } else { Self::Float(value) }
    }

    /// From text: digits, a fraction, an exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(whole) = text.parse::<i128>() {
            return Some(Self::Int(whole));
        }
        let looks_like_one =
            text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
        let value = text.parse::<f64>().ok().filter(|value| looks_like_one && value.is_finite())?;
        Some(Self::of(value))
    }

    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) | Self::Rounded(value) => value,
        }
    }

    /// A whole number; none if it is not one.
    pub(crate) fn whole(self) -> Option<i128> {
        match self {
            Self::Int(value) => Some(value),
            Self::Float(_) | Self::Rounded(_) => None,
        }
    }

    pub(crate) fn add(self, other: Self) -> Self {
        self.exact(other, i128::checked_add).unwrap_or_else(|| self.rounded(other, |a, b| a + b))
    }

    pub(crate) fn subtract(self, other: Self) -> Self {
        self.exact(other, i128::checked_sub).unwrap_or_else(|| self.rounded(other, |a, b| a - b))
    }

    pub(crate) fn multiply(self, other: Self) -> Self {
        self.exact(other, i128::checked_mul).unwrap_or_else(|| self.rounded(other, |a, b| a * b))
    }

    pub(crate) fn divide(self, other: Self) -> Self {
        let whole = |a: i128, b: i128| (a.checked_rem(b)? == 0).then(|| a.checked_div(b)).flatten();
        self.exact(other, whole).unwrap_or_else(|| self.rounded(other, |a, b| a / b))
    }

    pub(crate) fn remainder(self, other: Self) -> Self {
        self.exact(other, i128::checked_rem).unwrap_or_else(|| self.rounded(other, |a, b| a % b))
    }

    fn rounded(self, other: Self, compute: impl Fn(f64, f64) -> f64) -> Self {
        let (a, b) = (self.float(), other.float());
        let result = compute(a, b);
        let exact = result.is_infinite() || [a, b, result].into_iter().all(has_few_bits);
        if exact { Self::of(result) } else { Self::Rounded(result) }
    }

    fn exact(self, other: Self, compute: impl Fn(i128, i128) -> Option<i128>) -> Option<Self> {
        compute(self.whole()?, other.whole()?).map(Self::Int)
    }

    pub(crate) fn compare(self, other: Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            _ => self.float().total_cmp(&other.float()),
        }
    }

    /// As the tool prints it: without exponent.
    pub(crate) fn print(self) -> Result<String, Fault> {
        let value = match self {
            Self::Int(value) => return Ok(value.to_string()),
            Self::Float(value) if value.is_infinite() => {
                return Ok(if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned());
            }
            Self::Rounded(_) => return Err(endless()),
            Self::Float(value) => value,
        };
        let rounded: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value);
        if value.is_nan() || (rounded - value).abs() > value.abs() * 1e-15 {
            return Err(endless());
        }
        Ok(rounded.to_string())
    }
}

/// Whether sums and products of such numbers are exact: their fractions are of 2^-20 at the finest.
fn has_few_bits(value: f64) -> bool {
    const FINEST: f64 = 1_048_576.0;
    value.abs() < 4_294_967_296.0 && (value * FINEST).fract() == 0.0
}

fn endless() -> Fault {
    Fault::Unknown("a number with more digits than are computed here".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_exact_and_decimals_end() {
        let n = |text| Number::parse(text).expect("a number");
        let printed = |number: Number| number.print().ok();
        assert_eq!(printed(n("0.5").add(n("1.25"))).as_deref(), Some("1.75"));
        assert_eq!(printed(n("1.1")).as_deref(), Some("1.1"));
        assert_eq!(printed(n("100000000000000000000").add(n("1"))).as_deref(), Some("100000000000000000001"));
        assert_eq!(printed(n("7").divide(n("2"))).as_deref(), Some("3.5"));
        assert_eq!(printed(n("1").divide(n("0"))).as_deref(), Some("+Inf"));
        assert_eq!(printed(n("-5").remainder(n("3"))).as_deref(), Some("-2"));
        assert_eq!(printed(n("2.5e-3")).as_deref(), Some("0.0025"));
        for endless in [n("10").divide(n("3")), n("1.1").multiply(n("3")), n("0").divide(n("0"))] {
            assert!(matches!(endless.print(), Err(Fault::Unknown(_))), "{endless:?}");
        }
        assert_eq!([Number::parse("x"), Number::parse("inf"), Number::parse("")], [None, None, None]);
    }
}
