//! What is known of the thing under the cursor: a file, a layer, a package, a step, the image.

use jettison_image::{FileKind, LayerEntry};
use jettison_model::ByteSize;
use jettison_report::image::{AvoidableKind, WhyReport};
use jettison_report::text::width;
use ratatui_core::layout::Rect;

use super::canvas::Canvas;
use super::sheet::Sheet;
use super::subject;
use crate::tui::layout::inside;
use crate::tui::overview::Side;
use crate::tui::state::{Pane, State};
use crate::tui::text::{end, middle, name, plain};
use crate::tui::tree::{Kind, Mark, Tree};

/// Columns of an instruction within a sentence.
const INSTRUCTION: usize = 40;

/// Draws it.
pub fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let inside = inside(area);
    let columns = usize::from(inside.width).saturating_sub(1);
    let mut sheet = Sheet::new(columns, canvas.theme);
    let heading = match state.selected_path().filter(|_| state.focus != Pane::List) {
        Some((path, tree, id)) => {
            file(state, &path, tree, id, &mut sheet);
            middle(&name(&path), columns.saturating_sub(12))
        }
        None => subject::tell(state, &mut sheet),
    };
    let lines = sheet.lines();
    let most = lines.len().saturating_sub(inside.height.into());
    let top = state.details_top.min(most);
    let rest = most.saturating_sub(top);
    let aside = if rest > 0 { canvas.theme.signs(&format!(" ↓ {rest} more ")) } else { String::new() };
    let title = super::title(state, Pane::Details, &heading, canvas.theme);
    canvas.frame(area, &title, &aside, state.focus == Pane::Details);
    for (line, spans) in lines.iter().skip(top).take(inside.height.into()).enumerate() {
        let text = Rect { x: inside.x.saturating_add(1), width: inside.width.saturating_sub(1), ..inside };
        canvas.line(text, u16::try_from(line).unwrap_or(u16::MAX), spans);
    }
}

fn file(state: &State, path: &str, tree: &Tree, id: u32, sheet: &mut Sheet) {
    let node = tree.node(id);
    let side = state.side();
    let (layer, at) = node.source;
    let entry = side.and_then(|side| side.layers.get(layer as usize)?.entries.get(at as usize));
    what(state, tree, id, entry, sheet);
    became(tree, id, sheet);
    if node.wasted > 0 {
        let causes = side.map(|side| causes(side, path)).filter(|causes| !causes.is_empty());
        let why = causes.unwrap_or_else(|| "the final tree does not have it".to_owned());
        sheet.bad("wasted", &format!("{}: {why}", ByteSize(node.wasted)));
    }
    if let Some(side) = side {
        avoidable(side, path, sheet);
    }
    let why = state.why.as_ref().filter(|(asked, _)| asked == path).map(|(_, why)| why);
    if let Some(why) = why {
        reasons(why, sheet);
    }
    if let (Some(side), Some(_)) = (side, entry) {
        from_layer(side, layer as usize, sheet);
    }
    if let Some(why) = why {
        parts(why, sheet);
    }
}

/// What took the files of a path away.
fn causes(side: &Side, path: &str) -> String {
    let Some(waste) = side.report.waste.iter().find(|waste| waste.path == path) else { return String::new() };
    let parts = [
        (waste.causes.deleted, "deleted later"),
        (waste.causes.overwritten, "overwritten later"),
        (waste.causes.metadata_only, "put there again for its metadata"),
        (waste.causes.duplicate, "put there again, the same"),
    ];
    let words: Vec<&str> = parts.iter().filter(|(bytes, _)| *bytes > 0).map(|(_, word)| *word).collect();
    let layers: Vec<String> = waste.layers.iter().map(usize::to_string).collect();
    format!("{}; of layer {}", words.join(", "), layers.join(", "))
}

/// `file  1.2 MB · ~0.4 MB compressed · -rwxr-xr-x · 0:0 · 2024-05-01`
fn what(state: &State, tree: &Tree, id: u32, entry: Option<&LayerEntry>, sheet: &mut Sheet) {
    let node = tree.node(id);
    let marks = Mark::ANY;
    let mut words = Vec::new();
    if node.kind == Kind::Folder || tree.has_children(id) {
        let (shown, all) = (state.browse().map_or(0, |browse| browse.bytes(id)), tree.bytes(id, marks));
        words.push(ByteSize(shown).to_string());
        words.extend((shown != all).then(|| format!("{} in all", ByteSize(all))));
        words.push(counted(tree.files(id, marks), "file"));
        let gone = tree.files(id, Mark::Removed.bit());
        words.extend((gone > 0).then(|| format!("{} not there any more", counted(gone, "file"))));
    } else if node.kind == Kind::File {
        words.push(ByteSize(node.size).to_string());
        let share = entry.filter(|entry| entry.compressed_bytes != entry.stored_bytes);
        words.extend(share.map(|entry| format!("~{} compressed", ByteSize(entry.compressed_bytes))));
    }
    if let Some(entry) = entry {
        words.push(permissions(entry));
        words.push(format!("{}:{}", entry.uid, entry.gid));
        words.extend(date(entry.mtime));
        words.extend(entry.xattrs().map(|xattrs| counted(xattrs.len() as u64, "attribute")));
    }
    let kind = match node.kind {
        Kind::Folder => "folder",
        Kind::File => "file",
        Kind::Link => "link",
        Kind::Special => "device",
    };
    sheet.fact(kind, &words.join(" · "));
    if let Some(FileKind::Symlink(target)) = entry.map(|entry| &entry.kind) {
        sheet.fact("leads to", &name(target));
    }
}

