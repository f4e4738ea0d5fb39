//! What the image runs.

/// ENTRYPOINT, CMD and HEALTHCHECK in force at the end of a stage; those inherited from the base are not in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// ENTRYPOINT.
    pub entrypoint: Option<Command>,
    /// CMD.
    pub cmd: Option<Command>,
    /// HEALTHCHECK CMD.
    pub healthcheck: Option<Command>,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Index of the instruction.
    pub instruction: usize,
    /// Exec form's words, or the shell form's words if it is one simple command without expansions; else none.
    pub argv: Option<Vec<String>>,
    /// Shell form.
    pub shell: bool,
    /// The text, as written.
    pub text: String,
}
