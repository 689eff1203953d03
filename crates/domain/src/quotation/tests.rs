use proptest::prelude::*;

use super::*;
use crate::long_texts;

const OURS: Ours<'_> =
    Ours { sender: "help@helpdesk.example", reply: ("reply+", "@reply.example"), sent: &[] };

fn reply(mail: &str) -> String {
    split(&Line::of(mail), &OURS, false).reply
}

#[test]
fn quotations_and_signatures_are_not_part_of_the_reply() {
    for mail in [
        "Помогло, спасибо.",
        "Помогло, спасибо.\n\n-- \nАйгуль Омарова\n+7 700 000 00 00",
        "Помогло, спасибо.\r\n\r\n24 нояб. 2026 г., в 15:04, Поддержка <a@b.kz> написал(а):\r\n\r\n> Пришлите журнал.\r\n> -- \r\n",
        "Помогло, спасибо.\n\nвт, 24 нояб. 2026 г. в 15:04, Поддержка\n<reply+1@b.kz>:\n> Пришлите",
        "Помогло, спасибо.\n\n24 нояб. 2026 г., в 15:04, Поддержка\n<reply+1.17.5783ab@b.kz> написал(а):\n> Пришлите",
        "Помогло, спасибо.\n\nOn Tue, Nov 24, 2026 at 3:04 PM Support <\nreply+1042.17.ab@b.kz>\nwrote:\n\n> Send",
        "Помогло, спасибо.\n29.11.2026 06:35 пользователь Поддержка <\na@b.kz> написал:\n\n> Пришлите",
        "Помогло, спасибо.\nOn 29.11.2026 06:35, Support wrote:\n> x",
        "Помогло, спасибо.\n\nВы писали 29 ноября 2026 г., 6:35:00:\n\nП> Пришлите журнал.",
        "Поддержка писал 2026-11-29 06:35:\n> Пришлите журнал.\n\nПомогло, спасибо.",
        "Помогло, спасибо.\n\n-----Original Message-----\nFrom: Support\nПришлите",
        "Помогло, спасибо.\n-----Исходное сообщение-----\nОт: Поддержка\nПришлите",
        "Помогло, спасибо.\n\n________________________________\nОт: Поддержка",
        "Помогло, спасибо.\n\nОт: Поддержка <help@helpdesk.example>\nОтправлено: 24 ноября 2026 г. 15:04\nКому: Айгуль\nТема: Re\n\nПришлите",
        "Помогло, спасибо.\n\nFrom: Support\nSent: Tuesday\nTo: me\n\n##- Write your answer above this line -##\nSend",
        "Помогло, спасибо.\n\n24.11.2026 15:04, Қолдау <reply+1@reply.example> жазды:\n\n##- Жауап -##\nЖурналды жіберіңіз.",
        "Помогло, спасибо.\n\n##- Ответ пишите выше этой строки: он станет комментарием -##\nПришлите",
        "24.11.2026 15:04, Поддержка <a@b.kz> пишет:\n> Пришлите журнал.\n\nПомогло, спасибо.",
        "Помогло, спасибо.\n\n-----Поддержка <reply+1@reply.example> написал(а): -----\nКому: Айгуль\nОт: Поддержка <reply+1@reply.example>\nДата: 29.11.2026 06:35\nТема: Re\n\n##- Ответ -##\nПришлите",
        "Помогло, спасибо.\n\nОтправлено с iPhone",
        "Помогло, спасибо.\n\nОтправлено из мобильной Почты Mail.ru",
        "Помогло, спасибо.\n\nSent from my Galaxy\n\n",
        "> ##- Ответ -##\n>\n> Пришлите журнал.\n\nПомогло, спасибо.\n\n> Еще строка",
        "Помогло, спасибо.\n\n30.11.2026, 23:28, help@helpdesk.example:\n> Пришлите журнал.",
        "Помогло, спасибо.\n\n30.11.2026, 23:28, \"a@b.kz\":\n> Пришлите журнал.",
        "Помогло, спасибо.\n\n---- Исходное сообщение ----\nОт: Поддержка\nДата: 24.11.2026\n\nПришлите",
        "Помогло, спасибо.\n\nПолучите Outlook для iOS<https://aka.ms/o0ukef>\n________________________________\nОт: Поддержка\nОтправлено: 24 ноября 2026 г.\n\nПришлите",
        "Помогло, спасибо.\n\nAndroid үшін Outlook алыңыз<https://aka.ms/AAb9ysg>",
        "Помогло, спасибо.\n\nSamsung Galaxy құрылғысынан жіберілді",
        "Помогло, спасибо.\n--\nОтправлено из myMail для iOS",
        "Вы писали 29 ноября 2026 г., 6:35:00:\n\nП> Пришлите журнал.\nПомогло, спасибо.\n\nП> И версию.",
    ] {
        assert_eq!(reply(mail), "Помогло, спасибо.", "{mail}");
    }
}

