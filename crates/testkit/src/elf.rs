//! Small ELF files: headers and a dynamic section, no code. System V ABI, chapters 4 and 5.

/// Builds a 64-bit little-endian ELF file.
///
/// ```
/// use jettison_testkit::ElfBuilder;
///
/// let program = ElfBuilder::x86_64().interpreter("/lib64/ld-linux-x86-64.so.2").needs("libc.so.6").build();
/// assert!(program.starts_with(b"\x7fELF"));
/// ```
#[derive(Clone, Debug)]
pub struct ElfBuilder {
    machine: u16,
    interpreter: Option<String>,
    entries: Vec<(u64, String)>,
    gap: usize,
}

const BASE: u64 = 0x40_0000;
const HEADER: usize = 64;
const SEGMENT: usize = 56;

impl ElfBuilder {
    /// For amd64.
    pub fn x86_64() -> Self {
        Self::machine(62)
    }

    /// For any `e_machine`.
    pub fn machine(machine: u16) -> Self {
        Self { machine, interpreter: None, entries: Vec::new(), gap: 0 }
    }

    /// PT_INTERP.
    #[must_use]
    pub fn interpreter(mut self, path: &str) -> Self {
        self.interpreter = Some(path.to_owned());
        self
    }

    /// DT_NEEDED.
    #[must_use]
    pub fn needs(self, soname: &str) -> Self {
        self.entry(1, soname)
    }

    /// DT_SONAME.
    #[must_use]
    pub fn soname(self, soname: &str) -> Self {
        self.entry(14, soname)
    }

    /// DT_RPATH.
    #[must_use]
    pub fn rpath(self, path: &str) -> Self {
        self.entry(15, path)
    }

    /// DT_RUNPATH.
    #[must_use]
    pub fn runpath(self, path: &str) -> Self {
        self.entry(29, path)
    }

    /// Bytes between the strings and the dynamic section, as huge programs have them.
    #[must_use]
    pub fn gap(mut self, bytes: usize) -> Self {
        self.gap = bytes;
        self
    }

    fn entry(mut self, tag: u64, text: &str) -> Self {
        self.entries.push((tag, text.to_owned()));
        self
    }

    /// The file.
    pub fn build(&self) -> Vec<u8> {
        let mut strings = vec![0u8];
        let mut dynamic: Vec<u64> = Vec::new();
        for (tag, text) in &self.entries {
            dynamic.extend([*tag, strings.len() as u64]);
            strings.extend([text.as_bytes(), b"\0"].concat());
        }
        let interpreter = self.interpreter.as_ref().map(|path| [path.as_bytes(), b"\0"].concat()).unwrap_or_default();
        let interpreter_at = HEADER + 3 * SEGMENT;
        let strings_at = interpreter_at + interpreter.len();
        let dynamic_at = (strings_at + strings.len() + self.gap).next_multiple_of(8);
        dynamic.extend([5, BASE + strings_at as u64, 10, strings.len() as u64, 0, 0]);
        let end = dynamic_at + dynamic.len() * 8;
        let mut file = self.header();
        file.extend(segment(1, 0, end));
        file.extend(segment(2, dynamic_at, dynamic.len() * 8));
        file.extend(if interpreter.is_empty() {
            vec![0; SEGMENT]
        } else {
            segment(3, interpreter_at, interpreter.len())
        });
        file.extend(interpreter);
        file.extend(strings);
        file.resize(dynamic_at, 0);
        file.extend(dynamic.iter().flat_map(|word| word.to_le_bytes()));
        file
    }

    fn header(&self) -> Vec<u8> {
        let mut header = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        for half in [3, self.machine] {
            header.extend(half.to_le_bytes());
        }
        header.extend(1u32.to_le_bytes());
        for word in [BASE, HEADER as u64, 0] {
            header.extend(word.to_le_bytes());
        }
        header.extend(0u32.to_le_bytes());
        for half in [HEADER as u16, SEGMENT as u16, 3, 64, 0, 0] {
            header.extend(half.to_le_bytes());
        }
        header
    }
}

fn segment(kind: u32, at: usize, length: usize) -> Vec<u8> {
    let mut segment = kind.to_le_bytes().to_vec();
    segment.extend(4u32.to_le_bytes());
    let (at, length) = (at as u64, length as u64);
    for word in [at, BASE + at, BASE + at, length, length, 8] {
        segment.extend(word.to_le_bytes());
    }
    segment
}
