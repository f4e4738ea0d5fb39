//! Keys, the mouse, filters, extraction; and the table in the documentation.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::{play, press, shop, start};
use crate::tui::browse::Show;
use crate::tui::keys::TABLE;
use crate::tui::layout;
use crate::tui::state::{Above, Effect, Event, Pane, Prompt};
use crate::tui::tree::Mark;

#[test]
fn the_documentation_has_every_key() {
    let page = include_str!("../../../../../docs/images.md");
    for binding in TABLE {
        let row = format!("| `{}` | {} |", binding.keys, binding.help);
        assert!(page.contains(&row), "docs/images.md lacks this row:\n{row}");
    }
}

#[test]
fn folders_open_and_close() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab", "c"]);
    assert_eq!(played.rows(), ["/", "/usr", "/app", "/var", "/etc"]);
    played.press(&["Down", "Right"]);
    assert_eq!(played.rows(), ["/", "/usr", "/usr/lib", "/usr/share", "/app", "/var", "/etc"]);
    played.press(&["Right", "Right", "Down", "Left"]);
    assert_eq!(played.state.selected_path().unwrap().0, "/usr/lib");
    played.press(&["Left", "Left", "Left", "Left"]);
    assert_eq!(played.state.selected_path().unwrap().0, "/");
    assert_eq!(played.rows().len(), 5, "what is closed stays closed");
    played.press(&["Left"]);
    assert_eq!(played.state.focus, Pane::List);
}

#[test]
fn only_what_was_added_changed_removed_or_wasted() {
    let mut played = play(&[&shop()], (80, 24));
    let files = |played: &super::Played| -> Vec<String> {
        let browse = played.state.browse().unwrap();
        let rows = browse.rows(0, usize::MAX).iter();
        rows.filter(|id| !browse.tree.has_children(**id)).map(|id| browse.tree.path(*id)).collect()
    };
    // since the lowest layer
    played.press(&["Tab", "e", "-"]);
    assert_eq!(files(&played), ["/usr/share/doc/a/copyright", "/usr/share/doc/b/copyright"]);
    played.press(&["-", "w"]);
    assert_eq!(files(&played), ["/usr/share/doc/a/copyright", "/usr/share/doc/b/copyright", "/app/shop"]);
    played.press(&["w", "+"]);
    assert!(files(&played).contains(&"/usr/lib/libfoo.so".to_owned()));
    assert!(!files(&played).contains(&"/etc/os-release".to_owned()));
    played.press(&["a"]);
    assert_eq!(played.state.browse().unwrap().show, Show::ALL);
    // of the layer that overwrites the program
    played.press(&["Left", "BackTab"]);
    played.state.focus = Pane::List;
    played.press(&["Home", "Down", "Down", "Down", "Down"]);
    assert_eq!(files(&played), ["/app/shop"]);
    let browse = played.state.browse().unwrap();
    let shop = browse.tree.find("/app/shop").unwrap();
    assert_eq!((browse.tree.sign(shop), browse.tree.note(shop)), (Mark::Changed, Some("was 0.4 MB")));
    played.press(&["Tab", "+"]);
    assert_eq!(played.rows(), ["/"], "it adds nothing");
}

#[test]
fn a_filter_leaves_hits_and_what_leads_to_them() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab", "c", "/"]).enter("LIBFOO.S");
    assert_eq!(played.rows(), ["/", "/usr", "/usr/lib", "/usr/lib/libfoo.so.1", "/usr/lib/libfoo.so"]);
    played.press(&["Enter"]);
    assert!(played.state.prompt.is_none());
    played.press(&["Esc"]);
    assert_eq!(played.rows().len(), 5);
    played.press(&["/"]).enter("share/doc/b");
    assert_eq!(played.rows()[4..], ["/usr/share/doc/b", "/usr/share/doc/b/copyright"]);
    played.press(&["Esc"]);
    assert_eq!(played.state.browse().unwrap().filter, "");
}

#[test]
fn finding_goes_there_while_it_is_typed() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab", "c", "f"]).enter("copy");
    assert_eq!(played.state.selected_path().unwrap().0, "/usr/share/doc/a/copyright");
    played.press(&["Enter", "n"]);
    assert_eq!(played.state.selected_path().unwrap().0, "/usr/share/doc/b/copyright");
    played.press(&["n"]);
    assert_eq!(played.state.selected_path().unwrap().0, "/usr/share/doc/a/copyright", "and round again");
    played.press(&["N"]);
    assert_eq!(played.state.selected_path().unwrap().0, "/usr/share/doc/b/copyright");
    played.press(&["f"]).enter("nowhere");
    assert!(played.state.message.as_ref().is_some_and(|message| message.is_bad));
    played.press(&["Esc"]);
    assert_eq!(played.state.selected_path().unwrap().0, "/usr/share/doc/b/copyright");
}