fn became(tree: &Tree, id: u32, sheet: &mut Sheet) {
    let node = tree.node(id);
    let word = match tree.sign(id) {
        Mark::Same => "",
        Mark::Added => "added",
        Mark::Changed if tree.has_children(id) => "changes in it",
        Mark::Changed => "changed",
        Mark::Removed if node.wasted > 0 => return,
        Mark::Removed => "removed",
    };
    let note = tree.note(id).map(plain).unwrap_or_default();
    let text = match (word, note.as_str()) {
        ("", "") => return,
        ("", note) => note.to_owned(),
        (word, "") => format!("{word} {}", tree.against).trim_end().to_owned(),
        (word, note) => format!("{word}: {note}"),
    };
    sheet.marked(tree.sign(id), &text);
}

/// The layer that a thing comes from, with its instruction and line.
pub fn from_layer(side: &Side, place: usize, sheet: &mut Sheet) {
    let Some(layer) = side.report.layers.get(place) else { return };
    let file = side.report.dockerfile.as_ref().map_or("Dockerfile", |found| found.path.as_str());
    let line = layer.dockerfile_line.map(|line| format!("   {}:{line}", plain(file))).unwrap_or_default();
    let base = if layer.base == Some(true) { " (base image)" } else { "" };
    // the line says more than the end of a long instruction
    let room = sheet.room(2).saturating_sub(width(&line) + base.len() + 6);
    sheet.fact("layer", &format!("{place}{base}  {}{line}", end(&plain(&layer.instruction), room)));
}

/// Why it need not be there, if it or a folder that it is in is of such a kind.
fn avoidable(side: &Side, path: &str, sheet: &mut Sheet) {
    let is_in = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let Some(one) = side.report.avoidable.iter().find(|one| is_in(&one.path)) else { return };
    sheet.fact("avoidable", &format!("{}: {} in {}", word(one.kind), ByteSize(one.bytes), name(&one.path)));
}

fn word(kind: AvoidableKind) -> &'static str {
    match kind {
        AvoidableKind::PackageCache => "package cache",
        AvoidableKind::BuildTool => "build tool",
        AvoidableKind::Docs => "documentation",
        AvoidableKind::Locale => "translations",
        AvoidableKind::Vcs => "version control",
        AvoidableKind::Log => "log",
        AvoidableKind::Temp => "temporary",
        AvoidableKind::Secret => "looks like a secret",
        AvoidableKind::Bytecode => "bytecode beside its source",
        AvoidableKind::CopyElsewhere => "the same bytes are elsewhere",
    }
}

/// The package that owns a thing, the chain that pulled it in, what would go with it.
pub fn reasons(why: &WhyReport, sheet: &mut Sheet) {
    let Some(answer) = why.answers.first() else { return };
    if let Some(package) = &answer.package {
        sheet.fact("package", &plain(&format!("{} {} ({})", package.name, package.version, package.kind)));
    }
    if answer.chain.len() > 1 {
        let mut words = Vec::new();
        for link in &answer.chain {
            let how = link.how.as_deref().map_or_else(String::new, |how| format!("{} ", how.replace('_', " ")));
            let text = name(&link.name);
            let text = if link.kind == "instruction" { end(&text, INSTRUCTION) } else { text };
            words.push(format!("{how}{text}"));
        }
        sheet.fact("because", &words.join(" → "));
    }
    if let Some(goes) = answer.goes.as_ref().filter(|goes| !goes.packages.is_empty() || !goes.blocked_by.is_empty()) {
        let others = goes.packages.len();
        let with = if others > 0 { format!(" with {}", counted(others as u64, "package")) } else { String::new() };
        let needed = goes.blocked_by.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
        let needed = if needed.is_empty() { needed } else { format!("; needed by {needed}") };
        sheet.fact("without it", &format!("~{} less{with}{needed}", ByteSize(goes.bytes)));
    }
}

/// What the layers did with it.
fn parts(why: &WhyReport, sheet: &mut Sheet) {
    let Some(answer) = why.answers.first() else { return };
    if answer.layers.len() > 1 {
        let part = |layer: &jettison_report::image::WhyLayer| {
            let line = layer.dockerfile_line.map(|line| format!(" (line {line})")).unwrap_or_default();
            format!("{} {}{line}", layer.layer, layer.action)
        };
        let parts: Vec<String> = answer.layers.iter().map(part).collect();
        sheet.fact("layers", &parts.join(", "));
    }
}

/// `1 file`, `1,204 files`
pub fn counted(number: u64, noun: &str) -> String {
    let shown = crate::output::grouped(usize::try_from(number).unwrap_or(usize::MAX));
    if number == 1 { format!("1 {noun}") } else { format!("{shown} {noun}s") }
}

/// `-rwxr-xr-x`
fn permissions(entry: &LayerEntry) -> String {
    let kind = match entry.kind {
        FileKind::Directory => 'd',
        FileKind::Symlink(_) => 'l',
        FileKind::Regular | FileKind::Hardlink(_) => '-',
        FileKind::Special => 'c',
    };
    let mut shown = String::from(kind);
    for (shift, special, sign) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = entry.mode >> shift;
        shown.push(if bits & 4 != 0 { 'r' } else { '-' });
        shown.push(if bits & 2 != 0 { 'w' } else { '-' });
        shown.push(match (bits & 1 != 0, entry.mode & special != 0) {
            (true, true) => sign,
            (false, true) => sign.to_ascii_uppercase(),
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    shown
}

/// In UTC; none for a time that is no date.
fn date(seconds: i64) -> Option<String> {
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(time.strftime("%Y-%m-%d").to_string())
}
