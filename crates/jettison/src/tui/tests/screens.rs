//! Screens on record. Each says in its name what should be seen on it.

use super::{assert_screen, play, shop};
use crate::tui::state::Event;

#[test]
fn the_image_with_its_layers_and_what_to_do() {
    assert_screen!(play(&[&shop()], (80, 24)));
}

#[test]
fn a_wide_terminal_has_three_columns_and_bars() {
    let mut played = play(&[&shop()], (200, 50));
    played.press(&["Tab"]).go("/app/shop");
    assert_screen!(played);
}

#[test]
fn a_layer_shows_only_what_it_changed() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Down", "Down", "Down", "Down", "Right"]).go("/app/shop");
    assert_screen!(played);
}

#[test]
fn packages_with_what_they_own_and_why_they_are_there() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["2", "Down"]);
    assert_screen!(played);
}

#[test]
fn instructions_with_those_that_made_no_layer() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["3", "End"]);
    assert_screen!(played);
}

#[test]
fn a_file_as_text_and_as_bytes() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab"]).go("/app/readme.txt").press(&["Enter"]);
    assert_screen!(played);
    played.press(&["v"]);
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("a_file_as_bytes", played.screen().lines().take(6).collect::<Vec<_>>().join("\n"));
    });
}

#[test]
fn the_keys() {
    let mut played = play(&[&shop()], (80, 30));
    played.press(&["?"]);
    assert_screen!(played);
}

#[test]
fn a_filter_is_typed() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab", "/"]).enter("foo");
    assert_screen!(played);
}

#[test]
fn what_is_wasted() {
    let mut played = play(&[&shop()], (100, 24));
    played.press(&["Tab", "w", "e"]).go("/usr/share/doc/a/copyright");
    assert_screen!(played);
}

#[test]
fn without_colour_and_unicode_nothing_is_lost() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Down", "Down", "Right"]);
    let theme = crate::tui::view::Theme { color: false, unicode: false };
    let text = super::screen(&played.state, theme);
    assert!(text.is_ascii(), "{text}");
    assert!(text.contains("+     v lib/") && text.contains("0.9 MB"), "{text}");
    let buffer = super::drawn(&played.state, theme);
    let plain = |cell: &ratatui_core::buffer::Cell| cell.fg == ratatui_core::style::Color::Reset;
    assert!(buffer.content.iter().all(plain), "no colour is left");
}

#[test]
fn every_size_has_a_screen() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab"]).go("/app/readme.txt");
    let keys: [&[&str]; 6] = [&[], &["?"], &["Esc", "v"], &["Esc", "z"], &["/"], &["Esc", "x"]];
    for keys in keys {
        played.press(keys);
        for (columns, rows) in (0..60).flat_map(|columns| (0..14).map(move |rows| (columns, rows))) {
            played.update(Event::Resize(columns, rows));
            played.screen();
        }
        played.update(Event::Resize(1, 1));
        played.press(&["Down", "Up", "PageDown"]);
        assert_eq!(played.screen(), "t\n");
        // a screen that has grown since the size was told, or shrunk, is no reason to fall over
        let mut small = ratatui_core::buffer::Buffer::empty(ratatui_core::layout::Rect::new(0, 0, 20, 5));
        played.update(Event::Resize(80, 24));
        crate::tui::view::render(&played.state, Default::default(), &mut small);
    }
}
