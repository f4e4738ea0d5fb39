//! Byte counts and how they are written: decimal units, one decimal, thousands separated.

use std::fmt;
use std::str::FromStr;

/// A number of bytes. Shown in MB of 10^6 bytes (`1,270.4 MB`), small ones in kB or B.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(pub u64);

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            bytes @ 0..1_000 => format!("{bytes} B"),
            bytes @ 1_000..50_000 => format!("{} kB", tenths(bytes, 1_000)),
            bytes => format!("{} MB", tenths(bytes, 1_000_000)),
        };
        f.pad(&text)
    }
}

/// `bytes / unit`, rounded to one decimal, with thousands separated by commas.
fn tenths(bytes: u64, unit: u64) -> String {
    let tenths = (bytes as u128 * 10 + unit as u128 / 2) / unit as u128;
    let whole = (tenths / 10).to_string();
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{}", tenths % 10)
}

/// Why a text is no size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no size (write 4096, 200MB, 1.5GB or 64MiB)")]
pub struct ByteSizeError(pub String);

impl FromStr for ByteSize {
    type Err = ByteSizeError;

    /// A number with a unit: powers of 1,000 for `kB`, `MB`, …, also without the `B`; of 1,024 for `KiB`, `MiB`, …; bytes without
    /// one. Letters of either case, blanks before the unit, commas between digits.
    fn from_str(text: &str) -> Result<Self, ByteSizeError> {
        let wrong = || ByteSizeError(text.to_owned());
        let trimmed = text.trim();
        let end =
            trimmed.find(|sign: char| !sign.is_ascii_digit() && sign != '.' && sign != ',').unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(end);
        let unit = unit_of(&unit.trim().to_ascii_lowercase()).ok_or_else(wrong)?;
        let number = number.replace(',', "");
        let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() && part.is_empty() || !digits(whole) || !digits(part) || part.len() > 18 {
            return Err(wrong());
        }
        let parsed = |text: &str| if text.is_empty() { Some(0u128) } else { text.parse().ok() };
        let scale = 10u128.pow(u32::try_from(part.len()).unwrap_or(0));
        let fraction = parsed(part).and_then(|part| part.checked_mul(unit)).map(|part| part / scale);
        let whole = parsed(whole).and_then(|whole| whole.checked_mul(unit));
        let bytes = whole.zip(fraction).and_then(|(whole, fraction)| whole.checked_add(fraction));
        bytes.and_then(|bytes| u64::try_from(bytes).ok()).map(Self).ok_or_else(wrong)
    }
}

fn unit_of(name: &str) -> Option<u128> {
    let name = name.strip_suffix('b').unwrap_or(name);
    let (letter, base) = name.strip_suffix('i').map_or((name, 1_000u128), |letter| (letter, 1_024));
    let power = match letter {
        "" if base == 1_000 => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        "e" => 6,
        _ => return None,
    };
    Some(base.pow(power))
}

#[cfg(test)]
mod tests {
    use super::{ByteSize, ByteSizeError};

    #[test]
    fn reads_decimal_and_binary_units() {
        let read = |text: &str| text.parse::<ByteSize>().map(|size| size.0);
        assert_eq!(read("4096"), Ok(4_096));
        assert_eq!(read("20MB"), Ok(20_000_000));
        assert_eq!(read("20 mb"), Ok(20_000_000));
        assert_eq!(read("1.5GiB"), Ok(1_610_612_736));
        assert_eq!(read("64Ki"), Ok(65_536));
        assert_eq!(read("1,270.4 MB"), Ok(1_270_400_000));
        assert_eq!(read("3k"), Ok(3_000));
        for wrong in ["", "MB", "-1", "1.2.3MB", "12 parsecs", "ib", "99999999999EB", ".", "1e3"] {
            assert_eq!(read(wrong), Err(ByteSizeError(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn shows_decimal_units_with_one_decimal() {
        let shown = |bytes| ByteSize(bytes).to_string();
        assert_eq!(shown(0), "0 B");
        assert_eq!(shown(999), "999 B");
        assert_eq!(shown(1_500), "1.5 kB");
        assert_eq!(shown(49_949), "49.9 kB");
        assert_eq!(shown(50_000), "0.1 MB");
        assert_eq!(shown(1_270_400_000), "1,270.4 MB");
        assert_eq!(shown(u64::MAX), "18,446,744,073,709.6 MB");
    }
}
