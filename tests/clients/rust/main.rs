//! openapi-generator's `rust`, with default settings; without TLS, which one machine can do without.

use std::error::Error;
use std::fmt::Debug;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, SystemTime};

use openapi::apis::Error as Failure;
use openapi::apis::attachments_api::{attachments_download, attachments_list};
use openapi::apis::audit_api::audit_log_list;
use openapi::apis::auth_api::auth_login;
use openapi::apis::comments_api::comments_create;
use openapi::apis::configuration::Configuration;
use openapi::apis::events_api::events_list;
use openapi::apis::me_api::me_get;
use openapi::apis::projects_api::projects_list;
use openapi::apis::settings_api::{settings_sla_get, settings_sla_update};
use openapi::apis::tickets_api::*;
use openapi::apis::uploads_api::uploads_create;
use openapi::apis::webhooks_api::{webhooks_create, webhooks_test};
use openapi::models::*;

type Done<T> = Result<T, Box<dyn Error>>;

fn client(token: Option<String>) -> Configuration {
    let base = std::env::var("HELPDESK").unwrap_or_else(|_| "http://127.0.0.1:8080".to_owned());
    Configuration { base_path: base, bearer_access_token: token, ..Configuration::default() }
}

/// A failure with the body of the response, which its generated text leaves out.
async fn whole<T, E: Debug>(call: impl Future<Output = Result<T, Failure<E>>>) -> Done<T> {
    call.await.map_err(|it| format!("{it:?}").into())
}

async fn signed_in(name: &str) -> Done<Configuration> {
    let login = Login::new(format!("{name}@helpdesk.example"), "Demo-2026-portal".to_owned());
    let tokens = whole(auth_login(&client(None), login, None)).await?;
    Ok(client(Some(tokens.access_token)))
}

/// Where webhooks are sent to, and the messages that came.
fn receiver() -> Done<(String, Receiver<WebhookMessage>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/hook", listener.local_addr()?);
    let (sender, messages) = channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut reader = BufReader::new(&connection);
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap() > 2 {
                if let Some(it) = line.to_lowercase().strip_prefix("content-length:") {
                    length = it.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            sender.send(serde_json::from_slice(&body).unwrap()).unwrap();
            connection
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .unwrap();
        }
    });
    Ok((url, messages))
}

