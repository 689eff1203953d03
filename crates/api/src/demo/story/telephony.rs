//! Telephony in the exchange: trunk gateways, session border, softswitch.

use domain::{CloseReason, Impact, Priority, Tracker, Urgency};

use crate::demo::story::Filed::MinutesAgo;
use crate::demo::story::steps::{DAY, after};
use crate::demo::story::{
    AKHMETOV, Details, GORSHKOV, Grade, OMAROVA, SOKOLOVA, Story, TELEPHONY, TULEGENOV, day,
};

/// The stories, oldest first.
pub(super) const STORIES: &[Story] = &[
    Story {
        key: "smg1016m-488",
        filed: day(71, 10, 12),
        author: OMAROVA,
        direction: TELEPHONY,
        product: "SMG-1016M",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::High),
        subject: "SMG-1016M: после обновления входящие с ТфОП отбиваются с кодом 488",
        description: "Ночью обновили шлюз с 3.20.3 на 3.20.5. С утра вызовы из потоков E1 на \
            нашу IP-АТС не проходят, исходящие работают. В трассировке SIP:\n\
            10:01:14.220 --> INVITE sip:500114@10.20.4.11:5060 SIP/2.0\n\
            10:01:14.231 <-- SIP/2.0 100 Trying\n\
            10:01:14.236 <-- SIP/2.0 488 Not Acceptable Here\n\
            Warning: 304 10.20.4.11 \"Media type not available\"\n\
            Затронуто около 300 абонентов. Откатить версию до ночи не можем.",
        details: Details {
            software_version: Some("3.20.5.4412, до обновления 3.20.3.3977"),
            connection_scheme: Some("Оператор - 2×E1 (ОКС-7) - SMG-1016M - SIP - IP-АТС"),
            addresses: Some("SMG-1016M 10.20.4.10, IP-АТС 10.20.4.11"),
            steps: Some(
                "Обновление через web, перезагрузка, вызов с городского номера на 50-01-14",
            ),
            expected_result: Some("Входящие вызовы проходят, как до обновления"),
            external_ref: Some("SAT-2381"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(14, SOKOLOVA).takes(),
            after(42, SOKOLOVA).asks(
                "Асель, здравствуйте! Код 488 с предупреждением 304 означает, что АТС не нашла \
                 общего кодека. Пришлите, пожалуйста, INVITE целиком, вместе с SDP: \
                 «Трассировки» → «PCAP-трассировки», фильтр по порту 5060. Потоки E1 трогать не \
                 нужно.",
            ),
            after(37, OMAROVA).says(
                "Сняли. В предложении теперь один кодек, раньше первым шёл PCMA, а G.729 на АТС \
                 не лицензирован:\n\
                 m=audio 23044 RTP/AVP 18 101\n\
                 a=rtpmap:18 G729/8000\n\
                 a=rtpmap:101 telephone-event/8000",
            ),
            after(20, SOKOLOVA).notes(
                "На стенде повторяется: если в SIP-интерфейсе было больше четырёх кодеков, \
                 после 3.20.3 при переносе конфигурации остаётся последний. Передала \
                 разработчикам с обеими конфигурациями.",
            ),
            after(55, SOKOLOVA).resolves(
                "Список кодеков сократился при переносе конфигурации. Откройте «SIP-интерфейсы» \
                 → ваш интерфейс → «Кодеки», включите G.711A, поставьте его первым и сохраните. \
                 Перезагрузка не нужна, текущие разговоры не прервутся. Проверьте, пожалуйста, \
                 входящие и подтвердите.",
            ),
            after(65, OMAROVA)
                .confirms(5, "Включили G.711A, входящие пошли. Спасибо, очень быстро!"),
            after(30, SOKOLOVA).closes(
                CloseReason::ConfirmedByCustomer,
                "Асель, рада, что связь восстановлена. Исправление переноса кодеков передано \
                 разработчикам. Заявку закрываю.",
            ),
        ],
    },
    Story {
        key: "smg2016-cdr-sftp",
        filed: day(45, 11, 5),
        author: OMAROVA,
        direction: TELEPHONY,
        product: "SMG-2016",
        tracker: Tracker::Feature,
        grade: Grade::Impact(Impact::Consultation, Urgency::Normal),
        subject: "SMG-2016: выгрузка CDR по SFTP",
        description: "Служба безопасности с первого числа запрещает FTP в сети управления, а \
            записи о вызовах шлюз отдаёт только на FTP-сервер. Просим добавить SFTP с входом по \
            ключу и с нынешними возможностями: раз в 15 минут, запасной сервер при отказе \
            основного, хранение на накопителе, если недоступны оба.",
        details: Details {
            software_version: Some("3.20.5.4412"),
            expected_result: Some("Файлы CDR передаются биллингу только по шифрованному каналу"),
            external_ref: Some("SAT-2407"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(22, AKHMETOV).takes(),
            after(65, AKHMETOV).says(
                "Асель, добрый день! Сейчас SFTP действительно нет, передал запрос \
                 разработчикам. Пока можно забирать файлы самим: CDR лежат на накопителе \
                 SMG-2016, по SSH их доступно скопировать командой scp отдельным пользователем \
                 с правом только на чтение.",
            ),
            after(2 * DAY + 40, AKHMETOV).awaits_release(
                "Разработчики подтвердили: выгрузка по SFTP с ключом войдёт в 3.21.0, выпуск \
                 планируется в конце квартала. Слежу за сроком и напишу здесь, как только \
                 версия выйдет.",
            ),
            after(DAY - 150, OMAROVA)
                .says("Спасибо, до релиза забираем скриптом по scp. Ждём 3.21.0."),
            after(48, AKHMETOV).says(
                "Хорошо, способ рабочий. Единственное: удаляйте скопированное старше недели, \
                 накопитель при 90 % перестаёт принимать новые записи.",
            ),
        ],
    },
    Story {
        key: "sbc-tls",
        filed: day(33, 15, 40),
        author: GORSHKOV,
        direction: TELEPHONY,
        product: "SBC-1000",
        tracker: Tracker::Support,
        grade: Grade::Impact(Impact::Consultation, Urgency::Planned),
        subject: "Перевод транка к оператору на TLS и SRTP",
        description: "Планируем перевести SIP-транк с UDP на TLS (порт 5061) с шифрованием \
            голоса. Подскажите, где на SBC-1000 загружаются сертификаты и можно ли на время \
            переезда держать UDP и TLS на одном интерфейсе. Работы намечены на конец месяца, \
            спешки нет.",
        details: Details {
            software_version: Some("1.10.4"),
            connection_scheme: Some("Оператор - SBC-1000 - SMG-500 - 42 телефона VP-17P"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(35, GORSHKOV).resolves(
                "Коллеги, оператор только что сообщил, что в этом году TLS не предоставит. \
                 Вопрос снимаем, извините за беспокойство.",
            ),
            after(25, AKHMETOV).closes(
                CloseReason::NoLongerRelevant,
                "Виктор, спасибо, что предупредили. На будущее: сертификаты загружаются в \
                 разделе «Безопасность», а UDP и TLS уживаются на одном адресе с разными \
                 портами. Закрываю как неактуальную.",
            ),
        ],
    },
    Story {
        key: "ecss-node",
        filed: MinutesAgo(175),
        author: OMAROVA,
        direction: TELEPHONY,
        product: "ECSS-10",
        tracker: Tracker::Bug,
        grade: Grade::Impact(Impact::Outage, Urgency::Urgent),
        subject: "ECSS-10: после пропадания питания второй узел не входит в кластер",
        description: "Час назад пропало питание стойки, ИБП не удержал. Первый узел \
            поднялся, второй останавливается на запуске ядра. Вызовы идут через один узел, \
            регистрация абонентов срывается волнами, очередь колл-центра не собирается.\n\
            [error] Mnesia('ds1@ecss2'): ** ERROR ** mnesia_event got\n\
            {inconsistent_database, starting_partitioned_network, 'ds1@ecss1'}\n\
            [error] core1@ecss2: application ecss_core exited, reason: no_ds",
        details: Details {
            software_version: Some("3.14.13"),
            connection_scheme: Some("Два узла, кластер с резервированием 1+1, 6200 абонентов"),
            addresses: Some("ecss1 10.20.8.11, ecss2 10.20.8.12"),
            cause: Some("Аварийное отключение питания"),
            external_ref: Some("SAT-2471"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(4, AKHMETOV).takes(),
            after(9, AKHMETOV).says(
                "Асель, принял. Первый узел, пожалуйста, не перезапускайте. Остановите на ecss2 \
                 ecss-core и ecss-ds, чтобы он не пытался войти с расхождением, и пришлите \
                 «systemctl status 'ecss-*'» с обоих узлов.",
            ),
            after(3, OMAROVA).adds_watcher(TULEGENOV),
            after(21, OMAROVA).says(
                "Остановили, регистрации перестали срываться. На ecss1 все службы active, на \
                 ecss2:\n\
                 ecss-mycelium.service  active (running)\n\
                 ecss-ds.service        failed (Result: exit-code)\n\
                 ecss-core.service      inactive (dead)",
            ),
            after(26, SOKOLOVA).notes(
                "Тимур, похоже на прошлогодний случай с расхождением Mnesia: лечили копией базы \
                 с живого узла. Порядок есть в базе знаний, статья «Разделение кластера».",
            ),
            after(24, AKHMETOV).says(
                "Базу на ecss2 надо собрать заново с первого узла. Порядок с командами отправил \
                 вам на почту. Начните с копии /var/lib/ecss на обоих узлах; когда копия будет \
                 готова, напишите, дальше пойдём вместе по шагам.",
            ),
        ],
    },
];
