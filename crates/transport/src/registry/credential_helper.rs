//! Credential helpers: what is asked of a program such as `docker-credential-desktop`, and what its answer means.
//! <https://github.com/docker/docker-credential-helpers>

use serde_json::Value;

use super::Login;

/// Runs `PROGRAM get` with a server's name on stdin: whether it succeeded, and its stdout.
pub type Helper = dyn Fn(&str, &str) -> Result<(bool, Vec<u8>), String> + Send + Sync;

/// Who has this name has an identity token, not a password.
const TOKEN: &str = "<token>";

/// The program of a helper; none if its name could be a path.
pub(super) fn program(name: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_plain)).then(|| format!("docker-credential-{name}"))
}

/// The login that a helper has for a server; an error where it could not say. Nothing of its answer is repeated: it may hold
/// a secret.
pub(super) fn ask(run: &Helper, program: &str, server: &str) -> Result<Option<Login>, String> {
    let (succeeded, stdout) = run(program, server)?;
    if !succeeded {
        let text = String::from_utf8_lossy(&stdout);
        let knows_none = ["credentials not found", "no credentials", "no credential"];
        let lower = text.to_lowercase();
        return match knows_none.iter().any(|words| lower.contains(words)) {
            true => Ok(None),
            false => Err("it failed".to_owned()),
        };
    }
    let document: Value = serde_json::from_slice(&stdout).map_err(|_| "its answer is no JSON".to_owned())?;
    let text = |field: &str| document.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (user, secret) = (text("Username"), text("Secret"));
    Ok(match (user.as_str(), secret.is_empty()) {
        ("", _) | (_, true) => None,
        (TOKEN, false) => Some(Login::RefreshToken(secret)),
        _ => Some(Login::Password { user, password: secret }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(succeeded: bool, stdout: &'static str) -> Result<Option<Login>, String> {
        ask(&move |_, _| Ok((succeeded, stdout.as_bytes().to_vec())), "docker-credential-x", "a.example")
    }

    #[test]
    fn answers_are_passwords_tokens_or_nothing() {
        let login = Login::Password { user: "u".to_owned(), password: "s".to_owned() };
        assert_eq!(asked(true, r#"{"ServerURL":"a","Username":"u","Secret":"s"}"#), Ok(Some(login)));
        let token = Login::RefreshToken("t".to_owned());
        assert_eq!(asked(true, r#"{"Username":"<token>","Secret":"t"}"#), Ok(Some(token)));
        assert_eq!(asked(true, r#"{"Username":"","Secret":""}"#), Ok(None));
        assert_eq!(asked(false, "credentials not found in native keychain\n"), Ok(None));
        assert_eq!(asked(false, "panic: s3cret"), Err("it failed".to_owned()));
        assert_eq!(asked(true, "s3cret"), Err("its answer is no JSON".to_owned()));
    }

    #[test]
    fn no_helper_is_a_path() {
        assert_eq!(program("ecr-login").as_deref(), Some("docker-credential-ecr-login"));
        for wrong in ["", "../evil", "a b", "/x"] {
            assert_eq!(program(wrong), None, "{wrong}");
        }
    }
}
