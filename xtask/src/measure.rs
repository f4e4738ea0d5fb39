//! Builds, runs and measures an image with plain `docker`, believing nothing that jettison says about itself.
//!
//! Sizes come from the image's own archive: the sum of its layers' tar streams, as they are and compressed.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::apps::App;
use crate::engine::Engine;
use crate::junk::TELLTALES;
use crate::process;

/// An image of ours, removed when dropped.
pub struct Image<'a> {
    engine: &'a Engine,
    tag: String,
}

impl<'a> Image<'a> {
    /// Builds `folder` as `tag` without cache; the image and how many seconds it took.
    pub fn build(engine: &'a Engine, folder: &Path, file: &str, tag: &str) -> Result<(Self, f64)> {
        let image = Self { engine, tag: tag.to_owned() };
        let namespace = format!("BUILDKIT_CACHE_MOUNT_NS={tag}");
        let seconds = image.again(folder, file, &["--no-cache", "--build-arg", &namespace])?;
        Ok((image, seconds))
    }

    /// Builds it once more, with the cache unless an option says otherwise; seconds.
    pub fn again(&self, folder: &Path, file: &str, options: &[&str]) -> Result<f64> {
        let start = Instant::now();
        let mut command = self.engine.command("docker");
        command.current_dir(folder).args(["build", "--quiet", "--provenance=false", "-f", file, "-t", &self.tag]);
        process::stdout(command.args(options).arg("."))?;
        Ok(start.elapsed().as_secs_f64())
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
        archive_figures(&mut file).with_context(|| format!("the archive of {}", self.tag))
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

/// What a docker-archive says of its image. Layers are read as they come, so the manifest may stand anywhere.
fn archive_figures(file: &mut std::fs::File) -> Result<Value> {
    use std::io::Seek;
    let mut documents: std::collections::BTreeMap<String, Value> = Default::default();
    let mut layers: std::collections::BTreeMap<String, Layer> = Default::default();
    file.rewind()?;
    for entry in tar::Archive::new(file).entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut start = Vec::new();
        entry.by_ref().take(2).read_to_end(&mut start)?;
        match start.first() {
            Some(b'{' | b'[') => {
                entry.read_to_end(&mut start)?;
                documents.extend(serde_json::from_slice(&start).ok().map(|document| (name, document)));
            }
            Some(_) if entry.size() > 64 => {
                layers.extend(Layer::read(&start, entry).ok().map(|layer| (name, layer)));
            }
            _ => {}
        }
    }
    let manifest = documents.get("manifest.json").context("no manifest.json")?[0].clone();
    let names: Vec<&str> = manifest["Layers"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let of_image = names.iter().map(|name| layers.get(*name).with_context(|| format!("no layer {name}")));
    let of_image: Vec<&Layer> = of_image.collect::<Result<_>>()?;
    let config = manifest["Config"].as_str().and_then(|name| documents.get(name)).context("no config")?;
    let user = config["config"]["User"].as_str().filter(|user| !user.is_empty()).unwrap_or("root");
    let leaked: BTreeSet<&String> = of_image.iter().flat_map(|layer| &layer.leaked).collect();
    Ok(json!({
        "unpacked_bytes": of_image.iter().map(|layer| layer.unpacked).sum::<u64>(),
        "compressed_bytes": of_image.iter().map(|layer| layer.compressed).sum::<u64>(),
        "layers": of_image.len(), "user": user, "leaked": leaked,
    }))
}

/// What is asked of one layer.
#[derive(Default)]
struct Layer {
    unpacked: u64,
    compressed: u64,
    leaked: BTreeSet<String>,
}

impl Layer {
    fn read(start: &[u8], mut rest: impl Read) -> Result<Self> {
        let mut whole = std::io::Cursor::new(start.to_vec()).chain(&mut rest);
        if start == [0x1f, 0x8b] {
            let mut compressed = Counting { inner: &mut whole, count: 0 };
            let mut layer = Self::of_tar(GzDecoder::new(&mut compressed))?;
            std::io::copy(&mut compressed, &mut std::io::sink())?;
            layer.compressed = compressed.count;
            return Ok(layer);
        }
        let mut encoder = flate2::write::GzEncoder::new(Counting::default(), flate2::Compression::new(6));
        let mut layer = Self::of_tar(Tee { from: &mut whole, to: &mut encoder })?;
        layer.compressed = encoder.finish()?.count;
        Ok(layer)
    }

    fn of_tar(stream: impl Read) -> Result<Self> {
        let mut counting = Counting { inner: stream, count: 0 };
        let mut leaked = BTreeSet::new();
        for entry in tar::Archive::new(&mut counting).entries()? {
            let path = entry?.path()?.into_owned();
            let parts = path.components().filter_map(|part| part.as_os_str().to_str());
            leaked.extend(parts.filter(|part| TELLTALES.contains(part)).map(str::to_owned));
        }
        std::io::copy(&mut counting, &mut std::io::sink())?;
        Ok(Self { unpacked: counting.count, compressed: 0, leaked })
    }
}

/// Counts what goes through.
#[derive(Default)]
struct Counting<T = ()> {
    inner: T,
    count: u64,
}

impl<T: Read> Read for Counting<T> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count += read as u64;
        Ok(read)
    }
}

impl Write for Counting {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.count += buffer.len() as u64;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Hands on what it reads.
struct Tee<R, W> {
    from: R,
    to: W,
}

impl<R: Read, W: Write> Read for Tee<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.to.write_all(&buffer[..read])?;
        Ok(read)
    }
}
