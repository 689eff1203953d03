//! Two weeks of support, and what was there before them, written out step by step: whatever reports
//! say of them is counted by hand.
//!
//! Tickets that go the same way have a name together. The second Wednesday is a holiday, support works
//! from 9 to 18, and accepts within an hour, answers within four, and says more within nine.

use std::collections::BTreeMap;

use chrono::{
    DateTime, Datelike as _, FixedOffset, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday,
};
use serde_json::{Value, json};

use crate::support::{Person, TestApp, with};

pub struct Fortnight {
    pub app: TestApp,
    /// The first Monday.
    pub monday: NaiveDate,
    tickets: BTreeMap<&'static str, Vec<i64>>,
    pub topic: i64,
    /// The release that two of the awaiting tickets wait for.
    pub release: i64,
}

impl Fortnight {
    /// A day of the story, as a date; negative: before it.
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

    /// The numbers of tickets by their names.
    pub fn of(&self, names: &[&str]) -> Vec<i64> {
        let mut ids: Vec<i64> = names.iter().flat_map(|it| self.tickets[*it].clone()).collect();
        ids.sort_unstable();
        ids
    }

    /// The one of a name.
    pub fn only(&self, name: &str) -> i64 {
        self.tickets[name][0]
    }

    /// The tickets that were filed in the two weeks.
    pub fn filed(&self) -> Vec<i64> {
        self.of(&[
            "quick",
            "held",
            "returned",
            "rejected",
            "awaiting",
            "paused",
            "weekend",
            "registered",
            "asked",
            "saturday",
            "handed_over",
            "solved_by_customer",
            "never_accepted",
        ])
    }

    /// The tickets that were open at their end.
    pub fn open(&self) -> Vec<i64> {
        self.of(&[
            "held",
            "awaiting",
            "registered",
            "asked",
            "saturday",
            "handed_over",
            "delivery",
            "reopened",
            "forgotten",
        ])
    }

    fn file(&mut self, name: &'static str, count: usize, by: &Person, members: &Value) {
        let filed = (0..count).map(|_| by.has_filed(self.app.request_with(members)));
        self.tickets.entry(name).or_default().extend(filed.collect::<Vec<_>>());
    }

    fn each(&self, name: &str, act: impl Fn(i64)) {
        self.tickets[name].iter().copied().for_each(act);
    }
}

fn set(app: &TestApp, day: NaiveDate, time: &str) {
    let zone = FixedOffset::east_opt(6 * 3600).unwrap();
    let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
    app.set_clock(day.and_time(time).and_local_timezone(zone).unwrap().with_timezone(&Utc));
}

/// The first Monday that leaves room in its month, and before it for what has waited two months.
fn monday_after(now: DateTime<Utc>) -> NaiveDate {
    let mut day = now.date_naive() + TimeDelta::days(75);
    while day.weekday() != Weekday::Mon || !(2..=8).contains(&day.day()) {
        day += TimeDelta::days(1);
    }
    day
}

/// Plays the two weeks; the clock stands at the Monday after them, before support opens: no deadline runs on
/// while the figures are read.
pub fn fortnight() -> Fortnight {
    let app = TestApp::sandbox();
    let admin = app.admin();
    let monday = monday_after(app.clock());
    app.sql("delete from calendar_days");
    let holiday = monday + TimeDelta::days(9);
    let holiday = json!({ "on": holiday, "kind": "day_off", "reason": "Праздник" });
    admin.post("/settings/calendar/days", holiday).expect(201);
    admin.adds_engineer(app.ids.telephony, &app.other_engineer());
    let topic = json!({ "name": "Регистрация SIP", "direction_id": app.ids.telephony });
    let topic = admin.post("/topics", topic).expect(201).id();
    let mut fortnight = Fortnight { app, monday, tickets: BTreeMap::new(), topic, release: 0 };
    before(&mut fortnight);
    first_day(&mut fortnight);
    first_week(&mut fortnight);
    second_week(&mut fortnight);
    fortnight
}

