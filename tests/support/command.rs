//! The commands of the program.

use std::env;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use super::free::private_folder;
use super::server::JWT_KEYS;

/// The program: the one built with the tests, or another that `HELPDESK_BINARY` names (a release
/// build, whose figures count).
pub fn program() -> Command {
    let named = env::var_os("HELPDESK_BINARY");
    Command::new(named.unwrap_or_else(|| env!("CARGO_BIN_EXE_helpdesk").into()))
}

/// The settings of a command on a database.
pub fn on_database(url: &str) -> [(&str, &str); 2] {
    [("DATABASE_URL", url), ("HELPDESK_JWT_KEYS", JWT_KEYS)]
}

/// Runs a command of the program to its end, with these settings and no others.
pub fn helpdesk(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = program();
    command.args(arguments).env_clear().env("HELPDESK_DATA_DIR", private_folder());
    command.envs(settings.iter().copied()).output().unwrap()
}

/// The same with something to read on standard input.
pub fn helpdesk_reading(arguments: &[&str], settings: &[(&str, &str)], input: &[u8]) -> Output {
    let mut command = program();
    command.args(arguments).env_clear().env("HELPDESK_DATA_DIR", private_folder());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.envs(settings.iter().copied()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    process.wait_with_output().unwrap()
}
