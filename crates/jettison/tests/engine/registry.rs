//! A real registry process beside the engine: what is pushed there is the image that the engine has, with and without a login,
//! with a credential helper, and through a proxy that cuts every connection.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Ran, run};
use crate::{Lab, succeeds};

/// Three layers, of which one does not get smaller by packing.
const DOCKERFILE: &str =
    "FROM busybox:latest\nRUN head -c 3000000 /dev/urandom > /noise\nRUN rm /noise && echo tide > /tide\n";
/// `me:tide`, the password with bcrypt.
const USERS: &str = "me:$2y$05$abcdefghijklmnopqrstuuWajY63IPhp4aM1A33qG7bHBcI3BncPu\n";
/// The same as a login in docker's configuration.
const LOGIN: &str = "bWU6dGlkZQ==";
/// A connection through the proxy brings so many bytes.
const CUT: usize = 300_000;

/// A registry of our own; it ends with the test.
struct Registry {
    process: Child,
    address: String,
}

impl Registry {
    fn start(program: &Path, lab: &Lab, users: Option<&str>) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").to_string();
        let name = if users.is_some() { "closed" } else { "open" };
        let at = |file: &str| lab.place.at(&format!("{name}/{file}"));
        fs::create_dir_all(at("data")).expect("a folder");
        let mut config = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"{address}\"}}\n",
            at("data").display()
        );
        if let Some(users) = users {
            fs::write(at("users"), users).expect("a file");
            config.push_str(&format!("auth: {{htpasswd: {{realm: tide, path: {}}}}}\n", at("users").display()));
        }
        fs::write(at("config.yml"), config).expect("a file");
        let mut command = Command::new(program);
        command.arg("serve").arg(at("config.yml")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("the registry starts");
        for _ in 0..200 {
            if TcpStream::connect(&address).is_ok() {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        Self { process, address }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What is tagged on the engine; gone with the test.
struct Tag(String);

impl Drop for Tag {
    fn drop(&mut self) {
        succeeds(Command::new("docker").args(["image", "rm", "-f", &self.0]));
    }
}

/// The registry's program: named by the environment, beside the engine of the testbed, or in the path.
fn program() -> Option<PathBuf> {
    let named = std::env::var_os("JETTISON_TEST_REGISTRY").map(PathBuf::from);
    let socket = std::env::var("DOCKER_HOST").unwrap_or_default();
    let state = Path::new(socket.trim_start_matches("unix://")).parent().map(Path::to_owned).unwrap_or_default();
    let beside = ["registry", "registry-bin"].map(|folder| state.join(folder).join("usr/bin/docker-registry"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::env::split_paths(&path).map(|folder| folder.join("docker-registry"));
    named.into_iter().chain(beside).chain(installed).find(|program| program.is_file())
}

/// A proxy that passes on so many bytes of what comes back, and hangs up.
fn cutting_proxy(registry: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let registry = registry.to_owned();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(&registry) else { return };
            thread::spawn(move || passes(client, server));
        }
    });
    address
}

fn passes(mut client: TcpStream, mut server: TcpStream) {
    let (Ok(mut from), Ok(mut to)) = (client.try_clone(), server.try_clone()) else { return };
    thread::spawn(move || std::io::copy(&mut from, &mut to));
    let (mut buffer, mut left) = (vec![0; 16 * 1024], CUT);
    while let Ok(count @ 1..) = server.read(&mut buffer) {
        let count = count.min(left);
        left -= count;
        if client.write_all(&buffer[..count]).is_err() || left == 0 {
            break;
        }
    }
    let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
}

/// The engine, the registry's program and an image on the engine; none, and the reason, if something is missing.
fn ready() -> Option<(Lab, PathBuf, Tag)> {
    let lab = Lab::with(&["busybox:latest"])?.file("app/Dockerfile", DOCKERFILE);
    let Some(program) = program() else {
        eprintln!("skipped: no docker-registry (apt-get install docker-registry, or JETTISON_TEST_REGISTRY=PROGRAM)");
        return None;
    };
    let tag = Tag(format!("jettison-test-registry:{}", std::process::id()));
    let built = succeeds(Command::new("docker").args(["build", "-q", "-t", &tag.0]).arg(lab.place.at("app")));
    assert!(built, "the image does not build");
    Some((lab, program, tag))
}

/// Pushes the image with the client's configuration in `config`; where it is then.
fn push(tag: &Tag, registry: &Registry, config: &Path) -> String {
    let there = Tag(format!("{}/acme/tide:1", registry.address));
    assert!(succeeds(Command::new("docker").args(["tag", &tag.0, &there.0])));
    let pushed = Command::new("docker").args(["push", "-q", &there.0]).env("DOCKER_CONFIG", config).output();
    let pushed = pushed.expect("docker");
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    there.0.clone()
}

fn analyze(lab: &Lab, image: &str, config: &Path) -> Ran {
    let mut command = lab.place.jettison(&format!("analyze {image} --format json"));
    for name in ["PATH", "DOCKER_HOST", "XDG_RUNTIME_DIR"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    run(command.env("DOCKER_CONFIG", config))
}

/// The document without the image's name and where it was; where the engine stores layers unpacked, without what only blobs
/// have.
fn figures(ran: &Ran, has_blobs: bool) -> Value {
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let mut document: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    if !has_blobs {
        return json!([
            document["efficiency"],
            document["tree"],
            document["sizes"]["apparent_bytes"],
            document["packages"]
        ]);
    }
    for field in ["reference", "source"] {
        document["image"][field].take();
    }
    document
}

#[test]
fn a_pushed_image_is_the_one_that_the_engine_has() {
    let Some((lab, program, tag)) = ready() else { return };
    let (open, closed) = (Registry::start(&program, &lab, None), Registry::start(&program, &lab, Some(USERS)));
    let with_login = format!(r#"{{"auths":{{"{}":{{"auth":"{LOGIN}"}}}}}}"#, closed.address);
    let with_helper = format!(r#"{{"credHelpers":{{"{}":"tide"}}}}"#, closed.address);
    let lab = lab.file("none/config.json", "{}").file("login/config.json", &with_login);
    let lab = lab.file("helper/config.json", &with_helper).file(
        "bin/docker-credential-tide",
        "#!/bin/sh\nread server\n[ \"$1\" = get ] && echo '{\"ServerURL\":\"x\",\"Username\":\"me\",\"Secret\":\"tide\"}'\n",
    );
    let config = |name: &str| lab.place.at(name);
    let local = analyze(&lab, &format!("docker:{}", tag.0), &config("none"));
    let has_blobs =
        serde_json::from_str::<Value>(&local.stdout).is_ok_and(|image| image["image"]["digest"].is_string());
    let wanted = figures(&local, has_blobs);
    let same = |ran: &Ran, what: &str| assert_eq!(figures(ran, has_blobs), wanted, "{what}: {}", ran.stderr);

    let there = push(&tag, &open, &config("none"));
    same(&analyze(&lab, &format!("registry:{there}"), &config("none")), "without a login");
    let plain = analyze(&lab, &there, &config("none"));
    same(&plain, "by its plain name");
    assert!(plain.stderr.contains(&format!("{there} from registry")), "{}", plain.stderr);
    let cut = there.replace(&open.address, &cutting_proxy(&open.address));
    same(&analyze(&lab, &format!("registry:{cut}"), &config("none")), "through a proxy that cuts");

    let there = push(&tag, &closed, &config("login"));
    same(&analyze(&lab, &format!("registry:{there}"), &config("login")), "with a login");
    let refused = analyze(&lab, &format!("registry:{there}"), &config("none"));
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains(&format!("docker login {}", closed.address)), "{}", refused.stderr);
    fs::set_permissions(config("bin/docker-credential-tide"), fs::Permissions::from_mode(0o755)).expect("a mode");
    let mut asking = lab.place.jettison(&format!("analyze registry:{there} --format json"));
    let path = format!("{}:/usr/bin:/bin", config("bin").display());
    same(&run(asking.env("PATH", path).env("DOCKER_CONFIG", config("helper"))), "with a credential helper");
}
