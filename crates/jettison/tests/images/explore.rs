//! `jettison explore`: on no terminal, and on a real one (tmux). What happens on the screen in detail is tested beside the
//! code.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::program::{Place, run};
use crate::{DOCKERFILE, place};

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let ran = run(place().jettison("explore shop.tar").stdin(Stdio::null()));
    assert_eq!(ran.code, Some(2));
    assert_eq!(
        ran.stderr,
        "error: explore needs a terminal, and stdout is none\n  next:         jettison analyze shop.tar\n"
    );
    assert_eq!(ran.stdout, "", "nothing is drawn on what is no terminal");
    let ran = run(&mut place().jettison("explore shop.tar other.tar"));
    assert!(ran.stderr.contains("jettison diff shop.tar other.tar"), "{}", ran.stderr);
}

#[test]
fn screens_on_a_real_terminal() {
    let place = place().with("Dockerfile", DOCKERFILE);
    let Some(terminal) = Terminal::start(&place, "explore shop.tar", "80", "24") else { return };
    terminal.wait_for("score");
    assert_screen("at_80_by_24", &terminal.wait_for("whole image"));
    terminal.keys(&["Down", "Down", "Down", "Down", "Tab", "Down", "Down"]);
    terminal.wait_for("/app/shop");
    terminal.resize("200", "50");
    assert_screen("at_200_by_50", &terminal.wait_for("package  "));
    terminal.resize("1", "1");
    terminal.resize("80", "24");
    terminal.wait_for("/app/shop");
    terminal.keys(&["v"]);
    assert_screen("a_file", &terminal.wait_for("00000010"));
    terminal.keys(&["q"]);
    assert_eq!(terminal.end(), ("0".to_owned(), "0".to_owned()), "status 0, and the usual screen is back");
}

#[test]
fn the_terminal_is_given_back_whatever_ends_it() {
    let place = place().with("broken.tar", b"this is no tar");
    let Some(terminal) = Terminal::start(&place, "explore shop.tar", "80", "24") else { return };
    terminal.wait_for("score");
    terminal.keys(&["C-c"]);
    assert_eq!(terminal.end(), ("0".to_owned(), "0".to_owned()), "Ctrl-C is a key here");
    let Some(terminal) = Terminal::start(&place, "explore shop.tar", "80", "24") else { return };
    terminal.wait_for("score");
    let pid = terminal.ask("#{pane_pid}");
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(terminal.end(), ("130".to_owned(), "0".to_owned()));
    let Some(terminal) = Terminal::start(&place, "explore docker-archive:broken.tar", "80", "24") else { return };
    assert_eq!(terminal.end(), ("2".to_owned(), "0".to_owned()));
    assert!(terminal.screen().contains("error: docker-archive:broken.tar"), "{}", terminal.screen());
}

#[test]
fn no_color_leaves_none() {
    let place = place();
    let Some(terminal) = Terminal::start(&place, "explore shop.tar --color never", "80", "24") else { return };
    terminal.wait_for("score");
    let colored = |text: &str| text.contains("\x1b[3") || text.contains(";3") || text.contains("\x1b[9");
    let shown = terminal.tmux(&["capture-pane", "-p", "-e"]);
    assert!(!colored(&shown), "{shown:?}");
    let Some(terminal) = Terminal::start(&place, "explore shop.tar --color always", "80", "24") else { return };
    terminal.wait_for("score");
    assert!(colored(&terminal.tmux(&["capture-pane", "-p", "-e"])), "{shown:?}");
}

fn assert_screen(name: &str, screen: &str) {
    insta::with_settings!({
        omit_expression => true,
        filters => vec![(r"sha256:[0-9a-f]+…?", "[DIGEST]")],
    }, { insta::assert_snapshot!(name, screen) });
}

/// A terminal in a tmux server of its own, which ends with it.
struct Terminal {
    socket: String,
    _config: tempfile::TempDir,
}

impl Terminal {
    /// Runs the program in it; none, and said so, where there is no tmux.
    fn start(place: &Place, arguments: &str, columns: &str, rows: &str) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            eprintln!("skipped: there is no tmux");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("tmux.conf");
        std::fs::write(
            &config,
            "set -g status off\nset -g remain-on-exit on\nset -g default-terminal screen-256color\n",
        )
        .unwrap();
        let socket = folder.path().join("socket").to_str().unwrap().to_owned();
        let terminal = Self { socket, _config: folder };
        let program = place.jettison(arguments);
        let words: Vec<String> = std::iter::once(program.get_program())
            .chain(program.get_args())
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        let command = format!("env -i PATH=/nonexistent HOME=. LANG=C.UTF-8 TERM=screen-256color {}", words.join(" "));
        let (config, path) = (config.to_str().unwrap(), place.path().to_str().unwrap());
        let words = ["-u", "-f", config, "new-session", "-d", "-x", columns, "-y", rows, "-c", path, &command];
        let Output { status, stderr, .. } = terminal.command(&words).output().unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        Some(terminal)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-S", &self.socket]).args(words).env_remove("TMUX").env("LC_ALL", "C.UTF-8");
        command
    }

    fn tmux(&self, words: &[&str]) -> String {
        String::from_utf8_lossy(&self.command(words).output().unwrap().stdout).into_owned()
    }

    fn ask(&self, format: &str) -> String {
        self.tmux(&["display-message", "-p", format]).trim().to_owned()
    }

    fn keys(&self, keys: &[&str]) {
        keys.iter().for_each(|key| drop(self.tmux(&["send-keys", key])));
    }

    fn resize(&self, columns: &str, rows: &str) {
        self.tmux(&["resize-window", "-x", columns, "-y", rows]);
    }

    fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// The screen once it has that text and does not change any more.
    fn wait_for(&self, text: &str) -> String {
        let start = Instant::now();
        let mut before = String::new();
        loop {
            let now = self.screen();
            if now.contains(text) && now == before {
                return now;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "no `{text}` on:\n{now}");
            before = now;
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Waits for the program's end: its exit status, and whether the other screen is still shown.
    fn end(&self) -> (String, String) {
        let start = Instant::now();
        while self.ask("#{pane_dead}") != "1" {
            assert!(start.elapsed() < Duration::from_secs(60), "it goes on:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(100));
        }
        (self.ask("#{pane_dead_status}"), self.ask("#{alternate_on}"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
