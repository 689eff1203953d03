//! `GET /jobs`: what is running, what waits and what has failed.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Language, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::caller::Caller;
use crate::http::request_db::RequestDb;
use crate::jobs::backlog::KnownJob;
use crate::jobs::job;
use crate::jobs::table::JOBS;
use crate::problem::Problem;

/// If no process has reported for this long, the job is unattended.
const ATTENDED_FOR: TimeDelta = TimeDelta::seconds(90);

/// The maximum length of a shown error.
pub(crate) const ERROR_LENGTH: usize = 1_000;

/// A background job. All times are in wall-clock time.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    /// The name of the job.
    #[schema(example = "mail")]
    pub name: String,
    /// What the job does, in the caller's language.
    #[schema(example = "Sends pending mail.")]
    pub does: &'static str,
    /// Whether a process is running this job.
    pub is_attended: bool,
    /// Since when the job has been busy without interruption, for at least a second; null
    /// if it is idle.
    pub running_since: Option<Timestamp>,
    /// When the job last did something; null if never.
    pub last_worked_at: Option<Timestamp>,
    /// When the job last failed; null if never.
    pub last_failed_at: Option<Timestamp>,
    /// How many times the job has failed since its last success: 0 means that all is well.
    #[schema(minimum = 0)]
    pub failures: i32,
    /// The last error; null if the job has never failed.
    #[schema(max_length = 1000)]
    pub last_error: Option<String>,
    /// How many items are waiting; 1000 stands for 1000 or more; null if they are not counted. A
    /// mail or message that is going to be retried also counts.
    #[schema(minimum = 0, maximum = 1000)]
    pub waiting: Option<i64>,
    /// How many items were given up, with the same maximum; null if items are never given up.
    #[schema(minimum = 0, maximum = 1000)]
    pub dead: Option<i64>,
}

/// All background jobs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jobs {
    /// Always all jobs, in the same order.
    #[schema(max_items = 100)]
    pub items: Vec<Job>,
}

/// List jobs
///
/// The background work: mail, webhooks, deadlines, reminders, automatic closing, cleaning up. Each job shows
/// whether it is running, when it last did something or failed, how many items are waiting for it and how many
/// were given up, whichever process runs it.
#[utoipa::path(
    tag = "jobs",
    operation_id = "jobs_list",
    responses((status = 200, description = "All jobs", body = Jobs)),
)]
#[get("/jobs")]
pub async fn list(db: RequestDb, caller: Caller) -> Result<Json<Jobs>, Problem> {
    let (now, language) = (caller.real_now, caller.language);
    let known = db.run(move |conn| Ok(KnownJob::all(&caller, conn)?)).await?;
    let of = |job: &job::Job| {
        let known = known.iter().find(|it| it.name == job.name).cloned();
        known.map(|it| Job::new(it, job, language, now))
    };
    Ok(Json(Jobs { items: JOBS.iter().filter_map(of).collect() }))
}

impl Job {
    fn new(known: KnownJob, job: &job::Job, language: Language, now: DateTime<Utc>) -> Self {
        let is_running = known.running_until.is_some_and(|it| it > now);
        Self {
            name: known.name,
            does: job.label.text_in(language),
            is_attended: known.seen_at.is_some_and(|it| now - it < ATTENDED_FOR),
            running_since: known.running_since.filter(|_| is_running).map(Timestamp),
            last_worked_at: known.worked_at.map(Timestamp),
            last_failed_at: known.failed_at.map(Timestamp),
            failures: known.failures.unwrap_or(0),
            last_error: known.last_error.map(|it| it.chars().take(ERROR_LENGTH).collect()),
            waiting: known.waiting,
            dead: known.dead,
        }
    }
}
