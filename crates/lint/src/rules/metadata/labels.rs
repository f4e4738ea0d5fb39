//! The labels of a file, with what holds where they stand.

use super::super::prelude::*;

/// One label.
pub(super) struct Label {
    pub key: String,
    /// None if it depends on what is not known.
    pub value: Option<String>,
    pub span: Span,
    pub key_span: Span,
}

/// The labels of one LABEL.
pub(super) fn of(sheet: &Sheet<'_>, step: &Step<'_>) -> Vec<Label> {
    let pairs = step.instruction.pairs().into_iter();
    pairs
        .filter_map(|pair| {
            let key = sheet.value(step, &pair.raw_key)?;
            let value = sheet.value(step, pair.value.as_deref().unwrap_or_default());
            Some(Label { key, value, span: pair.span, key_span: pair.key_span })
        })
        .collect()
}
