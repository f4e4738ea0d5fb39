//! What the mouse does: a click goes there, a second one on the same row opens it; the wheel scrolls what is under it.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui_core::layout::{Position, Rect};

use super::layout;
use super::state::{Above, Effect, Pane, State};

/// Rows for one turn of the wheel.
const WHEEL: isize = 3;

impl State {
    pub(super) fn on_mouse(&mut self, mouse: MouseEvent, effects: &mut Vec<Effect>) {
        let at = Position { x: mouse.column, y: mouse.row };
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => self.on_click(at, effects),
            MouseEventKind::ScrollUp => self.on_wheel(at, -WHEEL),
            MouseEventKind::ScrollDown => self.on_wheel(at, WHEEL),
            _ => {}
        }
    }

    fn on_click(&mut self, at: Position, effects: &mut Vec<Effect>) {
        if self.prompt.is_some() || !matches!(self.above, Above::Nothing) {
            return;
        }
        self.message = None;
        let areas = layout::areas(self);
        let Some((pane, area)) = pane_at(&areas, at) else { return };
        let before = std::mem::replace(&mut self.focus, pane);
        let Some(line) = line_in(area, at) else { return };
        match pane {
            Pane::List => {
                let row = self.list().top.saturating_add(line);
                let is_again = row == self.list().cursor && before == Pane::List;
                if row < self.list().len() {
                    self.list_mut().go(row);
                }
                if is_again {
                    self.focus = Pane::Tree;
                }
            }
            Pane::Tree => {
                let Some(browse) = self.browse_mut() else { return };
                let row = browse.top.saturating_add(line);
                let is_again = row == browse.cursor && before == Pane::Tree;
                if row >= browse.len() {
                    return;
                }
                browse.go(row);
                if is_again {
                    self.enter(effects);
                }
            }
            Pane::Details => {}
        }
    }

    fn on_wheel(&mut self, at: Position, by: isize) {
        let inside = layout::inside(layout::above(self));
        match &mut self.above {
            Above::File(file) => return file.scroll(by, inside.height.into(), inside.width.into()),
            Above::Help(top) => return *top = top.saturating_add_signed(by).min(super::keys::TABLE.len() - 1),
            Above::Nothing => {}
        }
        let areas = layout::areas(self);
        let Some((pane, _)) = pane_at(&areas, at) else { return };
        let before = std::mem::replace(&mut self.focus, pane);
        self.step(by);
        self.focus = before;
    }
}

fn pane_at(areas: &layout::Areas, at: Position) -> Option<(Pane, Rect)> {
    let panes = [(Pane::List, areas.list), (Pane::Tree, areas.tree), (Pane::Details, areas.details)];
    panes.into_iter().find(|(_, area)| area.contains(at))
}

/// Which line inside the frame.
fn line_in(area: Rect, at: Position) -> Option<usize> {
    let inside = layout::inside(area);
    inside.contains(at).then(|| usize::from(at.y - inside.y))
}
