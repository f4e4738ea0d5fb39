//! Where images come from: archives (`save` streams among them), layouts, registries. The only crate with sockets to
//! registries.

mod archive;
mod blobs;
mod file;
mod layout;
mod open;
mod registry;
mod source;

pub use archive::{ArchiveReader, read_docker_archive, read_docker_archive_keeping, read_docker_archive_within};
pub use file::{CopyError, FileAt, copy_file, copy_file_of_stream};
pub use open::{OpenError, OpenOptions, Progress, open, open_stream};
pub use registry::{
    Credentials, CredentialsError, FoundLogin, Helper, Login, Manifest, Mirrors, Proxy, Pulled, Registry,
    RegistryError, Roots, Timing,
};
pub use source::{Source, SourceError};
