//! Access networks (GPON): line terminals, subscriber terminals, their management.

use domain::{CloseReason, Impact, Priority, Tracker, Urgency, WaitingOn};

use crate::demo::story::Filed::MinutesAgo;
use crate::demo::story::steps::{DAY, after};
use crate::demo::story::{
    ACCESS, AKHMETOV, BELOVA, Details, Grade, SADYKOV, Story, TULEGENOV, VOLKOV, ZHUMABAYEV, day,
};

/// The stories, oldest first.
pub(super) const STORIES: &[Story] = &[
    Story {
        key: "ltp8x-rogue",
        filed: day(66, 9, 20),
        author: TULEGENOV,
        direction: ACCESS,
        product: "LTP-8X",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::High),
        subject: "LTP-8X: на GPON-порту 3 массово отваливаются ONT",
        description: "С 8 утра на порту 3 каждые 2-4 минуты уходят в офлайн от 20 до 58 \
            терминалов из 61 и возвращаются сами. Порты 0-2 и 4-7 спокойны, затухания в норме \
            (-19…-23 дБм). В журнале:\n\
            08:14:02 pon-port 3: ONT ELTX62047A90 link down (LOSi)\n\
            08:14:02 pon-port 3: ONT ELTX62047B14 link down (LOSi)\n\
            08:14:03 pon-port 3: ONT ELTX62047A1C drift of window (DOWi)\n\
            08:16:47 pon-port 3: 58 ONT activated",
        details: Details {
            software_version: Some("3.46.0"),
            connection_scheme: Some("LTP-8X - сплиттер 1:2 - сплиттеры 1:32, 61 ONT на порту"),
            addresses: Some("10.12.0.8"),
            steps: Some("Перезапуск порта 3, замена SFP на запасной: без изменений"),
            external_ref: Some("SAT-2390"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(9, ZHUMABAYEV).takes(),
            after(38, ZHUMABAYEV).asks(
                "Руслан, здравствуйте! Судя по DOWi перед падением, один терминал светит вне \
                 своего окна и глушит остальных. Отключайте ветви сплиттера по одной, на 5 \
                 минут каждую, и смотрите, при какой порт успокоится. Напишите номер ветви и \
                 список её ONT.",
            ),
            after(130, TULEGENOV).says(
                "Нашли: всё успокаивается при отключении ветви на ул. Жастар, 14. Там восемь \
                 терминалов.",
            ),
            after(25, ZHUMABAYEV).asks(
                "Отлично, сузили. Теперь по одному выключайте питание у этих восьми; начните с \
                 ELTX62047A1C, на него указывает журнал.",
            ),
            after(185, TULEGENOV).resolves(
                "Вы были правы: ELTX62047A1C в квартире 31 светил постоянно. Заменили, два часа \
                 тишины. Спасибо!",
            ),
            after(45, ZHUMABAYEV).closes(
                CloseReason::ConfirmedByCustomer,
                "Руслан, спасибо за подтверждение. Снятый терминал отправьте, пожалуйста, в \
                 ремонт с пометкой «непрерывное излучение». Заявку закрываю.",
            ),
        ],
    },
    Story {
        key: "ltp8x-complaints",
        filed: day(66, 11, 40),
        author: BELOVA,
        direction: ACCESS,
        product: "LTP-8X",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::High),
        subject: "Жалобы из микрорайона Восточный: пропадает интернет",
        description: "В колл-центр с утра больше сорока обращений: интернет и телевидение \
            исчезают на минуту и появляются снова. Адреса: ул. Жастар, 10-18. По схеме все эти \
            дома на станции в узле «Восточный». Посмотрите, пожалуйста, что с оборудованием.",
        details: Details { external_ref: Some("SAT-2391"), ..Details::NONE },
        parent: None,
        then: &[after(20, ZHUMABAYEV).rejects_duplicate(
            "ltp8x-rogue",
            "Ольга, здравствуйте! Это тот же сбой, который утром зарегистрировал ваш \
             коллега Руслан Тулегенов: порт 3 этой же станции, работаем с ним сейчас. Чтобы \
             ничего не потерялось, ведём всё в той заявке, вы её видите в проекте.",
        )],
    },
    Story {
        key: "ntu5421g-steering",
        filed: day(40, 12, 10),
        author: VOLKOV,
        direction: ACCESS,
        product: "NTU-RG-5421G",
        tracker: Tracker::Feature,
        grade: Grade::Priority(Priority::Low),
        subject: "NTU-RG-5421G: порог RSSI для перевода клиентов в 5 ГГц",
        description: "Band steering уводит клиентов в 5 ГГц при любом уровне, и в дальних \
            комнатах скорость падает ниже, чем была в 2,4 ГГц. На RG-35-Wac есть порог, на ONT \
            его нет. Просим добавить порог и гистерезис, и чтобы их можно было задать из ACS по \
            TR-069.",
        details: Details {
            software_version: Some("3.3.1"),
            expected_result: Some("Клиент слабее -70 дБм остаётся в 2,4 ГГц"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(35, AKHMETOV).takes(),
            after(30, ZHUMABAYEV).notes(
                "У разработчиков такое уже есть в плане на 3.4.0, просили ещё два оператора. \
                 Параметр TR-069 тоже будет.",
            ),
            after(DAY - 75, AKHMETOV).awaits_release(
                "Андрей, добрый день! Порог RSSI и гистерезис запланированы в версии 3.4.0, \
                 вместе с параметром для ACS. До выхода советуем на проблемных адресах развести \
                 SSID по диапазонам. Сообщу, когда версия будет готова.",
            ),
            after(14 * DAY - 100, VOLKOV)
                .says("Коллеги, срок 3.4.0 не сдвинулся? Хотим учесть её в плане обновлений."),
            after(110, AKHMETOV).says(
                "Андрей, версия проходит испытания, срок прежний. Если хотите, поставим вас в \
                 список на пробную сборку: достаточно двух-трёх адресов.",
            ),
        ],
    },
    Story {
        key: "ltp8x-power",
        filed: day(16, 9, 50),
        author: TULEGENOV,
        direction: ACCESS,
        product: "LTP-8X",
        tracker: Tracker::Support,
        grade: Grade::Priority(Priority::Medium),
        subject: "Узел «Южный»: замена блока питания станции",
        description: "На станции узла «Южный» авария первого блока питания, работаем на \
            втором. Вентиляторы крутятся, температура 41 °C.\n\
            Power supply 1: present, output fault\n\
            Power supply 2: present, ok\n\
            Подскажите, можно ли менять блок на ходу и как получить новый, гарантия ещё идёт.",
        details: Details {
            software_version: Some("3.46.0"),
            addresses: Some("10.12.0.14"),
            serial_number: Some("GP2A008311"),
            external_ref: Some("SAT-2448"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(20, AKHMETOV).takes(),
            after(35, AKHMETOV).says(
                "Руслан, здравствуйте! Да, блок меняется без отключения станции: сначала \
                 снимите с него кабель, подождите минуту, затем отпустите винты. Гарантию по \
                 серийному номеру проверил, действует. Узнаю про склад.",
            ),
            after(40, AKHMETOV)
                .regrades(Priority::High, "Узел на 430 абонентов остался без резерва питания"),
            after(50, AKHMETOV).holds(
                WaitingOn::Delivery,
                "Блок PM150-220/12 есть на складе в Алматы, оформили отгрузку по гарантии. \
                 Доставка 5-7 рабочих дней, трек-номер пришлю. Неисправный блок вернёте тем же \
                 курьером.",
            ),
            after(5 * DAY - 60, AKHMETOV).notes(
                "Склад перепутал исполнение и собрал PM100-48/12, вернули. Новая отгрузка \
                 послезавтра, предупредить заказчика.",
            ),
            after(25, AKHMETOV).says(
                "Руслан, отгрузка задержалась на складе на два дня, приносим извинения. Если \
                 второй блок покажет хоть одну аварию, сразу напишите: привезём подменный из \
                 лаборатории.",
            ),
        ],
    },
    Story {
        key: "ltx16-iptv",
        filed: day(12, 10, 30),
        author: VOLKOV,
        direction: ACCESS,
        product: "LTX-16",
        tracker: Tracker::Bug,
        grade: Grade::Impact(Impact::ServiceAffected, Urgency::Normal),
        subject: "LTX-16: рассыпается IPTV при переключении каналов",
        description: "После переноса 400 абонентов с LTP-8X на LTX-16 картинка при \
            переключении рассыпается на 3-5 секунд, потом всё ровно. Потерь в unicast нет. \
            Группы на станции после ухода с канала живут ещё четыре минуты:\n\
            LTX-16# show igmp groups vlan 204\n\
            239.1.1.17  pon-port 4  ONT 12  expires 00:03:51\n\
            239.1.1.22  pon-port 4  ONT 12  expires 00:04:12",
        details: Details {
            software_version: Some("1.9.0"),
            connection_scheme: Some(
                "Головная станция - MES3324F - LTX-16 - NTU-RG-5421G - приставка",
            ),
            addresses: Some("LTX-16 10.60.1.2, MVLAN 204"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(16, ZHUMABAYEV).takes(),
            after(60, ZHUMABAYEV).asks(
                "Андрей, здравствуйте! Старые группы занимают полосу вместе с новой. Пришлите, \
                 пожалуйста, раздел igmp из «show running-config» и кто в VLAN 204 опрашивает \
                 группы: станция или MES3324F.",
            ),
            after(95, VOLKOV).says(
                "Опрашивает MES3324F, 10.60.1.1, версия IGMPv2. На станции:\n\
                 igmp snooping\n\
                 igmp proxy report enable\n\
                 igmp proxy report range 239.1.1.0 239.1.1.255 from all to 204",
            ),
            after(35, ZHUMABAYEV).notes(
                "На LTP-8X fast-leave был включён в профиле, при переносе профилей на LTX-16 он \
                 не переносится. Добавить в статью о переезде.",
            ),
            after(DAY - 140, ZHUMABAYEV).resolves(
                "Причина найдена: в новом профиле портов не включён fast-leave, на LTP-8X он у \
                 вас был. Включите его в profile ports для абонентских ONT и примените commit; \
                 перезапуск терминалов не нужен. Группа будет уходить сразу, как приставка её \
                 покинула. Подтвердите, пожалуйста, если каналы переключаются чисто.",
            ),
        ],
    },
    Story {
        key: "acs-inform",
        filed: day(8, 11, 45),
        author: SADYKOV,
        direction: ACCESS,
        product: "Eltex.ACS",
        tracker: Tracker::Support,
        grade: Grade::Impact(Impact::FunctionDown, Urgency::Normal),
        subject: "CPEs stop sending periodic Inform after ACS migration",
        description: "Last weekend we moved Eltex.ACS to a new server: same DNS name, new \
            IP. About 15 % of the RG-35-Wac routers have not sent a periodic Inform since, the \
            others came back within an hour. Connection requests to the silent ones time out:\n\
            connection request to http://10.61.14.147:7547/ failed: connect timed out\n\
            connection request to http://10.61.14.151:7547/ failed: connect timed out\n\
            Subscribers on these routers are online, so the routers themselves are alive.",
        details: Details {
            software_version: Some("Eltex.ACS 1.15, RG-35-Wac 2.2.0"),
            addresses: Some("ACS 10.61.0.20 (was 10.61.0.12), routers 10.61.14.0/23"),
            steps: Some("Migration of the database, DNS record changed, old server switched off"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(27, ZHUMABAYEV).takes(),
            after(75, ZHUMABAYEV).asks(
                "Hello Dias! Most likely these routers were configured with the ACS by IP \
                 address, not by name, so they still call 10.61.0.12. Two checks, please:\n\
                 1. On one silent router: «System» → «TR-069», what is in the ACS URL field?\n\
                 2. On your gateway: do you see TCP SYN to 10.61.0.12:9595 from 10.61.14.0/23?\n\
                 If so, bring the old address up as a secondary IP on the new server: the \
                 routers will come back by themselves, and a task can then rewrite their URL.",
            ),
        ],
    },
    Story {
        key: "ntu2-pppoe",
        filed: day(2, 15, 5),
        author: VOLKOV,
        direction: ACCESS,
        product: "NTU-2",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::Medium),
        subject: "NTU-2: роутеры за ONT не получают PADO",
        description: "После назначения нового профиля cross-connect на 30 терминалов PPPoE \
            за ними не поднимается. ONT в статусе OK, на стороне BRAS запросов не видно. У \
            абонента:\n\
            pppoe: sending PADI (attempt 5)\n\
            pppoe: timeout waiting for PADO\n\
            На терминалах со старым профилем всё в порядке.",
        details: Details {
            software_version: Some("LTX-16 1.9.0, NTU-2 3.26.5"),
            connection_scheme: Some("Роутер - NTU-2 (bridge) - LTX-16 - BRAS"),
            addresses: Some("ONT ELTX5C00A3F8, MAC A8:F9:4B:20:7C:11"),
            expected_result: Some("PPPoE работает на новом профиле, VLAN 1201 на абонента"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(25, AKHMETOV).takes(),
            after(12, AKHMETOV).assigns(ZHUMABAYEV),
            after(33, ZHUMABAYEV).asks(
                "Андрей, здравствуйте! Пришлите, пожалуйста, оба профиля cross-connect целиком \
                 (старый и новый) и «show mac interface ont» по одному терминалу из тридцати: \
                 нужно увидеть, с какой меткой уходит PADI.",
            ),
            after(1050, VOLKOV).says(
                "Старый: outer vid 1200, inner vid 1201, tag-mode double-tagged. Новый: outer \
                 vid 1201, tag-mode single-tagged. В таблице MAC роутер виден в 1201. На BRAS \
                 ждут двойную метку, но в новом доме её быть не должно, так по проекту.",
            ),
        ],
    },
    Story {
        key: "rg35-iptv-port",
        filed: MinutesAgo(22),
        author: TULEGENOV,
        direction: ACCESS,
        product: "RG-35-Wac",
        tracker: Tracker::Support,
        grade: Grade::Impact(Impact::Consultation, Urgency::Planned),
        subject: "RG-35-Wac: отдельный VLAN для приставки на LAN4",
        description: "Готовим шаблон для ACS: приставка всегда в LAN4, её трафик должен \
            уходить меткой 204 мимо NAT, остальные порты и Wi-Fi через PPPoE. В web получилось \
            через «Сервис IPTV», а какие параметры TR-069 за это отвечают, не нашли. Пришлите, \
            пожалуйста, список или пример шаблона.",
        details: Details { software_version: Some("2.2.0"), ..Details::NONE },
        parent: None,
        then: &[],
    },
];
