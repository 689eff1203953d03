//! Switching and routing: the MES switches.

use domain::{CloseReason, Impact, Priority, Tracker, Urgency};

use crate::demo::story::steps::{DAY, after};
use crate::demo::story::{
    ADMIN, BEKOV, Details, GORSHKOV, Grade, ISKAKOV, MOROZOV, SADYKOV, SWITCHING, Story, TULEGENOV,
    VOLKOV, day,
};

/// The stories, oldest first.
pub(super) const STORIES: &[Story] = &[
    Story {
        key: "mes3324f-cpu",
        filed: day(74, 10, 5),
        author: VOLKOV,
        direction: SWITCHING,
        product: "MES3324F",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::High),
        subject: "MES3324F: загрузка процессора 95 %, теряется управление",
        description: "На узле «Базар» коммутатор агрегации отвечает на SSH через раз, SNMP с \
            пропусками, у абонентов потери до шлюза.\n\
            agg-bazar# show cpu utilization\n\
            five seconds: 95%; one minute: 93%; five minutes: 92%\n\
            agg-bazar# show cpu input-rate detailed\n\
            arp 1870 pps, igmp 12 pps, stp 6 pps\n\
            До вчерашнего вечера загрузка была 15-20 %. Конфигурацию не меняли.",
        details: Details {
            software_version: Some("6.6.3.8"),
            connection_scheme: Some("24 × MES2428 - MES3324F - ESR-1200"),
            addresses: Some("10.60.0.31, VLAN управления 60"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(17, BEKOV).takes(),
            after(28, BEKOV).asks(
                "Андрей, здравствуйте! Процессор занят ARP. Сначала разгрузим его:\n\
                 service cpu-rate-limits arp 128\n\
                 Затем посмотрите, с какого порта идёт поток: «show interfaces counters», \
                 растёт ли Broadcast быстрее остальных. Пришлите, пожалуйста, результат.",
            ),
            after(41, VOLKOV).says(
                "С ограничением стало 22 %, управление вернулось. Broadcast сыплется с \
                 gi1/0/17, там MES2428 дома на Абая, 5. Перекрыли порт, потери у остальных \
                 пропали.",
            ),
            after(47, BEKOV).resolves(
                "Значит, за gi1/0/17 петля: скорее всего, абонент соединил два порта роутера. \
                 Включите на MES2428 «loopback-detection enable» на абонентских портах, порт с \
                 петлёй отключится сам, а gi1/0/17 можно открыть. Ограничение ARP оставьте, оно \
                 не мешает.",
            ),
            after(130, VOLKOV).confirms(
                5,
                "Петля нашлась в квартире 48, loopback-detection её отключил. Загрузка 17 %. \
                 Спасибо!",
            ),
            after(40, BEKOV).closes(
                CloseReason::ConfirmedByCustomer,
                "Отлично. Советую включить loopback-detection на всём доступе: шаблон для \
                 MES2428 отправил на почту. Закрываю.",
            ),
        ],
    },
    Story {
        key: "mes2324fb-battery",
        filed: day(20, 12, 30),
        author: ISKAKOV,
        direction: SWITCHING,
        product: "MES2324FB",
        tracker: Tracker::Bug,
        grade: Grade::Impact(Impact::FunctionDown, Urgency::Planned),
        subject: "MES2324FB не переходит на аккумулятор",
        description: "При отключении сети в корпусе А коммутатор сразу гаснет, хотя \
            аккумулятор 12 В 7 А·ч подключён и новый. Когда сеть есть:\n\
            sw-a-core# show system battery\n\
            Battery: present, status: recharge error\n\
            Voltage: 10.4 V, charge: 3 %\n\
            На соседнем таком же коммутаторе 13.6 V и 100 %.",
        details: Details {
            software_version: Some("6.6.3.8"),
            addresses: Some("10.80.1.2"),
            steps: Some("Отключили вводной автомат на минуту"),
            serial_number: Some("ES41002216"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(38, MOROZOV).takes(),
            after(52, MOROZOV).asks(
                "Канат, здравствуйте! Нужно отделить аккумулятор от схемы заряда. Переставьте, \
                 пожалуйста, аккумулятор с соседнего коммутатора на этот и обратно, через 3 \
                 часа пришлите «show system battery» с обоих. Если ошибка останется на \
                 sw-a-core с исправным аккумулятором, оформим ремонт.",
            ),
        ],
    },
    Story {
        key: "mes2428-upgrade",
        filed: day(17, 10, 40),
        author: ISKAKOV,
        direction: SWITCHING,
        product: "MES2428",
        tracker: Tracker::Support,
        grade: Grade::Priority(Priority::Low),
        subject: "Порядок обновления восьми MES2428 в шкафу корпуса А",
        description: "В том же шкафу, где стоит sw-a-core с аккумулятором, восемь MES2428 на \
            версии 10.2.6. Хотим перейти на актуальную 10.3.x. Можно ли обновляться сразу, нужен \
            ли отдельный файл загрузчика и сохранятся ли настройки 802.1X? Сделаем ночью, в \
            согласованное окно.",
        details: Details {
            software_version: Some("10.2.6"),
            addresses: Some("10.80.1.11 - 10.80.1.18"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(30, MOROZOV).rejects_duplicate(
                "mes2324fb-battery",
                "Канат, здравствуйте! По питанию шкафа корпуса А уже есть ваша заявка, \
                 продолжим в ней.",
            ),
            after(55, ADMIN).returns(
                "Канат, отклонили по ошибке: здесь вопрос об обновлении другой модели. \
                 Возвращаю в работу, приносим извинения.",
            ),
            after(5, ADMIN).assigns(BEKOV),
            after(80, BEKOV).resolves(
                "Канат, добрый день! С 10.2.6 можно сразу на 10.3.6, настройки сохраняются, \
                 802.1X тоже. Порядок для каждого:\n\
                 1. copy startup-config tftp://10.80.1.5/sw-11.cfg\n\
                 2. copy tftp://10.80.1.5/mes2400-1036.iss image\n\
                 3. boot system inactive, write, reload\n\
                 Файл загрузчика отдельно не нужен, он внутри образа. Перерыв около 90 секунд \
                 на коммутатор. Когда обновите, подтвердите, пожалуйста, или напишите, если \
                 что-то пойдёт не так.",
            ),
        ],
    },
    Story {
        key: "mes3324f-arp",
        filed: day(6, 16, 40),
        author: SADYKOV,
        direction: SWITCHING,
        product: "MES3324F",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::Medium),
        subject: "Узел «Базар»: часть абонентов без шлюза по утрам",
        description: "После прошлой истории с петлёй всё было тихо, но третью неделю с 8 до \
            9 утра у 10-15 абонентов нет ответа от шлюза, через несколько минут проходит. \
            Процессор при этом 25 %. Похоже, упираемся в ограничение ARP, которое тогда ввели:\n\
            agg-bazar# show cpu rate-limits\n\
            arp: limit 128 pps, current 128 pps, dropped 41822",
        details: Details {
            software_version: Some("6.6.3.8"),
            addresses: Some("10.60.0.31"),
            cause: Some("service cpu-rate-limits arp 128, абонентов стало 1900"),
            ..Details::NONE
        },
        parent: Some("mes3324f-cpu"),
        then: &[
            after(25, MOROZOV).takes(),
            after(DAY - 400, MOROZOV).asks(
                "Диас, здравствуйте! Согласен, для 1900 абонентов 128 мало. Поднимите до 512 и \
                 два утра последите за dropped и загрузкой процессора. И пришлите, пожалуйста, \
                 «show arp» по числу записей: проверим, не близко ли к пределу таблицы.",
            ),
            after(2 * DAY + 20, SADYKOV).says(
                "С 512 отброшенных нет, процессор 31 %. Абоненты больше не жалуются, но записей \
                 ARP 3890, и число растёт.",
            ),
            after(65, MOROZOV).says(
                "Предел таблицы 4096, поэтому жалобы вернутся. Посчитаю, что лучше в вашей \
                 схеме: уменьшить срок жизни записей или перенести шлюз части VLAN на ESR-1200. \
                 Вернусь с предложением.",
            ),
        ],
    },
    Story {
        key: "mes5332a-stack",
        filed: day(1, 9, 20),
        author: TULEGENOV,
        direction: SWITCHING,
        product: "MES5332A",
        tracker: Tracker::Bug,
        grade: Grade::Impact(Impact::ServiceAffected, Urgency::Normal),
        subject: "Стек из двух MES5332A: второе устройство перезагружается по кругу",
        description: "С 8:50 второй коммутатор стека в ядре поднимается, работает 3-4 минуты \
            и уходит в перезагрузку. LAG к узлам на одном плече, загрузка 80 %.\n\
            %STACK-W-UNIT: unit 2 removed from stack\n\
            %LINK-W-Down: te2/0/1, te2/0/2, te2/0/5\n\
            %STACK-I-UNIT: unit 2 joined, synchronizing configuration\n\
            %SYSTEM-F-FATAL: unit 2: HOST task watchdog, reset",
        details: Details {
            software_version: Some("6.6.3.8"),
            connection_scheme: Some("Стек по te1/0/31-32, LACP к 14 узлам агрегации"),
            addresses: Some("10.12.255.1"),
            serial_number: Some("ES7D000148"),
            external_ref: Some("SAT-2468"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(7, BEKOV).takes(),
            after(13, BEKOV).says(
                "Руслан, здравствуйте! Отключите, пожалуйста, стековые кабели второго \
                 устройства и дайте ему загрузиться отдельно через консоль. Если перезагрузки \
                 прекратятся, дело в синхронизации, если нет, то в самом устройстве. Покажите, \
                 пожалуйста, вывод консоли, если там будет что-то кроме обычной загрузки.",
            ),
            after(15, BEKOV).regrades(
                Priority::Critical,
                "Ядро сети без резерва, оставшееся плечо загружено на 80 %",
            ),
            after(35, TULEGENOV).says(
                "Отдельно работает 20 минут без перезагрузок, в консоли чисто. В конфигурации \
                 нашли 1100 строк ACL, вчера вечером их добавил автомат.",
            ),
            after(30, BEKOV).notes(
                "Watchdog при передаче ACL на второе устройство: похоже на известное \
                 ограничение 6.6.3.8, исправлено в 6.6.4. Уточняю у разработчиков.",
            ),
            after(40, BEKOV).says(
                "Похоже, устройство не успевает принять столько ACL при входе в стек. Уберите, \
                 пожалуйста, вчерашние строки на первом, сохраните и верните кабели. \
                 Параллельно готовим файл версии 6.6.4, где это исправлено; обновлять будем \
                 ночью, порядок пришлю.",
            ),
        ],
    },
    Story {
        key: "mes2324p-poe",
        filed: day(1, 16, 30),
        author: GORSHKOV,
        direction: SWITCHING,
        product: "MES2324P",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::Medium),
        subject: "MES2324P: ночью перезагружаются камеры",
        description: "Когда включается ИК-подсветка, 6 из 18 камер теряют питание и \
            загружаются заново. Днём всё работает. На этих портах:\n\
            gi1/0/7  Auto  On  overload  class 3  limit 15.4 W\n\
            gi1/0/9  Auto  On  overload  class 3  limit 15.4 W\n\
            По паспорту камера берёт до 18 Вт. Бюджет коммутатора занят наполовину. Подскажите, \
            как поднять предел на порту и безопасно ли это.",
        details: Details {
            software_version: Some("6.6.3.8"),
            connection_scheme: Some("18 камер - MES2324P, кабель до 70 м"),
            addresses: Some("172.16.40.6"),
            ..Details::NONE
        },
        parent: None,
        then: &[],
    },
];
