//! Every setting: its variable, its flag, its meaning, its default.

pub(crate) mod hmac_key;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;

use crate::config::hmac_key::HmacKey;
use crate::postgres;

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself, for the one place that uses it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> std::fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The settings that are no secret: each an environment variable and a flag.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Folder of the private PostgreSQL, files, keys and mail
    #[arg(long = "data-dir", env = "HELPDESK_DATA_DIR", default_value_os_t = postgres::default_data_dir())]
    pub data_dir: PathBuf,

    /// Address of the API
    #[arg(long, env = "HELPDESK_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// Let admins set the clock of the rules forward: for trying things out, never in production
    #[arg(long, env = "HELPDESK_SANDBOX", value_parser = truth)]
    pub sandbox: bool,

    /// Address of /metrics, and of nothing else
    #[arg(long, env = "HELPDESK_METRICS_BIND", default_value = "127.0.0.1:9464")]
    pub metrics_bind: SocketAddr,

    /// How clients reach the API; by default its own address
    #[arg(long, env = "HELPDESK_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Where files lie: file:///folder or s3://bucket/prefix; by default <data>/files
    #[arg(long, env = "HELPDESK_STORAGE_URL")]
    pub storage_url: Option<String>,

    /// Largest file, bytes
    #[arg(long, env = "HELPDESK_UPLOAD_LIMIT", default_value_t = 1_073_741_824, value_parser = clap::value_parser!(u64).range(1..=1 << 42))]
    pub upload_limit: u64,

    /// Sender of all mail
    #[arg(long, env = "HELPDESK_MAIL_FROM", default_value = "helpdesk@localhost")]
    pub mail_from: String,

    /// The front end's page of a ticket, {id} for its number, for links in mails
    #[arg(long, env = "HELPDESK_TICKET_URL")]
    pub ticket_url: Option<String>,

    /// Let webhooks reach loopback and private addresses, by plain http also: for development
    #[arg(long, env = "HELPDESK_WEBHOOK_ALLOW_PRIVATE", value_parser = truth)]
    pub webhook_allow_private: bool,

    /// Domain of the addresses to which mails are answered; `helpdesk inbound-mail` takes them
    #[arg(long, env = "HELPDESK_REPLY_DOMAIN")]
    pub reply_domain: Option<String>,

    /// Origins that browsers may call from, by comma
    #[arg(long, env = "HELPDESK_CORS_ORIGINS", default_value = "")]
    pub cors_origins: String,

    /// Proxies whose X-Forwarded-For is believed, by comma
    #[arg(long, env = "HELPDESK_TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: String,

    /// Lifetime of an access token, seconds
    #[arg(long, env = "HELPDESK_ACCESS_TTL", default_value_t = 900, value_parser = clap::value_parser!(u32).range(10..=86_400))]
    pub access_ttl: u32,

    /// Lifetime of a refresh token that is not used, seconds
    #[arg(long, env = "HELPDESK_REFRESH_TTL", default_value_t = 1_209_600, value_parser = clap::value_parser!(u32).range(60..=7_776_000))]
    pub refresh_ttl: u32,

    /// How long a client may leave what it is sent before it is cut off, seconds
    #[arg(long, env = "HELPDESK_STALL_TIMEOUT", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub stall_timeout: u32,

    /// Connections to the database
    #[arg(long, env = "HELPDESK_POOL", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub pool: u32,

    /// What is logged (env_logger's filter)
    #[arg(long = "log", env = "HELPDESK_LOG", default_value = "info,actix_server=warn")]
    pub log: String,

    /// How a log line looks
    #[arg(long, env = "HELPDESK_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// How clients reach the API, without a slash at the end.
    pub fn public_url(&self) -> String {
        match self.public_url.as_deref() {
            None | Some("") => format!("http://{}", self.bind),
            Some(url) => url.trim_end_matches('/').to_owned(),
        }
    }

    /// The front end's page of a ticket, with `{id}` for its number.
    ///
    /// # Errors
    /// The sentence that says what is wrong with it.
    pub fn ticket_url(&self) -> Result<Option<String>, String> {
        let wrong = |it: &str| format!("HELPDESK_TICKET_URL: {it} {}", "is no https://…/{id}");
        let is_url = |it: &str| {
            let has_scheme = it.starts_with("https://") || it.starts_with("http://");
            has_scheme && !it.contains(|it: char| it.is_whitespace() || it.is_control())
        };
        match self.ticket_url.as_deref() {
            None | Some("") => Ok(None),
            Some(url) if is_url(url) && url.contains("{id}") => Ok(Some(url.to_owned())),
            Some(url) => Err(wrong(url)),
        }
    }

    /// The domain of the addresses to which mails are answered; none: answers are not taken.
    ///
    /// # Errors
    /// The sentence that says that it is no domain.
    pub fn reply_domain(&self) -> Result<Option<String>, String> {
        let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.');
        match self.reply_domain.as_deref() {
            None | Some("") => Ok(None),
            Some(domain)
                if domain.starts_with(char::is_alphanumeric) && domain.chars().all(is_letter) =>
            {
                Ok(Some(domain.to_owned()))
            }
            Some(domain) => Err(format!("HELPDESK_REPLY_DOMAIN: {domain} is no domain")),
        }
    }

    /// Origins that browsers may call from.
    ///
    /// # Errors
    /// The sentence that names the one that is no origin.
    pub fn cors_origins(&self) -> Result<Vec<String>, String> {
        let is_origin = |it: &str| {
            it.split_once("://").is_some_and(|(scheme, host)| {
                matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains('/')
            })
        };
        match items(&self.cors_origins).find(|it| !is_origin(it)) {
            Some(wrong) => {
                Err(format!("HELPDESK_CORS_ORIGINS: {wrong} is no origin (https://host)"))
            }
            None => Ok(items(&self.cors_origins).map(str::to_owned).collect()),
        }
    }

    /// Proxies whose `X-Forwarded-For` is believed.
    ///
    /// # Errors
    /// The sentence that names the one that is no address.
    pub fn trusted_proxies(&self) -> Result<Vec<IpAddr>, String> {
        let told = |it: &str| format!("HELPDESK_TRUSTED_PROXIES: {it} is no IP address");
        items(&self.trusted_proxies).map(|it| it.parse().map_err(|_| told(it))).collect()
    }
}

