//! The plans by which PostgreSQL reads pages, from its own log.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::app::TestApp;
use super::wait::wait_for;

/// PostgreSQL explains all databases in one log, so that tests read about tickets in it one at a
/// time.
pub fn exclusive_plans() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());

    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The plans that the statements of the service really had, as PostgreSQL logs them.
pub struct Plans {
    log: PathBuf,
    /// Where in the log they begin.
    from: usize,
}

impl TestApp {
    /// Plans tell from now on what was really read.
    pub fn analyze_plans(&self) {
        self.sql(
            "do $$ begin
                execute format('alter database %I set auto_explain.log_analyze = on', current_database());
                execute format('alter database %I set auto_explain.log_timing = off', current_database());
            end $$",
        );
    }
}

impl Plans {
    /// From now on every statement on the app's database is explained.
    pub fn of(app: &TestApp) -> Self {
        app.sql(
            "do $$ begin
                execute format('alter database %I set session_preload_libraries = auto_explain', current_database());
                execute format('alter database %I set auto_explain.log_min_duration = 0', current_database());
                execute format('alter database %I set auto_explain.log_format = json', current_database());
            end $$",
        );
        let folder = app.value::<String>("select current_setting('data_directory')");
        let log = Path::new(&folder).with_file_name("postgres.log");
        let from = std::fs::metadata(&log).unwrap().len() as usize;
        Self { log, from }
    }

    /// The plans of all statements since that contain these words, in order: exactly `count`.
    pub fn exactly(&self, words: &[&str], count: usize) -> Vec<Value> {
        let plans = self.at_least(words, count);
        assert_eq!(plans.len(), count);
        plans
    }

    /// The same, once there are at least `count`.
    pub fn at_least(&self, words: &[&str], count: usize) -> Vec<Value> {
        let log = wait_for(&format!("the plans of {words:?} are logged"), || {
            let all = std::fs::read(&self.log).unwrap();
            let log = String::from_utf8_lossy(&all[self.from..]).into_owned();
            (explained(&log, words).count() >= count).then_some(log)
        });
        let plan = |it: &str| -> Value {
            let read: Value = serde_json::from_str(&it.replace("\n\t", "\n")).unwrap();
            read["Plan"].clone()
        };
        explained(&log, words).map(plan).collect()
    }
}

/// The entries of a log that explain statements with these words.
fn explained<'a>(log: &'a str, words: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let plans = log.split("  plan:\n").skip(1).map(|it| {
        let lines = it.split_inclusive('\n').take_while(|it| it.starts_with('\t'));
        &it[..lines.map(str::len).sum()]
    });
    plans.filter(move |it| words.iter().all(|word| it.contains(word)))
}

/// All nodes of a plan.
pub fn nodes(plan: &Value) -> Vec<&Value> {
    let below = plan["Plans"].as_array().into_iter().flatten();
    std::iter::once(plan).chain(below.flat_map(nodes)).collect()
}
