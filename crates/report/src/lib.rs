//! Versioned documents and their renderers: text, JSON, Markdown, HTML, JSON Schema. Formats what it is given: it computes nothing, builds
//! nothing, writes nothing.

mod amounts;
mod budget;
pub mod check;
pub mod diff;
pub mod html;
pub mod image;
pub mod json;
pub mod markdown;
mod optimize;
mod proof;
pub mod schema;
pub mod text;
mod verify;

pub use amounts::{Check, Engine, Estimate, Evidence, Found, Place, Proof, Side};
pub use budget::{Budget, BudgetStatus};
pub use optimize::{FileChange, OptimizeReport, Outcome, Status, Transform};
pub use proof::{BaseImage, BuildArg, Content, Convicted, ProofError, ProofFile, ProofInputs, ProofSide};
pub use verify::{Claim, VerifyReport};

/// Version of the documents' form: semantic versioning of the fields that scripts rely on.
pub const SCHEMA_VERSION: &str = "1.0.0";
