//! The commands: serve, inbound-mail, outgoing, migrate, openapi, create-admin, import, demo, reindex, recount.

use std::io::Read as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use helpdesk::BASE;
use helpdesk::config::{Config, Secrets};
use helpdesk::db::Db;
use helpdesk::db::{installation, migrations, walk};
use helpdesk::http::logging;
use helpdesk::import::{
    FileOptions, InviteOptions, RedmineOptions, import_file, import_redmine, invite,
};
use helpdesk::inbound::intake::Intake;
use helpdesk::inbound::receive::{MAX_MAIL, receive};
use helpdesk::postgres::PrivatePostgres;
use helpdesk::server::openapi;
use helpdesk::users::create_admin;
use helpdesk::{demo, fetch, reports, search, server};

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
    /// Take one mail from standard input: for the pipe of a mail server
    InboundMail {
        /// Take what waits in the mailbox of HELPDESK_IMAP_URL instead
        #[arg(long)]
        imap: bool,
        #[command(flatten)]
        config: Config,
    },
    /// Bring the database's schema up to date
    Migrate(Config),
    /// Print the OpenAPI document
    Openapi,
    /// Fill an empty system with demo data; with --tickets, add many more
    Demo {
        /// How many tickets of realistic shape to add, for measurements
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=10_000_000))]
        tickets: i64,
        #[command(flatten)]
        config: Config,
    },
    /// Rebuild the search index while the service runs
    Reindex(Config),
    /// Manage the mail and webhooks of a database that was moved on purpose
    Outgoing {
        #[command(subcommand)]
        what: OutgoingCommand,
    },
    /// Recompute what reports count from the history, while the service runs
    Recount(Config),
    /// Bring people, projects and tickets over from another system
    Import {
        #[command(subcommand)]
        from: ImportFrom,
    },
    /// Register an admin; prints a one-time password
    CreateAdmin {
        /// E-mail address
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

#[derive(Subcommand)]
enum OutgoingCommand {
    /// Send again: declare this the home of the database
    Resume(Config),
}

#[derive(Subcommand)]
enum ImportFrom {
    /// From a Redmine, over REST; can be repeated while both are in use
    Redmine {
        #[command(flatten)]
        options: Box<RedmineOptions>,
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Invite imported people who have not been invited yet, a wave at a time
    Invite {
        #[command(flatten)]
        options: InviteOptions,
        #[command(flatten)]
        config: Box<Config>,
    },
    /// From a folder in the documented format, whatever wrote it
    File {
        #[command(flatten)]
        options: FileOptions,
        #[command(flatten)]
        config: Box<Config>,
    },
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    // Tells the mail server to try again later (sysexits).
    let failure = match command {
        Command::InboundMail { .. } => ExitCode::from(75),
        Command::Serve(_)
        | Command::Migrate(_)
        | Command::Openapi
        | Command::Demo { .. }
        | Command::Outgoing { .. }
        | Command::Reindex(_)
        | Command::Recount(_)
        | Command::Import { .. }
        | Command::CreateAdmin { .. } => ExitCode::FAILURE,
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistakes) => {
            for mistake in mistakes {
                eprintln!("helpdesk: {mistake}");
            }
            failure
        }
    }
}

fn run(command: Command) -> Result<(), Vec<String>> {
    match command {
        Command::Openapi => {
            print_line(&format!("{:#}", openapi::document()));
            Ok(())
        }
        Command::Serve(config) => with_database(&config, |secrets, url| {
            let ready = || welcome(&config, url);
            actix_web::rt::System::new().block_on(server::serve(&config, secrets, url, ready))
        }),
        Command::InboundMail { imap: true, config } => {
            with_database(&config, |secrets, url| fetch_mails(&config, secrets, url))
        }
        Command::InboundMail { imap: false, config } => {
            let mail = read_mail().map_err(|it| vec![format!("standard input: {it}")])?;
            with_database(&config, |secrets, url| take_mail(&config, secrets, url, &mail))
        }
        Command::Migrate(config) => with_database(&config, |secrets, url| {
            let migrated = migrations::migrate(url, secrets.history_key.as_ref())?;
            print_line(&format!("{} migrations run", migrated.names.len()));
            Ok(())
        }),
        Command::Demo { tickets, config } => {
            with_database(&config, |secrets, url| fill_demo(secrets, url, tickets))
        }
        Command::Reindex(config) => with_database(&config, reindex),
        Command::Outgoing { what: OutgoingCommand::Resume(config) } => {
            with_database(&config, |secrets, url| resume(&config, secrets, url))
        }
        Command::Recount(config) => with_database(&config, recount),
        Command::Import { from } => import(from),
        Command::CreateAdmin { email, first_name, last_name, config } => {
            with_database(&config, |secrets, url| {
                migrations::migrate(url, secrets.history_key.as_ref())?;
                print_line(&create_admin::create_admin(url, &email, &first_name, &last_name)?);
                Ok(())
            })
        }
    }
}

fn import(from: ImportFrom) -> Result<(), Vec<String>> {
    match from {
        ImportFrom::Redmine { options, config } => with_database(&config, |secrets, url| {
            let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
            let storage = server::app_state::storage(&config, secrets)?;
            let key = secrets.redmine_key.as_ref();
            print_line(&import_redmine(&options, key, &storage, &database)?);
            Ok(())
        }),
        ImportFrom::Invite { options, config } => with_database(&config, |secrets, url| {
            let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
            print_line(&invite(&options, &database)?);
            Ok(())
        }),
        ImportFrom::File { options, config } => with_database(&config, |secrets, url| {
            let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
            let storage = server::app_state::storage(&config, secrets)?;
            print_line(&import_file(&options, &storage, &database)?);
            Ok(())
        }),
    }
}

/// One byte more than the maximum shows that a mail is too large.
fn read_mail() -> std::io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    let largest = u64::try_from(MAX_MAIL).unwrap_or(u64::MAX);
    std::io::stdin().lock().take(largest + 1).read_to_end(&mut mail)?;
    // Writing to a closed pipe is reported as an error.
    std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink())?;
    Ok(mail)
}