#[test]
fn sorts_by_size_name_waste_and_number() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab", "c", "s"]);
    assert_eq!(played.rows(), ["/", "/app", "/etc", "/usr", "/var"]);
    played.press(&["s"]);
    assert_eq!(played.rows()[1..3], ["/usr", "/app"], "0.5 MB and 0.4 MB are wasted there");
    played.press(&["s", "S"]);
    assert_eq!(played.rows().last().unwrap(), "/app", "three files");
    played.state.focus = Pane::List;
    played.press(&["s"]);
    let first = played.state.list().rows(1, 1).next().unwrap().label.clone();
    assert_eq!(first, "RUN apt-get install -y libfoo");
}

#[test]
fn the_path_is_copied_as_a_shell_takes_it() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab"]).go("/app/.env").press(&["y"]);
    assert_eq!(played.wanted, [Effect::Copy("/app/.env".to_owned())]);
}

#[test]
fn a_file_is_written_where_it_was_asked_to_and_over_nothing() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab"]).go("/app/readme.txt").press(&["x"]);
    assert!(matches!(&played.state.prompt, Some(Prompt::Extract(line, _)) if line.text() == "./readme.txt"));
    let to = played.folder.path().join("out.txt");
    played.press(&["Ctrl-u"]).enter(to.to_str().unwrap()).press(&["Enter"]);
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "the shop\n\ton two lines\n");
    std::fs::write(&to, "mine").unwrap();
    played.press(&["x", "Ctrl-u"]).enter(to.to_str().unwrap()).press(&["Enter"]);
    assert!(matches!(&played.state.prompt, Some(Prompt::Replace { what, .. }) if what == "a file"));
    assert!(played.screen().contains("Replace it?"), "{}", played.screen());
    played.press(&["n"]);
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "mine");
    played.press(&["x", "Ctrl-u"]).enter(to.to_str().unwrap()).press(&["Enter", "y"]);
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "the shop\n\ton two lines\n");
}

#[test]
fn deleted_and_overwritten_files_can_still_be_read() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab"]).go("/usr/share/doc/b/copyright").press(&["v"]);
    assert!(played.screen().contains("bbbbbb"), "{}", played.screen());
    played.press(&["Esc"]);
    played.state.focus = Pane::List;
    played.press(&["End", "Tab"]).go("/usr/share/doc/a/copyright").press(&["v"]);
    assert!(matches!(&played.state.above, Above::File(file) if file.size == 300_000));
    assert!(played.screen().contains("aaaaaa"), "{}", played.screen());
}

#[test]
fn what_is_no_file_is_not_read() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab"]).go("/usr/lib/libfoo.so").press(&["x"]);
    assert!(played.state.prompt.is_none());
    assert!(played.screen().contains("this is a link"), "{}", played.screen());
    played.go("/app").press(&["v"]);
    assert!(played.screen().contains("this is a folder"), "{}", played.screen());
    played.go("/usr/lib/libfoo.so").press(&["Enter"]);
    assert_eq!(played.state.selected_path().unwrap().0, "/usr/lib/libfoo.so.1", "a link leads there");
}

#[test]
fn clicks_go_there_and_open_and_the_wheel_scrolls() {
    let mut played = play(&[&shop()], (80, 24));
    let areas = layout::areas(&played.state);
    let mouse = |kind, column, row| Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    let click = MouseEventKind::Down(MouseButton::Left);
    played.update(mouse(click, areas.list.x + 5, areas.list.y + 3));
    played.settle();
    assert_eq!((played.state.list().cursor, played.state.focus), (2, Pane::List));
    played.update(mouse(click, areas.tree.x + 5, areas.tree.y + 2));
    played.settle();
    assert_eq!((played.state.browse().unwrap().cursor, played.state.focus), (1, Pane::Tree));
    let rows = played.rows().len();
    played.update(mouse(click, areas.tree.x + 5, areas.tree.y + 2));
    assert!(played.rows().len() < rows, "the second click closes the folder");
    played.update(mouse(MouseEventKind::ScrollDown, areas.list.x + 5, areas.list.y + 3));
    assert_eq!((played.state.list().cursor, played.state.focus), (5, Pane::Tree));
    played.update(mouse(click, 500, 500));
}

#[test]
fn quits_and_gives_the_mouse_back() {
    let mut played = start(&[&shop()], (80, 24));
    assert_eq!(played.state.update(Event::Key(press("Ctrl-c"))), [Effect::Quit]);
    assert_eq!(played.state.update(Event::Key(press("q"))), [Effect::Quit]);
    assert_eq!(played.state.update(Event::Key(press("m"))), [Effect::Mouse(false)]);
    assert_eq!(played.state.update(Event::Key(press("m"))), [Effect::Mouse(true)]);
    played.settle();
}

#[test]
fn a_pane_can_have_the_screen_for_itself() {
    let mut played = play(&[&shop()], (80, 24));
    played.press(&["Tab", "z"]);
    assert_eq!(layout::areas(&played.state).tree.width, 80);
    assert!(layout::areas(&played.state).list.is_empty());
    played.press(&["Esc"]);
    assert!(!played.state.is_zoomed);
}
