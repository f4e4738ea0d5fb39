//! Builds, runs and measures an image with plain `docker`, believing nothing that jettison says about itself.
//!
//! Sizes come from the image's own archive: the sum of its layers' tar streams, as they are and compressed.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::apps::App;
use crate::engine::Engine;
use crate::{archive, lines, process};

/// An image of ours, removed when dropped.
pub struct Image<'a> {
    engine: &'a Engine,
    tag: String,
    /// Of the build without cache; the same once more is taken from the cache.
    namespace: String,
}

impl<'a> Image<'a> {
    /// Builds `folder` as `tag` without cache; the image and how many seconds it took.
    pub fn build(engine: &'a Engine, folder: &Path, file: &str, tag: &str) -> Result<(Self, f64)> {
        let namespace = format!("BUILDKIT_CACHE_MOUNT_NS={tag}");
        let image = Self { engine, tag: tag.to_owned(), namespace };
        let seconds = image.again(folder, file, &["--no-cache", "--build-arg", &image.namespace])?;
        Ok((image, seconds))
    }

    /// Builds it once more, with the cache unless an option says otherwise; seconds. What fails is tried twice more: the
    /// network is not what is judged.
    pub fn again(&self, folder: &Path, file: &str, options: &[&str]) -> Result<f64> {
        let build = || {
            let start = Instant::now();
            let mut command = self.engine.command("docker");
            command.current_dir(folder).args(["build", "--quiet", "--provenance=false", "-f", file, "-t", &self.tag]);
            process::stdout(command.args(options).arg("."))?;
            Ok(start.elapsed().as_secs_f64())
        };
        build().or_else(|_| build()).or_else(|_| build())
    }

    /// Sizes, layers, user, and which telltales of junk lie in any layer.
    pub fn figures(&self) -> Result<Value> {
        let mut save = self.engine.command("docker");
        let mut child = save.args(["image", "save", &self.tag]).stdout(Stdio::piped()).spawn()?;
        let mut file = tempfile::tempfile()?;
        std::io::copy(&mut child.stdout.take().context("docker save has an output")?, &mut file)?;
        if !child.wait()?.success() {
            bail!("docker could not save {}", self.tag);
        }
        archive::figures(&mut file).with_context(|| format!("the archive of {}", self.tag))
    }

    /// Whether `jettison analyze` names the lines that the builder names.
    pub fn lines(&self, jettison: &Path, folder: &Path, file: &str) -> Result<Value> {
        lines::judged(self.engine, jettison, folder, file, &self.tag, &["--build-arg", &self.namespace])
    }

    /// How a container of it behaves: the smoke script's verdict where there is one, else how it ends or goes on.
    pub fn behaviour(&self, app: &App) -> Result<String> {
        let container = Container::create(self.engine, &self.tag, app.port)?;
        container.docker(&["start", &container.id])?;
        match (app.port, app.smoke()) {
            (Some(port), Some(script)) => container.smoke(port, &script),
            _ => container.state_after(Duration::from_secs(3)),
        }
    }
}

impl Drop for Image<'_> {
    fn drop(&mut self) {
        let _ = process::capture(self.engine.command("docker").args(["image", "rm", "-f", &self.tag]));
    }
}

/// A container of ours, removed when dropped.
struct Container<'a> {
    engine: &'a Engine,
    id: String,
}

impl<'a> Container<'a> {
    fn create(engine: &'a Engine, tag: &str, port: Option<u16>) -> Result<Self> {
        let mut command = engine.command("docker");
        command.arg("create");
        if let Some(port) = port {
            command.args(["-p", &format!("127.0.0.1:0:{port}")]);
        }
        Ok(Self { engine, id: process::stdout(command.arg(tag))? })
    }

    fn docker(&self, arguments: &[&str]) -> Result<String> {
        process::stdout(self.engine.command("docker").args(arguments))
    }

    fn smoke(&self, port: u16, script: &Path) -> Result<String> {
        let published = match self.docker(&["port", &self.id, &format!("{port}/tcp")]) {
            Ok(lines) => lines.lines().next().and_then(|line| line.rsplit(':').next()).unwrap_or("").to_owned(),
            Err(_) => return Ok(format!("not running: {}", self.state_after(Duration::ZERO)?)),
        };
        let output = process::capture(std::process::Command::new(script).arg(published))?;
        if output.status.success() {
            return Ok("ok".into());
        }
        let logs = process::capture(self.engine.command("docker").args(["logs", "--tail", "20", &self.id]))?;
        eprintln!("{}\n{}", process::tail(&output.stderr, 5), process::tail(&logs.stderr, 20));
        Ok(format!("smoke failed: {}", process::tail(&output.stderr, 1)))
    }

    fn state_after(&self, wait: Duration) -> Result<String> {
        std::thread::sleep(wait);
        let state = self.docker(&["inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", &self.id])?;
        let logs = process::capture(self.engine.command("docker").args(["logs", &self.id]))?;
        Ok(format!("{state}: {}", process::tail(&logs.stdout, 3)))
    }
}

impl Drop for Container<'_> {
    fn drop(&mut self) {
        let _ = process::capture(self.engine.command("docker").args(["rm", "-f", "-v", &self.id]));
    }
}