/// A switch; empty means that it is off, as every empty setting means that it is unset.
fn truth(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" | "" => Ok(false),
        _ => Err("true or false".to_owned()),
    }
}

/// The items of a list by comma; none of an empty text.
fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|it| !it.is_empty())
}

/// The settings that are secret: variables and files alone, never flags.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// `DATABASE_URL`: the PostgreSQL to use; none: a private one.
    pub database_url: Option<Secret<String>>,
    /// `HELPDESK_SMTP_URL`: where mail goes; none: `.eml` files in the data folder.
    pub smtp_url: Option<Secret<String>>,
    /// `HELPDESK_JWT_KEYS`: the ring of signing keys; the first signs, all verify.
    pub jwt_keys: Option<Vec<JwtKey>>,
    /// `HELPDESK_HISTORY_KEY`: the key of the history's hash chain; none: one in the database.
    pub history_key: Option<HmacKey>,
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
    ///
    /// # Errors
    /// One sentence for each mistake.
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
        let history_key = read("HELPDESK_HISTORY_KEY");
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
            Ok(Self { database_url, smtp_url, jwt_keys, history_key })
        } else {
            Err(mistakes)
        }
    }

    /// The ring of keys: the one that is set, or one made once in the data folder.
    ///
    /// # Errors
    /// The sentence that says why the file could not be read or written.
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
        (Err(_), Ok(path)) => std::fs::read_to_string(&path)
            .map(|it| Some(it.trim().to_owned()))
            .map_err(|cause| format!("{file}: {path}: {cause}")),
        (Err(_), Err(_)) => Ok(None),
    }
}

/// The shortest key that HMAC-SHA256 is safe with, bytes.
const SHORTEST_KEY: usize = 32;

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
    let mistake = |what: &str| format!("HELPDESK_JWT_KEYS: {what}; wanted is kid:base64,…");
    let (kid, key) = entry.trim().split_once(':').ok_or_else(|| mistake("a key has no kid"))?;
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    if kid.is_empty() || !kid.chars().all(plain) {
        return Err(mistake("a kid is letters, digits, - and _"));
    }
    let key = decoded(key).map_err(|it| mistake(&format!("a key {it}")))?;
    Ok(JwtKey { kid: kid.to_owned(), key: Secret::new(key) })
}

fn parse_history_key(key: &str) -> Result<HmacKey, String> {
    let mistake = |it| format!("HELPDESK_HISTORY_KEY {it}; wanted is base64");
    decoded(key.trim()).map(|it| HmacKey::new(&it)).map_err(mistake)
}

/// The bytes of a key, or what is wrong with it.
fn decoded(key: &str) -> Result<Vec<u8>, &'static str> {
    let key = STANDARD.decode(key).map_err(|_| "is not base64")?;
    if key.len() < SHORTEST_KEY || key.iter().all(|it| *it == key[0]) {
        return Err("has fewer than 32 random bytes");
    }
    Ok(key)
}

fn stored_keys(path: &Path) -> Result<Vec<JwtKey>, String> {
    let told = |cause: std::io::Error| format!("{}: {cause}", path.display());
    match std::fs::read_to_string(path) {
        Ok(ring) => parse_keys(ring.trim()),
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
            let ring = format!("k1:{}", STANDARD.encode(rand::random::<[u8; SHORTEST_KEY]>()));
            write_private(path, &ring).map_err(told)?;
            // Another process may have been first; what lies there is the ring of both.
            parse_keys(std::fs::read_to_string(path).map_err(told)?.trim())
        }
        Err(cause) => Err(told(cause)),
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

    /// Every setting stands in `.env.example`, with its default.
    #[test]
    fn the_example_names_every_setting_and_its_default() {
        let example = include_str!("../../../../.env.example");
        let command = Config::augment_args(clap::Command::new("helpdesk"));

        for setting in command.get_arguments() {
            let name = setting.get_env().and_then(|it| it.to_str()).expect("a variable");
            let defaults = setting.get_default_values().iter().filter_map(|it| it.to_str());
            let default = match name {
                // Root has another one; the example is for everybody else.
                "HELPDESK_DATA_DIR" => "./var".to_owned(),
                _ => defaults.collect::<Vec<_>>().join(","),
            };
            assert!(
                example.lines().any(|it| it == format!("{name}={default}")),
                "{name}={default}"
            );
        }
        for secret in
            ["DATABASE_URL", "HELPDESK_SMTP_URL", "HELPDESK_JWT_KEYS", "HELPDESK_HISTORY_KEY"]
        {
            assert!(example.lines().any(|it| it == format!("{secret}=")), "{secret}");
        }
    }

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
