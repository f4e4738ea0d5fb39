//! Images of engines: their `save` stream is read as it comes, nothing is written.

use std::cell::Cell;
use std::sync::{Mutex, PoisonError};

use jettison_engine::{Engine, EngineKind, Error, detect};
use jettison_image::Image;
use jettison_model::ImageRef;
use jettison_transport::{OpenError, OpenOptions};

use super::nearest::nearest;
use super::{Found, Opened, Opener};
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
    let image = saved(opener, engine.as_ref(), &typed, &typed)?;
    Ok((image, word(engine.as_ref()), Some(inspected)))
}

/// An image that was built here: `tag` on the engine, `name` for people.
pub(super) fn read(opener: &Opener<'_>, engine: &dyn Engine, tag: &str, name: &str) -> Result<Opened, Failure> {
    let inspected = engine.inspect_image(tag).ok();
    let image = saved(opener, engine, tag, name)?;
    Ok(Opened { image, typed: name.to_owned(), source: word(engine), inspected })
}

/// An image of that name which is not for the platform is not the one that is meant: that may be elsewhere.
fn saved(opener: &Opener<'_>, engine: &dyn Engine, tag: &str, name: &str) -> Result<Image, Why> {
    opener.progress.begin("image", &format!("reading it from {}", engine.info().name));
    let stream = Mutex::new(engine.save(tag).map_err(|error| Why::Failed(error.into()))?);
    let for_others = Cell::new(false);
    let open = |options: &OpenOptions<'_>| {
        let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = jettison_transport::open_stream(&mut **stream, options);
        opened.inspect_err(|error| for_others.set(matches!(error, OpenError::NotFound { .. })))
    };
    opener.read(&open, name).map_err(|why| if for_others.get() { Why::Absent(why) } else { Why::Failed(why) })
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
