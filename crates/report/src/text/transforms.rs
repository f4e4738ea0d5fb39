//! `what paid`: one line for every step, applied ones with their numbers and place, the others with their reason.

use jettison_model::ByteSize;

use crate::text::number::{change, mark};
use crate::text::optimize::wrapped;
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, aligned, shorten_end, shorten_middle, unbroken, width};
use crate::{Estimate, Evidence, Status, Transform};

/// Applied steps first, under `head`, then those that were dropped, refused, and not applicable.
pub(crate) fn paid(head: &str, transforms: &[Transform], style: &Style) -> String {
    let of = |status: Status| transforms.iter().filter(move |transform| transform.status == status);
    let applied: Vec<&Transform> = of(Status::Applied).collect();
    let others: Vec<&Transform> =
        [Status::Dropped, Status::Refused, Status::NotApplicable].into_iter().flat_map(of).collect();
    let mut text = String::new();
    if !applied.is_empty() {
        text.push_str(&applied_rows(head, &applied, style));
    } else if !others.is_empty() {
        text.push_str(&format!("   {}\n", style.paint(Paint::Dim, "what was looked at")));
    }
    text.push_str(&other_rows(&others, style));
    text.push_str(&legend(&applied, style));
    text
}

fn applied_rows(title: &str, applied: &[&Transform], style: &Style) -> String {
    let place = |transform: &Transform| {
        transform.place.as_ref().map_or(String::new(), |place| {
            let line = if place.line > 0 { format!(":{}", place.line) } else { String::new() };
            format!("{}{line}", shorten_middle(&harmless(&place.path), 22))
        })
    };
    let places = applied.iter().map(|transform| width(&place(transform))).max().unwrap_or(0);
    let shown = |part: fn(&Transform) -> String| applied.iter().any(|transform| !part(transform).is_empty());
    let (with_bytes, with_seconds) = (shown(bytes_of), shown(seconds_of));
    let widest = |part: fn(&Transform) -> String, head: &str| {
        applied.iter().map(|transform| width(&part(transform))).fold(width(head), usize::max) + 2
    };
    let numbers = if with_bytes { widest(bytes_of, "unpacked") } else { 0 }
        + if with_seconds { widest(seconds_of, "rebuild") } else { 0 };
    let room = style.columns().saturating_sub(3 + 2 + numbers + 2 + places);
    let columns = |title: Cell, bytes: Cell, seconds: Cell, place: Cell| {
        let mut row = vec![title];
        row.extend(with_bytes.then_some(bytes));
        row.extend(with_seconds.then_some(seconds));
        row.push(place);
        row
    };
    let head = |text: &str| Cell::right(text).painted(Paint::Dim);
    let mut rows =
        vec![columns(Cell::left(title).painted(Paint::Dim), head("unpacked"), head("rebuild"), Cell::default())];
    for transform in applied {
        let title = Cell::left(format!("✓ {}", shorten_end(&name(transform), room)));
        let (bytes, seconds) = (Cell::right(bytes_of(transform)), Cell::right(seconds_of(transform)));
        rows.push(columns(title, bytes, seconds, Cell::left(place(transform)).painted(Paint::Dim)));
    }
    aligned(&rows, style).replace("   ✓ ", &format!("   {} ", style.paint(Paint::Good, "✓")))
}

fn other_rows(others: &[&Transform], style: &Style) -> String {
    let (absent, present): (Vec<&Transform>, Vec<&Transform>) =
        others.iter().partition(|transform| absent_tool(transform).is_some());
    let mut lines: Vec<Line> = present.chunk_by(|a, b| alike(a, b)).filter_map(Line::of).collect();
    lines.extend(Line::of_absent_tools(&absent));
    let most = 34.max(style.columns() * 2 / 5);
    let titles = lines.iter().map(|line| width(&line.title)).max().unwrap_or(0).min(most);
    lines.iter().map(|line| line.text(titles, style)).collect()
}

/// Parts of one transform that do not apply for the same reason; they share a line.
fn alike(a: &Transform, b: &Transform) -> bool {
    a.status == Status::NotApplicable && a.status == b.status && a.id == b.id && a.reason == b.reason
}

/// The tool that a step is about, where the reason is that the build does not use it.
fn absent_tool(transform: &Transform) -> Option<&str> {
    let reason = Some(transform.reason.as_str()).filter(|_| transform.status == Status::NotApplicable)?;
    let ends = ["nothing is installed with ", "nothing is built with "];
    let tool = ends.iter().find_map(|start| reason.strip_prefix(start))?;
    tool.trim_matches('`').split(' ').next()
}

/// A line about steps that are not applied.
struct Line {
    status: Status,
    title: String,
    reason: String,
}

