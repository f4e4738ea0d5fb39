//! The last line: what is being typed, what there is to say, else what the signs mean and the nearest keys.

use jettison_report::text::width;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Modifier, Style};

use super::canvas::{Canvas, Span};
use crate::tui::input::Line;
use crate::tui::state::{Above, Pane, Prompt, State};
use crate::tui::text::{end, name, plain};
use crate::tui::tree::Mark;

/// Draws it.
pub fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    match (&state.prompt, &state.message) {
        (Some(Prompt::Filter(line)), _) => typing("filter: ", line, "", canvas, area),
        (Some(Prompt::Find(line, _)), message) => {
            let aside = message.as_ref().map_or("", |message| message.text.as_str());
            typing("find: ", line, aside, canvas, area);
        }
        (Some(Prompt::Extract(line, request)), _) => {
            let what = end(&name(request.path.rsplit('/').next().unwrap_or_default()), 24);
            typing(&format!("write {what} to: "), line, "Enter writes, Esc does not", canvas, area);
        }
        (Some(Prompt::Replace { to, what, .. }), _) => {
            let text = format!(" {} is there already ({what}). Replace it?  y n ", plain(&to.to_string_lossy()));
            canvas.put(area, 0, 0, &text, theme.bad());
        }
        (None, Some(message)) => {
            let style = if message.is_bad { theme.bad() } else { theme.strong() };
            canvas.put(area, 0, 0, &format!(" {}", theme.signs(&message.text)), style);
        }
        (None, None) if state.is_busy => {
            canvas.put(area, 0, 0, &theme.signs(" reading the file …"), theme.strong());
        }
        (None, None) => canvas.line(area, 0, &hints(state, canvas, area)),
    }
}

fn typing(question: &str, line: &Line, aside: &str, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let question = format!(" {question}");
    let room = usize::from(area.width).saturating_sub(width(&question) + 2);
    let (before, after) = line.parts();
    // the cursor stays on the screen: of a long line the beginning goes
    let mut before = plain(before);
    while width(&before) > room {
        before.remove(0);
    }
    let mut after = plain(after);
    let at = if after.is_empty() { " ".to_owned() } else { after.remove(0).to_string() };
    let spans: [Span; 4] = [
        (question, theme.focus()),
        (before, Style::new()),
        (at, Style::new().add_modifier(Modifier::REVERSED)),
        (after, Style::new()),
    ];
    let used: usize = spans.iter().map(|(text, _)| width(text)).sum();
    canvas.line(area, 0, &spans);
    if used + width(aside) + 2 < usize::from(area.width) {
        canvas.right(area, 0, &format!("{aside} "), theme.dim());
    }
}

fn hints(state: &State, canvas: &Canvas<'_>, area: Rect) -> Vec<Span> {
    let theme = canvas.theme;
    let dim = |text: &str| (theme.signs(text), theme.dim());
    let keys: &[&str] = match (&state.above, state.focus) {
        (Above::File(_), _) => &["Esc back", "v text or bytes", "←→ aside", "x extract", "g G ends"],
        (Above::Help(_), _) => &["Esc back"],
        (_, Pane::List) => &["Tab files", "1 2 3 views", "/ filter", "f find", "s sort", "y copy", "z zoom"],
        _ => &["/ filter", "f find", "s sort", "a all", "e c all folders", "v view", "x extract", "y copy", "z zoom"],
    };
    let mut spans: Vec<Span> = vec![dim(" ")];
    if matches!(state.above, Above::Nothing) && state.focus == Pane::Tree {
        for (mark, word) in [(Mark::Added, "added"), (Mark::Changed, "changed"), (Mark::Removed, "removed")] {
            spans.push((theme.signs(&mark.sign().to_string()), theme.mark(mark)));
            spans.push(dim(&format!(" {word}  ")));
        }
    }
    let mut used: usize = spans.iter().map(|(text, _)| width(text)).sum();
    for key in keys {
        let text = format!("{key}   ");
        used += width(&text);
        if used > usize::from(area.width) + 3 {
            break;
        }
        spans.push(dim(&text));
    }
    spans
}
