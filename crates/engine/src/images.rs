//! Images, and what of ours lies on the engine, for docker and podman.

use std::io::Read;
use std::time::Duration;

use serde_json::Value;

use crate::client::{Client, SLOW};
use crate::process::Command;
use crate::{Error, Leftovers, RUN_LABEL, RunId, errors};

/// Objects asked about in one command, so that no command line grows too long.
const BATCH: usize = 50;
/// Before a list that failed is asked for again.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(3)];

impl Client {
    pub(crate) fn find_image(&self, reference: &str) -> Result<Option<String>, Error> {
        let command = self.command(&["image", "inspect", "--format", "{{.Id}}", reference]);
        let output = command.output()?;
        if output.end.success() {
            return Ok(Some(output.text().trim().to_string()).filter(|id| !id.is_empty()));
        }
        match errors::classify(&self.info.name, &command, output.end, &output.stderr, Some(reference)) {
            Error::NotFound { .. } => Ok(None),
            error => Err(error),
        }
    }

    pub(crate) fn image_document(&self, reference: &str) -> Result<Value, Error> {
        let command = self.command(&["image", "inspect", reference]);
        let output = self.checked(&command, Some(reference))?;
        first_object(&output.stdout).ok_or_else(|| Error::Command {
            command: command.display(),
            reason: "its answer is not a JSON object".to_string(),
        })
    }

    pub(crate) fn save_image(&self, reference: &str) -> Result<Box<dyn Read + Send>, Error> {
        if self.find_image(reference)?.is_none() {
            return Err(Error::NotFound { reference: reference.into(), reason: "it is not on the engine".into() });
        }
        let format: &[&str] = if self.is_podman() { &["--format", "docker-archive"] } else { &[] };
        let command = self.command(&["save"]).args(format).arg(reference).time_limit(SLOW);
        Ok(Box::new(command.reader()?))
    }

    pub(crate) fn import_image(
        &self,
        run: &RunId,
        tag: &str,
        rootfs: &mut dyn Read,
        entrypoint: &[&str],
    ) -> Result<(), Error> {
        let entrypoint = format!("ENTRYPOINT {}", Value::from(entrypoint));
        let label = format!("LABEL {}", run.label());
        let command = self.command(&["import", "--change", &entrypoint, "--change", &label, "-", tag]).time_limit(SLOW);
        let output = command.output_from(rootfs)?;
        if output.end.success() {
            return Ok(());
        }
        Err(errors::classify(&self.info.name, &command, output.end, &output.stderr, None))
    }

    pub(crate) fn everything_labelled(&self) -> Result<Vec<Leftovers>, Error> {
        let mut all = Vec::new();
        self.labelled("container", &["ps", "--all", "--quiet", "--no-trunc"], &["container", "inspect"], &mut all)?;
        self.labelled("network", &["network", "ls", "--quiet"], &["network", "inspect"], &mut all)?;
        self.labelled("volume", &["volume", "ls", "--quiet"], &["volume", "inspect"], &mut all)?;
        self.labelled("image", &["image", "ls", "--all", "--quiet", "--no-trunc"], &["image", "inspect"], &mut all)?;
        Ok(all)
    }

    /// podman gives up a list of images if one of them is removed meanwhile.
    fn listed(&self, list: &Command) -> Result<String, Error> {
        for pause in PAUSES {
            match self.checked(list, None) {
                Err(error) if vanished(&error) => std::thread::sleep(pause),
                answer => return answer.map(|output| output.text()),
            }
        }
        self.checked(list, None).map(|output| output.text())
    }

    /// Lists by label, then inspects: the value of the label, and of an image its names, are only there.
    fn labelled(
        &self,
        kind: &'static str,
        list: &[&str],
        inspect: &[&str],
        all: &mut Vec<Leftovers>,
    ) -> Result<(), Error> {
        let filter = format!("label={RUN_LABEL}");
        let listed = self.listed(&self.command(list).args(["--filter", &filter]))?;
        let mut ids: Vec<&str> = listed.split_whitespace().collect();
        ids.sort_unstable();
        ids.dedup();
        for batch in ids.chunks(BATCH) {
            // What vanished in between makes the exit code non-zero and is left out of the answer.
            let output = self.command(inspect).args(batch).output()?;
            let Ok(Value::Array(objects)) = serde_json::from_slice(&output.stdout) else { continue };
            all.extend(objects.iter().flat_map(|object| owned(kind, object)));
        }
        Ok(())
    }
}

/// For those who wait at a prompt.
const AT_ONCE: Duration = Duration::from_secs(3);

