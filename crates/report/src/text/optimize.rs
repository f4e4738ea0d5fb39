//! The report of `jettison optimize`: before and after, what paid, the proof, the diff, the next command.

use crate::text::number::{bytes, ratio, seconds};
use crate::text::style::{Paint, Style, harmless};
use crate::text::table::{Cell, aligned, shorten_middle, width, wrap};
use crate::text::{proof, transforms};
use crate::{FileChange, Found, OptimizeReport, Outcome, Side};

/// The whole report.
pub fn optimize(report: &OptimizeReport, style: &Style) -> String {
    let parts = [
        headline(report, style),
        table(report, style),
        transforms::paid(what(report.outcome), &report.transforms, style),
        proof::proof(report, style),
        warnings(&report.warnings, style),
    ];
    let mut text =
        parts.into_iter().filter(|part| !part.is_empty()).map(|part| style.signs(&part)).collect::<Vec<_>>().join("\n");
    for file in &report.files {
        text.push('\n');
        text.push_str(&diff(file, style));
    }
    text.push('\n');
    text.push_str(&last_line(report, style));
    text
}

/// What the table alone does not say: that it is not proven, or that there is nothing to say.
fn headline(report: &OptimizeReport, style: &Style) -> String {
    let (paint, text) = match report.outcome {
        Outcome::Verified => return String::new(),
        Outcome::Unverified => (Paint::Bad, format!("not verified: {}", why_not_verified(report))),
        Outcome::NothingToGain => {
            let looked_at = report.transforms.len();
            let steps = if looked_at == 1 { "step" } else { "steps" };
            (Paint::Strong, format!("nothing left to gain ({looked_at} {steps} looked at)"))
        }
        Outcome::NothingProven => (Paint::Bad, "no candidate could be proven, so nothing is proposed".to_owned()),
        Outcome::PlanOnly => (Paint::Strong, "a plan, not verified: nothing was built or run".to_owned()),
    };
    wrapped("   ", "   ", &text, paint, style)
}

/// What stands over the applied steps: nothing has paid before it was proven.
fn what(outcome: Outcome) -> &'static str {
    if outcome == Outcome::PlanOnly { "what should pay" } else { "what paid" }
}

fn why_not_verified(report: &OptimizeReport) -> String {
    let proof = &report.proof;
    if proof.level < proof.required_level {
        return format!("level {} was reached, these changes need {}", proof.level, proof.required_level);
    }
    match &report.cut_short {
        Some(why) => harmless(why),
        None => "not everything that these changes promise was shown".to_owned(),
    }
}

fn table(report: &OptimizeReport, style: &Style) -> String {
    let name = shorten_middle(&harmless(&report.context), style.columns().saturating_sub(46));
    let (Some(before), after) = (&report.baseline, &report.result) else { return String::new() };
    let head = |text: &str| Cell::right(text).painted(Paint::Dim);
    let mut rows = vec![vec![Cell::left(name).painted(Paint::Strong), head("before"), head("after")]];
    if after.is_none() {
        rows = vec![vec![rows[0][0].clone(), head("now")]];
    }
    rows.extend(number_rows(before, after.as_ref()));
    rows.extend(word_rows(before, after.as_ref(), style));
    aligned(&rows, style)
}

/// Sizes, junk among them, and times.
fn number_rows(before: &Side, after: Option<&Side>) -> Vec<Vec<Cell>> {
    type Amount = fn(&Side) -> Option<u64>;
    type Time = fn(&Side) -> Option<f64>;
    let sizes: [(&str, Amount); 3] = [
        ("image, unpacked", |side| side.unpacked_bytes),
        ("image, compressed", |side| side.compressed_bytes),
        ("build context", |side| side.context_bytes),
    ];
    let junk: Amount = |side| Some(side.junk_bytes);
    let has_junk = before.junk_bytes > 0 || after.is_some_and(|after| after.junk_bytes > 0);
    let times: [(&str, Time); 2] =
        [("rebuild after an edit", |side| side.warm_build_seconds), ("cold build", |side| side.cold_build_seconds)];
    let sizes = sizes.into_iter().chain(has_junk.then_some(("junk in the image", junk))).map(|(label, of)| {
        row(label, (before, after), &|side| Some((of(side)? as f64, bytes(of(side)?, side.evidence))))
    });
    let times = times
        .into_iter()
        .map(|(label, of)| row(label, (before, after), &|side| Some((of(side)?, seconds(of(side)?, side.evidence)))));
    sizes.chain(times).flatten().collect()
}

type Shown<'f> = &'f dyn Fn(&Side) -> Option<(f64, String)>;

