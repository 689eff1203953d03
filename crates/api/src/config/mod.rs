//! Every setting: its variable, its flag, its meaning, its default.

pub(crate) mod guarded;
pub(crate) mod hmac_key;
mod limits;
mod mail;
mod proxies;
mod secret;
mod secrets;

pub use limits::{LimitSettings, Quota, Rate};
pub use mail::MailSettings;
pub use proxies::ProxyHeader;
pub use secret::Secret;
pub use secrets::{JwtKey, Secrets};

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;

use crate::postgres;

/// The settings that are no secret: each an environment variable and a flag.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Folder of the private PostgreSQL, files, keys and mail
    #[arg(long = "data-dir", env = "HELPDESK_DATA_DIR", default_value_os_t = postgres::default_data_dir())]
    pub data_dir: PathBuf,

    /// Address of the API
    #[arg(long, env = "HELPDESK_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// Let admins set the clock of the rules forward: for experiments, never in production
    #[arg(long, env = "HELPDESK_SANDBOX", value_parser = parse_switch)]
    pub sandbox: bool,

    /// Send nothing to anybody, neither mail nor webhooks, and fetch no mail: for a copy of a database
    #[arg(long, env = "HELPDESK_NO_OUTGOING", value_parser = parse_switch)]
    pub no_outgoing: bool,

    /// Address of /metrics, and of nothing else; port 0 switches it off
    #[arg(long, env = "HELPDESK_METRICS_BIND", default_value = "127.0.0.1:9464")]
    pub metrics_bind: SocketAddr,

    /// How clients reach the API; by default its own address
    #[arg(long, env = "HELPDESK_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Where files are stored: file:///folder or s3://bucket/prefix; by default <data>/files
    #[arg(long, env = "HELPDESK_STORAGE_URL")]
    pub storage_url: Option<String>,

    /// Maximum file size, bytes
    #[arg(long, env = "HELPDESK_UPLOAD_LIMIT", default_value_t = 1_073_741_824, value_parser = clap::value_parser!(u64).range(1..=1 << 42))]
    pub upload_limit: u64,

    /// Let webhooks reach loopback and private addresses, including plain http: for development
    #[arg(long, env = "HELPDESK_WEBHOOK_ALLOW_PRIVATE", value_parser = parse_switch)]
    pub webhook_allow_private: bool,

    /// Origins that browsers may call from, comma-separated
    #[arg(long, env = "HELPDESK_CORS_ORIGINS", default_value = "")]
    pub cors_origins: String,

    /// Seconds for which browsers use https only, after their first visit (HSTS), or off
    #[arg(long, env = "HELPDESK_HSTS", default_value = "off", value_parser = hsts)]
    pub hsts: Hsts,

    /// Serve the documentation: /docs/ and /openapi.json
    #[arg(long, env = "HELPDESK_DOCS", default_value = "true", value_parser = parse_switch_on_by_default, action = clap::ArgAction::Set)]
    pub docs: bool,

    /// Trusted proxies in front of the API: addresses and networks, comma-separated
    #[arg(long, env = "HELPDESK_TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: String,

    /// Header in which these proxies name the client; the other one is ignored
    #[arg(long, env = "HELPDESK_PROXY_HEADER", default_value = "x-forwarded-for")]
    pub proxy_header: ProxyHeader,

    /// Lifetime of an access token, seconds
    #[arg(long, env = "HELPDESK_ACCESS_TTL", default_value_t = 900, value_parser = clap::value_parser!(u32).range(10..=86_400))]
    pub access_ttl: u32,

    /// Lifetime of an unused refresh token, seconds
    #[arg(long, env = "HELPDESK_REFRESH_TTL", default_value_t = 1_209_600, value_parser = clap::value_parser!(u32).range(60..=7_776_000))]
    pub refresh_ttl: u32,

    /// How long a client may stall before its connection is closed, seconds
    #[arg(long, env = "HELPDESK_STALL_TIMEOUT", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub stall_timeout: u32,

    /// Connections to the database, for requests
    #[arg(long, env = "HELPDESK_POOL", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub pool: u32,

    /// Serve /redmine/…, which old scripts of a Redmine know
    #[arg(long, env = "HELPDESK_REDMINE_API", value_parser = parse_switch)]
    pub redmine_api: bool,

    #[command(flatten)]
    pub mail: MailSettings,

    #[command(flatten)]
    pub limits: LimitSettings,

    /// What is logged (env_logger's filter)
    #[arg(long = "log", env = "HELPDESK_LOG", default_value = "info,actix_server=warn")]
    pub log: String,

    /// Format of log lines
    #[arg(long, env = "HELPDESK_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,
}

/// For how many seconds browsers are told to use https only (HSTS); none: they are not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hsts(pub Option<u32>);

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// Errors: the sentence that names the data folder, if other users may write to it.
    pub fn check_data_dir(&self) -> Result<(), String> {
        guarded::not_writable_by_others(&self.data_dir)
    }

    /// How clients reach the API, without a slash at the end.
    pub fn public_url(&self) -> String {
        match self.public_url.as_deref() {
            None | Some("") => format!("http://{}", self.bind),
            Some(url) => url.trim_end_matches('/').to_owned(),
        }
    }

    /// The configured public URL, or nothing: a database that is served under another one is a copy.
    pub fn home(&self) -> String {
        self.public_url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned()
    }

    /// Origins that browsers may call from.
    /// Errors: the sentence that names the one that is not valid.
    pub fn cors_origins(&self) -> Result<Vec<String>, String> {
        let is_origin = |it: &str| {
            it.split_once("://").is_some_and(|(scheme, host)| {
                matches!(scheme, "http" | "https") && !host.is_empty() && !host.contains('/')
            })
        };
        match items(&self.cors_origins).find(|it| !is_origin(it)) {
            Some(wrong) => {
                Err(format!("HELPDESK_CORS_ORIGINS: {wrong} is not a valid origin (https://host)"))
            }
            None => Ok(items(&self.cors_origins).map(str::to_owned).collect()),
        }
    }

    /// The networks of the trusted proxies.
    /// Errors: the sentence that names the one that is not valid.
    pub fn trusted_proxies(&self) -> Result<Vec<IpNet>, String> {
        items(&self.trusted_proxies).map(proxies::network).collect()
    }
}

fn hsts(text: &str) -> Result<Hsts, String> {
    match text {
        "off" | "" => Ok(Hsts(None)),
        seconds => match seconds.parse() {
            Ok(seconds) if seconds > 0 => Ok(Hsts(Some(seconds))),
            Ok(_) | Err(_) => Err("off, or a number of seconds".to_owned()),
        },
    }
}

/// A switch that is on unless it is switched off.
fn parse_switch_on_by_default(text: &str) -> Result<bool, String> {
    if text.is_empty() { Ok(true) } else { parse_switch(text) }
}

/// A switch; empty means off, as every empty setting counts as unset.
fn parse_switch(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" | "" => Ok(false),
        _ => Err("true or false".to_owned()),
    }
}

/// The items of a comma-separated list; none of an empty text.
fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `.env.example` has every setting with its default.
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
        for secret in [
            "DATABASE_URL",
            "HELPDESK_SMTP_URL",
            "HELPDESK_IMAP_URL",
            "HELPDESK_JWT_KEYS",
            "HELPDESK_HISTORY_KEY",
            "HELPDESK_REDMINE_KEY",
        ] {
            assert!(example.lines().any(|it| it == format!("{secret}=")), "{secret}");
        }
    }
}
