//! `cargo xtask acceptance`: what `optimize` makes of naive apps, judged from outside. For each: lay a checkout out, optimise
//! it, lay the files of its proof over a fresh checkout, build it with plain docker, ask the app's own smoke script, measure it
//! beside the original.
//!
//! What the run said is kept beside the rows (`APP.txt`). Resumable: a row of `target/acceptance/rows.jsonl` made by the same binary from the same sources is not made again.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::apps::{App, Apps, root};
use crate::binary::{static_binary, target_folder};
use crate::demo::groups;
use crate::engine::Engine;
use crate::measure::Image;
use crate::{checkout, lines, process};

/// Runs it; an error at the end names what was broken.
pub fn run(arguments: &[String]) -> Result<()> {
    let apps = Apps::load()?;
    let wanted = Wanted::parse(&apps, arguments)?;
    let engine = Engine::find()?;
    if !engine.is_docker() {
        bail!("acceptance measures with docker, and only {} answers", engine.name());
    }
    let jettison = wanted.jettison.map_or_else(static_binary, Ok)?;
    let mut rows = Rows::open(&folder(), wanted.fresh)?;
    for app in &wanted.apps {
        let key = key(&jettison, app)?;
        if rows.has(&key) {
            eprintln!("xtask: {}: done already", app.name);
            continue;
        }
        engine.bases(&groups(app))?;
        eprintln!("xtask: {}", app.name);
        let row = judge(&engine, &jettison, app)
            .unwrap_or_else(|error| json!({"error": true, "broken": [format!("{error:#}")]}));
        rows.add(&key, &app.name, row)?;
    }
    let keys: Vec<String> = wanted.apps.iter().map(|app| key(&jettison, app)).collect::<Result<_>>()?;
    table(keys.iter().filter_map(|key| rows.find(key)))
}

struct Wanted<'a> {
    apps: Vec<&'a App>,
    fresh: bool,
    /// Judge this binary instead of the one built here.
    jettison: Option<PathBuf>,
}

impl<'a> Wanted<'a> {
    /// Names; or the three apps of the first slice, with all fixtures or a share of them.
    fn parse(apps: &'a Apps, arguments: &[String]) -> Result<Self> {
        let mut wanted = Self { apps: Vec::new(), fresh: false, jettison: None };
        let mut fixtures: Option<(usize, usize)> = None;
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--fresh" => wanted.fresh = true,
                "--jettison" => wanted.jettison = words.next().map(fs::canonicalize).transpose()?,
                "--all" => wanted.apps.extend(apps.samples()),
                "--projects" => wanted.apps.extend(apps.projects()),
                "--traps" => wanted.apps.extend(apps.traps()),
                "--fixtures" => fixtures = Some((0, 1)),
                "--share" => fixtures = Some(share(words.next().map_or("", String::as_str))?),
                name => wanted.apps.push(apps.named(name)?),
            }
        }
        if wanted.apps.is_empty() && fixtures.is_none() {
            wanted.apps.extend(apps.samples().filter(|app| app.group.is_none()));
        }
        if let Some((k, n)) = fixtures {
            wanted.apps.extend(apps.fixtures().enumerate().filter(|(at, _)| at % n == k % n).map(|(_, app)| app));
        }
        Ok(wanted)
    }
}

fn share(text: &str) -> Result<(usize, usize)> {
    let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    parts.filter(|(_, n)| *n > 0).with_context(|| format!("--share takes K/N, not `{text}`"))
}

/// The rows so far.
struct Rows {
    file: PathBuf,
    all: Vec<Value>,
}

impl Rows {
    fn open(folder: &Path, fresh: bool) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let file = folder.join("rows.jsonl");
        if fresh && file.exists() {
            fs::remove_file(&file)?;
        }
        let text = if file.exists() { fs::read_to_string(&file)? } else { String::new() };
        // a line that was cut off by a kill is no row
        Ok(Self { file, all: text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect() })
    }

    fn find(&self, key: &str) -> Option<&Value> {
        self.all.iter().rev().find(|row| row["key"] == key)
    }

    /// Whether the row is there, and not for an error that may pass.
    fn has(&self, key: &str) -> bool {
        self.find(key).is_some_and(|row| row["result"]["error"].is_null())
    }

    fn add(&mut self, key: &str, app: &str, result: Value) -> Result<()> {
        let row = json!({"key": key, "app": app, "result": result});
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&self.file)?;
        // the line break stands first: after a line that was cut off, this one is still a line
        write!(file, "\n{row}\n")?;
        self.all.push(row);
        Ok(())
    }
}