/// Before, after, ratio; none if neither side knows it.
fn row(label: &str, (before, after): (&Side, Option<&Side>), shown: Shown<'_>) -> Option<Vec<Cell>> {
    let (before, after) = (shown(before), after.and_then(shown));
    if before.is_none() && after.is_none() {
        return None;
    }
    let text = |side: &Option<(f64, String)>| side.as_ref().map_or(String::new(), |(_, text)| text.clone());
    let (mut paint, mut times) = (Paint::Plain, None);
    if let (Some((before, _)), Some((after, _))) = (&before, &after) {
        times = ratio(*before, *after);
        let moved = times.is_some() || (*after == 0.0) != (*before == 0.0);
        paint = if !moved {
            Paint::Plain
        } else if after < before {
            Paint::Good
        } else {
            Paint::Bad
        };
    }
    let times = Cell::left(times.unwrap_or_default()).painted(paint);
    Some(vec![Cell::left(label), Cell::right(text(&before)), Cell::right(text(&after)).painted(paint), times])
}

/// User and secrets.
fn word_rows(before: &Side, after: Option<&Side>, style: &Style) -> Vec<Vec<Cell>> {
    let room = (style.columns().saturating_sub(48) / 2).min(24);
    let mut rows = Vec::new();
    let user = |side: &Side| side.user.as_ref().map(|user| shorten_middle(&harmless(user_name(user)), room));
    let paint = |good: bool, changed: bool| {
        if !changed {
            Paint::Plain
        } else if good {
            Paint::Good
        } else {
            Paint::Bad
        }
    };
    if let Some(was) = user(before) {
        let is = after.and_then(user).unwrap_or_default();
        let paint = paint(is != "root", !is.is_empty() && is != was && (is == "root" || was == "root"));
        rows.push(vec![Cell::left("user"), Cell::right(was), Cell::right(is).painted(paint)]);
    }
    let (was, is) = (&before.secrets_found, after.map(|after| &after.secrets_found));
    if !was.is_empty() || is.is_some_and(|is| !is.is_empty()) {
        let paint = paint(is.is_some_and(|is| is.len() < was.len()), is.is_some_and(|is| is.len() != was.len()));
        let is = Cell::right(is.map_or(String::new(), |found| found_text(found, room))).painted(paint);
        rows.push(vec![Cell::left("secrets in layers"), Cell::right(found_text(was, room)), is]);
    }
    rows
}

fn user_name(user: &str) -> &str {
    if user.is_empty() || user == "0" || user == "0:0" { "root" } else { user }
}

/// `3 (.env, …)`.
fn found_text(found: &[Found], room: usize) -> String {
    let Some(first) = found.first() else { return "0".to_owned() };
    let name = first.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let more = if found.len() > 1 { ", …" } else { "" };
    let count = found.len();
    format!("{count} ({}{more})", shorten_middle(&harmless(name), room.saturating_sub(8).max(8)))
}

fn warnings(warnings: &[String], style: &Style) -> String {
    warnings
        .iter()
        .map(|warning| wrapped("   warning: ", "            ", &harmless(warning), Paint::Plain, style))
        .collect()
}

/// `text` after `head`, its further lines after `rest`.
pub(crate) fn wrapped(head: &str, rest: &str, text: &str, paint: Paint, style: &Style) -> String {
    let room = style.columns().saturating_sub(width(rest));
    let lines = wrap(text, style.columns().saturating_sub(width(head)), room);
    let line = |(index, line): (usize, &String)| {
        format!("{}{}\n", if index == 0 { head } else { rest }, style.paint(paint, line))
    };
    lines.iter().enumerate().map(line).collect()
}

/// The file's diff, indented; its own line ends are not shown.
fn diff(file: &FileChange, style: &Style) -> String {
    let mut text = String::new();
    for line in file.diff.split_terminator('\n') {
        let paint = match line.as_bytes().first() {
            _ if line.starts_with("--- ") || line.starts_with("+++ ") => Paint::Strong,
            Some(b'+') => Paint::Good,
            Some(b'-') => Paint::Bad,
            Some(b'@' | b'\\') => Paint::Dim,
            _ => Paint::Plain,
        };
        let line = harmless(line.trim_end_matches('\r'));
        text.push_str(format!("   {}", style.paint(paint, &line)).trim_end());
        text.push('\n');
    }
    text
}

fn last_line(report: &OptimizeReport, style: &Style) -> String {
    let written: Vec<String> = report.written.iter().map(|path| harmless(path)).collect();
    let (done, then) = match report.outcome {
        _ if !written.is_empty() => {
            let undo = report.next.as_deref().is_some_and(|next| next.ends_with(" --undo"));
            (format!("Written: {}.", written.join(", ")), if undo { "Undo with:" } else { "Apply with:" })
        }
        Outcome::PlanOnly => ("Nothing was changed.".to_owned(), "Prove it with:"),
        _ => ("Nothing was changed.".to_owned(), "Apply with:"),
    };
    let Some(next) = &report.next else { return wrapped("   ", "   ", &done, Paint::Plain, style) };
    let command = harmless(next);
    let one_line = 3 + width(&done) + 1 + width(then) + 2 + width(&command) <= style.columns();
    let command = style.paint(Paint::Strong, &command);
    if one_line {
        return format!("   {done} {then}  {command}\n");
    }
    format!("{}   {then}  {command}\n", wrapped("   ", "   ", &done, Paint::Plain, style))
}
