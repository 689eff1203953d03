//! The daily digest instead of single mails (section 7 of the contract).

use chrono::Days;
use serde_json::json;

use crate::support::TestApp;

/// Section 7: what does not name a person comes together when support opens, if they chose that; what is
/// theirs comes at once.
#[test]
fn s7_what_names_nobody_comes_once_a_day() {
    let app = TestApp::sandbox();
    let (customer, colleague, engineer) = (app.customer(), app.colleague(), app.engineer());
    let daily = json!({ "commented": { "email": true, "inbox": true, "digest": true } });
    for person in [&customer, &colleague] {
        let chosen = person.put("/me/notification-settings", daily.clone()).expect(200).body;
        assert_eq!(chosen["commented"], daily["commented"]);
        assert_eq!(chosen["watched"]["digest"], false);
    }
    let id = app.watched_ticket(&[&colleague]);

    engineer.replies(id, "Смотрим журнал.");
    engineer.replies(id, "Нашли причину.");
    app.mail_saying(&customer, "Нашли причину.");
    app.wait_for_mail();
    let to_colleague = |words: &str| {
        let mails = app.mails(0).into_iter();
        mails.filter(|it| it.to == colleague.email && it.body.contains(words)).count()
    };
    assert_eq!((to_colleague("Смотрим журнал."), to_colleague("Нашли причину.")), (0, 0));

    app.set_clock(app.clock() + Days::new(8));
    let digest = app.mail_saying(&colleague, "С прошлой сводки произошло:");
    app.wait_for_mail();
    assert!(digest.subject.starts_with("Сводка по заявкам за "), "{}", digest.subject);
    assert!(digest.body.contains(&format!("№{id} ")), "{}", digest.body);
    assert_eq!(digest.body.matches(": новый комментарий").count(), 2, "{}", digest.body);
    assert!(digest.body.contains("потому что выбрали сводку"), "{}", digest.body);
    assert_eq!(to_colleague("С прошлой сводки произошло:"), 1);
    assert_eq!(app.count("select from mails where kind = 'digest'"), 1);
}

/// OU09: whoever loses the right meanwhile, or does not want mail any more, gets nothing.
#[test]
fn sec_ou09_a_digest_tells_only_what_its_reader_may_know() {
    let app = TestApp::sandbox();
    let (colleague, second) = (app.colleague(), app.second_colleague());
    let daily = json!({ "commented": { "email": true, "inbox": true, "digest": true } });
    for person in [&colleague, &second] {
        person.put("/me/notification-settings", daily.clone()).expect(200);
    }
    let id = app.watched_ticket(&[&colleague, &second]);
    app.engineer().replies(id, "Смотрим журнал.");
    app.wait_for_notifications();

    app.admin().narrows(&colleague, app.ids.wifi_project);
    let none = json!({ "commented": { "email": false, "inbox": true } });
    second.put("/me/notification-settings", none).expect(200);
    app.set_clock(app.clock() + Days::new(8));
    app.wait_for_mail();

    let dropped = "select from mails where kind = 'digest' and is_withdrawn and sent_at is null";
    assert_eq!(app.count(dropped), 2);
}
