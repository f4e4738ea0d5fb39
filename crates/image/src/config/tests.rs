//! Config documents of Docker, OCI and `inspect`.

use super::*;

#[test]
fn reads_dockers_additions_and_keeps_the_document() {
    let document = br#"{"os":"linux","architecture":"amd64","author":"x","config":{"User":"app","Env":["PATH=/bin","A=b=c","EMPTY"],
        "Cmd":["serve"],"Entrypoint":["/init"],"WorkingDir":"/srv","ExposedPorts":{"80/tcp":{}},"Volumes":{"/data":{}},
        "Labels":{"k":"v"},"StopSignal":"SIGQUIT","Shell":["/bin/bash","-c"],"OnBuild":["RUN x"],
        "Healthcheck":{"Test":["CMD","true"]}},"rootfs":{"type":"layers","diff_ids":["sha256:aa"]},
        "history":[{"created_by":"ADD x","created":"2024-01-01T00:00:00Z"},{"created_by":"CMD x","empty_layer":true}]}"#;
    let config = ImageConfig::parse("config", document).unwrap();
    assert_eq!((config.user.as_str(), config.workdir.as_str(), config.os.as_str()), ("app", "/srv", "linux"));
    assert_eq!((config.var("A"), config.var("EMPTY"), config.var("NONE")), (Some("b=c"), Some(""), None));
    assert_eq!(config.argv(), ["/init", "serve"]);
    assert_eq!(config.healthcheck.unwrap().test, ["CMD", "true"]);
    assert_eq!((config.onbuild, config.exposed_ports), (vec!["RUN x".to_owned()], vec!["80/tcp".to_owned()]));
    assert_eq!(config.history.iter().map(|entry| entry.empty_layer).collect::<Vec<_>>(), [false, true]);
    assert_eq!(config.raw["author"], "x");
}

#[test]
fn takes_null_and_absent_for_empty() {
    let config =
        ImageConfig::parse("config", br#"{"config":{"Env":null,"Cmd":null,"Labels":null},"history":null}"#).unwrap();
    assert!(config.env.is_empty() && config.cmd.is_none() && config.diff_ids.is_empty());
    assert_eq!(ImageConfig::parse("config", b"{}").unwrap().argv(), Vec::<String>::new());
}

#[test]
fn reads_what_inspect_prints() {
    let config = ImageConfig::parse(
        "inspect",
        br#"{"Os":"linux","Architecture":"arm64","Config":{"User":"1000"},"RootFS":{"Layers":["sha256:aa"]}}"#,
    )
    .unwrap();
    assert_eq!((config.user.as_str(), config.architecture.as_str(), config.diff_ids.len()), ("1000", "arm64", 1));
}

#[test]
fn names_the_field_that_is_wrong() {
    for (document, field) in [
        (&br#"{"config":{"Env":{}}}"#[..], "`config.Env`"),
        (br#"{"config":{"User":1}}"#, "`config.User`"),
        (br#"{"rootfs":{"diff_ids":[1]}}"#, "`rootfs.diff_ids`"),
        (br#"{"history":3}"#, "`history`"),
    ] {
        let error = ImageConfig::parse("sha256:ab", document).unwrap_err().to_string();
        assert!(error.starts_with("sha256:ab: ") && error.contains(field), "{error}");
    }
    assert!(ImageConfig::parse("x", b"[]").is_err());
    assert!(ImageConfig::parse("x", b"{").is_err());
}
