//! Section 7 of the contract: each kind of mail can be looked at, in every language.

use crate::support::TestApp;

const KINDS: &[&str] = &[
    "ticket_created",
    "new_in_direction",
    "request_refused",
    "refusal_decided",
    "status_changed",
    "commented",
    "assigned",
    "edited",
    "watched",
    "deadline",
    "reminder",
    "release",
    "webhook_disabled",
    "invitation",
    "password_reset",
    "password_changed",
    "address_changed",
    "company_report",
    "digest",
    "mail_refused",
];

/// Section 7: every kind has a subject, a text and HTML in each language, and nothing is left unfilled.
#[test]
fn s7_every_kind_of_mail_can_be_previewed() {
    let app = TestApp::spawn_with(&[
        ("HELPDESK_REPLY_DOMAIN", "reply.example"),
        ("HELPDESK_PORTAL_URL", "https://portal.example/"),
        ("HELPDESK_RESET_URL", "https://portal.example/reset?token={token}"),
        ("HELPDESK_VENDOR_NAME", "ТОО «ЭлтексАлатау»"),
    ]);
    let preview = |kind: &str, query: &str| {
        app.admin().get(&format!("/mail-templates/{kind}/preview?{query}")).expect(200).body
    };

    for kind in KINDS {
        let [ru, kk, en] = ["ru", "kk", "en"].map(|it| preview(kind, &format!("language={it}")));
        for mail in [&ru, &kk, &en] {
            for part in ["subject", "text", "html"] {
                let text = mail[part].as_str().unwrap();
                assert!(!text.is_empty() && !text.contains(['{', '}']), "{kind}: {text}");
            }
            assert!(mail["text"].as_str().unwrap().contains("ТОО «ЭлтексАлатау»"), "{kind}");
        }
        assert!(ru["html"] != kk["html"] && kk["html"] != en["html"], "{kind}");
    }
    let reset = preview("password_reset", "language=ru");
    assert!(
        reset["text"].as_str().unwrap().contains("https://portal.example/reset?token=hd_reset_")
    );
    app.admin().get("/mail-templates/gossip/preview").expect(404);
}

/// 2.5: each status mail says what is required of its reader.
#[test]
fn c2_5_a_status_mail_says_what_is_required() {
    let app = TestApp::with_inbox();
    let text = |status: &str| {
        let path = format!("/mail-templates/status_changed/preview?language=ru&status={status}");
        app.admin().get(&path).expect(200).word("text")
    };

    for (status, words) in [
        ("in_progress", "инженер ответит до "),
        ("feedback", "Без вашего ответа заявка закроется "),
        ("resolved", "подтвердить, что проблема решена"),
        ("awaiting_release", "функционал появится в версии 3.21.0"),
        ("on_hold", "вернемся к заявке "),
        ("closed", "подайте новую заявку"),
        ("closed", "##- Заявка закрыта: ответ комментарием не станет -##"),
        ("rejected", "Если вы не согласны"),
        ("rejected", "##- Заявка отклонена: ответ комментарием не станет -##"),
        ("rejected", "напишите на help@helpdesk.example"),
        ("on_hold", "##- Ответ пишите выше этой строки: он станет комментарием -##"),
    ] {
        assert!(text(status).contains(words), "{}", text(status));
    }
    let unknown = app.admin().get("/mail-templates/commented/preview?status=done").expect(422);
    assert_eq!(unknown.errors(), ["status not_one_of"]);
    app.engineer().get("/mail-templates/commented/preview").expect(403);
}
