//! What takes mails, by the settings: the pipe of a mail server and the reader of an IMAP folder.

use chrono::TimeDelta;

use crate::config::{Config, Quota};
use crate::db::Db;
use crate::inbound::receive::{Own, Pipe};
use crate::mail::transport::Mailer;
use crate::storage::Storage;

/// The settings by which mails are taken.
#[derive(Debug)]
pub struct Intake {
    reply_domain: String,
    mail_domain: String,
    mail_from: String,
    /// The address to which people who want a ticket write, and the server that vouches for them.
    inbox: Option<(String, String)>,
    upload_limit: u64,
    quota_mails: Quota,
    quota_uploads: Quota,
    refusal_pause: TimeDelta,
}

impl Intake {
    /// Errors: the sentence that names the setting that is wrong or missing.
    pub fn of(config: &Config) -> Result<Self, String> {
        let reply_domain = config.mail.reply_domain()?;
        let inbox = config.mail.inbox()?;
        Ok(Self {
            reply_domain: reply_domain.ok_or("HELPDESK_REPLY_DOMAIN is not set")?,
            mail_domain: Mailer::domain(&config.mail.from)?,
            mail_from: Mailer::address(&config.mail.from)?,
            inbox: inbox.map(|(address, authserv)| (address.to_owned(), authserv.to_owned())),
            upload_limit: config.upload_limit,
            quota_mails: config.limits.quota_mails,
            quota_uploads: config.limits.quota_uploads,
            refusal_pause: TimeDelta::minutes(config.mail.refusal_pause.into()),
        })
    }

    /// The same with what mails are put into.
    pub fn pipe<'a>(&'a self, db: &'a Db, storage: &'a Storage) -> Pipe<'a> {
        let inbox = self.inbox.as_ref();
        Pipe {
            own: Own {
                reply_domain: &self.reply_domain,
                mail_domain: &self.mail_domain,
                mail_from: &self.mail_from,
                inbox: inbox.map(|(address, _)| address.as_str()),
                authserv: inbox.map(|(_, authserv)| authserv.as_str()),
            },
            db,
            storage,
            upload_limit: self.upload_limit,
            quota_mails: self.quota_mails,
            quota_uploads: self.quota_uploads,
            refusal_pause: self.refusal_pause,
        }
    }
}