/// What was there when the two weeks began.
fn before(fortnight: &mut Fortnight) {
    let (customer, engineer) = (fortnight.app.customer(), fortnight.app.engineer());
    let planned = fortnight.app.planned_release("3.20.1", Some(fortnight.day(3)));
    fortnight.at(-70, "09:00");
    fortnight.file("timed_out", 2, &customer, &json!({}));
    fortnight.file("forgotten", 1, &customer, &json!({}));
    fortnight.at(-70, "09:10");
    fortnight.each("timed_out", |it| drop(engineer.takes(it)));
    fortnight.at(-70, "10:00");
    fortnight.each("timed_out", |it| drop(engineer.resolves(it, "Исправлено настройкой.")));
    // Silence from here on closes them on the first Thursday (2.5).
    set(&fortnight.app, fortnight.day(3) - Months::new(2), "12:00");
    fortnight.each("timed_out", |it| drop(engineer.asks(it, "Все ли работает?")));
    fortnight.at(-14, "09:00");
    for name in ["reopened", "revived", "delivery", "released"] {
        fortnight.file(name, 1, &customer, &json!({}));
    }
    fortnight.at(-14, "09:30");
    for name in ["reopened", "revived", "delivery", "released"] {
        fortnight.each(name, |it| drop(engineer.takes(it)));
    }
    fortnight.at(-14, "10:00");
    engineer.resolves(fortnight.only("reopened"), "Исправлено настройкой.");
    engineer.rejects(fortnight.only("revived"), "out_of_scope");
    engineer.holds(fortnight.only("delivery"), "delivery", "Ждем поставку.");
    let waits = json!({ "to": "awaiting_release", "release_id": planned });
    engineer.moves(fortnight.only("released"), waits).expect(200);
    fortnight.at(-14, "10:10");
    customer.confirms(fortnight.only("reopened"));
    engineer.closes(fortnight.only("reopened"), "confirmed_by_customer");
}

fn first_day(fortnight: &mut Fortnight) {
    let (customer, stranger) = (fortnight.app.customer(), fortnight.app.stranger());
    let (engineer, other) = (fortnight.app.engineer(), fortnight.app.other_engineer());
    let ids = &fortnight.app.ids;
    let wifi = json!({ "project_id": ids.wifi_project, "product_id": ids.wifi_product });
    let foreign = json!({ "project_id": ids.other_project, "priority": "high" });
    fortnight.at(0, "08:30");
    fortnight.file("asked", 2, &customer, &wifi);
    fortnight.at(0, "09:00");
    fortnight.file("quick", 6, &customer, &json!({}));
    fortnight.file("held", 4, &customer, &json!({}));
    fortnight.file("returned", 3, &customer, &json!({}));
    fortnight.file("rejected", 2, &customer, &json!({}));
    fortnight.file("awaiting", 3, &stranger, &foreign);
    fortnight.at(0, "09:10");
    fortnight.each("asked", |it| drop(other.takes(it)));
    fortnight.at(0, "09:20");
    fortnight.each("asked", |it| drop(other.asks(it, "Какая версия ПО на точке?")));
    fortnight.at(0, "09:30");
    fortnight.each("quick", |it| drop(engineer.takes(it)));
    fortnight.each("held", |it| drop(engineer.takes(it)));
    fortnight.at(0, "09:50");
    fortnight.each("awaiting", |it| drop(engineer.takes(it)));
    fortnight.at(0, "10:30");
    fortnight.each("returned", |it| drop(engineer.takes(it)));
    fortnight.at(0, "10:50");
    fortnight.release = fortnight.app.planned_release("3.21.0", Some(fortnight.day(10)));
    let [one, two, three] = fortnight.tickets["awaiting"][..] else { unreachable!() };
    let waits = json!({ "to": "awaiting_release", "comment": "Войдет в выпуск." });
    for id in [one, two] {
        let named = with(waits.clone(), &json!({ "release_id": fortnight.release }));
        engineer.moves(id, named).expect(200);
    }
    engineer.moves(three, waits).expect(200);
    fortnight.at(0, "11:00");
    fortnight.each("quick", |it| drop(engineer.resolves(it, "Исправлено настройкой.")));
    fortnight.at(0, "12:00");
    fortnight.each("held", |it| drop(engineer.asks(it, "Пришлите журнал шлюза.")));
    fortnight.at(0, "18:00");
    fortnight.each("returned", |it| drop(engineer.resolves(it, "Заменили блок питания.")));
}

