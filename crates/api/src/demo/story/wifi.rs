//! Wi-Fi: access points, controllers, authorisation.

use domain::{CloseReason, Impact, Priority, RefusalReason, Tracker, Urgency, WaitingOn};

use crate::demo::story::Filed::MinutesAgo;
use crate::demo::story::steps::{DAY, after};
use crate::demo::story::{Details, Grade, ISKAKOV, SEITKALI, SERIKBAY, Story, VOLKOV, WIFI, day};

/// The stories, oldest first.
pub(super) const STORIES: &[Story] = &[
    Story {
        key: "wep30l-roaming",
        filed: day(58, 11, 0),
        author: ISKAKOV,
        direction: WIFI,
        product: "WEP-30L",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::Medium),
        subject: "Обрывы видеосвязи при переходе между точками",
        description: "Второй этаж корпуса А, 14 точек. Преподаватель идёт по коридору с \
            ноутбуком, и при каждом переходе на соседнюю точку звонок замирает на 4-6 секунд. \
            Клиент держится за старую точку до -84 дБм:\n\
            wlan0-va1: STA 02:00:5E:10:4A:7C signal -81 dBm\n\
            wlan0-va1: STA 02:00:5E:10:4A:7C signal -84 dBm\n\
            wlan0-va1: STA 02:00:5E:10:4A:7C disassociated, reason 8",
        details: Details {
            software_version: Some("2.6.1"),
            connection_scheme: Some("14 × WEP-30L - MES2324P - SoftWLC, WPA2-Enterprise"),
            expected_result: Some("Переход без заметного обрыва"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(21, SEITKALI).takes(),
            after(70, SEITKALI).asks(
                "Канат, здравствуйте! Включите на SSID 802.11r и 802.11k, задайте минимальный \
                 уровень клиента -75 дБм с проверкой раз в 5 секунд и снизьте мощность 5 ГГц до \
                 14 дБм: сейчас соты перекрывают друг друга через две точки. Сначала на \
                 двух-трёх точках, затем на всех. Понаблюдайте пару дней, пожалуйста.",
            ),
            after(3 * DAY + 85, ISKAKOV).says(
                "Включили на всех 14 точках. Второй день звонки не рвутся, переход почти \
                 незаметен. Вопрос решён, спасибо!",
            ),
            after(50, SEITKALI).closes_on(
                2,
                CloseReason::ConfirmedByCustomer,
                "Спасибо за проверку! Эти же значения можно брать для корпусов Б и В. Заявку \
                 закрываю.",
            ),
        ],
    },
    Story {
        key: "wep3ax-owe",
        filed: day(36, 15, 20),
        author: ISKAKOV,
        direction: WIFI,
        product: "WEP-3ax",
        tracker: Tracker::Feature,
        grade: Grade::Impact(Impact::Consultation, Urgency::Normal),
        subject: "Поддержка OWE в переходном режиме для гостевой сети",
        description: "Хотим шифровать открытую гостевую сеть без пароля (Enhanced Open), но \
            старые устройства OWE не знают. Нужен переходный режим: открытый SSID и скрытый OWE \
            парой, с одним порталом на оба. В меню безопасности точки нашли только WPA2, WPA3 и \
            открытую сеть.",
        details: Details {
            software_version: Some("1.10.0"),
            connection_scheme: Some("WEP-3ax - SoftWLC, портал с входом по SMS"),
            expected_result: Some("Новые устройства шифруются, старые по-прежнему подключаются"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(30, SEITKALI).takes(),
            after(55, SEITKALI).asks(
                "Канат, добрый день! Уточните, пожалуйста: портал должен узнавать устройство, \
                 если оно перешло с открытого SSID на OWE, или повторный вход по SMS допустим? \
                 От этого зависит, нужны ли изменения и в SoftWLC.",
            ),
            after(DAY - 300, ISKAKOV).says(
                "Повторный вход допустим, MAC у устройства тот же. Важнее всего сам переходный \
                 режим.",
            ),
            after(75, SEITKALI).awaits_release(
                "Тогда достаточно изменений на точке. OWE с переходным режимом включён в план \
                 версии 1.12.0. Отслеживаю выпуск и вернусь с номером сборки и инструкцией.",
            ),
        ],
    },
    Story {
        key: "akimat-hall",
        filed: day(30, 10, 25),
        author: SERIKBAY,
        direction: WIFI,
        product: "WEP-30L",
        tracker: Tracker::Support,
        grade: Grade::Priority(Priority::Medium),
        subject: "Нужен Wi-Fi в зале заседаний",
        description: "Точку доступа купили и повесили, лампочка горит зелёным, но сети на \
            телефонах нет. Завтра заседание, гостям нужен интернет. Что нажать, чтобы \
            заработало?",
        details: Details::NONE,
        parent: None,
        then: &[
            after(15, SEITKALI).takes(),
            after(25, SEITKALI).asks(
                "Ерлан, здравствуйте! Точка с завода не раздаёт сеть, её нужно настроить. \
                 Напишите, пожалуйста: к какому порту какого коммутатора она подключена, есть \
                 ли в этой сети DHCP и открывается ли её страница по адресу 192.168.1.10 с \
                 ноутбука, соединённого с ней кабелем.",
            ),
            after(55, SERIKBAY).says(
                "Коммутатор в серверной, какой порт не знаю. Пароля от него у нас нет, прежний \
                 специалист уволился. Страница по этому адресу не открывается.",
            ),
            after(30, SEITKALI).asks(
                "Попробуем без коммутатора: на ноутбуке задайте вручную адрес 192.168.1.5, \
                 маска 255.255.255.0, соедините его с портом GE1 точки через инжектор питания и \
                 откройте https://192.168.1.10. Инструкцию с картинками отправила вам на почту. \
                 Получится войти?",
            ),
            after(205, SERIKBAY).says(
                "Мы так и не поняли, где в компьютере задаётся адрес и что такое инжектор. \
                 Может быть, вы зайдёте сами? Доступа извне у нас тоже нет.",
            ),
            after(75, SEITKALI).rejects(
                RefusalReason::InsufficientKnowledge,
                "Ерлан, понимаю, что вам нужен работающий зал, но по переписке настроить сеть \
                 без специалиста на месте не получится (пункт 3.4.1.2 регламента): нужен \
                 человек с доступом к серверной и коммутатору. Пригласите, пожалуйста, \
                 подрядчика или нового администратора, и мы поможем ему с любым шагом. Список \
                 партнёров с выездом и расписание бесплатного базового курса отправила вам на \
                 почту.",
            ),
        ],
    },
    Story {
        key: "wop20l-dfs",
        filed: day(15, 13, 30),
        author: VOLKOV,
        direction: WIFI,
        product: "WOP-20L",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::Medium),
        subject: "WOP-20L на рынке: сеть 5 ГГц исчезает на десять минут",
        description: "Две-три уличные точки из пяти несколько раз в день перестают вещать в \
            5 ГГц, затем возвращаются на другом канале. 2,4 ГГц в это время работает. В журнале \
            точки:\n\
            radar detected on channel 120 (5600 MHz)\n\
            wlan1: channel switch 120 -> 124\n\
            wlan1: CAC started, 600 s",
        details: Details {
            software_version: Some("2.5.3"),
            addresses: Some("10.62.3.11 - 10.62.3.15"),
            cause: Some("Рядом аэропорт, возможно, метеорадар"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(24, SEITKALI).takes(),
            after(61, SEITKALI).resolves(
                "Андрей, здравствуйте! Ваша догадка верна: точка слышит радар и по правилам DFS \
                 молчит 10 минут, потому что каналы 120-128 отведены метеорадарам. Ограничьте \
                 список каналов 5 ГГц значениями 36-48 и 149-161, DFS там нет, и выключите \
                 автовыбор за пределами списка. Проверьте, пожалуйста, пару дней и подтвердите.",
            ),
            after(2 * DAY - 90, VOLKOV).confirms(
                4,
                "Третий день без пропаданий. Жаль, что в меню об этих каналах нет \
                 предупреждения.",
            ),
        ],
    },
    Story {
        key: "softwlc-8021x",
        filed: day(5, 9, 15),
        author: ISKAKOV,
        direction: WIFI,
        product: "SoftWLC",
        tracker: Tracker::Bug,
        grade: Grade::Impact(Impact::ServiceAffected, Urgency::Urgent),
        subject: "Сотрудники и студенты не проходят авторизацию 802.1X",
        description: "С утра во всех корпусах никто не может войти в сеть PTU-Staff, уже \
            подключённые отваливаются при переавторизации. Гостевой портал работает. В журнале \
            RADIUS:\n\
            eap_tls: ERROR: TLS Alert read:fatal:certificate expired\n\
            eap: ERROR: Failed continuing EAP PEAP (25) session\n\
            Login incorrect: [a.bekturova] (from client wep30l-b-214 port 0)",
        details: Details {
            software_version: Some("SoftWLC 1.30, WEP-30L 2.6.1"),
            connection_scheme: Some("180 × WEP-30L - SoftWLC (два сервера), PEAP-MSCHAPv2"),
            addresses: Some("SoftWLC 10.80.0.10 и 10.80.0.11"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(8, SEITKALI).takes(),
            after(24, SEITKALI).asks(
                "Канат, здравствуйте! Похоже, истёк сертификат сервера. Выполните, пожалуйста, \
                 на 10.80.0.10:\n\
                 openssl x509 -noout -enddate -in /etc/eltex-radius/certs/server.pem\n\
                 и пришлите ответ. Точки и домен трогать не нужно.",
            ),
            after(19, ISKAKOV)
                .says("notAfter сегодня, 02:59:59. Действительно истёк, выпускали два года назад."),
            after(31, SEITKALI).says(
                "Перевыпустите сертификат с тем же CN, положите его и ключ на прежнее место и \
                 перезапустите eltex-radius. Если корневой сертификат прежний, на устройствах \
                 ничего менять не придётся. Порядок есть в руководстве SoftWLC, раздел \
                 «Сертификаты».",
            ),
            after(140, ISKAKOV).says(
                "Сертификат заменили, Windows и ноутбуки сотрудников подключаются. Часть \
                 студентов с Android не входит: спрашивает домен и не принимает. Резервный \
                 сервер пока со старым сертификатом, по нему создам отдельную заявку.",
            ),
            after(35, SEITKALI).regrades(
                Priority::High,
                "Основная часть пользователей подключается, остались устройства Android",
            ),
            after(20, SEITKALI).says(
                "Новые Android требуют поле «Домен»: оно должно совпадать с именем в \
                 subjectAltName, а в новом сертификате его нет. Перевыпустите, пожалуйста, с \
                 subjectAltName=DNS:radius.priirtysh-tech.example и укажите студентам это имя. \
                 Жду результата.",
            ),
        ],
    },
    Story {
        key: "softwlc-licence",
        filed: day(4, 10, 10),
        author: ISKAKOV,
        direction: WIFI,
        product: "SoftWLC",
        tracker: Tracker::Support,
        grade: Grade::Priority(Priority::Medium),
        subject: "Резервный сервер: лицензия не подходит после замены платы",
        description: "Перед переносом сертификатов обновили резервный 10.80.0.11 и \
            обнаружили, что он работает без лицензии: месяц назад в нём меняли материнскую \
            плату. Точки на него не переключатся.\n\
            eltex-ems: licence check failed: hardware id mismatch\n\
            Просим перевыпустить лицензию на 200 точек для нового идентификатора.",
        details: Details {
            software_version: Some("1.30"),
            addresses: Some("10.80.0.11"),
            serial_number: Some("WLC-LIC-00731"),
            ..Details::NONE
        },
        parent: Some("softwlc-8021x"),
        then: &[
            after(26, SEITKALI).takes(),
            after(64, SEITKALI).asks(
                "Канат, пришлите, пожалуйста, вывод «eltex-licence --hwid» с 10.80.0.11 и \
                 серийный номер с наклейки новой платы: лицензионный отдел попросит оба.",
            ),
            after(50, ISKAKOV).says("HWID 5C1E-09A4-77D0-2B16, на наклейке платы M7-20418-031."),
            after(40, SEITKALI).holds(
                WaitingOn::Department,
                "Спасибо, данных достаточно. Заявку на перевыпуск передала в лицензионный \
                 отдел, обычно это два-три рабочих дня. Файл лицензии приложу сюда.",
            ),
        ],
    },
    Story {
        key: "wlc30-qonaq",
        filed: MinutesAgo(95),
        author: SERIKBAY,
        direction: WIFI,
        product: "WLC-30",
        tracker: Tracker::Support,
        grade: Grade::Impact(Impact::Consultation, Urgency::Normal),
        subject: "WLC-30: қонақтар желісін қызметтік желіден бөлу",
        description: "Жаңа маманымыз келді, WLC-30 контроллері мен он қатынау нүктесі \
            орнатылды. Қазір бір ғана SSID бар, қонақтар да, қызметкерлер де сонда. Қонақтарға \
            VLAN 50, қызметкерлерге VLAN 20 керек, қонақтар ішкі 10.44.0.0/24 желісін көрмеуі \
            тиіс. Контроллерде екінші SSID профилін қай бөлімде құрамыз және оқшаулауды қалай \
            қосамыз? Мысал конфигурация болса, жіберіңізші.",
        details: Details {
            software_version: Some("1.26.1"),
            connection_scheme: Some("10 × WEP-30L - MES2324P - WLC-30 - Интернет"),
            addresses: Some("WLC-30 10.44.0.2"),
            expected_result: Some("Қонақтар тек интернетке шығады"),
            ..Details::NONE
        },
        parent: None,
        then: &[],
    },
];
