//! How log lines look: for people, or one JSON object each.

use std::io::Write as _;

use log::LevelFilter;
use log::kv::{Key, Value, VisitSource};
use serde_json::{Map, json};

use crate::config::LogFormat;

/// The request id in the log.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Sets up the log; a second call changes nothing.
pub fn start(filter: &str, format: LogFormat) {
    let mut builder = env_logger::Builder::new();
    // It has a line for each mistake in the HTML of a mail: as many as whoever wrote that likes.
    builder.filter_module("html5ever", LevelFilter::Off);
    builder.parse_filters(filter);
    match format {
        LogFormat::Text => {
            builder.format(|out, record| {
                if is_logged_elsewhere(record) {
                    return Ok(());
                }
                let (at, level) = (out.timestamp_millis(), record.level());
                writeln!(out, "{at} {level:5} {}", one_line(&record.args().to_string()))
            });
        }
        LogFormat::Json => {
            builder.format(|out, record| {
                if is_logged_elsewhere(record) {
                    return Ok(());
                }
                let mut line = Map::new();
                line.insert("at".into(), json!(out.timestamp_millis().to_string()));
                line.insert("level".into(), json!(record.level().as_str()));
                line.insert("target".into(), json!(record.target()));
                line.insert("message".into(), json!(record.args().to_string()));
                // Collecting into a map cannot fail.
                let _ = record.key_values().visit(&mut Members(&mut line));
                writeln!(out, "{}", serde_json::Value::Object(line))
            });
        }
    }
    let _ = builder.try_init();
}

/// A malformed request is not an error of ours; the connection logs it in a line of its own.
fn is_logged_elsewhere(record: &log::Record<'_>) -> bool {
    let is_of_parser = record.target() == "actix_http::h1::dispatcher";
    is_of_parser && record.args().to_string().starts_with("stream error: ")
}

/// One event, one line: user input can neither begin another line nor change how this one reads.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for it in text.chars() {
        if it.is_control() || domain::hidden::is_hidden(it) {
            line.extend(it.escape_default());
        } else {
            line.push(it);
        }
    }
    line
}

struct Members<'a>(&'a mut Map<String, serde_json::Value>);

impl<'kvs> VisitSource<'kvs> for Members<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), log::kv::Error> {
        let value = match (value.to_u64(), value.to_i64()) {
            (Some(it), _) => json!(it),
            (None, Some(it)) => json!(it),
            (None, None) => json!(value.to_string()),
        };
        self.0.insert(key.to_string(), value);
        Ok(())
    }
}