fn first_week(fortnight: &mut Fortnight) {
    let (admin, customer, engineer) =
        (fortnight.app.admin(), fortnight.app.customer(), fortnight.app.engineer());
    let confirmed = "confirmed_by_customer";
    let rates = |id: i64, rating: i64| {
        customer.confirms_with(id, json!({ "rating": rating })).expect(200);
    };
    fortnight.at(1, "09:00");
    fortnight.file("paused", 3, &customer, &json!({}));
    let praised = fortnight.only("quick");
    let praise = json!({ "rating": 5, "comment": "Спасибо, быстро." });
    customer.confirms_with(praised, praise).expect(200);
    fortnight.each("quick", |it| {
        if it != praised {
            rates(it, 5)
        }
    });
    fortnight.at(1, "09:10");
    fortnight.each("quick", |it| drop(engineer.closes(it, confirmed)));
    fortnight.at(1, "09:30");
    fortnight.each("paused", |it| drop(engineer.takes(it)));
    fortnight.at(1, "10:00");
    fortnight.each("held", |it| drop(customer.replies(it, "Журнал прилагаю.")));
    fortnight.each("paused", |it| drop(engineer.holds(it, "other", "Ждем окна работ.")));
    fortnight.at(1, "11:00");
    fortnight.each("held", |it| drop(engineer.holds(it, "repair", "Плата в ремонте.")));
    let revive = json!({ "to": "in_progress", "comment": "Закрыли по ошибке." });
    admin.moves(fortnight.only("reopened"), revive.clone()).expect(200);
    fortnight.at(1, "11:10");
    admin.moves(fortnight.only("revived"), revive).expect(200);
    fortnight.at(1, "15:10");
    engineer.resolves(fortnight.only("revived"), "Это все же наше.");
    fortnight.at(2, "09:00");
    let again = json!({ "to": "in_progress", "comment": "Не помогло." });
    fortnight.each("returned", |it| drop(customer.moves(it, again.clone()).expect(200)));
    fortnight.each("paused", |it| drop(engineer.takes(it)));
    fortnight.at(2, "10:00");
    fortnight.each("returned", |it| drop(engineer.resolves(it, "Теперь исправлено.")));
    fortnight.at(2, "11:00");
    fortnight.each("returned", |it| rates(it, 2));
    fortnight.each("returned", |it| drop(engineer.closes(it, confirmed)));
    fortnight.each("paused", |it| drop(engineer.resolves(it, "Работы проведены.")));
    fortnight.at(2, "12:00");
    fortnight.each("paused", |it| rates(it, 4));
    fortnight.each("paused", |it| drop(engineer.closes(it, confirmed)));
    fortnight.at(2, "14:00");
    customer.confirms(fortnight.only("revived"));
    engineer.closes(fortnight.only("revived"), confirmed);
    fortnight.at(3, "09:00");
    fortnight.each("rejected", |it| drop(engineer.rejects(it, "out_of_scope")));
    fortnight.file("solved_by_customer", 2, &customer, &json!({}));
    fortnight.file("never_accepted", 1, &customer, &json!({}));
    fortnight.at(3, "09:10");
    fortnight.each("solved_by_customer", |it| drop(engineer.takes(it)));
    fortnight.at(3, "09:30");
    customer.resolves(fortnight.only("never_accepted"), "Сами нашли причину.");
    fortnight.at(3, "10:00");
    fortnight.each("solved_by_customer", |it| drop(customer.resolves(it, "Сами нашли причину.")));
    engineer.publishes(fortnight.app.value("select id from releases where version = '3.20.1'"));
    fortnight.app.wait_for_releases();
    fortnight.at(3, "10:30");
    fortnight.each("solved_by_customer", |it| drop(engineer.closes(it, confirmed)));
    engineer.closes(fortnight.only("never_accepted"), confirmed);
    fortnight.at(4, "09:00");
    customer.resolves(fortnight.only("released"), "На новой версии работает.");
    fortnight.at(4, "10:00");
    engineer.closes(fortnight.only("released"), confirmed);
    fortnight.at(4, "17:30");
    fortnight.file("weekend", 3, &customer, &json!({}));
}

