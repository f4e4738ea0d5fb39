//! Paths of Windows stages: only the system drive has a place in an image. Reference: BuildKit `util/system/path.go`.

/// What is wrong with a path, on the given operating system.
pub(super) fn check(path: &str, system: &str) -> Result<(), String> {
    if system != "windows" {
        return Ok(());
    }
    let cause = if path.len() == 2 && path.ends_with(':') {
        format!("No relative path specified in {path:?}")
    } else if path.replace('\\', "/").starts_with("//") {
        "UNC paths are not supported".to_owned()
    } else if path.split_once(':').is_some_and(|(drive, _)| !drive.eq_ignore_ascii_case("c")) {
        "The specified path is not on the system drive (C:)".to_owned()
    } else {
        return Ok(());
    };
    Err(format!("removing drive letter: {cause}"))
}
