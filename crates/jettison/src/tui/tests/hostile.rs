//! Names and contents that others wrote: nothing in them reaches the terminal as it is, and columns stay where they are.

use jettison_report::text::width;
use jettison_testkit::{ImageBuilder, LayerBuilder};
use proptest::prelude::*;

use super::{assert_screen, drawn, play, press, shop, start};
use crate::tui::state::Event;
use crate::tui::view::Theme;

fn hostile() -> ImageBuilder {
    let layer = LayerBuilder::new()
        .file("srv/\x1b]0;owned\x07\x1b[2J", "1")
        .file("srv/new\nline\tand tab", "22")
        .file("srv/gpj.\u{202e}exe", "333")
        .file("srv/文書/報告書.txt", "4444")
        .file("srv/❤\u{fe0f}👩\u{200d}👩\u{200d}👧.md", "55555")
        .file(b"srv/caf\xe9", "666666")
        .symlink("srv/link", "\x1b[31mred")
        .file("srv/view", "\x1b[31mred\x1b[0m \u{9b}31m\r\nbell \x07 \u{202e}turned\n文書\ttab\n\x00");
    ImageBuilder::new().layer(&layer, "RUN /bin/sh -c printf '\x1b[2J\x07文書' # buildkit")
}

#[test]
fn names_are_shown_escaped_and_wide_signs_keep_the_columns() {
    let mut played = play(&[&hostile()], (80, 24));
    played.press(&["Tab", "e"]);
    assert_screen!(played);
    no_control_character(&played);
    let edges: Vec<usize> = played.screen().lines().skip(2).take(13).map(width).collect();
    assert!(edges.iter().all(|edge| *edge == 80), "{edges:?}");
}

#[test]
fn contents_are_shown_escaped() {
    let mut played = play(&[&hostile()], (80, 24));
    played.press(&["Tab"]).go("/srv/view").press(&["v"]);
    no_control_character(&played);
    played.press(&["v"]);
    no_control_character(&played);
    assert!(played.screen().contains("\\x1B[31mred"), "{}", played.screen());
    assert!(played.screen().contains("bell \\x07 \\u{202E}turned"), "{}", played.screen());
}

#[test]
fn what_is_copied_and_written_is_harmless() {
    let mut played = play(&[&hostile()], (80, 24));
    played.press(&["Tab"]).go("/srv/new\nline\tand tab").press(&["y", "x"]);
    assert_eq!(played.wanted, [crate::tui::state::Effect::Copy("$'/srv/new\\x0aline\\x09and tab'".to_owned())]);
    assert!(played.screen().contains("to: ./new_line_and tab"), "{}", played.screen());
    played.press(&["Esc", "/"]);
    played.update(Event::Paste("\x1b[2J\nx".to_owned()));
    no_control_character(&played);
}

fn no_control_character(played: &super::Played) {
    let buffer = drawn(&played.state, Theme { color: true, unicode: true });
    for cell in &buffer.content {
        let odd = cell
            .symbol()
            .chars()
            .find(|sign| sign.is_control() || matches!(*sign, '\u{202e}' | '\u{200d}' | '\u{fe0f}'));
        assert_eq!(odd, None, "{:?}", cell.symbol());
    }
}

/// Everything that can be pressed, without what reads or writes files.
const KEYS: [&str; 34] = [
    "Up",
    "Down",
    "Left",
    "Right",
    "Enter",
    "Space",
    "Tab",
    "BackTab",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "Esc",
    "1",
    "2",
    "3",
    "/",
    "f",
    "n",
    "N",
    "+",
    "~",
    "-",
    "w",
    "a",
    "s",
    "S",
    "e",
    "c",
    "z",
    "?",
    "Backspace",
    "o",
    "x",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_keys_on_any_screen_leave_the_cursor_in_sight(
        keys in proptest::collection::vec(0..KEYS.len(), 1..60),
        sizes in proptest::collection::vec((0u16..120, 0u16..40), 1..4),
    ) {
        let (one, other) = (shop(), hostile());
        let mut played = start(&[&one, &other], (80, 24));
        played.settle();
        for (at, key) in keys.iter().enumerate() {
            if at % 16 == 15 {
                let (columns, rows) = sizes[at / 16 % sizes.len()];
                played.update(Event::Resize(columns, rows));
            }
            // Enter could write a file where x asks where to
            if matches!(played.state.prompt, Some(crate::tui::state::Prompt::Extract(..))) {
                played.update(Event::Key(press("Esc")));
            }
            played.update(Event::Key(press(KEYS[*key])));
            played.settle();
            played.screen();
            let (_, height) = crate::tui::layout::heights(&played.state);
            if let Some(browse) = played.state.browse() {
                prop_assert!(browse.cursor < browse.len().max(1));
                prop_assert!(browse.top <= browse.cursor && browse.cursor < browse.top + height.max(1));
            }
            let list = played.state.list();
            prop_assert!(list.cursor < list.len().max(1));
        }
    }
}