fn second_week(fortnight: &mut Fortnight) {
    let (admin, customer, stranger) =
        (fortnight.app.admin(), fortnight.app.customer(), fortnight.app.stranger());
    let (engineer, other) = (fortnight.app.engineer(), fortnight.app.other_engineer());
    fortnight.at(7, "09:00");
    fortnight.file("handed_over", 1, &customer, &json!({}));
    fortnight.at(7, "09:20");
    fortnight.each("weekend", |it| drop(engineer.takes(it)));
    fortnight.at(7, "09:30");
    fortnight.each("weekend", |it| drop(engineer.replies(it, "Разбираемся.")));
    fortnight.at(7, "09:40");
    engineer.takes(fortnight.only("handed_over"));
    fortnight.at(7, "10:00");
    let assignment = json!({ "assignee_id": other.id, "reason": "Занят на аварии." });
    engineer
        .put(&format!("/tickets/{}/assignee", fortnight.only("handed_over")), assignment)
        .expect(200);
    fortnight.at(7, "11:00");
    other.resolves(fortnight.only("handed_over"), "Исправлено настройкой.");
    fortnight.at(8, "10:00");
    let refusal = refused(&fortnight.app, &customer, fortnight.app.ids.project);
    fortnight.at(8, "10:30");
    let why = json!({ "comment": "Описания нет." });
    engineer.post(&format!("/refusals/{refusal}/confirm"), why).expect(200);
    fortnight.at(8, "11:00");
    for _ in 0..2 {
        let refusal = refused(&fortnight.app, &stranger, fortnight.app.ids.other_project);
        let became = engineer.post(&format!("/refusals/{refusal}/register"), json!({}));
        assert!([200, 201].contains(&became.status), "{}", became.text);
        let id = fortnight.app.value("select max(id) from tickets");
        fortnight.tickets.entry("registered").or_default().push(id);
    }
    fortnight.at(10, "09:00");
    fortnight.each("weekend", |it| drop(engineer.resolves(it, "Обновили прошивку.")));
    let [one, two, ..] = fortnight.tickets["quick"][..] else { unreachable!() };
    let named = json!({ "topic_id": fortnight.topic, "root_cause": "configuration" });
    for id in [one, two, fortnight.only("returned"), fortnight.only("reopened")] {
        engineer.put(&format!("/tickets/{id}/topic"), named.clone()).expect(200);
    }
    fortnight.at(10, "10:00");
    fortnight.each("weekend", |it| drop(customer.confirms(it)));
    fortnight.each("weekend", |it| drop(engineer.closes(it, "confirmed_by_customer")));
    fortnight.at(11, "09:00");
    let absence = format!("/users/{}/absence", engineer.id);
    admin.put(&absence, json!({ "until": null })).expect(200);
    fortnight.at(11, "18:00");
    admin.call("DELETE", &absence, None).expect(204);
    fortnight.at(12, "12:00");
    fortnight.file("saturday", 2, &customer, &json!({}));
    fortnight.at(14, "08:30");
}

/// A request that says nothing, refused by the service (3.4.1.1).
fn refused(app: &TestApp, person: &Person, project: i64) -> i64 {
    let request = app.request_with(&json!({ "project_id": project }));
    let request = with(request.clone(), &json!({ "description": request["subject"] }));
    person.files(request).refusal(422, "no_description", "3.4.1.1")
}