/// Same binary, same sources, same description: same row.
fn key(jettison: &Path, app: &App) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(fs::read(jettison)?);
    hash.update(format!("{app:?}"));
    hash.update(fingerprint(&root().join(&app.folder))?);
    Ok(hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect())
}

/// A hash over every path, link target and byte of a folder.
fn fingerprint(folder: &Path) -> Result<Vec<u8>> {
    let mut hash = Sha256::new();
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<std::io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        hash.update(entry.file_name().as_encoded_bytes());
        if kind.is_dir() {
            hash.update(fingerprint(&path)?);
        } else if kind.is_symlink() {
            hash.update(fs::read_link(&path)?.as_os_str().as_encoded_bytes());
        } else {
            hash.update(fs::read(&path)?);
        }
    }
    Ok(hash.finalize().to_vec())
}

/// One app, from the checkout to the verdict.
fn judge(engine: &Engine, jettison: &Path, app: &App) -> Result<Value> {
    let scratch = tempfile::Builder::new().prefix("jettison-acceptance-").tempdir()?;
    let (work, out) = (scratch.path().join(&app.name), scratch.path().join("out"));
    let (said, proof) = (scratch.path().join("said.json"), scratch.path().join("proof.json"));
    checkout::lay_out(app, &work)?;
    let before = fingerprint(&work)?;
    let start = Instant::now();
    let mut command = engine.command(jettison);
    command.current_dir(scratch.path()).arg("optimize").arg(&app.name).arg("--proof").arg(&proof);
    command.args(["--format", "text", "--format", &format!("json:{}", said.display())]);
    if let Some(file) = &app.file {
        command.arg("--file").arg(work.join(file));
    }
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let process_id = child.id();
    let output = child.wait_with_output()?;
    fs::write(folder().join(format!("{}.txt", app.name)), &output.stdout)?;
    let mut row = json!({"exit": output.status.code(), "seconds": start.elapsed().as_secs(), "broken": []});
    let mut broken = Vec::new();
    if fingerprint(&work)? != before {
        broken.push("the user's files changed".to_owned());
    }
    if output.status.code() != Some(app.exit) {
        broken.push(format!("exit {:?}: {}", output.status.code(), process::tail(&output.stderr, 4)));
    }
    let left = left_by(engine, process_id)?;
    if !left.is_empty() {
        broken.push(format!("left on the engine: {}", left.join(", ")));
    }
    if app.exit != 2 {
        let said: Value = fs::read(&said).map(|bytes| serde_json::from_slice(&bytes)).unwrap_or(Ok(Value::Null))?;
        lay_proposal(&proof, &out)?;
        row["said"] =
            json!({"level": said["proof"]["level"], "verified": said["proof"]["verified"], "builds": said["builds"]});
        broken.extend(unexpected(app, &said));
        let (naive, ours) = both_sides(engine, jettison, app, &scratch.path().join("sides"), &out)?;
        for side in [&naive, &ours] {
            if lines::share(&side["lines"]).is_some_and(|share| share < 0.95) {
                broken.push(format!("analyze names wrong lines: {}", side["lines"]["wrong"]));
            }
        }
        if naive["behaviour"] != ours["behaviour"] {
            broken.push(format!("behaves differently: {} / {}", naive["behaviour"], ours["behaviour"]));
        }
        row["naive"] = naive;
        row["ours"] = ours;
    }
    row["broken"] = json!(broken);
    Ok(row)
}

/// Where rows and what runs said are kept.
fn folder() -> PathBuf {
    target_folder().join("acceptance")
}