/// A heuristic that may be wrong does not cut: what looks like the furniture of mails stays.
#[test]
fn the_senders_own_words_stay() {
    for text in [
        "Клиент пишет:\nне работает.",
        "От: 3.18\nДо: 3.19 стало хуже.",
        "Шаги:\n- первый\n- второй\n\n--- вывод ---\n1:0:3 ok",
        "interface ge 0/1\n no shutdown\n!",
        "Порт 5060 > 5061: нет ответа.",
        "Порты:\nPort     State\n-------- --------\n1        Up\nПорт 2 не поднимается.",
        "Сертификат:\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\nПочему?",
        "INVITE sip:200@10.0.0.1\nFrom: <sip:100@10.0.0.1>;tag=1\nTo: <sip:200@10.0.0.1>\nDate: Sun\n\nПочему?",
        "Данные:\nFrom: 10.0.0.1\nTo: 10.0.0.2\nSent: 100\nRecv: 0\nПочему?",
        "12:01 down\n--\n12:07 down\nЧто это?",
        "> enable\n> show version\n3.18\nДальше ошибка.",
        "____________________\nитого 3",
        "Проверил трафик.\nОтправлено с порта 5060, ответа нет.",
        "Смотрите.\n\nНачало переадресованного сообщения:\n\nОт: Оператор <o@op.example>\nДата: 28 ноября 2026 г.\nКому: a\n\nУ нас все чисто.",
        "---------- Forwarded message ---------\nFrom: o@op.example\nDate: Sun\n\nУ нас все чисто.",
        "-----Original Message-----\nFrom: o@op.example\nSent: Sunday\n\nУ нас все чисто.",
        "24.11.2026 15:04 инженер написал:\nперезагрузите шлюз.",
        "Трасса:\n----- INVITE -----\nFrom: <sip:100@10.0.0.1>;tag=1\nTo: <sip:200@10.0.0.1>\nCall-ID: 1\n\nПочему?",
        "Журнал почты:\n________________________________\nFrom: a@b.kz\nTo: c@d.kz\nSubject: тест\n\nНе уходит.",
        "Что значит строка ##- в журнале -## ?",
        "Ввожу:\n> mail user@reply.example\nне уходит",
        "Смотрите.\n\n---------- Forwarded message ---------\nОт: o@op.example\nDate: Sun\nSubject: x\nTo: <a@reply.example>\n\nЧисто.",
        "SMG> show version\n3.18\nSMG> show log\nпусто",
    ] {
        assert_eq!(split(&Line::of(text), &OURS, false).reply, text);
    }
    let forward = "Смотрите.\n\n-----Original Message-----\nFrom: o@op.example\n\nЧисто.";
    assert_eq!(split(&Line::of(forward), &OURS, true).reply, forward);
    assert_eq!(reply("> одна цитата\n-- \nподпись"), "");
}

#[test]
fn an_inline_reply_keeps_its_order() {
    let mail = "Коротко: да.\n\n29.11.2026 06:35, Поддержка <a@b.kz>:\n> ##- Ответ -##\n>\n> Журнал?\n\nВот он.\n\n> Версия?\n\n3.18";

    let split = split(&Line::of(mail), &OURS, false);

    assert_eq!(split.reply, "Коротко: да.\n\nВот он.\n\n3.18");
    assert!(split.quoted.starts_with("29.11.2026 06:35"), "{}", split.quoted);
    assert!(split.quoted.ends_with("> Версия?"), "{}", split.quoted);
}

#[test]
fn the_structure_of_a_mail_decides() {
    let line = |text: &str, origin| Line { text: text.to_owned(), origin };
    let mail = [
        line("> не цитата", Origin::Own),
        line("Пришлите", Origin::Quoted),
        line("Вот журнал.", Origin::Unknown),
    ];

    let split = split(&mail, &OURS, false);

    assert_eq!(split.reply, "> не цитата\nВот журнал.");
    assert_eq!(split.quoted, "Пришлите");
}

/// In a request, what it quotes of others is part of it, but not our own mail.
#[test]
fn a_request_keeps_what_it_quotes_of_others() {
    let thread = "Смотрите.\n\n29.11.2026 06:35, Оператор <o@op.example> пишет:\n> Нет звука.";
    for others in [
        thread,
        "Смотрите.\n\n-----Original Message-----\nFrom: o@op.example\nSent: Sunday\n\nНет звука.",
        "Смотрите.\n\n-- \nАйгуль\n\n-----Original Message-----\nFrom: o@op.example\n\nНет звука.",
        "> Нет звука.",
    ] {
        let split = split(&Line::of(others), &OURS, true);
        assert!(split.reply.ends_with("Нет звука."), "{others}");
        assert_eq!(split.quoted.contains("Айгуль"), others.contains("Айгуль"), "{others}");
    }
    let ours = thread.replace("o@op.example", "reply+1@reply.example");
    assert_eq!(split(&Line::of(&ours), &OURS, true).reply, "Смотрите.");
}

