//! The keys: one table, from which the program reads what a key does, `?` shows it, and the documentation is checked.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ends the program.
    Quit,
    /// Closes what is open above the panes, or takes the filter away.
    Back,
    /// Shows the keys.
    Help,
    /// The pane to the right.
    NextPane,
    /// The pane to the left.
    PreviousPane,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One screen up.
    PageUp,
    /// One screen down.
    PageDown,
    /// The first row.
    First,
    /// The last row.
    Last,
    /// Opens a folder, or goes into it.
    Open,
    /// Closes a folder, or goes out of it.
    Close,
    /// Opens or closes a folder; shows a file; follows a link.
    Enter,
    /// Opens or closes a folder.
    Toggle,
    /// Opens every folder.
    OpenAll,
    /// Closes every folder.
    CloseAll,
    /// Asks for the filter.
    Filter,
    /// Asks what to find.
    Find,
    /// The next one found.
    FindNext,
    /// The previous one found.
    FindPrevious,
    /// Another order.
    Sort,
    /// The order turned round.
    Reverse,
    /// Only what was added, or that too.
    Added,
    /// Only what was changed, or that too.
    Changed,
    /// Only what was removed, or that too.
    Removed,
    /// Only what is wasted, or that too.
    Wasted,
    /// Everything, or only what differs.
    All,
    /// The first, second or third view.
    View(usize),
    /// Copies the path.
    Copy,
    /// Asks where to write the file.
    Extract,
    /// Shows the file.
    Show,
    /// The pane alone on the screen.
    Zoom,
    /// Takes the mouse, or gives it back to the terminal.
    Mouse,
}

/// One row of the table.
pub struct Binding {
    /// As it is shown.
    pub keys: &'static str,
    /// What it does.
    pub help: &'static str,
    actions: &'static [(KeyCode, KeyModifiers, Action)],
}

const PLAIN: KeyModifiers = KeyModifiers::NONE;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;

const fn key(sign: char, action: Action) -> (KeyCode, KeyModifiers, Action) {
    (KeyCode::Char(sign), PLAIN, action)
}

/// All keys, in the order in which they are shown.
pub const TABLE: &[Binding] = &[
    Binding {
        keys: "↑ ↓  j k",
        help: "move; PgUp PgDn, g G or Home End: further",
        actions: &[
            (KeyCode::Up, PLAIN, Action::Up),
            (KeyCode::Down, PLAIN, Action::Down),
            key('k', Action::Up),
            key('j', Action::Down),
            (KeyCode::PageUp, PLAIN, Action::PageUp),
            (KeyCode::PageDown, PLAIN, Action::PageDown),
            (KeyCode::Char('b'), CONTROL, Action::PageUp),
            (KeyCode::Char('f'), CONTROL, Action::PageDown),
            (KeyCode::Home, PLAIN, Action::First),
            (KeyCode::End, PLAIN, Action::Last),
            key('g', Action::First),
            key('G', Action::Last),
        ],
    },
    Binding {
        keys: "← →  h l",
        help: "close and open a folder; at the edge, the other pane",
        actions: &[
            (KeyCode::Left, PLAIN, Action::Close),
            (KeyCode::Right, PLAIN, Action::Open),
            key('h', Action::Close),
            key('l', Action::Open),
        ],
    },
    Binding {
        keys: "Enter",
        help: "open or close a folder, show a file, go where a link leads",
        actions: &[(KeyCode::Enter, PLAIN, Action::Enter)],
    },
    Binding { keys: "Space", help: "open or close a folder", actions: &[key(' ', Action::Toggle)] },
    Binding {
        keys: "Tab",
        help: "the other pane",
        actions: &[(KeyCode::Tab, PLAIN, Action::NextPane), (KeyCode::BackTab, PLAIN, Action::PreviousPane)],
    },
    Binding {
        keys: "1 2 3",
        help: "by layer, by package, by instruction (of two images: by change of config)",
        actions: &[key('1', Action::View(0)), key('2', Action::View(1)), key('3', Action::View(2))],
    },
    Binding {
        keys: "/",
        help: "filter: only names that hold the text (paths, if it has a slash); Esc takes it away",
        actions: &[key('/', Action::Filter)],
    },
    Binding {
        keys: "f  n N",
        help: "find while typing, the next, the previous",
        actions: &[key('f', Action::Find), key('n', Action::FindNext), key('N', Action::FindPrevious)],
    },
    Binding {
        keys: "+ ~ - w",
        help: "only what was added, changed, removed, is wasted; several add up",
        actions: &[
            key('+', Action::Added),
            key('~', Action::Changed),
            key('-', Action::Removed),
            key('w', Action::Wasted),
        ],
    },
    Binding { keys: "a", help: "everything, or only what differs", actions: &[key('a', Action::All)] },
    Binding {
        keys: "s S",
        help: "sort by size, name, waste, number of files; the other way round",
        actions: &[key('s', Action::Sort), key('S', Action::Reverse)],
    },
    Binding {
        keys: "e c",
        help: "expand or collapse all folders",
        actions: &[key('e', Action::OpenAll), key('c', Action::CloseAll)],
    },
    Binding { keys: "v", help: "view the file; there: text or bytes", actions: &[key('v', Action::Show)] },
    Binding { keys: "x", help: "extract the file: asks where to", actions: &[key('x', Action::Extract)] },
    Binding {
        keys: "y",
        help: "copy the path (OSC 52: the terminal must allow it)",
        actions: &[key('y', Action::Copy)],
    },
    Binding { keys: "z", help: "this pane alone", actions: &[key('z', Action::Zoom)] },
    Binding {
        keys: "m",
        help: "give the mouse back to the terminal, to select text",
        actions: &[key('m', Action::Mouse)],
    },
    Binding { keys: "?", help: "this help", actions: &[key('?', Action::Help), (KeyCode::F(1), PLAIN, Action::Help)] },
    Binding { keys: "Esc", help: "back", actions: &[(KeyCode::Esc, PLAIN, Action::Back)] },
    Binding {
        keys: "q  Ctrl-C",
        help: "quit",
        actions: &[key('q', Action::Quit), (KeyCode::Char('c'), CONTROL, Action::Quit)],
    },
];

/// What a key does, if it does anything.
pub fn action(key: KeyEvent) -> Option<Action> {
    // terminals do not agree whether a capital comes with Shift
    let modifiers = key.modifiers.difference(KeyModifiers::SHIFT);
    let mut all = TABLE.iter().flat_map(|binding| binding.actions);
    all.find(|(code, with, _)| *code == key.code && *with == modifiers).map(|(_, _, action)| *action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_does_two_things() {
        let all: Vec<_> = TABLE.iter().flat_map(|binding| binding.actions).collect();
        for (at, (code, with, _)) in all.iter().enumerate() {
            let again = all.iter().skip(at + 1).find(|(other, also, _)| (other, also) == (code, with));
            assert!(again.is_none(), "{code:?}");
        }
    }

    #[test]
    fn capitals_come_with_shift_or_without() {
        let key = |modifiers| KeyEvent::new(KeyCode::Char('G'), modifiers);
        assert_eq!(action(key(KeyModifiers::SHIFT)), Some(Action::Last));
        assert_eq!(action(key(KeyModifiers::NONE)), Some(Action::Last));
        assert_eq!(action(KeyEvent::new(KeyCode::Char('q'), KeyModifiers::ALT)), None);
    }
}
