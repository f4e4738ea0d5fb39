//! BuildKit's `--progress=plain`, for a buildx without rawjson: `#5 [2/3] RUN …`, `#5 0.127 output`, `#5 DONE 0.2s`.

use std::collections::HashMap;
use std::time::Duration;

use super::Progress;
use super::log::Log;

#[derive(Default)]
pub(crate) struct Plain {
    steps: HashMap<u64, usize>,
    context: Option<u64>,
    /// Inside the repetition of the failing step's output, between two rules of dashes.
    repeating: bool,
}

impl Progress for Plain {
    fn line(&mut self, raw: &str, _at: Duration, log: &mut Log<'_>) {
        if let Some((number, rest)) = numbered(raw) {
            self.repeating = false;
            return self.vertex(number, rest, log);
        }
        if raw == "------" {
            self.repeating = !self.repeating;
        } else if !self.repeating && !raw.trim().is_empty() {
            log.say(None, raw);
        }
    }

    fn end(&mut self, _at: Duration, _log: &mut Log<'_>) {}
}

impl Plain {
    fn vertex(&mut self, number: u64, rest: &str, log: &mut Log<'_>) {
        let Some(&step) = self.steps.get(&number) else {
            if number == 0 {
                return;
            }
            let step = log.add_step(rest);
            self.steps.insert(number, step);
            if rest == "[internal] load build context" {
                self.context = Some(number);
            }
            return;
        };
        if rest == "CACHED" {
            return log.cached(step);
        }
        if rest == "CANCELED" || rest == "..." || rest.is_empty() {
            return;
        }
        log.start(step);
        if let Some(error) = rest.strip_prefix("ERROR: ") {
            return log.failed(step, error);
        }
        if let Some(seconds) = rest.strip_prefix("DONE ").and_then(seconds) {
            return log.set_time(step, seconds);
        }
        if let Some(sent) = rest.strip_prefix("transferring context: ") {
            if self.context == Some(number) {
                log.context_bytes = size(sent.split(' ').next().unwrap_or_default()).or(log.context_bytes);
            }
            return;
        }
        if let Some(output) = timed(rest) {
            log.say(Some(step), output);
        }
    }
}

/// `#12 rest`
fn numbered(raw: &str) -> Option<(u64, &str)> {
    let (number, rest) = raw.strip_prefix('#')?.split_once(' ').unwrap_or((raw.strip_prefix('#')?, ""));
    Some((number.parse().ok()?, rest))
}

/// `0.127 output`: the seconds since the step began, then its output.
fn timed(rest: &str) -> Option<&str> {
    let (at, output) = rest.split_once(' ').unwrap_or((rest, ""));
    (at.contains('.') && at.parse::<f64>().is_ok()).then_some(output)
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.strip_suffix('s')?.parse().ok()?).ok()
}

/// `49.15kB`, `2B`, `1.2GB`: decimal units.
pub(crate) fn size(text: &str) -> Option<u64> {
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(at);
    let factor = match unit {
        "B" => 1.0,
        "kB" | "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        _ => return None,
    };
    let bytes = number.parse::<f64>().ok()? * factor;
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes.round() as u64)
}
