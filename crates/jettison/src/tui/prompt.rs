//! What is typed at the bottom: a filter, what to find, where to write a file, whether to replace one.

use std::path::{Path, PathBuf};

use crossterm::event::{KeyCode, KeyEvent};
use jettison_image::path_bytes;

use super::input::Line;
use super::state::{Effect, FileRequest, Pane, Prompt, State};
use super::text::plain;

/// Only what holds the text; begins with the filter that is there.
pub fn filter(state: &State) -> Prompt {
    let filter = match state.focus {
        Pane::List => state.list().filter.as_str(),
        _ => state.browse().map_or("", |browse| browse.filter.as_str()),
    };
    Prompt::Filter(Line::new(filter))
}

/// The next that holds the text.
pub fn find(state: &State) -> Prompt {
    let cursor = match state.focus {
        Pane::List => state.list().cursor,
        _ => state.browse().map_or(0, |browse| browse.cursor),
    };
    Prompt::Find(Line::default(), cursor)
}

/// Where to write a file: here, under its own name.
pub fn extract(request: FileRequest) -> Prompt {
    Prompt::Extract(Line::new(&format!("./{}", harmless_name(&request.path))), request)
}

/// A name to write to: what could speak to a terminal or surprise in a shell is replaced.
pub fn harmless_name(path: &str) -> String {
    let bytes = path_bytes(path.rsplit('/').next().unwrap_or_default()).into_owned();
    let name = String::from_utf8_lossy(&bytes);
    let sign = |sign: char| if sign.is_control() || sign == '\u{fffd}' { '_' } else { sign };
    let name: String = name.chars().map(sign).collect();
    if matches!(name.as_str(), "" | "." | "..") { "file".to_owned() } else { name }
}

impl State {
    pub(super) fn on_paste(&mut self, text: &str) {
        match &mut self.prompt {
            Some(Prompt::Filter(line)) => {
                line.paste(text);
                let filter = line.text().to_owned();
                self.set_filter(&filter);
            }
            Some(Prompt::Find(line, _) | Prompt::Extract(line, _)) => line.paste(text),
            Some(Prompt::Replace { .. }) | None => {}
        }
    }

    pub(super) fn on_prompt_key(&mut self, prompt: Prompt, key: KeyEvent, effects: &mut Vec<Effect>) {
        match prompt {
            Prompt::Filter(line) => self.on_filter_key(line, key),
            Prompt::Find(line, start) => self.on_find_key(line, start, key),
            Prompt::Extract(line, request) => self.on_extract_key(line, request, key, effects),
            Prompt::Replace { request, to, what } => match key.code {
                KeyCode::Char('y' | 'Y') => self.write(request, to, true, effects),
                KeyCode::Char('n' | 'N') | KeyCode::Esc | KeyCode::Enter => self.say("nothing was written"),
                _ => self.prompt = Some(Prompt::Replace { request, to, what }),
            },
        }
    }

    fn on_filter_key(&mut self, mut line: Line, key: KeyEvent) {
        match key.code {
            KeyCode::Enter => return,
            KeyCode::Esc => return self.set_filter(""),
            // the list below can be gone through while the filter is typed
            KeyCode::Up => self.step(-1),
            KeyCode::Down => self.step(1),
            _ if line.key(key) => self.set_filter(line.text()),
            _ => {}
        }
        self.prompt = Some(Prompt::Filter(line));
    }

    fn on_find_key(&mut self, mut line: Line, start: usize, key: KeyEvent) {
        match key.code {
            KeyCode::Enter => {
                line.text().clone_into(&mut self.sought);
                return;
            }
            KeyCode::Esc => return self.go(start),
            KeyCode::Up | KeyCode::Down => {
                self.seek(line.text(), key.code == KeyCode::Down, false);
            }
            _ if line.key(key) => {
                self.go(start);
                if !line.text().is_empty() && !self.seek(line.text(), true, true) {
                    self.complain(format!("nothing holds `{}`", plain(line.text())));
                }
            }
            _ => {}
        }
        self.prompt = Some(Prompt::Find(line, start));
    }

    fn on_extract_key(&mut self, mut line: Line, request: FileRequest, key: KeyEvent, effects: &mut Vec<Effect>) {
        match key.code {
            KeyCode::Esc => return self.say("nothing was written"),
            KeyCode::Enter if line.text().is_empty() => {}
            KeyCode::Enter => {
                let to = destination(line.text(), &request.path);
                return self.write(request, to, false, effects);
            }
            _ => {
                line.key(key);
            }
        }
        self.prompt = Some(Prompt::Extract(line, request));
    }

    fn write(&mut self, request: FileRequest, to: PathBuf, replace: bool, effects: &mut Vec<Effect>) {
        self.is_busy = true;
        effects.push(Effect::Write { request, to, replace });
    }

    fn go(&mut self, row: usize) {
        match self.focus {
            Pane::List => {
                self.list_mut().go(row);
            }
            _ => {
                if let Some(browse) = self.browse_mut() {
                    browse.go(row);
                }
            }
        }
    }
}

/// Exactly what was typed; with a slash at its end, a file of its own name in that folder.
fn destination(typed: &str, path: &str) -> PathBuf {
    if typed.ends_with('/') { Path::new(typed).join(harmless_name(path)) } else { PathBuf::from(typed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_to_write_to_is_one_part_of_a_path() {
        assert_eq!(harmless_name("/usr/bin/x"), "x");
        assert_eq!(harmless_name("/a\x1b[31m\n"), "a_[31m_");
        assert_eq!(harmless_name("/caf\\xe9"), "caf_");
        assert_eq!(harmless_name("/"), "file");
        assert_eq!(destination("out/", "/a/b"), Path::new("out/b"));
        assert_eq!(destination("../x", "/a/b"), Path::new("../x"));
    }
}
