//! Speed of parsing with typed views, and of ignore matching: `cargo bench -p jettison-dockerfile [FOLDER…]`.
//! Without folders a generated corpus is measured; with them every file below whose name has `dockerfile` in it.
//! CPU time of the best of several rounds, where the system tells it (Linux); else wall time.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jettison_dockerfile::ignore::{IgnoreFile, Matcher};
use jettison_dockerfile::parse;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` runs this too: then it only shows that it runs.
    let rounds = if arguments.iter().any(|argument| argument == "--bench") { 7 } else { 1 };
    let folders: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let files = if folders.is_empty() { generated() } else { folders.iter().flat_map(|folder| read(folder)).collect() };
    parsing(&files, rounds);
    growth(&files, rounds);
    ignoring(rounds);
}

/// A walk over an application's context, from the root down, with an ignore file as applications have them.
fn ignoring(rounds: usize) {
    const IGNORE: &[u8] =
        b"# habits\n.git\n.github\n**/node_modules\n**/__pycache__\n**/*.pyc\n*.md\n!README.md\ndist\nbuild/\n.env*\n\
        **/.DS_Store\ncoverage\n*.log\ntests/**/fixtures\n.vscode\n.idea\nDockerfile*\ndocs/**\n!docs/api\n";
    let matcher = Matcher::new(&IgnoreFile::parse(IGNORE));
    let folders: Vec<(String, Vec<String>)> = (0..500)
        .map(|number| {
            let folder = format!("src/package{}/module{number}", number % 20);
            let files = (0..200).map(|file| format!("{folder}/component_{file}.test.ts")).collect();
            (folder, files)
        })
        .collect();
    let paths: usize = folders.iter().map(|(_, files)| files.len() + 1).sum();
    let walk = || {
        for (folder, files) in &folders {
            let level = matcher.level(None, folder);
            black_box(files.iter().filter(|file| matcher.is_ignored_in(&level, file)).count());
        }
    };
    let time = best(rounds, walk);
    println!("ignore file of 20 patterns: {:.1} million paths/s", paths as f64 / 1e6 / time.as_secs_f64());
}

/// What a program asks of a file: all views of all instructions, pairs, stage names.
fn parse_and_view(source: &[u8]) {
    let dockerfile = parse(source);
    let mut seen = dockerfile.diagnostics().len();
    for instruction in dockerfile.instructions() {
        seen += instruction.pairs().len();
        seen += instruction.as_from().map_or(0, |from| from.name.map_or(0, |word| word.raw.len()));
        seen += instruction.as_copy().map_or(0, |copy| copy.sources.len() + copy.excludes.len());
        seen += instruction.as_run().map_or(0, |run| run.mounts.len());
    }
    black_box(seen);
}

fn best(rounds: usize, mut run: impl FnMut()) -> Duration {
    let begin = Instant::now();
    let now = || on_cpu().unwrap_or_else(|| begin.elapsed());
    let once = || {
        let start = now();
        run();
        now() - start
    };
    std::iter::repeat_with(once).take(rounds).min().unwrap_or_default()
}

/// What this thread has spent on a processor, if the kernel says so.
fn on_cpu() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn parsing(files: &[Vec<u8>], rounds: usize) {
    let bytes: usize = files.iter().map(Vec::len).sum();
    let one_by_one = best(rounds, || files.iter().for_each(|file| parse_and_view(file)));
    let per_file = one_by_one.as_secs_f64() * 1e3 / files.len().max(1) as f64;
    println!("{} files, {:.1} MB", files.len(), bytes as f64 / 1e6);
    println!("file by file: {:.0} MB/s, {per_file:.4} ms a file", bytes as f64 / 1e6 / one_by_one.as_secs_f64());
    let whole = files.join(&b'\n');
    let joined = best(rounds, || parse_and_view(&whole));
    println!("concatenated: {:.0} MB/s", whole.len() as f64 / 1e6 / joined.as_secs_f64());
}

/// One large file against one ten times as large.
fn growth(files: &[Vec<u8>], rounds: usize) {
    let text = files.iter().filter(|file| !parse(&file[..]).is_rejected()).fold(Vec::new(), |mut all, file| {
        all.extend_from_slice(file);
        all.push(b'\n');
        all
    });
    let small: Vec<u8> = text.iter().copied().cycle().take(1_000_000).collect();
    let large = small.repeat(10);
    // Ten times the small one, so that both are long enough for a clock that ticks in milliseconds.
    let small = best(rounds, || (0..10).for_each(|_| parse_and_view(&small))) / 10;
    let large = best(rounds, || parse_and_view(&large));
    println!("1 MB: {small:.1?}, 10 MB: {large:.1?}: {:.1} times as long", large.as_secs_f64() / small.as_secs_f64());
}

fn read(folder: &str) -> Vec<Vec<u8>> {
    let (mut found, mut open) = (Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(path) = open.pop() {
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                open.push(path);
            } else if is_dockerfile(&path) {
                found.extend(fs::read(&path));
            }
        }
    }
    found
}

fn is_dockerfile(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().contains("dockerfile"))
}

/// Files of usual size and habits, all different.
fn generated() -> Vec<Vec<u8>> {
    let one = |number: usize| {
        let packages: String = (0..number % 12).map(|package| format!("        package-{package} \\\n")).collect();
        format!(
            "# syntax=docker/dockerfile:1\nARG VERSION=3.{number}\nFROM python:${{VERSION}}-slim AS build\n\
             # what the wheels need\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n{packages}\
             \x20   && rm -rf /var/lib/apt/lists/*\nENV PATH=/opt/venv/bin:$PATH \\\n    LANG=C.UTF-8 \"NAME=a b\"\nWORKDIR /src\n\
             COPY --link requirements{number}.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install -r requirements{number}.txt\n\
             COPY . .\nRUN <<EOF\nset -e\npython -m compileall .\nEOF\nFROM python:${{VERSION}}-slim\n\
             LABEL org.opencontainers.image.title=\"app {number}\" maintainer=\"someone\"\n\
             COPY --from=build --chown=app:app /src /app\nEXPOSE 8000/tcp\nUSER app\n\
             HEALTHCHECK --interval=30s --timeout=3s CMD curl -f http://localhost:8000/ || exit 1\n\
             ENTRYPOINT [\"gunicorn\", \"--bind\", \"0.0.0.0:8000\"]\nCMD [\"app:app\"]\n"
        )
        .into_bytes()
    };
    (0..2_000).map(one).collect()
}
