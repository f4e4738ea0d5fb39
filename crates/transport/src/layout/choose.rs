//! Which of several images is meant: by its name or digest, then by its platform. None is taken in silence where nothing
//! tells them apart.

use std::collections::{BTreeMap, BTreeSet};

use jettison_image::{Error, ImageConfig};
use jettison_model::{ImageRef, Platform};

use super::candidates::candidates;
use super::{Candidate, Documents, Parts, read};
use crate::OpenError;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// Tag, reference or digest.
    pub(crate) reference: Option<&'a str>,
    /// None: this machine's, where there are several.
    pub(crate) platform: Option<&'a Platform>,
    /// Whether the first will do where several are left.
    pub(crate) first: bool,
}

/// The image that is meant, and a name it has.
pub(crate) fn choose(documents: &dyn Documents, wanted: Wanted<'_>) -> Result<(Parts, Option<String>), OpenError> {
    pick(documents, candidates(documents)?, wanted)
}

/// As [`choose`], of images that are known.
pub(crate) fn pick(
    documents: &dyn Documents,
    mut images: Vec<Candidate>,
    wanted: Wanted<'_>,
) -> Result<(Parts, Option<String>), OpenError> {
    if let Some(reference) = wanted.reference {
        let there = names(&images);
        images.retain(|image| is_named(image, reference));
        if images.is_empty() {
            return Err(OpenError::NotFound { wanted: reference.to_owned(), there });
        }
    }
    if let Some(platform) = wanted.platform {
        let there = platforms(documents, &images);
        images.retain(|image| platform_of(documents, image).is_some_and(|actual| runs_on(&actual, platform)));
        if images.is_empty() {
            return Err(OpenError::NotFound { wanted: platform.to_string(), there });
        }
    }
    let image = only(documents, images, wanted)?;
    Ok((image.parts?, image.names.into_iter().next()))
}

/// The one that is left, or the one for this machine.
fn only(documents: &dyn Documents, images: Vec<Candidate>, wanted: Wanted<'_>) -> Result<Candidate, OpenError> {
    let mut images = distinct(images);
    // An index may list platforms that were not saved with it.
    if images.iter().any(|image| image.parts.is_ok()) {
        images.retain(|image| !matches!(image.parts, Err(Error::MissingBlob { .. })));
    }
    if images.len() > 1 && wanted.platform.is_none() {
        let here: BTreeSet<usize> = (0..images.len())
            .filter(|at| {
                let platform = images.get(*at).and_then(|image| platform_of(documents, image));
                platform.is_some_and(|actual| runs_on(&actual, &host()))
            })
            .collect();
        if (have_same_names(&images) || wanted.first) && !here.is_empty() {
            let mut at = 0..;
            images.retain(|_| at.next().is_some_and(|at| here.contains(&at)));
        }
    }
    if images.len() > 1 && !wanted.first {
        let platforms = platforms(documents, &images);
        let by_platform = platforms.len() == images.len() && have_same_names(&images);
        let (option, names) = if by_platform { ("--platform", platforms) } else { ("--ref", names(&images)) };
        return Err(OpenError::Ambiguous { option, names });
    }
    let none = Error::Document { document: "the index".to_owned(), reason: "it lists no image".to_owned() };
    images.into_iter().next().ok_or(OpenError::Image(none))
}

/// An image that is listed twice has both names.
fn distinct(images: Vec<Candidate>) -> Vec<Candidate> {
    let mut by_digest: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept: Vec<Candidate> = Vec::new();
    for image in images {
        let key = image.parts.as_ref().map_or_else(
            |_| String::new(),
            |parts| {
                let layers = parts.layers.iter().map(|layer| layer.name.as_str());
                format!("{:?} {} {}", parts.digest, parts.config, layers.collect::<Vec<_>>().join(" "))
            },
        );
        let twin = by_digest.get(&key).and_then(|at| kept.get_mut(*at)).filter(|_| !key.is_empty());
        match twin {
            Some(twin) => twin.names.extend(image.names),
            None => {
                by_digest.insert(key, kept.len());
                kept.push(image);
            }
        }
    }
    kept
}

fn is_named(image: &Candidate, wanted: &str) -> bool {
    let digest = image.parts.as_ref().ok().and_then(|parts| parts.digest.as_ref());
    let config = image.parts.as_ref().ok().map(|parts| super::shown(&parts.config));
    let wanted_reference = wanted.parse::<ImageRef>().ok();
    let full = |reference: &ImageRef| (reference.host().to_owned(), reference.path(), tag(reference));
    image.names.iter().any(|name| {
        let reference = name.parse::<ImageRef>().ok();
        name == wanted
            || reference.as_ref().and_then(|reference| reference.tag.as_deref()) == Some(wanted)
            || reference.as_ref().zip(wanted_reference.as_ref()).is_some_and(|(own, wanted)| full(own) == full(wanted))
    }) || digest.is_some_and(|digest| digest.as_str() == wanted)
        || config.is_some_and(|config| config == wanted)
}

/// Whether they are one image for several platforms.
fn have_same_names(images: &[Candidate]) -> bool {
    images.iter().all(|image| Some(&image.names) == images.first().map(|first| &first.names))
}

fn tag(reference: &ImageRef) -> String {
    reference.tag.clone().unwrap_or_else(|| "latest".to_owned())
}

fn names(images: &[Candidate]) -> Vec<String> {
    let digest = |image: &Candidate| Some(image.parts.as_ref().ok()?.digest.as_ref()?.to_string());
    let name = |image: &Candidate| image.names.first().cloned().or_else(|| digest(image));
    let names: BTreeSet<String> = images.iter().filter_map(name).collect();
    names.into_iter().collect()
}

fn platforms(documents: &dyn Documents, images: &[Candidate]) -> Vec<String> {
    let all: BTreeSet<String> =
        images.iter().filter_map(|image| Some(platform_of(documents, image)?.to_string())).collect();
    all.into_iter().collect()
}

/// As the index says, else as the config does.
fn platform_of(documents: &dyn Documents, image: &Candidate) -> Option<Platform> {
    if let Some(platform) = &image.platform {
        return Some(platform.clone());
    }
    let parts = image.parts.as_ref().ok()?;
    let (_, bytes) = read(documents, &parts.config).ok()??;
    let config = ImageConfig::parse(&parts.config, &bytes).ok()?;
    let variant = config.raw.get("variant").and_then(|variant| variant.as_str());
    let variant = variant.filter(|variant| !variant.is_empty()).map(str::to_owned);
    Some(Platform { os: config.os, arch: config.architecture, variant })
}

/// Whether an image of platform `actual` is what is asked for by `wanted`; no variant asked for: any.
pub(crate) fn runs_on(actual: &Platform, wanted: &Platform) -> bool {
    let variant = |platform: &Platform| match (&*platform.arch, platform.variant.as_deref()) {
        ("arm64", None) => Some("v8".to_owned()),
        ("arm", None) => Some("v7".to_owned()),
        (_, variant) => variant.map(str::to_owned),
    };
    (&actual.os, &actual.arch) == (&wanted.os, &wanted.arch)
        && (wanted.variant.is_none() || variant(actual) == variant(wanted))
}

/// What containers run on here; on other systems they run in a Linux machine.
pub(crate) fn host() -> Platform {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        other => other,
    };
    Platform { os: "linux".to_owned(), arch: arch.to_owned(), variant: None }
}