/// Names of the images of all engines on this machine, asked side by side and without looking further into the engines: for
/// completions at a prompt. What does not answer soon has none.
pub fn all_image_names() -> Vec<String> {
    const LISTS: [&[&str]; 3] = [
        &["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}"],
        &["podman", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}"],
        &["buildah", "images", "--noheading", "--format", "{{.Name}}:{{.Tag}}"],
    ];
    let list = |line: &[&str]| {
        let (program, arguments) = line.split_first()?;
        let output = Command::new(program).args(arguments).time_limit(AT_ONCE).output().ok()?;
        output.end.success().then(|| output.text())
    };
    let lists = std::thread::scope(|scope| {
        let asked = LISTS.map(|line| scope.spawn(move || list(line)));
        asked.into_iter().filter_map(|thread| thread.join().ok().flatten()).collect::<Vec<_>>()
    });
    names(&lists.join("\n"))
}

/// Names as engines list them, without those that are none. podman writes `localhost/` before what was built here.
pub(crate) fn names(list: &str) -> Vec<String> {
    let lines = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.contains("<none>"));
    let mut names: Vec<String> = lines.map(str::to_string).collect();
    names.sort();
    names.dedup();
    names
}

/// Whether a list came to grief because another program removed an image while it was made.
fn vanished(error: &Error) -> bool {
    const WORDS: &[&str] = &["image not known", "no such", "does not exist", "not found", "retrieving parent"];
    matches!(error, Error::Command { reason, .. } if WORDS.iter().any(|word| reason.to_lowercase().contains(word)))
}

/// What of ours an inspected object stands for: nothing if the label is missing.
pub(crate) fn owned(kind: &'static str, object: &Value) -> Vec<Leftovers> {
    let labels = object.pointer("/Config/Labels").or_else(|| object.get("Labels")).or_else(|| object.get("labels"));
    let Some(run) = labels.and_then(|labels| labels.get(RUN_LABEL)).and_then(Value::as_str) else { return Vec::new() };
    let run = RunId(run.to_string());
    let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_string);
    let entry = |id: String| Leftovers { run: run.clone(), kind, id };
    if kind == "image" {
        let names = object.get("RepoTags").and_then(Value::as_array).into_iter().flatten();
        let names: Vec<_> = names.filter_map(Value::as_str).filter(|name| *name != "<none>:<none>").collect();
        if !names.is_empty() {
            // A name that the user gave to an image of ours is the user's.
            return names.into_iter().filter(|name| run.owns_name(name)).map(|name| entry(name.to_string())).collect();
        }
    }
    let named = if kind == "container" || kind == "image" { None } else { text("Name").or_else(|| text("name")) };
    named.or_else(|| text("Id")).or_else(|| text("ID")).map(entry).into_iter().collect()
}

fn first_object(json: &[u8]) -> Option<Value> {
    match serde_json::from_slice(json).ok()? {
        Value::Array(objects) => objects.into_iter().next(),
        object @ Value::Object(_) => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn owns_images_by_its_own_names_and_leaves_the_users() {
        let run = RunId::new();
        let ours = run.image("baseline");
        let object =
            json!({"Id": "sha256:1", "RepoTags": [ours, "myapp:1.0"], "Config": {"Labels": {RUN_LABEL: run.0}}});
        let owned = owned("image", &object);
        assert_eq!(owned, [Leftovers { run, kind: "image", id: ours }]);
    }

    #[test]
    fn owns_untagged_images_by_id_and_networks_by_name() {
        let image = json!({"Id": "sha256:1", "RepoTags": [], "Config": {"Labels": {RUN_LABEL: "1-a-b-c"}}});
        assert_eq!(owned("image", &image)[0].id, "sha256:1");
        let network = json!({"Name": "n", "Id": "abc", "Labels": {RUN_LABEL: "1-a-b-c"}});
        assert_eq!(owned("network", &network)[0].id, "n");
    }

    #[test]
    fn a_list_that_lost_an_image_midway_is_asked_for_again() {
        let error = |reason: &str| Error::Command { command: "podman image ls".into(), reason: reason.into() };
        assert!(vanished(&error(
            "Error: retrieving parent of image \"f2\": locating image with ID \"f2\": image not known"
        )));
        assert!(!vanished(&error("Error: database is locked")));
    }

    #[test]
    fn names_that_are_none_are_left_out() {
        let list = "python:3.12\n<none>:<none>\nlocalhost/shop:1\nalpine:<none>\npython:3.12\n\n";
        assert_eq!(names(list), ["localhost/shop:1", "python:3.12"]);
    }

    #[test]
    fn owns_nothing_without_the_label() {
        assert!(owned("container", &json!({"Id": "x", "Config": {"Labels": null}})).is_empty());
        assert!(owned("container", &json!({"Id": "x", "Config": {"Labels": {"jettison.other": "1"}}})).is_empty());
        assert!(owned("volume", &json!([])).is_empty());
    }
}
