//! Switching and routing: the ESR routers.

use domain::{CloseReason, Impact, Priority, Tracker, Urgency, WaitingOn};

use crate::demo::story::steps::{DAY, after};
use crate::demo::story::{
    ABDRAKHMANOVA, BEKOV, Details, GORSHKOV, Grade, MOROZOV, SWITCHING, Story, day,
};

/// The stories, oldest first.
pub(super) const STORIES: &[Story] = &[
    Story {
        key: "esr200-ipsec",
        filed: day(48, 9, 30),
        author: GORSHKOV,
        direction: SWITCHING,
        product: "ESR-200",
        tracker: Tracker::Bug,
        grade: Grade::Impact(Impact::ServiceAffected, Urgency::Normal),
        subject: "ESR-200: туннель IPsec в филиал падает раз в восемь часов",
        description: "Туннель головной офис - Актобе пропадает примерно каждые 8 часов на \
            3-4 минуты, банкоматы филиала в это время недоступны. Совпадает со сроком жизни SA.\n\
            ike: rekeying CHILD_SA HQ-AKT{41}\n\
            ike: received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built\n\
            ike: CHILD_SA HQ-AKT{41} expired, restarting\n\
            На второй стороне такой же ESR-200, версии одинаковые.",
        details: Details {
            software_version: Some("1.23.1"),
            connection_scheme: Some(
                "ESR-200 (Алматы) - Интернет - ESR-200 (Актобе), policy-based IPsec",
            ),
            addresses: Some("198.51.100.10 и 203.0.113.24, сети 172.16.0.0/20 и 172.16.48.0/22"),
            expected_result: Some("Смена ключей без перерыва связи"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(11, MOROZOV).takes(),
            after(84, MOROZOV).resolves(
                "Виктор, здравствуйте! Судя по журналу, pfs dh-group задан только в Алматы: \
                 первое соединение это прощает, а смена ключей нет, отсюда NO_PROPOSAL_CHOSEN. \
                 Задайте в Актобе в ipsec proposal «pfs dh-group 14», примените commit и \
                 confirm. Следующая смена ключей покажет результат.",
            ),
            after(DAY + 60, GORSHKOV).returns(
                "К сожалению, сегодня в 09:40 снова упал. PFS совпадает, проверили дважды. \
                 Теперь в журнале: «traffic selectors 172.16.48.0/22 === 172.16.0.0/16 \
                 inacceptable».",
            ),
            after(75, MOROZOV).resolves(
                "Это уже другое и последнее: в Актобе маска удалённой сети /16, а в Алматы /20. \
                 Исправьте на 172.16.0.0/20 в ike gateway филиала. Собрал такую пару на стенде \
                 с коротким сроком SA: двадцать смен ключей подряд без потерь.",
            ),
            after(2 * DAY - 100, GORSHKOV)
                .confirms(4, "Двое суток, шесть смен ключей, ни одного обрыва. Можно закрывать."),
            after(50, MOROZOV).closes(
                CloseReason::ConfirmedByCustomer,
                "Виктор, спасибо за терпение и за точные журналы. Закрываю.",
            ),
        ],
    },
    Story {
        key: "esr21-bgp",
        filed: day(11, 14, 45),
        author: ABDRAKHMANOVA,
        direction: SWITCHING,
        product: "ESR-21",
        tracker: Tracker::Bug,
        grade: Grade::Priority(Priority::High),
        subject: "ESR-21: перезапускается процесс BGP при обрыве второго провайдера",
        description: "В отделении два провайдера, от обоих только маршрут по умолчанию. \
            Когда второй пропадает, процесс маршрутизации перезапускается, и на 40 секунд рвётся \
            и первый сосед. Повторяется каждый раз.\n\
            %ROUTING-E: process bird4 terminated by signal 11, restarting\n\
            %BGP-W: neighbor 192.0.2.1 changed state: Established -> Idle\n\
            %BGP-W: neighbor 198.51.100.129 changed state: Established -> Idle",
        details: Details {
            software_version: Some("1.24.0"),
            connection_scheme: Some("Два eBGP-соседа, BFD на обоих, route-map с local-preference"),
            addresses: Some("AS 64512, соседи 192.0.2.1 и 198.51.100.129"),
            steps: Some("Выдернуть кабель второго провайдера"),
            ..Details::NONE
        },
        parent: None,
        then: &[
            after(13, BEKOV).takes(),
            after(37, BEKOV).asks(
                "Мадина, здравствуйте! Сигнал 11 означает ошибку в программе, а не в \
                 настройках. Выгрузите, пожалуйста, аварийный дамп и конфигурацию на наш SFTP, \
                 доступ отправил вам на почту. Пока выключите BFD на втором соседе, по нашему \
                 опыту падает именно при его срабатывании.",
            ),
            after(75, ABDRAKHMANOVA).says(
                "Дамп и конфигурацию загрузили. Без BFD не падает, но переключение теперь идёт \
                 до 90 секунд, нам это много.",
            ),
            after(DAY - 290, BEKOV).notes(
                "Воспроизвёл: BFD down и одновременное снятие последнего маршрута соседа. \
                 Задача разработчикам заведена, стек вызовов приложен.",
            ),
            after(20, BEKOV).holds(
                WaitingOn::Department,
                "Повторили у себя и передали в отдел разработки вместе с вашим дампом. Чтобы \
                 ускорить переключение без BFD, поставьте таймеры «timers keepalive 3» и \
                 «timers holdtime 9» на втором соседе: будет до 9 секунд.",
            ),
            after(4 * DAY + 30, ABDRAKHMANOVA)
                .says("С таймерами терпимо, спасибо. Есть ли новости от разработчиков?"),
            after(95, BEKOV).says(
                "Причину нашли, исправление проходит проверку. На следующей неделе сможем дать \
                 вам пробную сборку.",
            ),
        ],
    },
];
