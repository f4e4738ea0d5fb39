//! What a docker-archive (`docker image save`) says of its image, read without any crate of jettison's, so that the two can
//! disagree. Unpacked is the sum of the layers' tar streams, compressed the sum of the layers as stored or, where they
//! are stored plain, as gzip makes them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, Write};

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::junk::TELLTALES;

/// Sizes, layers, user and leaked junk. Layers are read as they come, so the manifest may stand anywhere.
pub fn figures(archive: &mut (impl Read + Seek)) -> Result<Value> {
    let mut documents: BTreeMap<String, Value> = BTreeMap::new();
    let mut layers: BTreeMap<String, Layer> = BTreeMap::new();
    archive.rewind()?;
    for entry in tar::Archive::new(archive).entries()? {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        let mut start = Vec::new();
        entry.by_ref().take(2).read_to_end(&mut start)?;
        match start.first() {
            Some(b'{' | b'[') => {
                entry.read_to_end(&mut start)?;
                documents.extend(serde_json::from_slice(&start).ok().map(|document| (name, document)));
            }
            // whatever cannot be read is missed where the manifest names it
            Some(_) => layers.extend(Layer::read(&start, entry).ok().map(|layer| (name, layer))),
            None => {}
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, data) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(data.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, path, *data).expect("an entry");
        }
        builder.into_inner().expect("a tar")
    }

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(data).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn counts_plain_and_compressed_layers_alike() {
        let (first, second) = (tar_of(&[("app/main.py", b"print()")]), tar_of(&[("app/.git/HEAD", b"ref: x")]));
        let config = br#"{"config": {"User": "65532"}}"#;
        let manifest = br#"[{"Config": "c", "Layers": ["blobs/1", "blobs/2"]}]"#;
        let packed = gzip(&second);
        let archive = tar_of(&[("blobs/1", &first), ("blobs/2", &packed), ("manifest.json", manifest), ("c", config)]);
        let found = figures(&mut Cursor::new(archive)).expect("figures");
        assert_eq!(found["unpacked_bytes"], first.len() + second.len());
        assert_eq!(found["compressed_bytes"], gzip(&first).len() + packed.len());
        assert_eq!(found["user"], "65532");
        assert_eq!(found["leaked"], json!([".git"]));
    }

    #[test]
    fn takes_a_layer_without_files_for_a_layer() {
        let config = br#"{"config": {}}"#;
        let manifest = br#"[{"Config": "c", "Layers": ["blobs/1"]}]"#;
        let archive = tar_of(&[("blobs/1", &gzip(&[0; 1024])), ("manifest.json", manifest), ("c", config)]);
        let found = figures(&mut Cursor::new(archive)).expect("figures");
        assert_eq!((&found["unpacked_bytes"], &found["user"]), (&json!(1024), &json!("root")));
    }

    #[test]
    fn names_the_layer_that_is_missing() {
        let archive = tar_of(&[("manifest.json", br#"[{"Config": "c", "Layers": ["blobs/9"]}]"#), ("c", b"{}")]);
        let error = figures(&mut Cursor::new(archive)).expect_err("incomplete");
        assert!(error.to_string().contains("blobs/9"), "{error}");
    }
}
