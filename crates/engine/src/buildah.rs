//! buildah: builds and saves images, but runs nothing.

use std::io::Read;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;

use crate::client::{QUICK, SLOW, locked};
use crate::process::{Command, Output};
use crate::{
    BuildOutcome, BuildRequest, ContainerState, Engine, EngineInfo, Error, Leftovers, RUN_LABEL, RunId, RunRequest,
    errors, images, podman,
};

/// A buildah that answered.
#[derive(Debug)]
pub(crate) struct Buildah {
    info: EngineInfo,
    warnings: Mutex<Vec<String>>,
}

/// The buildah installed here.
pub(crate) fn connect() -> Result<Buildah, Error> {
    let details = podman::document("buildah", &["info"])?;
    let version = podman::document("buildah", &["version", "--json"]).unwrap_or(Value::Null);
    let text = |value: &Value, path: &str| value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_string();
    let info = EngineInfo {
        name: "buildah".into(),
        version: text(&version, "/version"),
        platform: format!("{}/{}", text(&details, "/host/os"), text(&details, "/host/arch")),
        buildkit: false,
        runs: false,
        remote: false,
        rootless: details.pointer("/host/rootless").and_then(Value::as_bool).unwrap_or(false),
    };
    Ok(Buildah { info, warnings: Mutex::default() })
}

impl Buildah {
    pub(crate) fn warn(&self, text: String) {
        locked(&self.warnings).push(text);
    }

    fn command(&self, args: &[&str]) -> Command {
        Command::new("buildah").args(args).time_limit(QUICK)
    }

    fn checked(&self, command: &Command, reference: Option<&str>) -> Result<Output, Error> {
        let output = command.output()?;
        if output.end.success() {
            return Ok(output);
        }
        Err(errors::classify("buildah", command, output.end, &output.stderr, reference))
    }

    fn cannot<T>(&self, what: &str) -> Result<T, Error> {
        Err(Error::Command {
            command: "buildah".into(),
            reason: format!("it cannot {what}; install podman or docker for that"),
        })
    }
}

impl Engine for Buildah {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn build(&self, request: &BuildRequest, on_line: &mut dyn FnMut(&str)) -> Result<BuildOutcome, Error> {
        podman::build("buildah", request, on_line)
    }

    fn image_id(&self, reference: &str) -> Result<Option<String>, Error> {
        match self.inspect_image(reference) {
            Ok(document) => Ok(document.get("Id").and_then(Value::as_str).map(str::to_string)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn inspect_image(&self, reference: &str) -> Result<Value, Error> {
        let command = self.command(&["inspect", "--type", "image", reference]);
        let output = self.checked(&command, Some(reference))?;
        let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Ok(like_docker(&document))
    }

    fn image_names(&self) -> Result<Vec<String>, Error> {
        let command = self.command(&["images", "--noheading", "--format", "{{.Name}}:{{.Tag}}"]);
        self.checked(&command, None).map(|output| images::names(&output.text()))
    }

    fn pull(&self, reference: &str) -> Result<(), Error> {
        let command = self.command(&["pull", "--quiet", reference]).time_limit(SLOW);
        self.checked(&command, Some(reference)).map(drop)
    }

    fn save(&self, reference: &str) -> Result<Box<dyn Read + Send>, Error> {
        if self.image_id(reference)?.is_none() {
            return Err(Error::NotFound {
                reference: reference.into(),
                reason: "it is not in buildah's storage".into(),
            });
        }
        let name = reference.strip_prefix("docker.io/").unwrap_or(reference);
        let target = format!("docker-archive:/dev/stdout:{name}");
        let command = self.command(&["push", "--quiet", "--format", "v2s2", reference, &target]).time_limit(SLOW);
        Ok(Box::new(command.reader()?))
    }

    fn import(&self, _: &RunId, _: &str, _: &mut dyn Read, _: &[&str]) -> Result<(), Error> {
        self.cannot("import a root file system")
    }

    fn run(&self, _: &RunRequest) -> Result<String, Error> {
        self.cannot("run containers")
    }

    fn state(&self, _: &str) -> Result<ContainerState, Error> {
        self.cannot("run containers")
    }

    fn wait(&self, _: &str, _: Duration) -> Result<ContainerState, Error> {
        self.cannot("run containers")
    }

    fn logs(&self, _: &str, _: usize) -> Result<String, Error> {
        self.cannot("run containers")
    }

    fn changes(&self, _: &str) -> Result<Vec<(char, String)>, Error> {
        self.cannot("run containers")
    }

    fn published_port(&self, _: &str, _: u16) -> Result<Option<u16>, Error> {
        self.cannot("run containers")
    }

    fn exec(&self, _: &str, _: &[&str], _: Duration) -> Result<(i32, String), Error> {
        self.cannot("run containers")
    }

    fn stop(&self, _: &str) -> Result<(), Error> {
        self.cannot("run containers")
    }

    fn remove_container(&self, _: &str) -> Result<(), Error> {
        self.cannot("run containers")
    }

    fn create_network(&self, _: &RunId) -> Result<String, Error> {
        self.cannot("create networks")
    }

    fn remove_network(&self, _: &str) -> Result<(), Error> {
        self.cannot("create networks")
    }

    fn remove_image(&self, reference: &str) -> Result<(), Error> {
        let command = self.command(&["rmi", reference]);
        match self.checked(&command, Some(reference)) {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn leftovers(&self) -> Result<Vec<Leftovers>, Error> {
        let filter = format!("label={RUN_LABEL}");
        let command = self.command(&["images", "--quiet", "--no-trunc", "--filter", &filter]);
        let listed = self.checked(&command, None)?.text();
        let mut ids: Vec<&str> = listed.split_whitespace().collect();
        ids.sort_unstable();
        ids.dedup();
        let documents = ids.iter().filter_map(|id| self.inspect_image(id).ok());
        Ok(documents.flat_map(|document| images::owned("image", &document)).collect())
    }

    fn cache_bytes(&self) -> Option<u64> {
        None
    }

    fn warnings(&self) -> Vec<String> {
        locked(&self.warnings).clone()
    }
}

/// buildah's own shape → the one that `docker image inspect` gives, as far as anybody asks.
fn like_docker(document: &Value) -> Value {
    let at = |path: &str| document.pointer(path).cloned().unwrap_or(Value::Null);
    let image = at("/Docker");
    let part = |key: &str| image.get(key).cloned().unwrap_or(Value::Null);
    let name = document.get("FromImage").and_then(Value::as_str).filter(|name| !name.is_empty());
    serde_json::json!({
        "Id": at("/FromImageID"),
        "RepoTags": name.into_iter().collect::<Vec<_>>(),
        "Config": part("config"),
        "Architecture": part("architecture"),
        "Os": part("os"),
        "Created": part("created"),
        "RootFS": { "Type": "layers", "Layers": image.pointer("/rootfs/diff_ids").cloned().unwrap_or(Value::Null) },
    })
}
