//! The tree of files, and a file that is open above it.

use jettison_model::ByteSize;
use jettison_report::text::width;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Modifier, Style};

use super::canvas::{Canvas, Span, bar};
use crate::tui::browse::{Browse, Show, Sort};
use crate::tui::layout::inside;
use crate::tui::overview::Which;
use crate::tui::state::{Pane, State};
use crate::tui::text::{end, middle, name, padded, plain};
use crate::tui::tree::{Kind, Mark, Tree};
use crate::tui::viewer::{LIMIT, Viewer};

/// From so many columns on, there are bars.
const WITH_BARS: u16 = 58;
const BAR: usize = 10;

/// Draws the tree.
pub fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let theme = canvas.theme;
    let aside = state.browse().map(|browse| aside(browse, state, area.width)).unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(width(&aside) + 6);
    let heading = end(&heading(state), room);
    let title = super::title(state, Pane::Tree, &heading, theme);
    canvas.frame(area, &title, &theme.signs(&aside), state.focus == Pane::Tree);
    let inside = inside(area);
    let Some(browse) = state.browse() else {
        let text = match (state.no_tree(), state.which()) {
            (Some(reason), _) => plain(reason),
            (None, None) if state.list().len() == 0 => String::new(),
            (None, None) if state.overview.is_none() => "this layer is still being read".to_owned(),
            (None, None) => "this has no files of its own".to_owned(),
            (None, Some(_)) => theme.signs("growing the tree …"),
        };
        canvas.put(inside, 1, 0, &text, theme.dim());
        return;
    };
    let shared = Columns::of(browse, inside.width);
    for (line, id) in browse.rows(browse.top, inside.height.into()).iter().enumerate() {
        let y = u16::try_from(line).unwrap_or(u16::MAX);
        row(browse, *id, &shared, canvas, inside, y);
        if browse.top + line == browse.cursor {
            let focused = Style::new().add_modifier(Modifier::REVERSED);
            let other = theme.strong().add_modifier(Modifier::UNDERLINED);
            canvas.highlight(inside, y, if state.focus == Pane::Tree { focused } else { other });
        }
    }
    if browse.len() < 2 {
        let text = match browse.show {
            _ if !browse.filter.is_empty() => "nothing holds that; Esc takes the filter away",
            Show::ALL => "there is nothing in it",
            Show::DIFFERENT => "it changes nothing; a shows all files",
            _ => "nothing is like that; a shows all files",
        };
        canvas.put(inside, 3, 1, text, theme.dim());
    }
}

/// What the tree is of.
fn heading(state: &State) -> String {
    match state.which() {
        None => "files".to_owned(),
        Some(Which::Whole) if state.is_diff() => "files that differ".to_owned(),
        Some(Which::Whole) => "files".to_owned(),
        Some(Which::Layer(place) | Which::Before(place)) => format!("files of layer {place}"),
        Some(Which::Package(_) | Which::PackageBefore(_)) => "files of the package".to_owned(),
        Some(Which::Arrived(_)) => "files of this layer".to_owned(),
    }
}

/// What is shown of it and in which order.
fn aside(browse: &Browse, state: &State, columns: u16) -> String {
    let mut words = Vec::new();
    match browse.show {
        Show::ALL => {}
        Show::DIFFERENT if !matches!(state.which(), Some(Which::Whole)) || state.is_diff() => {}
        Show { marks, wasted } => {
            let signs = [Mark::Added, Mark::Changed, Mark::Removed].into_iter().filter(|mark| marks & mark.bit() != 0);
            let mut signs: String = signs.map(Mark::sign).collect();
            if wasted {
                signs.push('w');
            }
            words.push(format!("only {signs}"));
        }
    }
    if browse.sort != Sort::Size || browse.reverse {
        words.push(format!("{}{}", browse.sort.word(), if browse.reverse { " ↑" } else { "" }));
    }
    if !browse.filter.is_empty() {
        words.push(format!("/{}", end(&plain(&browse.filter), 16)));
    }
    if words.is_empty() && columns >= WITH_BARS + 2 && browse.tree.node(0).wasted > 0 {
        words.push("size · wasted".to_owned());
    }
    if words.is_empty() { String::new() } else { format!(" {} ", words.join(" · ")) }
}

/// What all rows have in common.
struct Columns {
    /// Columns of a number.
    size: usize,
    has_bar: bool,
    has_waste: bool,
    /// Bytes of a whole bar.
    whole: u64,
}

