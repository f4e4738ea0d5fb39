//! The left pane: layers, packages, instructions or what differs of them, each with its bytes.

use jettison_report::text::width;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Modifier, Style};

use super::canvas::{Canvas, Span, bar};
use crate::tui::layout::inside;
use crate::tui::overview::Entry;
use crate::tui::state::{Pane, State};
use crate::tui::text::{end, padded, plain};

/// From so many columns on, there are bars.
const WITH_BARS: u16 = 46;
const BAR: usize = 8;

/// Draws it.
pub fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let (list, theme) = (state.list(), canvas.theme);
    let aside = match list.filter.as_str() {
        "" => String::new(),
        filter => format!(" /{} ", end(&plain(filter), 16)),
    };
    let title = titles(state, usize::from(area.width).saturating_sub(4 + width(&aside)), canvas);
    canvas.frame(area, &title, &aside, state.focus == Pane::List);
    let inside = inside(area);
    let most = list.most();
    let leads = list.rows(0, list.len()).map(|entry| entry.lead.len()).max().unwrap_or(0).min(6);
    let amounts = list.rows(0, list.len()).map(|entry| width(&entry.amount)).max().unwrap_or(0);
    let columns = Columns { most, leads, amounts };
    for (line, entry) in list.rows(list.top, inside.height.into()).enumerate() {
        let y = u16::try_from(line).unwrap_or(u16::MAX);
        row(entry, &columns, canvas, inside, y);
        if list.top + line == list.cursor {
            let focused = Style::new().add_modifier(Modifier::REVERSED);
            let other = theme.strong().add_modifier(Modifier::UNDERLINED);
            canvas.highlight(inside, y, if state.focus == Pane::List { focused } else { other });
        }
    }
    if list.len() == 0 {
        let text = if state.overview.is_some() { "nothing" } else { "no layer has been read yet" };
        canvas.put(inside, 1, 0, text, theme.dim());
    }
}

/// The view that is shown, and the keys of the others as far as there is room.
fn titles(state: &State, room: usize, canvas: &Canvas<'_>) -> Vec<Span> {
    let theme = canvas.theme;
    let Some(overview) = &state.overview else { return super::title(state, Pane::List, "layers", theme) };
    let name = |view: usize| overview.title(view);
    let all: usize = (0..3).map(|view| width(name(view)) + 4).sum();
    let mut spans = Vec::new();
    for view in 0..3 {
        if view == state.view {
            let text = if all <= room { format!("{} {}", view + 1, name(view)) } else { name(view).to_owned() };
            spans.extend(super::title(state, Pane::List, &text, theme));
        } else if all <= room {
            spans.push((format!(" {} {} ", view + 1, name(view)), theme.dim()));
        }
    }
    spans
}

/// What all rows have in common.
struct Columns {
    most: u64,
    leads: usize,
    amounts: usize,
}

fn row(entry: &Entry, shared: &Columns, canvas: &mut Canvas<'_>, area: Rect, y: u16) {
    let (theme, most, leads, amounts) = (canvas.theme, shared.most, shared.leads, shared.amounts);
    let columns = usize::from(area.width);
    let has_bar = area.width >= WITH_BARS && most > 0;
    let tail = amounts + if has_bar { BAR + 1 } else { 0 };
    let style = if entry.is_dim { theme.dim() } else { theme.mark(entry.mark) };
    let lead = if leads > 0 { format!("{:>leads$} ", end(&entry.lead, leads)) } else { String::new() };
    let sign = theme.signs(&entry.mark.sign().to_string());
    let room = columns.saturating_sub(width(&lead) + 1 + tail + 1);
    let mut spans: Vec<Span> = vec![
        (sign, theme.mark(entry.mark)),
        (lead, theme.dim()),
        (padded(&entry.label, room), style),
        (" ".to_owned(), style),
    ];
    if has_bar {
        let kept = bar(entry.bytes, most, BAR, theme);
        let filled =
            if entry.wasted > 0 && entry.wasted.saturating_mul(2) > entry.bytes { theme.wasted() } else { theme.dim() };
        spans.push((padded(&kept, BAR + 1), filled));
    }
    spans.push((format!("{:>amounts$}", theme.signs(&entry.amount)), style));
    canvas.line(area, y, &spans);
}