fn take_mail(config: &Config, secrets: &Secrets, url: &str, mail: &[u8]) -> Result<(), String> {
    let intake = Intake::of(config)?;
    let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
    let (db, storage) =
        (Db::for_command(&database, 1), server::app_state::storage(config, secrets)?);
    receive(mail, intake.pipe(&db, &storage)).map_err(|it| it.to_string())
}

fn fetch_mails(config: &Config, secrets: &Secrets, url: &str) -> Result<(), String> {
    let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
    let storage = server::app_state::storage(config, secrets)?;
    fetch::fetch_once(config, secrets, &Db::for_command(&database, 1), &storage)
}

fn fill_demo(secrets: &Secrets, url: &str, tickets: i64) -> Result<(), String> {
    let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
    let is_filled = demo::fill(&Db::for_command(&database, 1)).map_err(|it| it.to_string())?;
    print_line(if is_filled { "demo data: filled" } else { "demo data: the system is not empty" });
    demo::add_tickets(&database, tickets, |done| log::info!("{done} of {tickets} tickets"))?;
    Ok(())
}

fn reindex(secrets: &Secrets, url: &str) -> Result<(), String> {
    rebuild(secrets, url, "indexed", |db| search::reindex(db, log_progress))
}

fn recount(secrets: &Secrets, url: &str) -> Result<(), String> {
    rebuild(secrets, url, "counted", |db| reports::recount::recount(db, log_progress))
}

fn resume(config: &Config, secrets: &Secrets, url: &str) -> Result<(), String> {
    let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
    let home = config.home();
    let settle = |conn: &mut _| Ok(installation::settle(&home, conn)?);
    Db::for_command(&database, 1).transaction_here(settle).map_err(|it| it.to_string())?;
    print_line("mail and webhooks leave again");
    Ok(())
}

fn log_progress(done: usize) {
    log::info!("{done} tickets");
}

/// Works on every ticket of a database with the current schema.
fn rebuild<E: std::fmt::Display>(
    secrets: &Secrets,
    url: &str,
    what: &str,
    work: impl FnOnce(&Db) -> Result<usize, E>,
) -> Result<(), String> {
    let database = migrations::migrate(url, secrets.history_key.as_ref())?.database;
    let done = work(&Db::for_command(&database, walk::AT_ONCE)).map_err(|it| it.to_string())?;
    print_line(&format!("{done} tickets {what}"));
    Ok(())
}

/// Runs `work` on the configured database, or on a private one that lives as long as it takes.
fn with_database(
    config: &Config,
    work: impl FnOnce(&Secrets, &str) -> Result<(), String>,
) -> Result<(), Vec<String>> {
    logging::start(&config.log, config.log_format);
    let secrets = Secrets::from_env()?;
    config.check_data_dir().map_err(|mistake| vec![mistake])?;
    let done = match &secrets.database_url {
        Some(url) => work(&secrets, url.reveal()),
        None => {
            let server =
                PrivatePostgres::start(&config.data_dir).map_err(|it| vec![it.to_string()])?;
            let url = server.url();
            let _supervisor = server.supervised();
            work(&secrets, &url)
        }
    };
    done.map_err(|mistake| vec![mistake])
}

/// Prints what somebody who has just started the service wants to know.
fn welcome(config: &Config, url: &str) {
    let at = config.public_url();
    let data = config.data_dir.display();
    let docs = if config.docs { format!("Swagger UI  {at}/docs/\n") } else { String::new() };
    print_line(&format!("API         {at}{BASE}\n{docs}Data        {data}"));
    if !demo::is_demo(url).unwrap_or(false) {
        return;
    }
    let (accounts, password) = (demo::ACCOUNTS.join(", "), demo::PASSWORD);
    let login = format!(r#"{{"email":"{}","password":"{password}"}}"#, demo::ACCOUNTS[0]);
    print_line(&format!(
        "Accounts    {accounts}\nPassword    {password}\nTry\n  \
         curl -s {at}{BASE}/auth/login -H 'Content-Type: application/json' -d '{login}'"
    ));
}

#[expect(clippy::print_stdout, reason = "the result of a command belongs on standard output")]
fn print_line(text: &str) {
    println!("{text}");
}
