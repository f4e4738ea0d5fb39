//! Content digests. OCI image-spec, descriptor.md, "Digests".

use std::fmt;
use std::str::FromStr;

/// `algorithm:hex`, for instance `sha256:…`. Only sha256 and sha512 are accepted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no digest (expected sha256: and 64 hexadecimal digits)")]
pub struct DigestError(pub String);

impl Digest {
    /// A sha256 digest of these 32 bytes.
    pub fn sha256(bytes: &[u8]) -> Self {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Self(format!("sha256:{hex}"))
    }

    /// `sha256:…` in full.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hexadecimal part.
    pub fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, hex)| hex)
    }

    /// `sha256:` and twelve digits, for people.
    pub fn short(&self) -> &str {
        let end = self.0.find(':').map_or(0, |at| at + 13);
        &self.0[..end.min(self.0.len())]
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let length = match text.split_once(':') {
            Some(("sha256", hex)) if hex.bytes().all(is_hex) => hex.len() == 64,
            Some(("sha512", hex)) if hex.bytes().all(is_hex) => hex.len() == 128,
            _ => false,
        };
        if length { Ok(Self(text.to_owned())) } else { Err(DigestError(text.to_owned())) }
    }
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_whole_lower_case_digests() {
        let good = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(good.parse::<Digest>().unwrap().short(), "sha256:0a0a0a0a0a0a");
        for bad in ["", "sha256:", "sha256:00", "md5:00", &good.to_uppercase(), &good[1..]] {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
    }
}
