//! Budgets of `analyze --ci`: as they are given, as `.dive-ci` has them, and judged against an analysis.

mod dive_ci;
mod judge;

use std::str::FromStr;

use jettison_model::ByteSize;

pub use dive_ci::{DiveRules, Rule};
pub use judge::{Asked, judge};

/// Which size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The layers' tar streams.
    Unpacked,
    /// The layers' blobs.
    Compressed,
    /// The final tree's files.
    Apparent,
}

/// `--max-size`: `200MB`, `compressed=80MB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeBudget {
    /// Of which size.
    pub measure: Measure,
    /// At most.
    pub most: ByteSize,
}

/// `--max-wasted`: bytes or a share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// At most.
    Bytes(ByteSize),
    /// Of all file bytes at most.
    Share(Share),
}

/// From 0 to 1; written `0.95` or `95%`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share(pub f64);

/// `--layer-budget`: of every layer, or of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerBudget {
    /// Its place from 0; none for every layer.
    pub layer: Option<usize>,
    /// Unpacked, at most.
    pub most: ByteSize,
}

impl FromStr for SizeBudget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (measure, size) = match text.split_once('=') {
            None => (Measure::Unpacked, text),
            Some(("unpacked", size)) => (Measure::Unpacked, size),
            Some(("compressed", size)) => (Measure::Compressed, size),
            Some(("apparent", size)) => (Measure::Apparent, size),
            Some((other, _)) => return Err(format!("`{other}` is no size: unpacked, compressed, apparent")),
        };
        Ok(Self { measure, most: parsed(size)? })
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.ends_with('%') { text.parse().map(Self::Share) } else { parsed(text).map(Self::Bytes) }
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent.trim_end(), 100.0));
        let share = number.parse::<f64>().ok().map(|number| number / scale).filter(|share| (0.0..=1.0).contains(share));
        share.map(Self).ok_or_else(|| format!("`{text}` is no share: 0.95 or 95%"))
    }
}

impl FromStr for LayerBudget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (layer, size) = match text.split_once('=') {
            None => (None, text),
            Some((place, size)) => {
                let place = place.parse().map_err(|_| format!("`{place}` is no place of a layer: 0, 1, 2, …"))?;
                (Some(place), size)
            }
        };
        Ok(Self { layer, most: parsed(size)? })
    }
}

fn parsed(size: &str) -> Result<ByteSize, String> {
    size.parse().map_err(|error: jettison_model::ByteSizeError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_say_what_they_are_of() {
        let size = |text: &str| text.parse::<SizeBudget>();
        assert_eq!(size("200MB"), Ok(SizeBudget { measure: Measure::Unpacked, most: ByteSize(200_000_000) }));
        assert_eq!(size("compressed=1k"), Ok(SizeBudget { measure: Measure::Compressed, most: ByteSize(1_000) }));
        assert!(size("zipped=1k").is_err() && size("").is_err());
        assert_eq!("5%".parse(), Ok(Amount::Share(Share(0.05))));
        assert_eq!("5MB".parse(), Ok(Amount::Bytes(ByteSize(5_000_000))));
        assert_eq!("3=1k".parse(), Ok(LayerBudget { layer: Some(3), most: ByteSize(1_000) }));
        for wrong in ["1.2", "-1%", "x", "nan", "101%"] {
            assert!(wrong.parse::<Share>().is_err(), "{wrong}");
        }
    }
}
