//! Fetches what waits in the folder, and takes it as if it had been piped.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use crate::config::{Config, Secrets};
use crate::db::{Db, is_outage};
use crate::inbound::imap::account::{Account, spelt};
use crate::inbound::imap::session::OpenFolder;
use crate::inbound::intake::Intake;
use crate::inbound::receive::{Pipe, receive};
use crate::problem::Problem;
use crate::storage::Storage;
use crate::worker::batch::Progress;

/// Mails of one batch.
const BATCH_SIZE: usize = 20;

/// How long a server that failed is left alone: one that counts wrong passwords would lock the account.
const PAUSE: Duration = Duration::from_secs(30);

/// How long a mail that could not be taken lets others go first.
const FAILED_PAUSE: Duration = Duration::from_secs(600);

/// The reader of a folder.
#[derive(Debug)]
pub struct ImapFetch {
    account: Account,
    /// Where mails go that were taken; none: they stay, marked as seen.
    taken_folder: Option<String>,
    intake: Intake,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    runtime: Runtime,
    folder: Option<OpenFolder>,
    /// When the server failed last, and how.
    failed: Option<(Instant, String)>,
    /// The mails that could not be taken, and when.
    held_back: HashMap<u32, Instant>,
}

impl ImapFetch {
    /// None: no folder is set.
    /// Errors: the sentence that names the setting that is wrong.
    pub fn of(config: &Config, secrets: &Secrets) -> Result<Option<Self>, String> {
        let Some(url) = &secrets.imap_url else { return Ok(None) };
        let runtime = Builder::new_current_thread().enable_all().build();
        let state = State {
            runtime: runtime.map_err(|it| it.to_string())?,
            folder: None,
            failed: None,
            held_back: HashMap::new(),
        };
        Ok(Some(Self {
            account: Account::parse(url.reveal())?,
            taken_folder: config.mail.imap_taken().map(spelt),
            intake: Intake::of(config).map_err(|it| format!("HELPDESK_IMAP_URL: {it}"))?,
            state: Mutex::new(state),
        }))
    }

    /// Takes some of the mails that wait.
    /// Errors: the mail server or the database failed. What was not taken waits.
    pub fn fetch_batch(&self, db: &Db, storage: &Storage) -> Result<Progress, Problem> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, error)) = &state.failed
            && at.elapsed() < PAUSE
        {
            return Err(Problem::unexpected(error));
        }
        let taken = state.fetch_batch(self, self.intake.pipe(db, storage));
        taken.map_err(|failure| match failure {
            Failure::Ours(problem) => problem,
            Failure::Server(error) => {
                state.folder = None;
                state.failed = Some((Instant::now(), error.clone()));
                Problem::unexpected(error)
            }
        })
    }
}

enum Failure {
    /// The mail server's.
    Server(String),
    Ours(Problem),
}

impl State {
    fn fetch_batch(&mut self, fetch: &ImapFetch, pipe: Pipe<'_>) -> Result<Progress, Failure> {
        let mut folder = match self.folder.take() {
            Some(folder) => folder,
            None => {
                self.held_back.clear();
                self.runtime.block_on(OpenFolder::open(&fetch.account)).map_err(Failure::Server)?
            }
        };
        self.failed = None;
        let is_moved = fetch.taken_folder.is_some();
        let waiting = self.runtime.block_on(folder.waiting(is_moved)).map_err(Failure::Server)?;
        self.held_back.retain(|uid, at| at.elapsed() < FAILED_PAUSE && waiting.contains(uid));
        let next: Vec<u32> =
            waiting.into_iter().filter(|it| !self.held_back.contains_key(it)).collect();
        let has_more = next.len() > BATCH_SIZE;
        let mut outcome = Ok(());
        for uid in next.into_iter().take(BATCH_SIZE) {
            outcome = self.take(uid, &mut folder, fetch, pipe);
            if outcome.is_err() {
                break;
            }
        }
        // A connection that failed is not used again.
        if !matches!(outcome, Err(Failure::Server(_))) {
            self.folder = Some(folder);
        }
        outcome.map(|()| if has_more { Progress::Worked } else { Progress::Idle })
    }

    /// Takes one mail. One that cannot be taken now, while the database is there, lets others go first: say,
    /// its writer has written too much for today.
    fn take(
        &mut self,
        uid: u32,
        folder: &mut OpenFolder,
        fetch: &ImapFetch,
        pipe: Pipe<'_>,
    ) -> Result<(), Failure> {
        let raw = self.runtime.block_on(folder.mail(uid)).map_err(Failure::Server)?;
        let Some(raw) = raw else { return Ok(()) };
        match receive(&raw, pipe) {
            Ok(()) => {}
            Err(problem) if is_outage(&problem) => return Err(Failure::Ours(problem)),
            Err(problem) => {
                log::warn!("mail {uid} of the folder is not taken yet: {problem}");
                self.held_back.insert(uid, Instant::now());
                return Ok(());
            }
        }
        let done = async {
            match &fetch.taken_folder {
                Some(taken) => folder.move_to(uid, taken).await,
                None => folder.mark(uid).await,
            }
        };
        self.runtime.block_on(done).map_err(Failure::Server)
    }
}
