//! The ARGs that the builder defines by itself in the global scope. A stage sees them once it declares them.
//! Reference: BuildKit `frontend/dockerfile/dockerfile2llb/platform.go`, containerd's `platforms.Format`.

use crate::expand::Env;

/// The platform ARGs for building on and for `linux/<arch>`; given build args win.
pub(super) fn args(arch: &str, target_stage: &str, build_args: &Env) -> Env {
    let (arch, variant) = arch.split_once('/').unwrap_or((arch, ""));
    let platform = if variant.is_empty() { format!("linux/{arch}") } else { format!("linux/{arch}/{variant}") };
    let mut args = Env::new();
    for side in ["BUILD", "TARGET"] {
        let values =
            [("PLATFORM", platform.as_str()), ("OS", "linux"), ("OSVERSION", ""), ("ARCH", arch), ("VARIANT", variant)];
        args.extend(values.map(|(name, value)| (format!("{side}{name}"), value.to_owned())));
    }
    args.insert("TARGETSTAGE".to_owned(), target_stage.to_owned());
    for (name, value) in &mut args {
        if let Some(given) = build_args.get(name) {
            value.clone_from(given);
        }
    }
    args
}
