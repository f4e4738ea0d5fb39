//! Byte counts and how they are written: decimal units, one decimal, thousands separated.

use std::fmt;

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

#[cfg(test)]
mod tests {
    use super::ByteSize;

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
