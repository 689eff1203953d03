//! The commands: serve, migrate, openapi, create-admin.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use helpdesk::config::{Config, Secrets};
use helpdesk::postgres::PrivatePostgres;
use helpdesk::{accounts, logging, migrations, openapi, server};

/// The back end of a technical-support portal
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API
    Serve(Config),
    /// Bring the database's schema up to date
    Migrate(Config),
    /// Print the OpenAPI document
    Openapi,
    /// Register an admin; prints a one-time password
    CreateAdmin {
        /// Where mail goes
        #[arg(long)]
        email: String,
        /// First name
        #[arg(long)]
        first_name: String,
        /// Last name
        #[arg(long)]
        last_name: String,
        #[command(flatten)]
        config: Config,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            for mistake in mistakes {
                eprintln!("helpdesk: {mistake}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Vec<String>> {
    match command {
        Command::Openapi => {
            say(&format!("{:#}", openapi::document()));
            Ok(())
        }
        Command::Serve(config) => with_database(&config, |secrets, url| {
            let ready = || log::info!("listening on http://{}", config.bind);
            actix_web::rt::System::new().block_on(server::serve(&config, secrets, url, ready))
        }),
        Command::Migrate(config) => with_database(&config, |_, url| {
            let names = migrations::migrate(url)?;
            say(&format!("{} migrations run", names.len()));
            Ok(())
        }),
        Command::CreateAdmin { email, first_name, last_name, config } => {
            with_database(&config, |_, url| {
                migrations::migrate(url)?;
                say(&accounts::create_admin(url, &email, &first_name, &last_name)?);
                Ok(())
            })
        }
    }
}

/// Runs `work` on the database that is set, or on a private one that lives as long as it takes.
fn with_database(
    config: &Config,
    work: impl FnOnce(&Secrets, &str) -> Result<(), String>,
) -> Result<(), Vec<String>> {
    logging::start(&config.log, config.log_format);
    let secrets = Secrets::from_env()?;
    let done = match &secrets.database_url {
        Some(url) => work(&secrets, url.reveal()),
        None => {
            let server =
                PrivatePostgres::start(&config.data_dir).map_err(|it| vec![it.to_string()])?;
            work(&secrets, &server.url())
        }
    };
    done.map_err(|mistake| vec![mistake])
}

#[expect(clippy::print_stdout, reason = "the answer of a command belongs on standard output")]
fn say(text: &str) {
    println!("{text}");
}
