//! Mails fetched by IMAP from a real Dovecot.

use std::fs;
use std::os::unix::fs::chown;

use super::dovecot::Dovecot;
use super::postfix::{NOBODY, Postfix};
use crate::support::{Mail, Server, TestApp, bodies, helpdesk, mail_reply, wait_until};

const DOMAIN: (&str, &str) = ("HELPDESK_REPLY_DOMAIN", "box.example");

/// The address that takes replies to a ticket's mail.
fn reply_address(app: &TestApp, id: i64) -> String {
    let mail: Mail = app.mail_saying(&app.customer(), &format!("№{id} "));
    mail.reply_address()
}

/// Puts a mail into the mailbox, as a mail server does.
fn put(postfix: &Postfix, name: &str, mail: &str) {
    let folder = postfix.folder.join("mail/all");
    for part in ["", "new", "cur", "tmp"] {
        fs::create_dir_all(folder.join(part)).unwrap();
        chown(folder.join(part), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let draft = folder.join("tmp").join(name);
    fs::write(&draft, mail).unwrap();
    chown(&draft, Some(NOBODY), Some(NOBODY)).unwrap();
    fs::rename(draft, folder.join("new").join(name)).unwrap();
}

/// Section 7: the service fetches over TLS what waits, marks it as seen once it was taken, and takes nothing
/// twice; while the database is away all of it waits.
#[test]
#[ignore = "needs Postfix, Dovecot and root: make mail"]
fn s7_waiting_mails_are_fetched_and_marked() {
    let postfix = Postfix::start();
    let dovecot = Dovecot::start(&postfix.folder);
    let trusted = postfix.authority();
    for scheme in ["imaps", "imap"] {
        let url = dovecot.url(scheme, "");
        let app = TestApp::spawn_with(&[
            DOMAIN,
            ("HELPDESK_IMAP_URL", &url),
            ("SSL_CERT_FILE", &trusted),
        ]);
        let customer = app.customer();
        let id = app.ticket("in_progress");
        let to = reply_address(&app, id);

        let first = mail_reply(&customer, &to, "i1", "Журнал: RTP не приходит.");
        postfix.submit(&customer.email, &to, &first);
        put(&postfix, &format!("2.{scheme}"), &mail_reply(&customer, &to, "i2", "Версия 3.410."));
        put(&postfix, &format!("3.{scheme}"), "Никакое не письмо");
        wait_until("all are taken", || app.inbound_mails().len() == 3);
        wait_until("all are marked", || dovecot.count("INBOX", "unseen") == 0);

        // A crash between taking and marking: they are there once more.
        dovecot.adm(&[
            "flags",
            "remove",
            "-u",
            "help@box.example",
            "\\Seen",
            "mailbox",
            "INBOX",
            "all",
        ]);
        wait_until("all are marked again", || dovecot.count("INBOX", "unseen") == 0);
        let ticket = app.ticket_with_comments(id);
        let mut comments = bodies(&ticket["comments"]);
        comments.sort();
        assert_eq!(comments, ["Версия 3.410.", "Журнал: RTP не приходит."]);
        let of_ticket = format!("select from inbound_mails where ticket_id = {id}");
        assert_eq!(app.count(&of_ticket), 2);
        drop(app);
        dovecot.adm(&["expunge", "-u", "help@box.example", "mailbox", "INBOX", "all"]);
    }
}

/// Section 7: the command takes what waits once, and moves it to another folder, whatever its letters; a copy of
/// a database fetches nothing.
#[test]
#[ignore = "needs Postfix, Dovecot and root: make mail"]
fn s7_the_command_moves_what_it_took() {
    let postfix = Postfix::start();
    let dovecot = Dovecot::start(&postfix.folder);
    dovecot.adm(&["mailbox", "create", "-u", "help@box.example", "Принятые"]);
    let app = TestApp::spawn_with(&[DOMAIN]);
    let customer = app.customer();
    let id = app.ticket("in_progress");
    let to = reply_address(&app, id);
    for number in 0..45 {
        let text = format!("Шаг {number}.");
        put(
            &postfix,
            &format!("{number}"),
            &mail_reply(&customer, &to, &format!("m{number}"), &text),
        );
    }
    let mut settings = app.inbound_settings();
    settings.retain(|(name, _)| *name != DOMAIN.0);
    settings.extend([
        (DOMAIN.0, DOMAIN.1.to_owned()),
        ("HELPDESK_IMAP_URL", dovecot.url("imaps", "INBOX")),
        ("HELPDESK_IMAP_TAKEN", "Принятые".to_owned()),
    ]);
    let run = |settings: &[(&str, String)]| {
        let settings: Vec<_> =
            settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        helpdesk(&["inbound-mail", "--imap"], &settings)
    };

    let distrusted = run(&settings);
    assert_eq!(distrusted.status.code(), Some(75), "nobody vouches for the server");
    assert_eq!(app.inbound_mails().len(), 0);
    settings.push(("SSL_CERT_FILE", postfix.authority()));
    app.sql("update installation set place = 'elsewhere'");
    let copied = run(&settings);
    assert_eq!(copied.status.code(), Some(75));
    assert!(String::from_utf8_lossy(&copied.stderr).contains("helpdesk outgoing resume"));
    assert_eq!(app.inbound_mails().len(), 0);

    let resume: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(helpdesk(&["outgoing", "resume"], &resume).status.success());
    let taken = run(&settings);
    assert_eq!(taken.status.code(), Some(0), "{}", String::from_utf8_lossy(&taken.stderr));
    assert_eq!(app.inbound_mails(), vec!["used"; 45]);
    assert_eq!((dovecot.count("INBOX", "all"), dovecot.count("Принятые", "all")), (0, 45));
}

/// Section 7: two processes and one that is killed in between take each mail once.
#[test]
#[ignore = "needs Postfix, Dovecot and root: make mail"]
fn sec_sv04_killed_processes_double_and_lose_no_mail() {
    let postfix = Postfix::start();
    let dovecot = Dovecot::start(&postfix.folder);
    let (url, trusted) = (dovecot.url("imaps", ""), postfix.authority());
    let settings = [DOMAIN, ("HELPDESK_IMAP_URL", &*url), ("SSL_CERT_FILE", &*trusted)];
    let mut app = TestApp::spawn_with(&settings);
    let customer = app.customer();
    let id = app.ticket("in_progress");
    let to = reply_address(&app, id);
    for number in 0..60 {
        let text = format!("Шаг {number}.");
        put(
            &postfix,
            &format!("{number}"),
            &mail_reply(&customer, &to, &format!("k{number}"), &text),
        );
    }
    wait_until("some are taken", || app.inbound_mails().len() > 5);
    app.server.kill();
    let _heirs = [(); 2].map(|()| Server::start(&app.database_url(), &settings));

    wait_until("all are taken", || app.inbound_mails().len() >= 60);
    wait_until("all are marked", || dovecot.count("INBOX", "unseen") == 0);
    assert_eq!(app.inbound_mails(), vec!["used"; 60]);
    assert_eq!(app.count(&format!("select from comments where ticket_id = {id}")), 60);
}
