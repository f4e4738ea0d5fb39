//! What of ours is left on an engine, and taking it away. Never touches what does not carry our label.

/// The label that everything of ours carries; its value is the run's id.
pub const RUN_LABEL: &str = "jettison.run";

/// One run of jettison: `<pid>-<start time in hex>-<random>`, unique on this machine, so that a later run can see whether
/// it still lives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunId(pub String);

/// Something of ours on the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftovers {
    /// Whose.
    pub run: RunId,
    /// `container`, `network`, `image`, `volume`.
    pub kind: &'static str,
    /// Id or name.
    pub id: String,
}
