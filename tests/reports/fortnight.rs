//! Two weeks of support, written out step by step: whatever reports say of them is counted here by
//! hand.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};

use crate::support::{TestApp, with};

/// The tickets of the story, by the order in which they are filed; the eighth is one that was refused.
pub struct Fortnight {
    pub app: TestApp,
    /// The first Monday; the second Wednesday is a holiday.
    pub monday: NaiveDate,
    pub tickets: [i64; 8],
    pub topic: i64,
}

impl Fortnight {
    /// A day of the story, as a date.
    pub fn day(&self, number: i64) -> NaiveDate {
        self.monday + TimeDelta::days(number)
    }

    /// `from` and `to` of the two weeks.
    pub fn span(&self) -> String {
        format!("from={}&to={}", self.day(0), self.day(14))
    }

    /// A report of the head of support on the two weeks.
    #[track_caller]
    pub fn report(&self, name: &str, query: &str) -> Value {
        let path = format!("/reports/{name}?{}{query}", self.span());
        self.app.admin().get(&path).expect(200).body
    }

    pub fn at(&self, day: i64, time: &str) {
        set(&self.app, self.day(day), time);
    }
}

fn set(app: &TestApp, day: NaiveDate, time: &str) {
    let zone = FixedOffset::east_opt(6 * 3600).unwrap();
    let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
    app.set_clock(day.and_time(time).and_local_timezone(zone).unwrap().with_timezone(&Utc));
}

/// The first Monday to come that leaves room in its month.
fn monday_after(now: DateTime<Utc>) -> NaiveDate {
    let mut day = now.date_naive() + TimeDelta::days(2);
    while day.weekday() != Weekday::Mon || !(2..=8).contains(&day.day()) {
        day += TimeDelta::days(1);
    }
    day
}

/// Plays the two weeks; the clock stands at 09:00 of the Monday after them.
pub fn fortnight() -> Fortnight {
    let app = TestApp::sandbox();
    let (admin, customer, stranger) = (app.admin(), app.customer(), app.stranger());
    let (engineer, other) = (app.engineer(), app.other_engineer());
    let monday = monday_after(app.clock());
    app.sql("delete from calendar_days");
    let holiday = json!({
        "on": monday + TimeDelta::days(9), "kind": "day_off", "reason": "Праздник",
    });
    admin.post("/settings/calendar/days", holiday).expect(201);
    let topic = json!({ "name": "Регистрация SIP", "direction_id": app.ids.telephony });
    let topic = admin.post("/topics", topic).expect(201).id();
    let at = |day: i64, time: &str| set(&app, monday + TimeDelta::days(day), time);
    let refused = |person: &crate::support::Person, project: i64| {
        let request = app.request_with(&json!({ "project_id": project }));
        let request = with(request.clone(), &json!({ "description": request["subject"] }));
        person.files(request).refusal(422, "no_description", "3.4.1.1")
    };

    at(0, "08:30");
    let wifi = json!({ "project_id": app.ids.wifi_project, "product_id": app.ids.wifi_product });
    let t8 = customer.has_filed(app.request_with(&wifi));
    at(0, "09:00");
    let [t1, t2, t3, t4] = [(); 4].map(|()| customer.has_filed(app.request()));
    let foreign = json!({ "project_id": app.ids.other_project, "priority": "high" });
    let t5 = stranger.has_filed(app.request_with(&foreign));
    at(0, "09:10");
    other.takes(t8);
    at(0, "09:20");
    other.asks(t8, "Какая версия ПО на точке?");
    at(0, "09:30");
    engineer.takes(t1);
    engineer.takes(t2);
    at(0, "09:50");
    engineer.takes(t5);
    at(0, "10:30");
    engineer.takes(t3);
    at(0, "10:50");
    let waits = json!({ "to": "awaiting_release", "comment": "Войдет в выпуск." });
    engineer.moves(t5, waits).expect(200);
    at(0, "11:00");
    engineer.resolves(t1, "Исправлено настройкой.");
    at(0, "12:00");
    engineer.asks(t2, "Пришлите журнал шлюза.");
    at(0, "18:00");
    engineer.resolves(t3, "Заменили блок питания.");
    at(1, "09:00");
    let praise = json!({ "rating": 5, "comment": "Спасибо, быстро." });
    customer.confirms_with(t1, praise).expect(200);
    at(1, "09:10");
    engineer.closes(t1, "confirmed_by_customer");
    at(1, "10:00");
    customer.replies(t2, "Журнал прилагаю.");
    at(1, "11:00");
    engineer.holds(t2, "repair", "Плата в ремонте.");
    at(2, "09:00");
    let again = json!({ "to": "in_progress", "comment": "Не помогло." });
    customer.moves(t3, again).expect(200);
    at(2, "10:00");
    engineer.resolves(t3, "Теперь исправлено.");
    at(2, "11:00");
    customer.confirms_with(t3, json!({ "rating": 2 })).expect(200);
    engineer.closes(t3, "confirmed_by_customer");
    at(3, "09:00");
    engineer.rejects(t4, "out_of_scope");
    at(4, "17:30");
    let t6 = customer.has_filed(app.request());
    at(7, "09:20");
    engineer.takes(t6);
    at(7, "09:30");
    engineer.replies(t6, "Разбираемся.");
    at(8, "10:00");
    let confirmed = refused(&customer, app.ids.project);
    at(8, "10:30");
    let why = json!({ "comment": "Описания нет." });
    engineer.post(&format!("/refusals/{confirmed}/confirm"), why).expect(200);
    at(8, "11:00");
    let registered = refused(&stranger, app.ids.other_project);
    let became = engineer.post(&format!("/refusals/{registered}/register"), json!({}));
    assert!([200, 201].contains(&became.status), "{}", became.text);
    let t7 = app.value("select max(id) from tickets");
    at(10, "09:00");
    engineer.resolves(t6, "Обновили прошивку.");
    for id in [t1, t3] {
        let named = json!({ "topic_id": topic, "root_cause": "configuration" });
        engineer.put(&format!("/tickets/{id}/topic"), named).expect(200);
    }
    at(10, "10:00");
    customer.confirms(t6);
    engineer.closes(t6, "confirmed_by_customer");
    at(11, "09:00");
    let absence = format!("/users/{}/absence", engineer.id);
    admin.put(&absence, json!({ "until": null })).expect(200);
    at(11, "18:00");
    admin.call("DELETE", &absence, None).expect(204);
    at(14, "09:00");
    Fortnight { app, monday, tickets: [t1, t2, t3, t4, t5, t6, t7, t8], topic }
}
