//! Where things are on the screen, for drawing and for the mouse alike. Pure: from the size and what is open to rectangles.

use ratatui_core::layout::Rect;

use super::state::{Pane, State};

/// Nothing can be shown on less.
pub const LEAST: (u16, u16) = (40, 10);
/// From so many columns on, the details have a column of their own.
const WIDE: u16 = 132;

/// Where things are; an empty rectangle for what is not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// One line above.
    pub head: Rect,
    /// Layers, packages, instructions.
    pub list: Rect,
    /// Files.
    pub tree: Rect,
    /// What is under the cursor.
    pub details: Rect,
    /// One line below.
    pub foot: Rect,
}

/// Whether the terminal is too small for anything.
pub fn is_tiny(size: (u16, u16)) -> bool {
    size.0 < LEAST.0 || size.1 < LEAST.1
}

/// Where things are.
pub fn areas(state: &State) -> Areas {
    let (width, height) = state.size;
    if is_tiny(state.size) {
        return Areas::default();
    }
    let line = |y| Rect { x: 0, y, width, height: 1 };
    let body = Rect { x: 0, y: 1, width, height: height - 2 };
    let areas = Areas { head: line(0), foot: line(height - 1), ..Areas::default() };
    if state.is_zoomed {
        return match state.focus {
            Pane::List => Areas { list: body, ..areas },
            Pane::Tree => Areas { tree: body, ..areas },
            Pane::Details => Areas { details: body, ..areas },
        };
    }
    if width >= WIDE {
        let (left, right) = (width * 3 / 10, width * 3 / 10);
        let list = Rect { width: left, ..body };
        let tree = Rect { x: left, width: width - left - right, ..body };
        return Areas { list, tree, details: Rect { x: width - right, width: right, ..body }, ..areas };
    }
    let below = (body.height * 3 / 8).clamp(3, 12);
    let above = body.height - below;
    let left = width * 2 / 5;
    Areas {
        list: Rect { width: left, height: above, ..body },
        tree: Rect { x: left, width: width - left, height: above, ..body },
        details: Rect { y: body.y + above, height: below, ..body },
        ..areas
    }
}

/// What is inside a frame.
pub fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// What an open file, or the help, is shown in.
pub fn above(state: &State) -> Rect {
    let (width, height) = state.size;
    if is_tiny(state.size) {
        return Rect::default();
    }
    Rect { x: 0, y: 1, width, height: height - 2 }
}

/// Rows of the list and of the tree.
pub fn heights(state: &State) -> (usize, usize) {
    let areas = areas(state);
    (inside(areas.list).height.into(), inside(areas.tree).height.into())
}
