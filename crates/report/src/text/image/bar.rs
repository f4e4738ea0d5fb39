//! Bars: how much something is of the largest one, and what of it is wasted or avoidable.

use crate::text::style::{Paint, Style};
use crate::text::table::Cell;

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// What of something is which; the rest of `bytes` is neither.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    /// All of it.
    pub(super) bytes: u64,
    /// Of it, what can be reached and need not be there.
    pub(super) avoidable: u64,
    /// Of it, what cannot be reached.
    pub(super) wasted: u64,
}

/// `██████▒▒░`: kept, avoidable, wasted, at most `columns` wide where `bytes` is `most`. What is wasted or avoidable and would
/// be too small to see takes no room.
pub(super) fn bar(parts: Parts, most: u64, columns: usize, style: &Style) -> Cell {
    let eighths = |bytes: u64| scaled(bytes, most, columns * 8);
    let all = eighths(parts.bytes);
    let wasted = eighths(parts.wasted.min(parts.bytes)) / 8;
    let avoidable = eighths(parts.avoidable.min(parts.bytes.saturating_sub(parts.wasted))) / 8;
    let kept = all.saturating_sub((wasted + avoidable) * 8);
    let odd = if wasted + avoidable == 0 && style.unicode { EIGHTHS.get(kept % 8).copied().unwrap_or("") } else { "" };
    let whole = kept / 8 + usize::from(odd.is_empty() && kept % 8 >= 4);
    // something is never shown as nothing
    let odd = if whole + wasted + avoidable == 0 && odd.is_empty() && parts.bytes > 0 { "▏" } else { odd };
    Cell::left(format!("{}{odd}", "█".repeat(whole)))
        .and(Paint::Plain, "▒".repeat(avoidable))
        .and(Paint::Bad, "░".repeat(wasted))
}

fn scaled(part: u64, whole: u64, to: usize) -> usize {
    if whole == 0 {
        return 0;
    }
    usize::try_from(u128::from(part.min(whole)) * to as u128 / u128::from(whole)).unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::table::aligned;

    fn shown(parts: Parts, style: &Style) -> String {
        aligned(&[vec![bar(parts, 1_000, 10, style)]], style).trim().to_owned()
    }

    #[test]
    fn bars_have_eighths_and_their_parts_add_up() {
        let style = Style::default();
        let parts = |bytes, avoidable, wasted| Parts { bytes, avoidable, wasted };
        assert_eq!(shown(parts(1_000, 0, 0), &style), "██████████");
        assert_eq!(shown(parts(140, 0, 0), &style), "█▍");
        assert_eq!(shown(parts(1_000, 300, 200), &style), "█████▒▒▒░░");
        assert_eq!(shown(parts(1, 0, 0), &style), "▏");
        assert_eq!(shown(parts(0, 0, 0), &style), "");
        assert_eq!(shown(parts(200, 0, 900), &style), "░░");
        assert_eq!(shown(parts(340, 0, 100), &Style { unicode: false, ..style }), "##.");
    }
}