impl Columns {
    fn of(browse: &Browse, columns: u16) -> Self {
        let tree = &browse.tree;
        // no number below the root is larger than its sums
        let sums = [tree.bytes(0, Mark::ANY), tree.bytes(0, Mark::Removed.bit()), tree.node(0).wasted];
        // (`49.9 kB` is wider than `0.1 MB`)
        let size = sums.iter().map(|bytes| ByteSize(*bytes).to_string().len()).max().unwrap_or(0).max(7);
        let has_bar = columns >= WITH_BARS;
        Self { size, has_bar, has_waste: has_bar && tree.node(0).wasted > 0, whole: browse.bytes(0) }
    }
}

fn row(browse: &Browse, id: u32, shared: &Columns, canvas: &mut Canvas<'_>, area: Rect, y: u16) {
    let (tree, theme) = (&*browse.tree, canvas.theme);
    let Columns { size, has_bar, has_waste, whole } = *shared;
    let (node, columns) = (tree.node(id), usize::from(area.width));
    let mark = tree.sign(id);
    let style = theme.mark(mark);
    let is_folder = tree.has_children(id) || node.kind == Kind::Folder;
    let arrow = match (is_folder, browse.is_open(id), tree.has_children(id)) {
        (false, ..) | (_, _, false) => "  ",
        (_, true, _) => "▾ ",
        (_, false, _) => "▸ ",
    };
    // of a very deep path, the end of the row still has room for the name
    let indent = (usize::from(node.depth) * 2).min(columns / 3);
    let tail = size + if has_bar { BAR + 1 } else { 0 } + if has_waste { size + 2 } else { 0 };
    let room = columns.saturating_sub(2 + indent + 2 + tail + 1);
    let bytes = browse.bytes(id);
    let strong = if is_folder { style.add_modifier(Modifier::BOLD) } else { style };
    let mut spans: Vec<Span> = vec![
        (theme.signs(&format!("{} ", mark.sign())), style),
        (" ".repeat(indent), Style::new()),
        (theme.signs(arrow), theme.dim()),
        (padded(&label(tree, id, room), room + 1), strong),
    ];
    if has_bar {
        spans.push((padded(&bar(bytes, whole, BAR, theme), BAR + 1), theme.dim()));
    }
    let shown = if is_folder || node.kind == Kind::File { ByteSize(bytes).to_string() } else { String::new() };
    spans.push((format!("{shown:>size$}"), style));
    if has_waste {
        let wasted =
            if node.wasted > 0 { format!("  {:>size$}", ByteSize(node.wasted).to_string()) } else { String::new() };
        spans.push((wasted, theme.wasted()));
    }
    canvas.line(area, y, &spans);
}

fn label(tree: &Tree, id: u32, room: usize) -> String {
    let node = tree.node(id);
    let shown = name(tree.name(id));
    let end = match node.kind {
        Kind::Folder if id != 0 => "/",
        Kind::Link => "@",
        Kind::Special => "|",
        _ => "",
    };
    format!("{}{end}", middle(&shown, room.saturating_sub(end.len())))
}

/// Draws a file that is open.
pub fn draw_file(file: &Viewer, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let inside = inside(area);
    let (columns, height) = (usize::from(inside.width), usize::from(inside.height));
    let kind = if file.is_hex { "bytes" } else { "text" };
    let cut = match file.is_cut() {
        true => format!("the first {} of {}", ByteSize(file.shown_bytes().min(LIMIT)), ByteSize(file.size)),
        false => ByteSize(file.size).to_string(),
    };
    let lines = file.len(columns);
    let last = file.top.saturating_add(height).min(lines);
    let place = if lines == 0 { "empty".to_owned() } else { format!("{}–{last} of {lines}", file.top + 1) };
    let aside = theme.signs(&format!(" {kind} · {cut} · {place} "));
    let room = usize::from(area.width).saturating_sub(width(&aside) + 5);
    let title = vec![(format!(" {} ", middle(&name(&file.path), room)), theme.focus())];
    canvas.frame(area, &title, &aside, true);
    for line in 0..height {
        let Some(text) = file.line(file.top + line, columns) else { break };
        let y = u16::try_from(line).unwrap_or(u16::MAX);
        canvas.put(inside, 0, y, &text, Style::new());
    }
}