/// Lays the proposed files of a proof into a folder; none where nothing was proposed.
fn lay_proposal(proof: &Path, out: &Path) -> Result<()> {
    let Ok(bytes) = fs::read(proof) else { return Ok(()) };
    let proof: Value = serde_json::from_slice(&bytes)?;
    let files =
        [(&proof["dockerfile"], &proof["after"]["dockerfile"]), (&proof["ignore_file"], &proof["after"]["ignore"])];
    for (name, content) in files {
        let (Some(name), Some(text)) = (name.as_str(), content["text"].as_str()) else { continue };
        let path = out.join(name);
        fs::create_dir_all(path.parent().context("a folder")?)?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// What an app's description says must come out, and did not.
fn unexpected(app: &App, said: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let transforms = || said["transforms"].as_array().into_iter().flatten();
    for id in &app.drops {
        if !transforms().any(|transform| transform["id"] == **id && transform["status"] == "dropped") {
            wrong.push(format!("{id} was not dropped"));
        }
    }
    if app.unchanged && said["files"].as_array().is_some_and(|files| !files.is_empty()) {
        wrong.push(format!("{} has nothing to gain and was changed", app.name));
    }
    wrong
}

/// What a run left on the engine: objects with jettison's label whose value starts with the process's id. Other runs may be
/// under way at the same time.
fn left_by(engine: &Engine, process_id: u32) -> Result<Vec<String>> {
    let lists = [
        ("container", &["ps", "-aq"][..], ".Config.Labels"),
        ("image", &["images", "-q"], ".Config.Labels"),
        ("network", &["network", "ls", "-q"], ".Labels"),
        ("volume", &["volume", "ls", "-q"], ".Labels"),
    ];
    let mut left = Vec::new();
    for (kind, list, labels) in lists {
        let ids = process::stdout(engine.command("docker").args(list).args(["--filter", "label=jettison.run"]))?;
        if ids.is_empty() {
            continue;
        }
        // another run's objects may be gone by now: what inspect finds is what counts
        let format = format!("{{{{index {labels} \"jettison.run\"}}}}");
        let mut inspect = engine.command("docker");
        let found = process::capture(inspect.args([kind, "inspect", "--format", &format]).args(ids.lines()))?;
        let ours = format!("{process_id}-");
        let runs = String::from_utf8_lossy(&found.stdout);
        left.extend(runs.lines().filter(|run| run.starts_with(&ours)).map(|run| format!("{kind} of run {run}")));
    }
    Ok(left)
}

/// Original and result, each on a fresh checkout, built, run and measured here.
fn both_sides(engine: &Engine, jettison: &Path, app: &App, scratch: &Path, out: &Path) -> Result<(Value, Value)> {
    let naive = side(engine, jettison, app, &scratch.join("naive"), None)?;
    let ours = side(engine, jettison, app, &scratch.join("ours"), Some(out).filter(|out| out.exists()))?;
    Ok((naive, ours))
}

fn side(engine: &Engine, jettison: &Path, app: &App, folder: &Path, over: Option<&Path>) -> Result<Value> {
    checkout::lay_out(app, folder)?;
    if let Some(over) = over {
        checkout::copy_tree(over, folder)?;
    }
    let file = app.file.as_deref().unwrap_or("Dockerfile");
    let kind = if over.is_some() { "ours" } else { "naive" };
    let tag = format!("jettison-acceptance-{}:{kind}", app.name);
    let (image, cold) = Image::build(engine, folder, file, &tag)?;
    let mut figures = image.figures()?;
    figures["behaviour"] = json!(image.behaviour(app)?);
    figures["cold_seconds"] = json!(cold);
    figures["lines"] = image.lines(jettison, folder, file)?;
    if let Some(touch) = &app.touch {
        // unlike any earlier edit, or its cached layers would be used
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos();
        image.again(folder, file, &[])?;
        let mut source = fs::OpenOptions::new().append(true).open(folder.join(touch))?;
        writeln!(source, "\n{} edited for the warm rebuild {now}", app.comment)?;
        figures["warm_seconds"] = json!(image.again(folder, file, &[])?);
    }
    Ok(figures)
}

/// Prints the table; an error names the apps that were broken.
fn table<'a>(rows: impl Iterator<Item = &'a Value>) -> Result<()> {
    println!(
        "| app | unpacked MB | compressed MB | layers | cold s | warm s | run s (÷ cold) | candidates | user | junk in layers | lines right | level | behaviour |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- | ---: | ---: | --- |");
    let mut broken = Vec::new();
    for row in rows {
        let (name, result) = (row["app"].as_str().unwrap_or("?"), &row["result"]);
        println!("{}", line(name, result));
        for reason in result["broken"].as_array().into_iter().flatten() {
            broken.push(format!("{name}: {}", reason.as_str().unwrap_or("?")));
        }
    }
    if !broken.is_empty() {
        bail!("broken:\n{}", broken.join("\n"));
    }
    Ok(())
}

fn line(name: &str, result: &Value) -> String {
    let pair = |field: &str, show: &dyn Fn(&Value) -> String| {
        format!("{} → {}", show(&result["naive"][field]), show(&result["ours"][field]))
    };
    let megabytes = |value: &Value| value.as_f64().map_or("–".into(), |bytes| format!("{:.1}", bytes / 1e6));
    let seconds = |value: &Value| value.as_f64().map_or("–".into(), |seconds| format!("{seconds:.1}"));
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let list =
        |value: &Value| if value.as_array().is_some_and(|list| !list.is_empty()) { "yes" } else { "no" }.to_owned();
    if result["ours"].is_null() {
        return format!("| {name} | exit {} | | | | | | | | | | | |", result["exit"]);
    }
    let cells = [
        name.to_owned(),
        pair("unpacked_bytes", &megabytes),
        pair("compressed_bytes", &megabytes),
        pair("layers", &plain),
        pair("cold_seconds", &seconds),
        pair("warm_seconds", &seconds),
        ran(result),
        plain(&result["said"]["builds"]),
        pair("user", &plain),
        pair("leaked", &list),
        pair("lines", &|judged| lines::share(judged).map_or("–".into(), |share| format!("{:.1} %", share * 100.0))),
        plain(&result["said"]["level"]),
        plain(&result["ours"]["behaviour"]),
    ];
    format!("| {} |", cells.join(" | ").replace('\n', " "))
}

/// How long the whole run took, and how many naive cold builds that is.
fn ran(result: &Value) -> String {
    let (seconds, cold) = (result["seconds"].as_f64(), result["naive"]["cold_seconds"].as_f64());
    match (seconds, cold.filter(|cold| *cold > 0.0)) {
        (Some(seconds), Some(cold)) => format!("{seconds:.0} ({:.1})", seconds / cold),
        _ => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_every_fixture_once() {
        let apps = Apps::load().expect("apps.toml");
        let mut names: Vec<String> = Vec::new();
        for k in 0..3 {
            let wanted = Wanted::parse(&apps, &["--share".into(), format!("{k}/3")]).expect("a share");
            names.extend(wanted.apps.iter().map(|app| app.name.clone()));
        }
        names.sort();
        assert_eq!(names, apps.fixtures().map(|app| app.name.clone()).collect::<Vec<_>>());
    }

    #[test]
    fn a_trap_that_was_not_noticed_is_broken() {
        let app = App { drops: vec!["slim-base".into()], ..App::default() };
        let applied = json!({"transforms": [{"id": "slim-base", "status": "applied"}]});
        let dropped = json!({"transforms": [{"id": "slim-base", "status": "dropped"}]});
        assert_eq!(unexpected(&app, &applied), ["slim-base was not dropped"]);
        assert!(unexpected(&app, &dropped).is_empty());
    }

    #[test]
    fn a_row_cut_off_by_a_kill_is_made_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut rows = Rows::open(folder.path(), false).expect("rows");
        rows.add("k1", "one", json!({})).expect("added");
        fs::OpenOptions::new().append(true).open(&rows.file).expect("open").write_all(b"{\"key\": \"k2").expect("cut");
        let mut again = Rows::open(folder.path(), false).expect("rows");
        assert!(again.find("k1").is_some() && again.find("k2").is_none());
        again.add("k2", "two", json!({})).expect("added");
        assert!(Rows::open(folder.path(), false).expect("rows").find("k2").is_some(), "what follows a cut line counts");
    }
}