impl Line {
    /// `.dockerignore: secrets` and `.dockerignore: logs` become `.dockerignore`, with their ends beside the reason.
    fn of(steps: &[&Transform]) -> Option<Self> {
        let first = steps.first()?;
        let (status, reason) = (first.status, harmless(&first.reason));
        let names: Vec<String> = steps.iter().map(|step| name(step)).collect();
        let shared = names.first().and_then(|name| name.split_once(": ")).map(|(shared, _)| shared);
        let ends: Option<Vec<&str>> = names.iter().map(|name| name.strip_prefix(shared?)?.strip_prefix(": ")).collect();
        match (shared, ends, &names[..]) {
            (_, _, [title]) => Some(Self { status, title: title.clone(), reason }),
            (Some(shared), Some(ends), _) => {
                Some(Self { status, title: shared.to_owned(), reason: format!("{reason}: {}", ends.join(", ")) })
            }
            _ => Some(Self { status, title: first.id.clone(), reason: format!("{reason}: {}", names.join(", ")) }),
        }
    }

    /// Steps about tools that the build does not use share one line.
    fn of_absent_tools(steps: &[&Transform]) -> Option<Self> {
        let mut tools: Vec<&str> = Vec::new();
        for tool in steps.iter().filter_map(|step| absent_tool(step)) {
            if !tools.contains(&tool) {
                tools.push(tool);
            }
        }
        let title = match steps {
            [] => return None,
            [step] => name(step),
            steps => format!("{} steps about other tools", steps.len()),
        };
        let reason = match &tools[..] {
            [tool] => format!("nothing is built or installed with {tool}"),
            tools => format!("nothing is built or installed with any of {}", tools.join(", ")),
        };
        Some(Self { status: Status::NotApplicable, title, reason })
    }

    fn text(&self, titles: usize, style: &Style) -> String {
        let (sign, word, paint) = match self.status {
            Status::Dropped => ("✗", "dropped: ", Paint::Plain),
            Status::Refused => ("–", "refused: ", Paint::Dim),
            _ => ("–", "", Paint::Dim),
        };
        let title = shorten_end(&self.title, titles);
        let title = format!("{title}{}", " ".repeat(titles.saturating_sub(width(&title))));
        let head = format!("   {sign} {title}   ");
        let sign_paint = if paint == Paint::Dim { paint } else { Paint::Bad };
        let painted = format!("   {} {}   ", style.paint(sign_paint, sign), style.paint(paint, &title));
        let mut reason = self.reason.strip_prefix(word).unwrap_or(&self.reason).to_owned();
        if let Some((before, log)) = reason.rsplit_once(" (log: ") {
            reason = format!("{before} {}", unbroken(&format!("(log: {log}")));
        }
        let lines = wrapped(&head, &" ".repeat(width(&head)), &format!("{word}{reason}"), paint, style);
        lines.replacen(&head, &painted, 1)
    }
}

/// The title; the id where there is none.
fn name(transform: &Transform) -> String {
    match (&transform.title, &transform.part) {
        (title, _) if !title.is_empty() => harmless(title),
        (_, Some(part)) => format!("{}/{part}", transform.id),
        _ => transform.id.clone(),
    }
}

fn numbers(transform: &Transform) -> Option<&Estimate> {
    transform.measured.as_ref().or(transform.estimate.as_ref())
}

fn bytes_of(transform: &Transform) -> String {
    let shown = |estimate: &Estimate| {
        let amount = estimate.bytes.filter(|bytes| *bytes != 0)?;
        Some(change(amount as f64, estimate.evidence, &|_| ByteSize(amount.unsigned_abs()).to_string()))
    };
    numbers(transform).and_then(shown).unwrap_or_default()
}

fn seconds_of(transform: &Transform) -> String {
    let shown = |estimate: &Estimate| {
        let amount = estimate.seconds.filter(|seconds| seconds.abs() >= 0.05)?;
        Some(change(amount, estimate.evidence, &|seconds| format!("{seconds:.1} s")))
    };
    let own = transform.measured.as_ref().and_then(shown);
    own.or_else(|| transform.estimate.as_ref().and_then(shown)).unwrap_or_default()
}

/// What the marks mean, if there are any.
fn legend(applied: &[&Transform], style: &Style) -> String {
    let used = |evidence: Evidence| {
        let mark = mark(evidence);
        applied
            .iter()
            .any(|transform| [bytes_of(transform), seconds_of(transform)].iter().any(|text| text.starts_with(mark)))
    };
    let marks = [(Evidence::Modelled, "modelled"), (Evidence::Guessed, "guessed")];
    let used: Vec<String> = marks
        .into_iter()
        .filter(|(evidence, _)| used(*evidence))
        .map(|(evidence, word)| format!("{} {word}", mark(evidence)))
        .collect();
    if used.is_empty() {
        return String::new();
    }
    format!("   {}\n", style.paint(Paint::Dim, &format!("{} · plain numbers are measured", used.join(" · "))))
}
