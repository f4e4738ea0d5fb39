//! What real checkouts hold beside the sources: history, local settings, logs, stale packages and build results.
//! All of it is made up, the same at every run, and every secret is fake. Sizes are modest, so that a run stays quick.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Names that must not show up in an image: one for each kind of junk that matters.
pub const TELLTALES: [&str; 6] = [".env", ".git", "app.log", ".venv", "stale-package-0", "npm-debug.log"];

const ENV: &str = "\
# local settings, do not commit
DATABASE_URL=postgres://app:hunter2-not-real@db.example.test:5432/app
SECRET_KEY=fake-0123456789abcdef0123456789abcdef
AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
";

/// Adds the kinds named; git first, for the rest is not committed.
pub fn add(root: &Path, kinds: &[String]) -> Result<()> {
    let (git, rest): (Vec<&String>, Vec<&String>) = kinds.iter().partition(|kind| *kind == "git");
    for kind in git.into_iter().chain(rest) {
        match kind.as_str() {
            "git" => history(root)?,
            "env" => write(&root.join(".env"), ENV)?,
            "logs" => logs(root)?,
            "node_modules" => node_modules(root)?,
            "pycache" => pycache(root)?,
            "venv" => venv(root)?,
            "target" => target(root)?,
            "bin" => write(&root.join("bin/links-old"), noise(7_000_000))?,
            other => bail!("no kind of junk is called `{other}`"),
        }
    }
    Ok(())
}

/// A repository with twenty commits, the first of which carries a 2 MB file that the second deletes.
fn history(root: &Path) -> Result<()> {
    let (dump, notes) = (root.join("dump.bin"), root.join("CHANGES.txt"));
    write(&dump, noise(2_000_000))?;
    git(root, &["init", "-q", "-b", "main"])?;
    commit(root, "start")?;
    fs::remove_file(&dump)?;
    for n in 0..20 {
        write(&notes, format!("change {n}\n").repeat(n + 1))?;
        commit(root, &format!("change {n}"))?;
    }
    Ok(())
}

fn commit(root: &Path, message: &str) -> Result<()> {
    git(root, &["add", "-A"])?;
    git(root, &["commit", "-q", "-m", message])
}

/// git without the user's settings, signing keys and hooks, at a fixed time.
fn git(root: &Path, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("git");
    command.current_dir(root).args(["-c", "user.name=A Person", "-c", "user.email=person@example.test"]);
    command.args(["-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0"]).args(arguments);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command.env("GIT_AUTHOR_DATE", "2024-01-02T03:04:05Z").env("GIT_COMMITTER_DATE", "2024-01-02T03:04:05Z");
    let status = command.stdout(Stdio::null()).status().context("git, which lays out a checkout's history")?;
    if !status.success() {
        bail!("git {} failed in {}", arguments.join(" "), root.display());
    }
    Ok(())
}

fn logs(root: &Path) -> Result<()> {
    let line = |n: usize| format!("2024-01-02T03:04:{:02}Z INFO request {n} took {} ms\n", n % 60, n * 7 % 900);
    write(&root.join("logs/app.log"), (0..40_000).map(line).collect::<String>())?;
    write(&root.join("npm-debug.log"), (0..500).map(line).collect::<String>())
}

/// Not what the lock file says: an image must not take it over.
fn node_modules(root: &Path) -> Result<()> {
    for n in 0..120 {
        let package = root.join(format!("node_modules/stale-package-{n}"));
        write(
            &package.join("package.json"),
            format!("{{\"name\": \"stale-package-{n}\", \"version\": \"0.{n}.0\"}}\n"),
        )?;
        write(&package.join("index.js"), format!("module.exports = {n};\n").repeat(40))?;
        write(&package.join("README.md"), format!("# stale-package-{n}\n").repeat(20))?;
    }
    write(&root.join("node_modules/stale-package-0/prebuilt.node"), noise(6_000_000))
}

fn pycache(root: &Path) -> Result<()> {
    for n in 0..6 {
        write(&root.join(format!("app/__pycache__/stale{n}.cpython-39.pyc")), noise(9_000 + n))?;
    }
    write(&root.join(".pytest_cache/v/cache/lastfailed"), "{}\n")
}

fn venv(root: &Path) -> Result<()> {
    write(&root.join(".venv/pyvenv.cfg"), "home = /usr/bin\nversion = 3.9.0\n")?;
    write(&root.join(".venv/lib/python3.9/site-packages/stale/_native.so"), noise(8_000_000))
}

fn target(root: &Path) -> Result<()> {
    write(&root.join("target/debug/deps/libstale-0123456789abcdef.rlib"), noise(8_000_000))?;
    write(&root.join("target/classes/stale.bin"), noise(100_000))
}

fn write(path: &Path, data: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, data).with_context(|| path.display().to_string())
}

/// Bytes that do not compress, the same for the same length (xorshift).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ length as u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut bytes: Vec<u8> = (0..length.div_ceil(8)).flat_map(|_| next()).collect();
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lays_out_what_a_kind_promises() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("main.py"), "print()\n").expect("written");
        add(folder.path(), &["env".into(), "logs".into(), "git".into()]).expect("laid out");
        for path in [".env", "logs/app.log", ".git/HEAD", "CHANGES.txt"] {
            assert!(folder.path().join(path).exists(), "{path}");
        }
        assert!(!folder.path().join("dump.bin").exists(), "only the history holds it");
    }

    #[test]
    fn refuses_a_kind_nobody_knows() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(add(folder.path(), &["glitter".into()]).is_err());
    }

    #[test]
    fn noise_is_the_same_every_time_and_as_long_as_asked() {
        assert_eq!(noise(1001), noise(1001));
        assert_eq!(noise(1001).len(), 1001);
        assert_ne!(noise(1001)[..1000], noise(1000)[..]);
    }
}
