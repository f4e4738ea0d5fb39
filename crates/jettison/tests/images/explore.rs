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
    assert_screen("at_80_by_24", &terminal.wait_for("copyright"));
    terminal.keys(&["Down", "Down", "Down", "Down", "Tab"]);
    // keys that come before the tree would be lost
    terminal.wait_for("files of layer 3");
    terminal.wait_for(".env");
    terminal.keys(&["Down", "Down"]);
    terminal.wait_for("/app/shop");
    terminal.resize("200", "50");
    assert_screen("at_200_by_50", &terminal.wait_for("because "));
    terminal.resize("1", "1");
    terminal.resize("80", "24");
    terminal.wait_for("/app/shop");
    terminal.keys(&["y"]);
    terminal.wait_for("copied");
    assert_eq!(terminal.tmux(&["show-buffer"]), "/app/shop");
    terminal.keys(&["v"]);
    assert_screen("a_file", &terminal.wait_for("00000010"));
    terminal.keys(&["q"]);
    terminal.ends_with(0);
}

#[test]
fn the_terminal_is_given_back_whatever_ends_it() {
    let place = place().with("broken.tar", b"this is no tar");
    let Some(terminal) = Terminal::start(&place, "explore shop.tar", "80", "24") else { return };
    terminal.wait_for("score");
    terminal.keys(&["C-c"]);
    terminal.ends_with(0);
    let Some(terminal) = Terminal::start(&place, "explore shop.tar", "80", "24") else { return };
    terminal.wait_for("score");
    let pid = std::fs::read_to_string(place.at("pid")).unwrap();
    assert!(Command::new("kill").args(["-TERM", pid.trim()]).status().unwrap().success());
    terminal.ends_with(130);
    let Some(terminal) = Terminal::start(&place, "explore docker-archive:broken.tar", "80", "24") else { return };
    let screen = terminal.ends_with(2);
    assert!(screen.starts_with("error: docker-archive:broken.tar"), "{screen}");
}

#[test]
fn no_color_leaves_none() {
    let place = place();
    let Some(terminal) = Terminal::start(&place, "explore shop.tar --color never", "80", "24") else { return };
    terminal.wait_for("score");
    let shown = terminal.tmux(&["capture-pane", "-p", "-e"]);
    assert!(!colored(&shown), "{shown:?}");
    let Some(terminal) = Terminal::start(&place, "explore shop.tar --color always", "80", "24") else { return };
    terminal.wait_for("score");
    let shown = terminal.tmux(&["capture-pane", "-p", "-e"]);
    assert!(colored(&shown), "{shown:?}");
}

/// Whether some sequence asks for a colour; 39 and 49 ask for none.
fn colored(text: &str) -> bool {
    let sequences = text.split("\x1b[").skip(1).filter_map(|rest| rest.split_once('m'));
    let mut codes = sequences.flat_map(|(codes, _)| codes.split(';')).filter_map(|code| code.parse::<u8>().ok());
    codes.any(|code| matches!(code, 30..=38 | 40..=48 | 90..=107))
}

fn assert_screen(name: &str, screen: &str) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, without_digests(screen)) });
}

/// Digests depend on how well gzip packs; the columns stay.
fn without_digests(screen: &str) -> String {
    let mut parts = screen.split("sha256:");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|sign: char| !sign.is_ascii_hexdigit()).unwrap_or(part.len());
        shown.push_str(&format!("sha256:{}{}", "0".repeat(end), &part[end..]));
    }
    shown
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
            "set -g status off\nset -s set-clipboard on\nset -g default-terminal screen-256color\n",
        )
        .unwrap();
        let socket = folder.path().join("socket").to_str().unwrap().to_owned();
        let terminal = Self { socket, _config: folder };
        let program = place.jettison(arguments);
        let words: Vec<String> = std::iter::once(program.get_program())
            .chain(program.get_args())
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        let variables = "PATH=/nonexistent HOME=. LANG=C.UTF-8 TERM=screen-256color";
        let program = format!("echo $$ >pid; exec env -i {variables} {}", words.join(" "));
        let command = format!("sh -c \"{program}\"; echo ended $?; sleep 600").replace("$$", "\\$\\$");
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

    /// Waits for the program's end and looks at the terminal that it leaves: the usual screen is back.
    fn ends_with(&self, status: u8) -> String {
        let screen = self.wait_for(&format!("ended {status}"));
        let left = self.tmux(&["display-message", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}"]);
        assert_eq!(left.trim(), "0 0 1", "no other screen, no mouse, and a cursor");
        screen
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
