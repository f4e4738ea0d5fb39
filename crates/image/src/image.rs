//! An image as it was opened: its config and the index of each layer, whatever source they came from. Questions about the
//! final tree and what is wasted are answered by stacking the layers.

use std::sync::Arc;

use jettison_model::{Digest, Platform};

use crate::{Compression, ImageConfig, LayerIndex, Noted, Warning};

/// An image: config and layers.
#[derive(Clone, Debug)]
pub struct Image {
    /// As it was asked for, or as its source names it.
    pub reference: Option<String>,
    /// Of the manifest; none where the source has no manifest with a digest (old docker archives).
    pub digest: Option<Digest>,
    /// Of the config: Docker's image ID.
    pub config_digest: Digest,
    /// Of the manifest, as it says itself, else by its form.
    pub media_type: String,
    /// What `docker run` starts from.
    pub config: ImageConfig,
    /// Lowest first. A layer listed twice is here twice.
    pub layers: Vec<ImageLayer>,
}

/// One layer of an [`Image`].
#[derive(Clone, Debug)]
pub struct ImageLayer {
    /// What it holds. Shared between places that list the same blob.
    pub index: Arc<LayerIndex>,
    /// As the manifest says; of old docker archives, what their form stands for.
    pub media_type: String,
}

impl Image {
    /// What it runs on, as the config says; none if that names no operating system or architecture.
    pub fn platform(&self) -> Option<Platform> {
        let variant = self.config.raw.get("variant").and_then(|variant| variant.as_str());
        let variant = variant.filter(|variant| !variant.is_empty()).map(str::to_owned);
        let (os, arch) = (self.config.os.clone(), self.config.architecture.clone());
        (!os.is_empty() && !arch.is_empty()).then_some(Platform { os, arch, variant })
    }

    /// Σ of the layers' whole tar streams, in bytes.
    pub fn unpacked_bytes(&self) -> u64 {
        self.sum(|index| index.unpacked_bytes)
    }

    /// Σ of the layer blobs as they are stored, in bytes; a blob that is listed twice counts twice.
    pub fn compressed_bytes(&self) -> u64 {
        self.sum(|index| index.stored_bytes)
    }

    /// The layers' indexes, lowest first: what [`crate::Stack::new`] takes.
    pub fn indexes(&self) -> Vec<&LayerIndex> {
        self.layers.iter().map(|layer| &*layer.index).collect()
    }

    /// What is odd of the image as a whole. What is odd in its layers, [`crate::Stack::noted`] has.
    pub fn noted(&self) -> Vec<Noted> {
        let history = self.config.history.iter().filter(|entry| !entry.empty_layer).count();
        let mut noted = Vec::new();
        if !self.config.history.is_empty() && history != self.layers.len() {
            noted.push(Noted { class: Warning::HistoryMismatch, layer: None, path: None });
        }
        let lies = |layer: &ImageLayer| !fits(&layer.media_type, layer.index.compression);
        let places = self.layers.iter().enumerate().filter(|(_, layer)| lies(layer)).map(|(place, _)| place);
        noted.extend(places.map(|place| Noted { class: Warning::MediaTypeMismatch, layer: Some(place), path: None }));
        noted
    }

    fn sum(&self, bytes: impl Fn(&LayerIndex) -> u64) -> u64 {
        self.layers.iter().map(|layer| bytes(&layer.index)).fold(0, u64::saturating_add)
    }
}

/// Whether a blob may be stored so under this media type. Docker's and OCI's both end in what they are.
fn fits(media_type: &str, compression: Compression) -> bool {
    let is_gzip = media_type.ends_with("+gzip") || media_type.ends_with(".gzip");
    let is_zstd = media_type.ends_with("+zstd") || media_type.ends_with(".zstd");
    match compression {
        Compression::Gzip => is_gzip,
        Compression::Zstd => is_zstd,
        Compression::None => !is_gzip && !is_zstd,
    }
}
