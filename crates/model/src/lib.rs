//! The words every other room uses: digests, image references, platforms, sizes, spans, edits, findings, evidence.
//! Nothing but types and their text forms: no I/O, no outside format.

mod digest;
mod edit;
mod finding;
mod history;
mod platform;
mod reference;
mod size;
mod span;

pub use digest::{Digest, DigestError};
pub use edit::{Edit, Fix, FixSafety};
pub use finding::{Confidence, Estimate, Evidence, Finding, Severity};
pub use history::HistoryEntry;
pub use platform::{Platform, PlatformError};
pub use reference::{ImageRef, ReferenceError};
pub use size::{ByteSize, ByteSizeError};
pub use span::{LineIndex, Span};
