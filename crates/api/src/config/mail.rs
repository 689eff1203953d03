//! How mail goes out and comes in.

use clap::Args;

/// What mails say about the installation, and how mail comes in.
#[derive(Debug, Clone, Args)]
pub struct MailSettings {
    /// Sender of all mail
    #[arg(long = "mail-from", env = "HELPDESK_MAIL_FROM", default_value = "helpdesk@localhost")]
    pub from: String,

    /// The portal that people use, for links in mails
    #[arg(long, env = "HELPDESK_PORTAL_URL")]
    pub portal_url: Option<String>,

    /// The portal's page of a ticket, {id} for its number, for links in mails
    #[arg(long, env = "HELPDESK_TICKET_URL")]
    pub ticket_url: Option<String>,

    /// The portal's page on which a password is replaced, {token} for the code
    #[arg(long, env = "HELPDESK_RESET_URL")]
    pub reset_url: Option<String>,

    /// The portal's page on which people sign in for the first time; by default the portal
    #[arg(long, env = "HELPDESK_INVITE_URL")]
    pub invite_url: Option<String>,

    /// The vendor's name, at the foot of mails
    #[arg(long, env = "HELPDESK_VENDOR_NAME")]
    pub vendor_name: Option<String>,

    /// The vendor's address, telephone or both, at the foot of mails
    #[arg(long, env = "HELPDESK_VENDOR_ADDRESS")]
    pub vendor_address: Option<String>,

    /// Domain of the reply addresses; `helpdesk inbound-mail` receives the replies
    #[arg(long, env = "HELPDESK_REPLY_DOMAIN")]
    pub reply_domain: Option<String>,

    /// Address to which people who want a ticket write
    #[arg(long, env = "HELPDESK_INBOX")]
    pub inbox: Option<String>,

    /// The mail server that says who a sender is, as it calls itself in Authentication-Results
    #[arg(long, env = "HELPDESK_INBOX_AUTHSERV")]
    pub inbox_authserv: Option<String>,

    /// IMAP folder to which processed mails are moved; without it they stay, marked as seen
    #[arg(long, env = "HELPDESK_IMAP_TAKEN")]
    pub imap_taken: Option<String>,

    /// How long raw incoming mails are stored, in days
    #[arg(long = "mail-kept-days", env = "HELPDESK_MAIL_KEPT_DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub kept_days: u16,

    /// Minutes in which the author of a refused request may correct it before engineers are notified
    #[arg(long, env = "HELPDESK_REFUSAL_PAUSE", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=1440))]
    pub refusal_pause: u16,
}

impl MailSettings {
    /// The portal that people use.
    /// Errors: the sentence that says that it is not a valid URL.
    pub fn portal_url(&self) -> Result<Option<String>, String> {
        url("HELPDESK_PORTAL_URL", self.portal_url.as_deref(), "")
    }

    /// The portal's page of a ticket, with `{id}` for its number.
    /// Errors: the sentence that says what is wrong with it.
    pub fn ticket_url(&self) -> Result<Option<String>, String> {
        url("HELPDESK_TICKET_URL", self.ticket_url.as_deref(), "{id}")
    }

    /// The portal's page on which a password is replaced, with `{token}` for the code.
    /// Errors: the sentence that says what is wrong with it.
    pub fn reset_url(&self) -> Result<Option<String>, String> {
        url("HELPDESK_RESET_URL", self.reset_url.as_deref(), "{token}")
    }

    /// The portal's page on which people sign in for the first time.
    /// Errors: the sentence that says that it is not a valid URL.
    pub fn invite_url(&self) -> Result<Option<String>, String> {
        url("HELPDESK_INVITE_URL", self.invite_url.as_deref(), "")
    }

    /// The domain of the reply addresses; none: replies are not received.
    /// Errors: the sentence that says that it is not a valid domain.
    pub fn reply_domain(&self) -> Result<Option<String>, String> {
        let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.');
        let is_domain =
            |it: &str| it.starts_with(char::is_alphanumeric) && it.chars().all(is_letter);
        match set(self.reply_domain.as_deref()) {
            Some(domain) if !is_domain(domain) => {
                Err(format!("HELPDESK_REPLY_DOMAIN: {domain} is not a valid domain"))
            }
            domain => Ok(domain.map(str::to_owned)),
        }
    }

    /// The folder to which processed mails are moved; none: they stay.
    pub fn imap_taken(&self) -> Option<&str> {
        set(self.imap_taken.as_deref())
    }

    /// The address to which people who want a ticket write, with the mail server that says who they are.
    /// Errors: the sentence that says what is missing or wrong.
    pub fn inbox(&self) -> Result<Option<(&str, &str)>, String> {
        match (set(self.inbox.as_deref()), set(self.inbox_authserv.as_deref())) {
            (Some(inbox), Some(authserv)) if inbox.contains('@') => Ok(Some((inbox, authserv))),
            (Some(inbox), Some(_)) => Err(format!("HELPDESK_INBOX: {inbox} is not an address")),
            (Some(_), None) => Err(
                "HELPDESK_INBOX is set, so HELPDESK_INBOX_AUTHSERV must be set, too: anybody can be named as a sender"
                    .to_owned(),
            ),
            (None, _) => Ok(None),
        }
    }
}

/// A setting that is not empty.
fn set(value: Option<&str>) -> Option<&str> {
    value.filter(|it| !it.is_empty())
}

/// A URL that contains a placeholder.
fn url(name: &str, value: Option<&str>, place: &str) -> Result<Option<String>, String> {
    let Some(url) = set(value) else { return Ok(None) };
    let has_scheme = url.starts_with("https://") || url.starts_with("http://");
    let is_url = has_scheme && !url.contains(|it: char| it.is_whitespace() || it.is_control());
    match is_url && url.contains(place) {
        true => Ok(Some(url.to_owned())),
        false => Err(format!("{name}: {url} is not a valid https://…/{place}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_its_placeholder() {
        let ticket = |it| url("HELPDESK_TICKET_URL", Some(it), "{id}");

        assert_eq!(ticket(""), Ok(None));
        assert_eq!(ticket("https://h.kz/{id}"), Ok(Some("https://h.kz/{id}".to_owned())));
        for wrong in ["https://h.kz/", "h.kz/{id}", "https://h.kz/ {id}"] {
            let message = format!("HELPDESK_TICKET_URL: {wrong} is not a valid https://…/{{id}}");
            assert_eq!(ticket(wrong), Err(message));
        }
    }
}
