//! From the state to cells. Pure: the same state gives the same screen.

mod canvas;
mod details;
mod files;
mod foot;
mod help;
mod list;
mod sheet;
mod subject;

use jettison_model::ByteSize;
use jettison_report::text::width;
use ratatui_core::buffer::Buffer;

use super::layout::{self, LEAST, areas, is_tiny};
use super::state::{Above, Pane, State};
use super::text::{end, middle, plain};
use canvas::{Canvas, Span, bar};

pub use canvas::Theme;

/// Draws everything.
pub fn render(state: &State, theme: Theme, buffer: &mut Buffer) {
    let mut canvas = Canvas::new(buffer, theme);
    if is_tiny(state.size) {
        return tiny(state, &mut canvas);
    }
    let areas = areas(state);
    head(state, &mut canvas, areas.head);
    foot::draw(state, &mut canvas, areas.foot);
    match &state.above {
        Above::Help(top) => return help::draw(*top, &mut canvas, layout::above(state)),
        Above::File(file) => return files::draw_file(file, &mut canvas, layout::above(state)),
        Above::Nothing => {}
    }
    list::draw(state, &mut canvas, areas.list);
    files::draw(state, &mut canvas, areas.tree);
    details::draw(state, &mut canvas, areas.details);
}

/// A terminal on which nothing can be shown says so, as far as there is room.
fn tiny(state: &State, canvas: &mut Canvas<'_>) {
    let (columns, rows) = state.size;
    let area = ratatui_core::layout::Rect { x: 0, y: 0, width: columns, height: rows };
    let text = format!("too small: {columns}x{rows}, at least {}x{} is needed; q quits", LEAST.0, LEAST.1);
    for (y, line) in super::text::lines(&text, columns.into(), rows.into()).iter().enumerate() {
        canvas.put(area, 0, u16::try_from(y).unwrap_or(u16::MAX), line, canvas.theme.strong());
    }
}

fn head(state: &State, canvas: &mut Canvas<'_>, area: ratatui_core::layout::Rect) {
    let theme = canvas.theme;
    let keys = " ? help  q quit ";
    let room = usize::from(area.width).saturating_sub(width(keys));
    let facts = match &state.overview {
        Some(_) => facts(state),
        None => progress(state, theme),
    };
    let names: Vec<String> = state.typed.iter().map(|typed| plain(typed)).collect();
    let names = names.join(&theme.signs(" → "));
    let left = room.saturating_sub(width(&facts) + 3);
    let spans: [Span; 3] = [
        (format!(" {}", middle(&names, left.max(12))), theme.strong()),
        ("  ".to_owned(), theme.dim()),
        (theme.signs(&facts), ratatui_core::style::Style::new()),
    ];
    let used: usize = spans.iter().map(|(text, _)| width(text)).sum();
    canvas.line(area, 0, &spans);
    if used <= room {
        canvas.right(area, 0, keys, theme.dim());
    }
}

/// Sizes of the image, or of both.
fn facts(state: &State) -> String {
    let Some(overview) = &state.overview else { return String::new() };
    let report = &overview.image.report;
    if let Some((_, diff)) = &overview.before {
        let (before, after) = (diff.a.sizes.unpacked_bytes, diff.b.sizes.unpacked_bytes);
        let ratio = jettison_report::text::ratio(before as f64, after as f64);
        let ratio = ratio.map_or_else(String::new, |ratio| format!("  {ratio}"));
        return format!("{} → {} unpacked{ratio}", ByteSize(before), ByteSize(after));
    }
    let mut words = vec![format!("{} unpacked", ByteSize(report.sizes.unpacked_bytes))];
    if state.size.0 >= 100 {
        words.extend(report.sizes.compressed_bytes.map(|bytes| format!("{} compressed", ByteSize(bytes))));
        words.push(format!("{} wasted", ByteSize(report.efficiency.wasted_bytes)));
    }
    words.push(format!("score {:.0} %", report.efficiency.score * 100.0));
    words.join(" · ")
}

/// How far the reading is.
fn progress(state: &State, theme: Theme) -> String {
    const BAR: usize = 16;
    let loading = &state.loading;
    let turn = if theme.unicode { ['◐', '◓', '◑', '◒'] } else { ['|', '/', '-', '\\'] };
    let turn = turn.get(loading.turn % turn.len()).copied().unwrap_or(' ');
    let which = if state.is_diff() { format!("{} of 2: ", loading.image + 1) } else { String::new() };
    let doing = format!("{which}{}", end(&plain(&loading.doing), 40));
    if loading.read == 0 {
        return format!("{turn} {doing}");
    }
    if loading.whole == 0 {
        return format!("{turn} {doing} {}", ByteSize(loading.read));
    }
    let filled = bar(loading.read, loading.whole, BAR, theme);
    format!("{turn} {doing} {} of {} {filled}", ByteSize(loading.read), ByteSize(loading.whole))
}

/// The title of a pane, as spans.
fn title(state: &State, pane: Pane, text: &str, theme: Theme) -> Vec<Span> {
    let style = if state.focus == pane { theme.focus() } else { theme.strong() };
    vec![(format!(" {} ", theme.signs(text)), style)]
}
