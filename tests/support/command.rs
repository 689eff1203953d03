//! The commands of the program.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use super::free::private_folder;

/// Runs a command of the program to its end, with these settings and no others.
pub fn helpdesk(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helpdesk"));
    command.args(arguments).env_clear().env("HELPDESK_DATA_DIR", private_folder());
    command.envs(settings.iter().copied()).output().unwrap()
}

/// The same with something to read on standard input.
pub fn helpdesk_reading(arguments: &[&str], settings: &[(&str, &str)], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_helpdesk"));
    command.args(arguments).env_clear().env("HELPDESK_DATA_DIR", private_folder());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.envs(settings.iter().copied()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(input).unwrap();
    process.wait_with_output().unwrap()
}
