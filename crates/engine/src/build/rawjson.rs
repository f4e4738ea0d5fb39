//! BuildKit's `--progress=rawjson`: one `SolveStatus` a line (vertexes, statuses, logs), then, on failure, the source
//! excerpt and the error as plain text. <https://github.com/moby/buildkit/blob/master/client/graph.go>

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::Value;

use super::Progress;
use super::log::Log;
use crate::process::LineSplitter;

#[derive(Default)]
pub(crate) struct RawJson {
    vertexes: HashMap<String, Vertex>,
    /// Of every vertex and stream, the line that is not complete yet.
    pending: HashMap<(String, u64), LineSplitter>,
}

struct Vertex {
    step: usize,
    sends_context: bool,
    /// Started → completed. A vertex may run in several pieces.
    pieces: HashMap<Timestamp, Option<Timestamp>>,
}

impl Progress for RawJson {
    fn line(&mut self, raw: &str, _at: Duration, log: &mut Log<'_>) {
        let parsed = raw.starts_with('{').then(|| serde_json::from_str::<Value>(raw).ok()).flatten();
        let Some(status) = parsed else {
            if !raw.trim().is_empty() {
                log.say(None, raw);
            }
            return;
        };
        for vertex in items(&status, "vertexes") {
            self.vertex(vertex, log);
        }
        for entry in items(&status, "statuses") {
            self.status(entry, log);
        }
        for entry in items(&status, "logs") {
            self.output(entry, log);
        }
    }

    fn end(&mut self, _at: Duration, log: &mut Log<'_>) {
        for ((digest, _), mut splitter) in std::mem::take(&mut self.pending) {
            let step = self.vertexes.get(&digest).map(|vertex| vertex.step);
            splitter.end(&mut |line| log.say(step, line));
        }
    }
}

impl RawJson {
    fn vertex(&mut self, value: &Value, log: &mut Log<'_>) {
        let (Some(digest), Some(name)) = (text(value, "digest"), text(value, "name")) else { return };
        let vertex = self.vertexes.entry(digest.to_string()).or_insert_with(|| Vertex {
            step: log.add_step(name),
            sends_context: name == "[internal] load build context",
            pieces: HashMap::new(),
        });
        let step = vertex.step;
        if value.get("cached").and_then(Value::as_bool) == Some(true) {
            log.cached(step);
        }
        if let Some(started) = time(value, "started") {
            log.start(step);
            vertex.pieces.insert(started, time(value, "completed"));
            log.set_time(step, vertex.busy());
        }
        let error = text(value, "error").filter(|error| !error.is_empty());
        if let Some(error) = error {
            self.flush(digest, step, log);
            if !canceled(error) {
                log.failed(step, error);
            }
        }
    }

    fn status(&mut self, value: &Value, log: &mut Log<'_>) {
        let Some(vertex) = text(value, "vertex").and_then(|digest| self.vertexes.get(digest)) else { return };
        if vertex.sends_context && text(value, "id").is_some_and(|id| id.starts_with("transferring context")) {
            let current = value.get("current").and_then(Value::as_u64).unwrap_or(0);
            log.context_bytes = Some(log.context_bytes.unwrap_or(0).max(current));
        }
    }

    fn output(&mut self, value: &Value, log: &mut Log<'_>) {
        let (Some(digest), Some(data)) = (text(value, "vertex"), text(value, "data")) else { return };
        let Ok(bytes) = STANDARD.decode(data) else { return };
        let stream = value.get("stream").and_then(Value::as_u64).unwrap_or(1);
        let step = self.vertexes.get(digest).map(|vertex| vertex.step);
        let splitter = self.pending.entry((digest.to_string(), stream)).or_default();
        splitter.push(&bytes, &mut |line| log.say(step, line));
    }

    fn flush(&mut self, digest: &str, step: usize, log: &mut Log<'_>) {
        for stream in [1, 2] {
            if let Some(mut splitter) = self.pending.remove(&(digest.to_string(), stream)) {
                splitter.end(&mut |line| log.say(Some(step), line));
            }
        }
    }
}

impl Vertex {
    fn busy(&self) -> Duration {
        let piece = |(start, end): (&Timestamp, &Option<Timestamp>)| {
            end.and_then(|end| Duration::try_from(end.duration_since(*start)).ok()).unwrap_or_default()
        };
        self.pieces.iter().map(piece).fold(Duration::ZERO, Duration::saturating_add)
    }
}

/// A step stopped because another failed.
pub(crate) fn canceled(error: &str) -> bool {
    error.contains("context canceled") || error == "CANCELED"
}

fn items<'a>(status: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    status.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn time(value: &Value, key: &str) -> Option<Timestamp> {
    text(value, key)?.parse().ok()
}
