//! Whether the builder takes a text as a platform. Reference: <https://github.com/containerd/platforms> (`Parse`).

const SYSTEMS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "macos",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "windows",
    "zos",
];

const ARCHITECTURES: [&str; 30] = [
    "386",
    "aarch64",
    "amd64",
    "amd64p32",
    "arm",
    "arm64",
    "arm64be",
    "armbe",
    "armel",
    "armhf",
    "i386",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "mipsle",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "x86-64",
    "x86_64",
];

/// The operating system that `specifier` names, or what is wrong with it.
pub(super) fn system(specifier: &str) -> Result<String, String> {
    if specifier.contains('*') {
        return Err(format!("{specifier:?}: wildcards not yet supported: invalid argument"));
    }
    let mut parts = specifier.splitn(4, '/');
    let first = parts.next().unwrap_or_default();
    let system = operating_system(first).ok_or_else(|| {
        format!("{first:?} is an invalid OS component of {specifier:?}: OSAndVersion specifier component must match: invalid argument")
    })?;
    let rest: Vec<&str> = parts.collect();
    if let Some(bad) = rest.iter().find(|part| !is_component(part, b"_.-")) {
        return Err(format!("{bad:?} is an invalid component of {specifier:?}: invalid argument"));
    }
    match rest.len() {
        0 if SYSTEMS.contains(&system.as_str()) => Ok(system),
        0 if ARCHITECTURES.contains(&first.to_lowercase().as_str()) => Ok("linux".to_owned()),
        0 => Err(format!("{specifier:?}: unknown operating system or architecture: invalid argument")),
        1 | 2 => Ok(system),
        _ => Err(format!("{specifier:?}: cannot parse platform specifier: invalid argument")),
    }
}

/// The system of `linux` or `windows(10.0.17763+win32k)`, in lower case.
fn operating_system(text: &str) -> Option<String> {
    let (system, options) = match text.split_once('(') {
        Some((system, options)) => (system, Some(options.strip_suffix(')')?)),
        None => (text, None),
    };
    let mut options = options.unwrap_or_default().split('+');
    let version = options.next().unwrap_or_default();
    let is_valid = is_component(system, b"_-")
        && (version.is_empty() || is_component(version, b"_.%-"))
        && options.all(|feature| is_component(feature, b"_.%-"));
    let system = system.to_lowercase();
    is_valid.then(|| if system == "macos" { "darwin".to_owned() } else { system })
}

fn is_component(text: &str, others: &[u8]) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::system;

    #[test]
    fn takes_platforms_as_containerd_does() {
        for good in
            ["linux", "amd64", "ARM64", "linux/amd64", "x/y", "linux/arm/v7", "windows(10.0.1+a)/amd64", "macos"]
        {
            assert!(system(good).is_ok(), "{good}");
        }
        for bad in ["", "x", "linux/", "/amd64", "linux/a/b/c", "lin ux/amd64", "linux/*", "windows(1/amd64"] {
            assert!(system(bad).is_err(), "{bad}");
        }
        assert_eq!(system("Windows/amd64").as_deref(), Ok("windows"));
    }
}
