//! The settings that are secret, and the keys that are generated if none are set.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::Secret;
use crate::config::guarded::not_writable_by_others;
use crate::config::hmac_key::HmacKey;

/// The settings that are secret: only variables and files, never flags.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// `DATABASE_URL`: the PostgreSQL to use; none: a private one.
    pub database_url: Option<Secret<String>>,
    /// `HELPDESK_SMTP_URL`: where mail goes; none: `.eml` files in the data folder.
    pub smtp_url: Option<Secret<String>>,
    /// `HELPDESK_IMAP_URL`: the folder from which mails are fetched; none: they are piped.
    pub imap_url: Option<Secret<String>>,
    /// `HELPDESK_JWT_KEYS`: the ring of signing keys; the first signs, all verify.
    pub jwt_keys: Option<Vec<JwtKey>>,
    /// `HELPDESK_HISTORY_KEY`: the key of the history's hash chain; none: one in the database.
    pub history_key: Option<HmacKey>,
    /// `HELPDESK_REDMINE_KEY`: an admin's key for the Redmine that is imported.
    pub redmine_key: Option<Secret<String>>,
}

/// A key that signs access tokens.
#[derive(Debug, Clone)]
pub struct JwtKey {
    /// The name that a token carries.
    pub kid: String,
    /// At least 32 bytes.
    pub key: Secret<Vec<u8>>,
}

impl Secrets {
    /// Reads the secrets from the environment.
    /// Errors: one sentence for each mistake.
    pub fn from_env() -> Result<Self, Vec<String>> {
        let mut mistakes = Vec::new();
        let mut read = |name: &str| {
            variable_or_file(name).unwrap_or_else(|mistake| {
                mistakes.push(mistake);
                None
            })
        };
        let database_url = read("DATABASE_URL").map(Secret::new);
        let smtp_url = read("HELPDESK_SMTP_URL").map(Secret::new);
        let imap_url = read("HELPDESK_IMAP_URL").map(Secret::new);
        let history_key = read("HELPDESK_HISTORY_KEY");
        let redmine_key = read("HELPDESK_REDMINE_KEY").map(Secret::new);
        let jwt_keys = match read("HELPDESK_JWT_KEYS").map(|ring| parse_keys(&ring)).transpose() {
            Ok(keys) => keys,
            Err(mistake) => {
                mistakes.push(mistake);
                None
            }
        };
        let history_key = history_key.map(|it| parse_history_key(&it)).transpose();
        let history_key = history_key.unwrap_or_else(|mistake| {
            mistakes.push(mistake);
            None
        });
        if database_url.is_some() && jwt_keys.is_none() && mistakes.is_empty() {
            mistakes.push(
                "DATABASE_URL is set, so HELPDESK_JWT_KEYS must be set, too: all processes on one \
                 database sign with the same keys"
                    .to_owned(),
            );
        }
        if mistakes.is_empty() {
            Ok(Self { database_url, smtp_url, imap_url, jwt_keys, history_key, redmine_key })
        } else {
            Err(mistakes)
        }
    }

    /// The ring of keys: the configured one, or one created once in the data folder.
    /// Errors: the sentence that says why the file could not be read or written.
    pub fn keys(&self, data_dir: &Path) -> Result<Vec<JwtKey>, String> {
        match &self.jwt_keys {
            Some(keys) => Ok(keys.clone()),
            None => stored_keys(&data_dir.join("keys").join("jwt")),
        }
    }
}

fn variable_or_file(name: &str) -> Result<Option<String>, String> {
    let file = format!("{name}_FILE");
    match (std::env::var(name), std::env::var(&file)) {
        (Ok(_), Ok(_)) => Err(format!("{name} and {file} are both set; one is enough")),
        (Ok(value), Err(_)) if value.is_empty() => Ok(None),
        (Ok(value), Err(_)) => Ok(Some(value)),
        (Err(_), Ok(path)) => {
            let wrong = |cause: String| format!("{file}: {cause}");
            not_writable_by_others(Path::new(&path)).map_err(wrong)?;
            std::fs::read_to_string(&path)
                .map(|it| Some(it.trim().to_owned()))
                .map_err(|cause| wrong(format!("{path}: {cause}")))
        }
        (Err(_), Err(_)) => Ok(None),
    }
}

