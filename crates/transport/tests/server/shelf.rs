//! A registry with one repository, `acme/app`, whose tag `1` is the image or index that a test makes.
#![allow(dead_code, reason = "each test file uses its share")]

use jettison_image::Image;
use jettison_testkit::sha256;
use jettison_transport::{OpenError, OpenOptions};
use serde_json::Value;

use crate::layout::{Layout, name};
use crate::server::{Reply, Server, client, from, header};

/// What the tag names, and all that belongs to it.
#[derive(Clone)]
pub struct Shelf {
    pub layout: Layout,
    pub root: Value,
}

impl Shelf {
    /// `root` is the descriptor of a manifest or an index in the layout.
    pub fn new(layout: Layout, root: Value) -> Self {
        Self { layout, root }
    }

    pub fn serve(self) -> Server {
        self.serve_as(|_, reply| reply)
    }

    /// Every answer goes through `mood`, with its request.
    pub fn serve_as(self, mood: impl Fn(&str, Reply) -> Reply + Send + Sync + 'static) -> Server {
        Server::start(move |request, _| mood(request, self.answer(request)))
    }

    fn answer(&self, request: &str) -> Reply {
        let path = request.split(' ').nth(1).unwrap_or_default();
        if path == "/v2/" {
            return Reply::ok("", "{}");
        }
        if path.starts_with("/v2/acme/app/tags/list") {
            return Reply::ok("Content-Type: application/json\r\n", r#"{"name":"acme/app","tags":["1","1.0"]}"#);
        }
        if let Some(version) = path.strip_prefix("/v2/acme/app/manifests/") {
            let digest = if version == "1" { self.root["digest"].as_str().unwrap() } else { version };
            return self.manifest(digest);
        }
        match path.strip_prefix("/v2/acme/app/blobs/").and_then(|digest| self.layout.files.get(&name(digest))) {
            Some(bytes) => blob(bytes, from(request)),
            None => Reply::new(404, "", r#"{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown"}]}"#),
        }
    }

    fn manifest(&self, digest: &str) -> Reply {
        let Some(bytes) = self.layout.files.get(&name(digest)) else {
            return Reply::new(404, "", r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}"#);
        };
        let document: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let media_type = document["mediaType"].as_str().unwrap_or("application/octet-stream");
        let digest = sha256(bytes);
        Reply::ok(&format!("Content-Type: {media_type}\r\nDocker-Content-Digest: {digest}\r\n"), bytes.clone())
    }
}

fn blob(bytes: &[u8], from: Option<usize>) -> Reply {
    let whole = bytes.len();
    match from {
        None => Reply::ok("", bytes),
        Some(from) if from < whole => {
            let range = format!("Content-Range: bytes {from}-{}/{whole}\r\n", whole - 1);
            Reply::new(206, &range, &bytes[from..])
        }
        Some(_) => Reply::new(416, &format!("Content-Range: bytes */{whole}\r\n"), ""),
    }
}

/// Opens the image of a server with what is usual.
pub fn pull(server: &Server) -> Result<Image, OpenError> {
    client().open(&server.reference(), &OpenOptions::default()).map(|pulled| pulled.image)
}

/// Whether a request asks for a blob's bytes.
pub fn is_blob(request: &str) -> bool {
    request.get(..3).is_some_and(|method| method.eq_ignore_ascii_case("get")) && request.contains("/blobs/")
}

/// Whether it is for the blob with these bytes.
pub fn is_for(request: &str, bytes: &[u8]) -> bool {
    is_blob(request) && request.contains(&sha256(bytes))
}

/// Bytes that no compression makes shorter.
pub fn noise(length: usize) -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut letters = String::new();
    for _ in 0..length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        letters.push(char::from(33 + u8::try_from(state % 90).unwrap()));
    }
    letters
}

/// `Authorization` of a request.
pub fn authorization(request: &str) -> Option<String> {
    header(request, "authorization")
}
