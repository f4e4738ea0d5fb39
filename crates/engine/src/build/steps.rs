//! The builders that number the Dockerfile's instructions: Docker's classic one (`Step 2/5 : RUN …`), podman and buildah
//! (`[1/2] STEP 2/5: RUN …`). They tell no times; a step lasts until the next begins.

use std::time::Duration;

use super::Progress;
use super::log::Log;
use super::plain::size;

#[derive(Default)]
pub(crate) struct Steps {
    current: Option<(usize, Duration)>,
}

impl Progress for Steps {
    fn line(&mut self, raw: &str, at: Duration, log: &mut Log<'_>) {
        if let Some(title) = classic(raw).or_else(|| podman(raw)) {
            self.close(at, log);
            let step = log.add_step(&title);
            log.start(step);
            self.current = Some((step, at));
            return;
        }
        let step = self.current.map(|(step, _)| step);
        if let Some(step) = step
            && (raw.trim_start().starts_with("---> Using cache") || raw.starts_with("--> Using cache"))
        {
            return log.cached(step);
        }
        if let Some(sent) = raw.strip_prefix("Sending build context to Docker daemon") {
            log.context_bytes = size(sent.trim()).or(log.context_bytes);
            return;
        }
        if !noise(raw) {
            log.say(step, raw);
        }
    }

    fn end(&mut self, at: Duration, log: &mut Log<'_>) {
        self.close(at, log);
    }
}

impl Steps {
    fn close(&mut self, at: Duration, log: &mut Log<'_>) {
        if let Some((step, since)) = self.current.take() {
            log.set_time(step, at.saturating_sub(since));
        }
    }
}

/// `Step 2/5 : RUN echo` → `[2/5] RUN echo`
fn classic(raw: &str) -> Option<String> {
    let (place, instruction) = raw.strip_prefix("Step ")?.split_once(" : ")?;
    is_place(place).then(|| format!("[{place}] {instruction}"))
}

/// `[1/2] STEP 2/5: RUN echo` → `[stage 1/2, 2/5] RUN echo`; without other stages `STEP 2/5: …` → `[2/5] …`.
fn podman(raw: &str) -> Option<String> {
    let (stage, rest) = match raw.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((stage, rest)) if is_place(stage) => (Some(stage), rest),
        _ => (None, raw),
    };
    let (place, instruction) = rest.strip_prefix("STEP ")?.split_once(": ")?;
    if !is_place(place) {
        return None;
    }
    Some(match stage {
        Some(stage) => format!("[stage {stage}, {place}] {instruction}"),
        None => format!("[{place}] {instruction}"),
    })
}

fn is_place(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once('/').is_some_and(|(number, of)| digits(number) && digits(of))
}

/// Lines about intermediate containers, images and the builder's own deprecation.
fn noise(raw: &str) -> bool {
    let line = raw.trim_start();
    line.is_empty()
        || line.starts_with("--->")
        || line.starts_with("--> ")
        || line.starts_with("DEPRECATED: The legacy builder")
        || line.starts_with("BuildKit is currently disabled")
        || line.starts_with("environment-variable.")
}