/// The minimum length of a key for HMAC-SHA256, in bytes.
const MIN_KEY: usize = 32;

fn parse_keys(ring: &str) -> Result<Vec<JwtKey>, String> {
    let keys: Result<Vec<JwtKey>, String> = ring.split(',').map(parse_key).collect();
    let keys = keys?;
    let mut kids: Vec<&str> = keys.iter().map(|it| it.kid.as_str()).collect();
    kids.sort_unstable();
    kids.dedup();
    if kids.len() == keys.len() {
        Ok(keys)
    } else {
        Err("HELPDESK_JWT_KEYS: two keys have the same kid".to_owned())
    }
}

fn parse_key(entry: &str) -> Result<JwtKey, String> {
    let mistake = |what: &str| format!("HELPDESK_JWT_KEYS: {what}; expected kid:base64,…");
    let (kid, key) = entry.trim().split_once(':').ok_or_else(|| mistake("a key has no kid"))?;
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    if kid.is_empty() || !kid.chars().all(plain) {
        return Err(mistake("a kid consists of letters, digits, - and _"));
    }
    let key = decoded(key).map_err(|it| mistake(&format!("a key {it}")))?;
    Ok(JwtKey { kid: kid.to_owned(), key: Secret::new(key) })
}

fn parse_history_key(key: &str) -> Result<HmacKey, String> {
    let mistake = |it| format!("HELPDESK_HISTORY_KEY {it}; expected base64");
    decoded(key.trim()).map(|it| HmacKey::new(&it)).map_err(mistake)
}

/// The bytes of a key, or what is wrong with it.
fn decoded(key: &str) -> Result<Vec<u8>, &'static str> {
    let key = STANDARD.decode(key).map_err(|_| "is not base64")?;
    let is_uniform = key.windows(2).all(|it| matches!(it, [one, next] if one == next));
    if key.len() < MIN_KEY || is_uniform {
        return Err("has fewer than 32 random bytes");
    }
    Ok(key)
}

fn stored_keys(path: &Path) -> Result<Vec<JwtKey>, String> {
    let sentence = |cause: std::io::Error| format!("{}: {cause}", path.display());
    path.parent().map_or(Ok(()), not_writable_by_others)?;
    not_writable_by_others(path)?;
    match std::fs::read_to_string(path) {
        Ok(ring) => parse_keys(ring.trim()),
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
            let ring = format!("k1:{}", STANDARD.encode(rand::random::<[u8; MIN_KEY]>()));
            write_private(path, &ring).map_err(sentence)?;
            // Another process may have been first; both then use its ring.
            parse_keys(std::fs::read_to_string(path).map_err(sentence)?.trim())
        }
        Err(cause) => Err(sentence(cause)),
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    match std::fs::hard_link(&draft, path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => Err(cause),
        Ok(()) | Err(_) => std::fs::remove_file(&draft),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AU08: an empty, short or uniform key is refused; a good ring is taken in order.
    #[test]
    fn sec_au08_weak_signing_keys_are_refused() {
        let good = STANDARD.encode((0..32).collect::<Vec<u8>>());
        let short = STANDARD.encode([7_u8; 31]);
        let uniform = STANDARD.encode([0_u8; 32]);

        for ring in [
            "",
            "k1:",
            "k1",
            &format!("k1:{short}"),
            &format!("k1:{uniform}"),
            &format!("../k:{good}"),
            &format!("a:{good},a:{good}"),
        ] {
            assert!(parse_keys(ring).is_err(), "{ring}");
        }
        let keys = parse_keys(&format!("new:{good},old:{good}")).expect("a good ring");
        let kids: Vec<&str> = keys.iter().map(|it| it.kid.as_str()).collect();
        assert_eq!(kids, ["new", "old"]);
        assert_eq!(format!("{:?}", keys[0].key), "***");
    }
}
