//! Many tickets at once, past the service.

use super::app::TestApp;

/// How many tickets fill a system.
const MANY: i64 = 20_000;

impl TestApp {
    /// Inserts tickets of the customer that are alike but for the given columns: pairs of a name
    /// and an expression, in which `it` is the number of the ticket, from 1.
    pub fn insert_tickets(&self, count: i64, columns: &[(&str, &str)]) {
        let ids = [
            ("project_id", self.ids.project),
            ("company_id", self.ids.company),
            ("direction_id", self.ids.telephony),
            ("product_id", self.ids.product),
            ("author_id", self.customer().id),
        ];
        let ids = ids.map(|(name, id)| (name, id.to_string()));
        let texts = [
            ("tracker", "'bug'"),
            ("status", "'new'"),
            ("priority", "'medium'"),
            ("complexity", "'normal'"),
            ("subject", "'Тема'"),
            ("words", "'{}'"),
            ("needs_action_from", "'support'"),
            ("created_at", "now()"),
            ("updated_at", "now()"),
            ("clocks", "'[]'"),
        ];
        let mut all: Vec<(&str, &str)> =
            ids.iter().map(|(name, id)| (*name, id.as_str())).collect();
        all.extend(texts);
        all.retain(|(name, _)| columns.iter().all(|(other, _)| other != name));
        all.extend(columns);
        let (names, values): (Vec<&str>, Vec<&str>) = all.into_iter().unzip();
        self.sql(&format!(
            "with filed as (
                insert into tickets ({}) select {} from generate_series(1, {count}) as it returning id
             )
             insert into ticket_texts (ticket_id, description) select id, 'Описание' from filed",
            names.join(", "),
            values.join(", "),
        ));
    }

    /// Fills a system with 20 000 tickets of both companies, all times and priorities mixed.
    pub fn fill_with_tickets(&self) {
        let of_own =
            |own: i64, foreign: i64| format!("case when it % 10 < 3 then {own} else {foreign} end");
        let project = of_own(self.ids.project, self.ids.other_project);
        let company = of_own(self.ids.company, self.ids.other_company);
        let at = |month: u32, step: u32| {
            format!("timestamptz '2026-0{month}-01' + it * {step} % {MANY} * interval '1 minute'")
        };
        let (created, updated, due) = (at(1, 7919), at(2, 104_729), at(3, 5903));
        let columns = [
            ("project_id", project.as_str()),
            ("company_id", &company),
            ("status", "case when it % 5 = 0 then 'new' else 'closed' end"),
            ("priority", "(array['low', 'medium', 'high', 'critical'])[1 + it % 4]"),
            ("created_at", &created),
            ("updated_at", &updated),
            ("due_at", &due),
        ];
        self.insert_tickets(MANY, &columns);
        self.sql("vacuum analyze");
    }
}
