//! Which history entry made which layer. Entries and layers are in the same order, but for entries that made none; where their
//! numbers do not fit (squashed, imported, rewritten images), nobody knows which is which. OCI image-spec, config.md.

use crate::{Image, ImageConfig};

/// Which entries made layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerHistory {
    /// For each layer, lowest first, the number of its entry.
    Known(Vec<usize>),
    /// The config has no history.
    Missing,
    /// Entries that claim to have made a layer, and layers: not as many.
    Mismatch {
        /// Such entries.
        entries: usize,
        /// Layers.
        layers: usize,
    },
}

impl LayerHistory {
    /// Of an image with so many layers.
    pub fn of(config: &ImageConfig, layers: usize) -> Self {
        let made = config.history.iter().enumerate().filter(|(_, entry)| !entry.empty_layer);
        let entries: Vec<usize> = made.map(|(at, _)| at).collect();
        match entries.len() {
            count if count == layers => Self::Known(entries),
            0 if config.history.is_empty() => Self::Missing,
            count => Self::Mismatch { entries: count, layers },
        }
    }

    /// The entry that made a layer, if that is known.
    pub fn entry(&self, layer: usize) -> Option<usize> {
        match self {
            Self::Known(entries) => entries.get(layer).copied(),
            _ => None,
        }
    }

    /// The layer that an entry made, if it made one and that is known.
    pub fn layer(&self, entry: usize) -> Option<usize> {
        match self {
            Self::Known(entries) => entries.binary_search(&entry).ok(),
            _ => None,
        }
    }
}

impl Image {
    /// Which history entry made which layer.
    pub fn layer_history(&self) -> LayerHistory {
        LayerHistory::of(&self.config, self.layers.len())
    }
}

#[cfg(test)]
mod tests {
    use jettison_model::HistoryEntry;

    use super::*;

    fn config(empty: &[bool]) -> ImageConfig {
        let entry = |empty: &bool| HistoryEntry { empty_layer: *empty, ..HistoryEntry::default() };
        ImageConfig { history: empty.iter().map(entry).collect(), ..ImageConfig::default() }
    }

    #[test]
    fn entries_without_a_layer_are_passed_over() {
        let history = LayerHistory::of(&config(&[false, true, false, true]), 2);
        assert_eq!(history, LayerHistory::Known(vec![0, 2]));
        assert_eq!(
            (history.entry(1), history.entry(2), history.layer(2), history.layer(1)),
            (Some(2), None, Some(1), None)
        );
    }

    #[test]
    fn numbers_that_do_not_fit_say_nothing() {
        let history = LayerHistory::of(&config(&[false, false]), 1);
        assert_eq!(history, LayerHistory::Mismatch { entries: 2, layers: 1 });
        assert_eq!(history.entry(0), None);
        assert_eq!(LayerHistory::of(&config(&[]), 3), LayerHistory::Missing);
        assert_eq!(LayerHistory::of(&config(&[true]), 1), LayerHistory::Mismatch { entries: 0, layers: 1 });
    }
}
