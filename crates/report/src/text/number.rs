//! Numbers as text: units written, one decimal, evidence in front.

use jettison_model::ByteSize;

use crate::Evidence;

/// `1,270.4 MB`, with the mark of its evidence.
pub fn bytes(bytes: u64, evidence: Evidence) -> String {
    format!("{}{}", mark(evidence), ByteSize(bytes))
}

/// `11.9 s`, with the mark of its evidence.
pub fn seconds(seconds: f64, evidence: Evidence) -> String {
    format!("{}{:.1} s", mark(evidence), seconds)
}

/// A change of bytes or seconds: `~−612.0 MB`, `+3.1 MB`.
pub fn change(amount: f64, evidence: Evidence, unit: &dyn Fn(f64) -> String) -> String {
    let sign = if amount < 0.0 { "−" } else { "+" };
    format!("{}{sign}{}", mark(evidence), unit(amount.abs()))
}

/// `÷ 5.7` where it became less, `× 1.2` where it became more; none where it stayed or one of them is nothing.
pub fn ratio(before: f64, after: f64) -> Option<String> {
    if !(before > 0.0 && after > 0.0) {
        return None;
    }
    let (sign, times) = if after <= before { ("÷", before / after) } else { ("×", after / before) };
    (times >= 1.05)
        .then(|| if times < 9.95 { format!("{sign} {times:.1}") } else { format!("{sign} {}", grouped(times)) })
}

/// Rounded to a whole number, thousands separated.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// What stands before a number.
pub(crate) fn mark(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Measured => "",
        Evidence::Modelled => "~",
        Evidence::Guessed => "≈?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_have_one_decimal_until_they_need_none() {
        assert_eq!(ratio(1270.4, 221.0).as_deref(), Some("÷ 5.7"));
        assert_eq!(ratio(11.9, 0.3).as_deref(), Some("÷ 40"));
        assert_eq!(ratio(99.7, 10.02).as_deref(), Some("÷ 10"));
        assert_eq!(ratio(48.2e6, 31.0e3).as_deref(), Some("÷ 1,555"));
        assert_eq!(ratio(10.0, 13.0).as_deref(), Some("× 1.3"));
        assert_eq!(ratio(10.0, 10.2), None);
        assert_eq!(ratio(0.0, 10.0), None);
        assert_eq!(ratio(10.0, 0.0), None);
    }

    #[test]
    fn changes_wear_sign_and_evidence() {
        let unit = |amount: f64| format!("{amount:.1} s");
        assert_eq!(change(-11.54, Evidence::Modelled, &unit), "~−11.5 s");
        assert_eq!(change(3.0, Evidence::Guessed, &unit), "≈?+3.0 s");
        assert_eq!(bytes(1_270_400_000, Evidence::Measured), "1,270.4 MB");
    }
}