#[test]
fn another_form_of_the_text_is_no_part_of_the_reply() {
    let mut mail = Line::of("Да.\n\n29.11.2026 06:35, Поддержка пишет:\nДамп?\nДа. И журнал.");
    mail[3].origin = Origin::Quoted;
    mail[4].origin = Origin::Beside;

    for keeps_others in [false, true] {
        let split = split(&mail, &OURS, keeps_others);
        assert!(split.quoted.ends_with("Да. И журнал."), "{}", split.quoted);
        assert_eq!(split.reply.contains("Дамп?"), keeps_others, "{}", split.reply);
    }
}

const SENT: &str = "##- Ответ пишите выше этой строки -##\n\nНовый комментарий\n№17 Нет звука\n\n\
    Пришлите журнал шлюза и схему.\n\nКакая версия?\n\nОткрыть заявку: https://help.example/17\n\n-- \n\
    Вы получили это письмо как участник заявки.";

fn answer(mail: &str) -> Split {
    let sent = [SentWords::of("Другое письмо"), SentWords::of(SENT)];
    let sent = sent.map(|it| SentWords::from_bytes(&it.to_bytes()));
    split(&Line::of(mail), &Ours { sent: &sent, ..OURS }, false)
}

/// Section 7: what is written between the lines of our mail is an answer, though no program marked the rest as quoted.
#[test]
fn s7_what_is_written_between_our_lines_is_an_answer() {
    let head = "-----Исходное сообщение-----\nОт: help@helpdesk.example\nОтправлено: 29 ноября\n\n";
    // As programs quote it: broken into other lines, with other URLs.
    let quoted = SENT
        .replace("журнал шлюза и схему", "журнал\nшлюза и схему")
        .replace("https://help.example/17", "<https://safe.example/?url=17>");
    let between = quoted
        .replace("схему.\n", "схему.\n\nЖурнал и схема во вложении.\n\nИх два.\n")
        .replace("версия?\n", "версия?\nВерсия 3.18\n");
    let answers = "Журнал и схема во вложении.\n\nИх два.\n\nВерсия 3.18";

    let found = answer(&format!("{head}{between}"));
    assert_eq!(found.reply, answers);
    assert!(found.quoted.contains("Какая версия?"), "{}", found.quoted);
    let above = answer(&format!("Ниже.\n\n{head}{between}\n\nПисьмо конфиденциально."));
    assert_eq!(above.reply, format!("Ниже.\n\n{answers}"));
    let prefixed = between.lines().map(|it| match answers.contains(it) {
        true => format!("{it}\n"),
        false => format!("> {it}\n"),
    });
    assert_eq!(answer(&format!("{head}{}", prefixed.collect::<String>())).reply, answers);
    assert_eq!(answer(&format!("{head}{quoted}\n\nЖурнала нет.")).reply, "Журнала нет.");
    for nothing in [format!("{head}{quoted}"), format!("{head}Другое письмо\nчужое\n{between}")]
    {
        assert_eq!(answer(&format!("Да.\n\n{nothing}")).reply.lines().next(), Some("Да."));
    }
    assert_eq!(answer(&format!("{head}{quoted}")).reply, "");
    assert_eq!(answer(&format!("Да.\n\n{head}{quoted}\n\nПисьмо конфиденциально.")).reply, "Да.");
    assert_eq!(answer(&format!("Да.\n\n{head}чужое\n\nещё чужое")).reply, "Да.");
}

fn seen(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).filter(|it| !is_blank(it)).collect();
    lines.sort_unstable();
    lines
}

proptest! {
    /// Every line of a mail is in the answer or in what is quoted, once.
    #[test]
    fn no_line_is_lost(
        lines in prop::collection::vec(prop::sample::select(vec![
            "", "Да.", "> x", ">", "-- ", "--", "29.11.2026 06:35, A <a@b.kz>:", "From: a@b.kz",
            "От: help@helpdesk.example", "Sent: 1", "Тема: x", "-----Original Message-----",
            "____________________", "##- a -##", "> ##- a -##", "Отправлено с iPhone", "П> x", "написал:",
        ]), 0..14),
        is_forward in any::<bool>(),
    ) {
        let text = lines.join("\n");
        let sent = [SentWords::of("##- a -## От: help@helpdesk.example Да.")];
        let split = split(&Line::of(&text), &Ours { sent: &sent, ..OURS }, is_forward);
        let both = format!("{}\n{}", split.reply, split.quoted);
        prop_assert_eq!(seen(&text), seen(&both));
    }

    #[test]
    fn any_text_is_split_without_a_panic(text in any::<String>()) {
        let split = split(&Line::of(&text), &OURS, false);
        let both = format!("{}\n{}", split.reply, split.quoted);
        prop_assert_eq!(seen(&text), seen(&both));
    }
}

/// IN09: a long mail is read once, whatever it is made of.
#[test]
fn sec_in09_a_long_mail_is_split_in_time() {
    long_texts::are_read(|text| {
        drop(split(&Line::of(text), &OURS, false));
    });
}
