//! Images of engines: their `save` stream is read as it comes, nothing is written.

use std::sync::Mutex;

use jettison_engine::{Engine, EngineKind, Error, detect};
use jettison_model::ImageRef;

use super::nearest::nearest;
use super::{Found, Opener, SharedEngine};
use crate::failure::Failure;

/// Why an engine gave no image.
pub(super) enum Why {
    /// It is not there, or no engine is; it may be elsewhere.
    Absent(Failure),
    /// Something else: asking elsewhere would hide it.
    Failed(Failure),
}

impl From<Why> for Failure {
    fn from(why: Why) -> Self {
        match why {
            Why::Absent(failure) | Why::Failed(failure) => failure,
        }
    }
}

/// Opens an image of the engine of that name, or of the first that answers.
pub(super) fn open(opener: &Opener<'_>, name: Option<&str>, reference: &ImageRef) -> Result<Found, Why> {
    let kind = name.and_then(|name| name.parse::<EngineKind>().ok());
    opener.progress.begin("image", "");
    let engine = detect(kind).map_err(|error| unreachable(error, name, reference))?;
    let typed = reference.to_string();
    let inspected = match engine.inspect_image(&typed) {
        Ok(inspected) => inspected,
        Err(Error::NotFound { .. }) => return Err(Why::Absent(absent(engine.as_ref(), &typed))),
        Err(error) => return Err(Why::Failed(error.into())),
    };
    opener.progress.begin("image", &format!("reading it from {}", engine.info().name));
    let stream = Mutex::new(engine.save(&typed).map_err(|error| Why::Failed(error.into()))?);
    let open = |options: &jettison_transport::OpenOptions<'_>| {
        let mut stream = stream.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        jettison_transport::open_stream(&mut **stream, options)
    };
    // an engine saves one image here, under a name of its own
    let image = opener.read(&open, &typed).map_err(Why::Failed)?;
    Ok((image, word(engine.as_ref()), Some(inspected)))
}

fn word(engine: &dyn Engine) -> &'static str {
    EngineKind::ALL.into_iter().map(EngineKind::name).find(|name| *name == engine.info().name).unwrap_or("engine")
}

/// The image is not there; what is there and is called nearly so.
fn absent(engine: &dyn Engine, typed: &str) -> Failure {
    let name = &engine.info().name;
    let failure = Failure::new(format!("no image `{typed}` on {name}"));
    let names = engine.image_names().unwrap_or_default();
    let near = nearest(typed, &names);
    let pull = format!("{name} pull {typed}");
    match near[..] {
        [] => failure.next(pull),
        _ => failure.at(format!("there is: {}", near.join(", "))).next(pull),
    }
}

/// No engine answers: an image can be had without one.
fn unreachable(error: Error, name: Option<&str>, reference: &ImageRef) -> Why {
    let wanted = name.unwrap_or("docker");
    let next = format!("where it is: {wanted} save -o image.tar {reference}; then: jettison analyze image.tar");
    let nobody = matches!(error, Error::NoEngine { .. } | Error::Unreachable { .. });
    let failure = Failure::from(error);
    if nobody { Why::Absent(failure.next(next)) } else { Why::Failed(failure) }
}

/// Names of the images of every engine that answers; for completions, so that what fails has none.
pub fn image_names() -> Vec<String> {
    let engines = EngineKind::ALL.into_iter().filter_map(|kind| detect(Some(kind)).ok());
    let mut names: Vec<String> =
        engines.flat_map(|engine: SharedEngine| engine.image_names().unwrap_or_default()).collect();
    names.sort();
    names.dedup();
    names
}
