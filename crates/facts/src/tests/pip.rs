//! `pip install`.

use super::{kind, words};
use crate::{PipInstall, SegmentKind};

fn pip(script: &str) -> PipInstall {
    match kind(script) {
        SegmentKind::PipInstall(install) => install,
        other => panic!("{script}: {other:?}"),
    }
}

#[test]
fn finds_requirements_in_any_spelling() {
    for script in [
        "pip install -r requirements.txt",
        "pip3 install -rrequirements.txt",
        "pip3.11 install --requirement=requirements.txt",
        "pip install --upgrade --requirement requirements.txt",
        "python -m pip install -Ur requirements.txt",
        "python3 -u -m pip --disable-pip-version-check install -q -r 'requirements.txt'",
        "PIP_INDEX_URL=https://example.test pip --timeout 5 install -i https://example.test -r requirements.txt",
    ] {
        let install = pip(script);
        assert_eq!(install.requirements, ["requirements.txt"], "{script}");
        let rest = PipInstall { requirements: Vec::new(), ..install };
        assert_eq!(rest, PipInstall::default(), "{script}");
    }
}

#[test]
fn tells_packages_constraints_and_options_apart() {
    let install =
        pip("pip install --no-cache-dir --upgrade -c constraints.txt flask==3.0 'uvicorn[standard]>=0.2' wheel");
    assert_eq!(install.packages, words(&["flask==3.0", "uvicorn[standard]>=0.2", "wheel"]));
    assert_eq!(install.constraints, ["constraints.txt"]);
    assert!(install.no_cache && !install.local && !install.elsewhere && !install.opaque);
    assert_eq!(pip("pip install uvicorn[standard]").packages, ["uvicorn[standard]"]);
}

#[test]
fn the_cache_is_off_by_variable_too() {
    assert!(pip("PIP_NO_CACHE_DIR=1 pip install x").no_cache);
    assert!(!pip("PIP_NO_CACHE_DIR=0 pip install x").no_cache);
}

#[test]
fn installs_of_the_context_are_local() {
    for script in [
        "pip install .",
        "pip install '.[prod]'",
        "pip install -e .",
        "pip install --editable=.",
        "pip install ./lib",
        "pip install dist/app-1.0-py3-none-any.whl",
        "pip install --no-index --find-links ./wheels flask",
        "pip install -f wheels flask",
        "pip install 'app @ file:///src'",
    ] {
        assert!(pip(script).local, "{script}");
    }
    for script in
        ["pip install flask", "pip install https://example.test/x.whl", "pip install -f https://example.test/ x"]
    {
        assert!(!pip(script).local, "{script}");
    }
}

#[test]
fn installs_into_other_places_are_elsewhere() {
    for script in [
        "pip install --target /opt/deps flask",
        "pip install --prefix=/install flask",
        "pip install --user flask",
        "/opt/venv/bin/pip install flask",
        "pip install -t /x flask",
        "/opt/venv/bin/python -m pip install flask",
    ] {
        assert!(pip(script).elsewhere, "{script}");
    }
}

#[test]
fn words_with_variables_make_it_opaque() {
    assert!(pip("pip install flask==$VERSION").opaque);
    assert!(pip("pip install -r $FILE").opaque);
}

#[test]
fn other_uses_of_python_are_no_installs() {
    for script in ["pip list", "python app.py", "python -c 'import pip'", "pip"] {
        assert_eq!(kind(script), SegmentKind::Other, "{script}");
    }
    assert_eq!(kind("python3 -m venv /opt/venv"), SegmentKind::Install("venv".into()));
    assert_eq!(kind("python setup.py build_ext --inplace"), SegmentKind::Build("python".into()));
}
