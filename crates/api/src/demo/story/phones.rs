//! Telephony at the office: small exchanges, analogue lines, phones.

use domain::{Impact, Priority, RefusalReason, Tracker, Urgency, WaitingOn};

use crate::demo::story::Filed::MinutesAgo;
use crate::demo::story::steps::{DAY, after};
use crate::demo::story::{
    ABDRAKHMANOVA, AKHMETOV, BELOVA, Details, GORSHKOV, Grade, SERIKBAY, SOKOLOVA, Story,
    TELEPHONY, day,
};

/// The stories, oldest first.
pub(super) const STORIES: &[Story] = &[
    Story {
        key: "softphone",
        filed: day(28, 16, 5),
        author: GORSHKOV,
        direction: TELEPHONY,
        product: "SMG-500",
        tracker: Tracker::Support,
        grade: Grade::Priority(Priority::Low),
        subject: "Рабочие звонки на личных смартфонах управляющих",
        description: "Управляющие отделений хотят принимать звонки через бесплатный софтфон \
            из магазина приложений. Он регистрируется на SMG-500, но через 5-10 минут после \
            блокировки экрана засыпает, и входящие не доходят. Помогите, пожалуйста, настроить \
            само приложение и уведомления в Android.",
        details: Details { software_version: Some("3.20.5.4412"), ..Details::NONE },
        parent: None,
        then: &[
            after(20, SOKOLOVA).takes(),
            after(50, SOKOLOVA).rejects(
                RefusalReason::OutOfScope,
                "Виктор, здравствуйте! SMG-500 ведёт себя верно: отправляет INVITE на последний \
                 зарегистрированный адрес и получает 408, потому что приложение спит. Настройка \
                 сторонних программ и энергосбережения Android в техническую поддержку не \
                 входит (пункт 2.2 регламента), с этим поможет разработчик софтфона. С нашей \
                 стороны подойдут срок регистрации 120 секунд и переадресация по неответу; если \
                 нужна помощь с ними, создайте, пожалуйста, заявку.",
            ),
        ],
    },
    Story {
        key: "tau8-tirkelu",
        filed: day(24, 9, 35),
        author: SERIKBAY,
        direction: TELEPHONY,
        product: "TAU-8.IP",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::Medium),
        subject: "TAU-8.IP: 3 және 4-порттар SIP-серверге тіркелмейді",
        description: "Қабылдау бөліміндегі шлюздің сегіз портының алтауы жұмыс істеп тұр, ал \
            3 және 4-порттарға қосылған телефондарда гудок естілмейді. Кеше электр қуаты өшіп, \
            қайта қосылғаннан кейін басталды. Журналдан үзінді:\n\
            port 3: REGISTER sip:10.44.0.5 -> 403 Forbidden\n\
            port 4: REGISTER sip:10.44.0.5 -> 403 Forbidden\n\
            port 5: REGISTER sip:10.44.0.5 -> 200 OK\n\
            Шлюзді екі рет қайта жүктедік, өзгеріс жоқ.",
        details: Details {
            software_version: Some("2.5.1"),
            connection_scheme: Some("8 аналогтық телефон - TAU-8.IP - SMG-500"),
            addresses: Some("TAU-8.IP 10.44.0.21, SMG-500 10.44.0.5"),
            cause: Some("Электр қуатының өшуі"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(18, AKHMETOV).takes(),
            after(47, AKHMETOV).asks(
                "Ерлан, сәлеметсіз бе! 403 жауабы логин немесе құпиясөз сәйкес келмейтінін \
                 білдіреді. SMG-500 шлюзінде 203 және 204 абоненттерінің құпиясөзін қайта \
                 енгізіп, TAU-8.IP-те «PBX» → «Порты» бөлімінде дәл соны жазыңыз да, өзгерісті \
                 сақтаңыз. Нәтижесін хабарлаңызшы.",
            ),
            after(130, SERIKBAY).says("Енгіздік. 3-порт тіркелді, 4-порт әлі де 403 береді."),
            after(40, AKHMETOV).resolves(
                "4-портта логиннің соңында бос орын қалған сияқты: журналда «204 » деп тұр. \
                 Өрісті толық тазалап, 204 деп қайта теріңіз. Тіркелсе, осы жерде растауыңызды \
                 сұраймын.",
            ),
            after(100, SERIKBAY).confirms(
                5,
                "Дәл солай екен, бос орын тұр екен. Екі порт та жұмыс істейді, рақмет!",
            ),
        ],
    },
    Story {
        key: "tau72-fxs",
        filed: day(19, 10, 50),
        author: ABDRAKHMANOVA,
        direction: TELEPHONY,
        product: "TAU-72.IP",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::High),
        subject: "TAU-72.IP: после грозы молчат порты с 19 по 36",
        description: "Ночью в филиале была гроза, утром пропали 18 линий подряд. Напряжения \
            в линии нет: на исправных портах 48 В, на этих 0 В. Остальные 54 порта в порядке. В \
            журнале аварий:\n\
            FXS board 2: no response, reset attempt 1/3\n\
            FXS board 2: no response, reset attempt 3/3, board disabled\n\
            Перезагрузка и отключение питания на 10 минут не помогли.",
        details: Details {
            software_version: Some("2.20.0"),
            addresses: Some("172.16.31.9"),
            cause: Some("Вероятно, наводка по абонентским линиям"),
            serial_number: Some("VI31000457"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(12, SOKOLOVA).takes(),
            after(50, SOKOLOVA).asks(
                "Мадина, здравствуйте! Нужно понять, плата это или кросс-плата. Выключите шлюз, \
                 поменяйте местами платы FXS 2 и 3, включите и посмотрите, какие порты молчат. \
                 И проверьте, пожалуйста, заземление кросса.",
            ),
            after(DAY + 130, ABDRAKHMANOVA).says(
                "Поменяли: неисправность ушла вместе с платой, теперь молчат порты 37-54. \
                 Заземление кросса электрик проверил, в норме.",
            ),
            after(45, SOKOLOVA).notes(
                "По серийному номеру гарантия действует ещё семь месяцев. На складе подменной \
                 платы нет, ремонт до 10 рабочих дней.",
            ),
            after(30, SOKOLOVA).holds(
                WaitingOn::Repair,
                "Неисправна плата FXS, случай гарантийный. Акт и адрес сервисного центра \
                 отправила вам на почту: отправьте, пожалуйста, только плату, шлюз будет \
                 работать без неё. Ремонт занимает до 10 рабочих дней, о готовности сообщу \
                 здесь.",
            ),
            after(4 * DAY - 210, ABDRAKHMANOVA).says("Плату отправили, накладная 40-1187."),
            after(3 * DAY + 15, SOKOLOVA).says(
                "Мадина, плата поступила в ремонт: заменяют драйверы линии, затем прогон под \
                 нагрузкой.",
            ),
        ],
    },
    Story {
        key: "smg500-one-way",
        filed: day(9, 14, 20),
        author: BELOVA,
        direction: TELEPHONY,
        product: "SMG-500",
        tracker: Tracker::Bug,
        grade: Grade::Impact(Impact::FunctionDown, Urgency::Normal),
        subject: "Удалённый офис слышит нас, а мы его нет",
        description: "Офис в Балхаше, 12 телефонов VP-17P за NAT провайдера, регистрируется \
            на SMG-500. Вызов устанавливается, но голос идёт в одну сторону. Вызовы внутри офиса \
            нормальные. В INVITE от телефонов частный адрес:\n\
            c=IN IP4 192.168.77.23\n\
            m=audio 16400 RTP/AVP 8 101",
        details: Details {
            software_version: Some("SMG-500 3.20.5.4412, VP-17P 1.5.2"),
            connection_scheme: Some("VP-17P - NAT провайдера - Интернет - SMG-500"),
            addresses: Some("Офис 203.0.113.77, SMG-500 198.51.100.40"),
            external_ref: Some("SAT-2455"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(31, AKHMETOV).takes(),
            after(58, AKHMETOV).asks(
                "Ольга, добрый день! Шлюз отправляет RTP на адрес из SDP, то есть в никуда. \
                 Включите в профиле SIP этих абонентов «NAT (comedia mode)»: тогда SMG-500 \
                 будет отвечать туда, откуда пришёл голос. Напишите, пожалуйста, что \
                 получилось.",
            ),
            after(DAY - 180, BELOVA).says(
                "Включили. Десять телефонов заговорили, два (внутренние 311 и 318) по-прежнему \
                 без голоса.",
            ),
            after(70, AKHMETOV).asks(
                "Похоже, на этих двух включён STUN, и они подставляют в SDP внешний порт, \
                 который NAT уже закрыл. Выключите STUN на 311 и 318 («VoIP» → «Сеть») и \
                 перезапустите их. Если не поможет, снимите на SMG-500 дамп вызова 311 → 100 и \
                 приложите сюда.",
            ),
        ],
    },
    Story {
        key: "vp17p-blf",
        filed: MinutesAgo(38),
        author: ABDRAKHMANOVA,
        direction: TELEPHONY,
        product: "VP-17P",
        tracker: Tracker::Support,
        grade: Grade::Impact(Impact::Consultation, Urgency::Normal),
        subject: "VP-17P: кнопки BLF через автоконфигурацию",
        description: "На 42 телефонах секретарей нужно вывести состояние внутренних 101-112 \
            на программируемые кнопки. На одном настроили через web, работает. Подскажите имена \
            параметров в файле конфигурации, который телефон забирает по TFTP (опция 66), и \
            можно ли раздать один файл на всех, а не по MAC.",
        details: Details {
            software_version: Some("1.5.2"),
            addresses: Some("TFTP 172.16.30.5, телефоны 172.16.32.0/24"),
            ..Details::NONE
        },
        parent: None,
        then: &[],
    },
];
