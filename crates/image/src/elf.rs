//! What an ELF file needs at run time. System V ABI, chapter 5; ld.so(8) for the search order.

/// The dynamic section, as far as it matters for finding libraries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elf {
    /// PT_INTERP; none for static files and most libraries.
    pub interpreter: Option<String>,
    /// DT_NEEDED, in order.
    pub needed: Vec<String>,
    /// DT_SONAME.
    pub soname: Option<String>,
    /// DT_RPATH and DT_RUNPATH entries, `$ORIGIN` not yet expanded.
    pub runpath: Vec<String>,
    /// `e_machine`.
    pub machine: u16,
}

/// Reads an ELF file's dynamic section; none if it is no ELF, or broken.
pub fn read_elf(bytes: &[u8]) -> Option<Elf> {
    let _ = bytes;
    todo!()
}