fn message<T>(
    messages: &Receiver<WebhookMessage>,
    wanted: impl Fn(WebhookMessage) -> Option<T>,
) -> Done<T> {
    loop {
        if let Some(found) = wanted(messages.recv_timeout(Duration::from_secs(10))?) {
            return Ok(found);
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done<()> {
    let (customer, engineer, admin) =
        (signed_in("customer").await?, signed_in("engineer").await?, signed_in("admin").await?);
    println!("signed in as {}", whole(me_get(&customer, None, None)).await?.name);

    let (url, messages) = receiver()?;
    let hook = whole(webhooks_create(&admin, WebhookCreate::new(url), None)).await?;
    whole(webhooks_test(&admin, hook.id, None, None)).await?;
    let ping = message(&messages, |it| match it {
        WebhookMessage::PingMessage(it) => Some(it),
        _ => None,
    })?;
    println!("pinged webhook {}", ping.data.webhook_id);

    let ticket = file(&customer).await?;
    handle(&engineer, ticket).await?;
    administer(&admin, ticket).await?;

    let feed =
        events_list(&engineer, None, None, None, None, None, Some(ticket), None, None, None, None);
    let feed: Vec<String> = whole(feed).await?.items.into_iter().map(|it| it.r#type).collect();
    assert_eq!(feed[0], "ticket.created");
    println!("feed {feed:?}");
    let event = message(&messages, |it| match it {
        WebhookMessage::EventMessageTicketCreated(it) => Some(it),
        _ => None,
    })?;
    assert_eq!(event.data.ticket_id, Some(ticket));
    println!("event of {ticket} at {}", event.timestamp);

    let closing = TransitionCreate::new(Status::Closed);
    let refused = tickets_transition(&customer, ticket, closing, None, None, None).await;
    let Err(Failure::ResponseError(refused)) = refused else {
        return Err("the move was not refused".into());
    };
    let problem: Problem = serde_json::from_str(&refused.content)?;
    assert_eq!(problem.code, "transition_not_allowed");
    println!("refused {} {} {:?}", refused.status, problem.code, problem.allowed);
    Ok(())
}

async fn file(customer: &Configuration) -> Done<i64> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_nanos();
    let file = std::env::temp_dir().join(format!("gateway-{now}.log"));
    std::fs::write(&file, "log of the gateway")?;
    let upload = whole(uploads_create(customer, file.clone(), None, None)).await?;
    std::fs::remove_file(file)?;
    println!("uploaded {} {}", upload.filename, upload.size);

    let projects = projects_list(customer, None, None, None, None, None, None, None, None);
    let project = whole(projects).await?.items[0].id;
    let description = format!("Since {now} subscribers hear us, we do not hear them.");
    let subject = format!("No sound, Rust {now}");
    let request = TicketCreate {
        priority: Some(Some(Priority::High)),
        product_name: Some(Some("SMG-1016M".to_owned())),
        steps: Some(Some("Password: 12345".to_owned())),
        attachments: Some(vec![AttachmentCreate::new(upload.id)]),
        ..TicketCreate::new(description, project, subject, Tracker::Bug)
    };
    let key = format!("rust-{now}");
    let filed = whole(tickets_create(customer, request, Some(&key), None)).await?;
    println!("filed {} with {} hints", filed.id, filed.hints.len());
    Ok(filed.id)
}

async fn handle(engineer: &Configuration, ticket: i64) -> Done<()> {
    let files = whole(attachments_list(engineer, ticket, None, None, None, None)).await?;
    let file = files.items[0].id;
    let download = attachments_download(engineer, file, None, None, None, None, None);
    let content = whole(download).await?.text().await?;
    assert_eq!(content, "log of the gateway");
    println!("downloaded {content}");

    let taking = TransitionCreate::new(Status::InProgress);
    let taken = whole(tickets_transition(engineer, ticket, taking, None, None, None)).await?;
    let question = CommentCreate::new("Please send a dump of port 1.".to_owned());
    let comment = whole(comments_create(engineer, ticket, question, None, None, None)).await?;
    println!("taken: {} comment {} {}", taken.status, comment.id, comment.created_at);

    let both = vec![StatusFilter::STATUS_FILTER_IN_PROGRESS, StatusFilter::STATUS_FILTER_FEEDBACK];
    #[rustfmt::skip]
    let list = tickets_list(
        engineer, Some(both), None, None, None, None, None, None, None, None, None, None, None,
        None, None, None, None, None, None, None, None, None, None, None, None, None, None, None,
        None, None, None, None, None, None, None, None, None, None, None, None, None, None, None,
        None, None, Some(5), None, None, None,
    );
    let page = whole(list).await?;
    let is_wanted = |it: &ListedTicket| matches!(it.status, Status::InProgress | Status::Feedback);
    assert!(page.items.iter().all(is_wanted));
    println!("listed {}", page.items.len());

    let expand = vec![Expansion::EXPANSION_COMMENTS, Expansion::EXPANSION_HISTORY];
    let ticket = whole(tickets_get(engineer, ticket, Some(expand), None, None)).await?;
    let (comments, history) = (ticket.comments.unwrap(), ticket.history.unwrap());
    assert_eq!(comments[0].id, comment.id);
    println!("expanded {} comment, {} events", comments.len(), history.len());
    Ok(())
}

async fn administer(admin: &Configuration, ticket: i64) -> Done<()> {
    let reason = "It was a password.".to_owned();
    let redaction = TicketRedaction::new(TicketText::TICKET_TEXT_STEPS, reason);
    whole(tickets_redact(admin, ticket, redaction, None, None)).await?;
    let history = tickets_history_list(admin, ticket, None, None, None, None, None, None);
    let history = whole(history).await?.items;
    let redacted = history.iter().find(|it| it.r#type == "ticket.redacted").unwrap();
    println!("history {} redacted {:?}", history.len(), redacted.changes["steps"]);

    let sla = whole(settings_sla_get(admin, None, None)).await?;
    let mut wanted: Sla = serde_json::from_value(serde_json::to_value(sla)?)?;
    wanted.reminder_days =
        if wanted.reminder_days.contains(&7) { vec![14, 3] } else { vec![14, 7, 3] };
    whole(settings_sla_update(admin, wanted, None, None)).await?;
    let entries = audit_log_list(admin, None, None, None, None, None, None, None, None);
    let entries = whole(entries).await?.items;
    let entry = entries.iter().find(|it| it.action == "settings_sla_update").unwrap();
    println!("audit {:?}", entry.changes);
    Ok(())
}
