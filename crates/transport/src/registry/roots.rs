//! Roots of trust: the file that the user names, else the system's store, else the ones bundled with the program (a
//! container made from scratch has no store).

use std::path::PathBuf;

use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

/// Where distributions keep their store: Debian and Alpine, Fedora, openSUSE, older Red Hat, FreeBSD and macOS.
const SYSTEM: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/usr/local/share/certs/ca-root-nss.crt",
    "/etc/ssl/cert.pem",
];

/// Where the trusted certificates come from; read from the environment by the binary.
#[derive(Clone, Debug, Default)]
pub struct Roots {
    /// `SSL_CERT_FILE`.
    pub file: Option<PathBuf>,
}

impl Roots {
    /// The certificates. A file that was asked for and cannot be used is an error, never a reason to trust others.
    pub(super) fn load(&self) -> Result<RootCerts, String> {
        if let Some(file) = &self.file {
            let shown = file.display();
            let pem = std::fs::read(file).map_err(|error| format!("SSL_CERT_FILE `{shown}`: {error}"))?;
            let certificates = certificates(&pem);
            if certificates.is_empty() {
                return Err(format!("SSL_CERT_FILE `{shown}`: there is no certificate in it"));
            }
            return Ok(RootCerts::new_with_certs(&certificates));
        }
        let system = SYSTEM.iter().filter_map(|path| std::fs::read(path).ok()).map(|pem| certificates(&pem));
        let system = system.into_iter().find(|certificates| !certificates.is_empty());
        Ok(system.map_or(RootCerts::WebPki, |certificates| RootCerts::new_with_certs(&certificates)))
    }
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(pem).filter_map(certificate).collect()
}
