//! Words of each kind that people write and type, each in an index of its own.

use serde_json::json;

use super::index::Index;

/// The tickets with these texts that a query finds.
fn found<'a>(query: &str, texts: &[&'a str]) -> Vec<&'a str> {
    let ticket = |(key, text): (usize, &&str)| json!({ "key": key.to_string(), "description": text, "comments": [], "solved": false });
    let tickets: Vec<_> = texts.iter().enumerate().map(ticket).collect();
    let keys = Index::of(&tickets, true).search(query);
    keys.iter().map(|it| texts[it.parse::<usize>().unwrap()]).collect()
}

/// Whether a query finds a text among others.
fn finds(query: &str, text: &str) -> bool {
    found(query, &["Шлюз теряет звук", text, "MES3324F"]).contains(&text)
}

fn find(kind: &[(&str, &str)]) {
    let lost: Vec<_> = kind.iter().filter(|(query, text)| !finds(query, text)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// Advantage 4: the words of a compound may stand apart.
#[test]
fn a4_words_of_a_compound_are_found_apart() {
    find(&[
        ("IP-адрес", "Адрес телефона, то есть IP, занят"),
        ("PoE-камера", "Камера не видит PoE"),
        ("логин/пароль", "Забыл пароль и логин"),
        ("порт/VLAN", "VLAN на этом порту"),
        ("IP-адресс", "Адрес занят, IP не тот"),
        ("Wi-Fi", "Нет wifi"),
    ]);
}

/// Advantage 4: a name is found by letters that only look like its own, whichever side has them.
#[test]
fn a4_names_of_lookalikes_alone_are_found() {
    for (latin, cyrillic) in [("PoE", "РоЕ"), ("TCP", "ТСР"), ("HTTP", "НТТР"), ("MAC", "МАС")]
    {
        find(&[(latin, cyrillic), (cyrillic, latin)]);
    }
}

/// Advantage 4: a name may be the beginning of a longer one, also between others, in quotes, and
/// where it is excluded.
#[test]
fn a4_beginnings_of_names_count_in_alternatives_phrases_and_exclusions() {
    let text = "Коммутатор MES2324FB работает";
    find(&[
        ("mes23 OR smg20", text),
        ("\"mes2324 работает\"", text),
        ("\"коммутатор mes23\"", text),
        ("\"mes2324fb работает\"", text),
        ("\"коммутатор mes23 работает\"", text),
        ("коммутатор -mes33", text),
    ]);
    for query in [
        "коммутатор -mes23",
        "коммутатор -mes",
        "\"работает mes23\"",
        "\"коммутатор mes33 работает\"",
    ] {
        assert!(!finds(query, text), "{query}");
    }
}

/// Advantage 4: two typing errors in a word of eight letters or more.
#[test]
fn a4_two_typing_errors_are_corrected() {
    find(&[
        ("лицензея", "Истекла лицензия"),
        ("горнетура", "Новая гарнитура"),
        ("сиртефикат", "Просрочен сертификат"),
        ("провяка", "Новая привязка"),
    ]);
}

/// Advantage 4: what a word is read as does not hide what has the word itself.
#[test]
fn a4_a_corrected_word_is_searched_as_it_was_typed_too() {
    let (own, misspelt) = ("Лампа гасла", "Экран гаснед");
    let mut all = found("гаснет", &[own, misspelt, "Нет звука"]);
    all.sort_unstable();
    assert_eq!(all, [own, misspelt]);
}

/// Advantage 4: marks of stress, and Kazakh letters of another alphabet, are no letters of their own.
#[test]
fn a4_marks_and_letters_of_other_alphabets_are_seen_through() {
    find(&[
        ("работает", "Не рабо\u{301}тает"),
        ("рабо\u{301}тает", "Не работает"),
        ("қате", "Қ\u{259}те"),
        ("М\u{18f}СЕЛЕ", "Сол мәселе"),
        ("\u{275}шті", "Экран өшті"),
    ]);
}

/// Advantage 4: an address of hardware is found whatever it is glued to.
#[test]
fn a4_addresses_of_hardware_are_found_among_other_signs() {
    for text in ["MAC:a8f9.4bcc.0001", "a8:f9:4b:cc:00:01/48", "конфигурация a8f94bcc0001.cfg"]
    {
        find(&[("a8-f9-4b-cc-00-01", text), ("A8F94BCC0001", text), (text, text)]);
    }
}

/// Advantage 4: a number is excluded as it is found: as the ticket that has it.
#[test]
fn a4_an_excluded_number_is_that_of_a_ticket() {
    assert_eq!(found("шлюз -№5002", &["Шлюз завис", "Шлюз молчит"]), ["Шлюз завис"]);
}

/// Advantage 4: a hexadecimal code is found without its sign, and no other one is.
#[test]
fn a4_codes_are_found_without_their_sign() {
    find(&[
        ("80070005", "Ошибка 0x80070005"),
        ("0x80070005", "Ошибка 80070005"),
        ("1F03", "В журнале 0x1F03"),
    ]);
    assert!(!finds("80070005", "Ошибка 0x80070035"));
}

/// Advantage 4: verbs and adjectives in forms that share little.
#[test]
fn a4_words_are_found_in_forms_that_share_little() {
    find(&[
        ("зависнет", "Шлюз завис"),
        ("запустили", "Сервер запущен"),
        ("запускать", "Сервис запущен"),
        ("защищать", "Порт не защитили"),
        ("используется", "Использовали порт"),
        ("проверьте", "Проверил линк"),
        ("выдавать", "Сервер выдаёт ошибку"),
        ("недоступен", "Страница недоступна"),
        ("недоступна", "Сервер недоступен"),
        ("настроек", "Настройки пропали"),
        ("стоек", "Новая стойка"),
        ("жібермеймін", "Хабарлама жібереді"),
        ("примет", "Вызов не принял"),
        ("писем", "Письмо не дошло"),
        ("выйдет", "Терминал вышел на связь"),
        ("истечет", "Срок истёк"),
        ("прошьёт", "Точку прошили"),
        ("есту", "Бізді естімейді"),
        ("ашу", "Бет ашылмайды"),
    ]);
}
