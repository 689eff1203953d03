//! The demo's story: who works where, and what was asked of support in the last eleven weeks.
//!
//! Data only. Companies, people and addresses are invented; it knows neither the database nor the
//! rules. The replay files each ticket and takes each step as the person named would, so a step
//! that the rules forbid shows at once.

use std::cmp::Reverse;

use domain::{
    Impact, Language,
    Language::{En, Kk, Ru},
    Priority, Role,
    Role::{Admin, Commercial, Customer, Engineer},
    Tracker, Urgency,
};

use crate::demo::story::steps::Step;

mod access;
mod phones;
mod routers;
pub(crate) mod steps;
mod switches;
mod telephony;
mod wifi;

pub struct Company {
    /// As its people write it.
    pub name: &'static str,
    /// The directions it has projects in («Компания - Направление»).
    pub directions: &'static [&'static str],
}

/// A field of support, with its queue.
pub struct Direction {
    /// As the regulation's Appendix 1 shows it in a project's name.
    pub name: &'static str,
    pub products: &'static [&'static str],
    /// E-mails of its engineers.
    pub engineers: &'static [&'static str],
}

/// Someone who can sign in.
pub struct Person {
    /// The sign-in name, and how stories name the person.
    pub email: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    /// What the person may do.
    pub role: Role,
    /// A customer's company; nobody else has one.
    pub company: Option<&'static str>,
    /// Language of mails and texts.
    pub language: Language,
}

/// A ticket, from its filing to its current state.
pub struct Story {
    /// How other stories refer to this one; the portal never shows it.
    pub key: &'static str,
    /// When the ticket was created.
    pub filed: Filed,
    /// E-mail of the customer who filed it.
    pub author: &'static str,
    /// With the author's company, the project.
    pub direction: &'static str,
    /// One of the direction's products.
    pub product: &'static str,
    /// Error, improvement or support.
    pub tracker: Tracker,
    /// How its priority was given.
    pub grade: Grade,
    /// Short description of the problem.
    pub subject: &'static str,
    /// A detailed description of the problem.
    pub description: &'static str,
    /// What 3.1 and 3.2 ask for besides the description.
    pub details: Details,
    /// Key of an earlier story of the same company.
    pub parent: Option<&'static str>,
    /// What happened next, in order.
    pub then: &'static [Step],
}

/// When a ticket was filed, seen from the replay.
#[derive(Clone, Copy)]
pub enum Filed {
    /// At an hour of an earlier calendar day, in the calendar's zone.
    Day {
        /// Days before the replay's day; at least one, so that nothing lies in the future.
        ago: u16,
        hour: u8,
        minute: u8,
    },
    /// Just now, so that clocks still run; less than a day.
    MinutesAgo(u16),
}

/// How a ticket's priority was given.
pub enum Grade {
    /// Named by the author.
    Priority(Priority),
    /// To be derived (advantage 3).
    Impact(Impact, Urgency),
}

/// The optional fields of a new ticket.
pub struct Details {
    /// Firmware or program version.
    pub software_version: Option<&'static str>,
    /// What is connected to what.
    pub connection_scheme: Option<&'static str>,
    /// IP addresses, MACs, numbers.
    pub addresses: Option<&'static str>,
    /// What led to the fault.
    pub steps: Option<&'static str>,
    /// What the author suspects.
    pub cause: Option<&'static str>,
    /// What the author wants to see.
    pub expected_result: Option<&'static str>,
    /// Serial number of the device.
    pub serial_number: Option<&'static str>,
    /// The customer's own reference, unique per project.
    pub external_ref: Option<&'static str>,
}

impl Details {
    pub const NONE: Self = Self {
        software_version: None,
        connection_scheme: None,
        addresses: None,
        steps: None,
        cause: None,
        expected_result: None,
        serial_number: None,
        external_ref: None,
    };
}

/// Every story, oldest first; a story refers only to earlier ones.
pub fn stories() -> Vec<&'static Story> {
    let chapters = [
        telephony::STORIES,
        phones::STORIES,
        access::STORIES,
        wifi::STORIES,
        switches::STORIES,
        routers::STORIES,
    ];
    let mut stories: Vec<&Story> = chapters.into_iter().flatten().collect();
    stories.sort_by_key(|it| Reverse(it.filed.age()));
    stories
}

impl Filed {
    /// Minutes up to the end of the replay's day, as good as any measure to sort by.
    fn age(self) -> u32 {
        match self {
            Self::Day { ago, hour, minute } => {
                u32::from(ago) * 1440 + 1440 - u32::from(hour) * 60 - u32::from(minute)
            }
            Self::MinutesAgo(minutes) => minutes.into(),
        }
    }
}

/// `ago` days before the replay, at `hour`:`minute`.
const fn day(ago: u16, hour: u8, minute: u8) -> Filed {
    Filed::Day { ago, hour, minute }
}

const TELEPHONY: &str = "Телефония";
const ACCESS: &str = "Сети доступа (GPON)";
const WIFI: &str = "Wi-Fi";
const SWITCHING: &str = "Коммутация и маршрутизация";

/// The companies; the first one is that of `customer@helpdesk.example`.
pub const COMPANIES: &[Company] = &[
    Company { name: SARY_ARKA, directions: &[TELEPHONY, ACCESS, SWITCHING] },
    Company { name: TULPAR, directions: &[TELEPHONY, SWITCHING] },
    Company { name: UNIVERSITY, directions: &[WIFI, SWITCHING] },
    Company { name: AKIMAT, directions: &[TELEPHONY, WIFI] },
    Company { name: DALA_LINK, directions: &[ACCESS, WIFI, SWITCHING] },
];

const SARY_ARKA: &str = "Сары-Арка Телеком";
const TULPAR: &str = "Тулпар Банк";
const UNIVERSITY: &str = "Прииртышский технический университет";
const AKIMAT: &str = "Акимат Кокжарского района";
const DALA_LINK: &str = "Дала-Линк";

/// The directions; `engineer@helpdesk.example` works in the first two.
pub const DIRECTIONS: &[Direction] = &[
    Direction {
        name: TELEPHONY,
        products: &[
            "SMG-500",
            "SMG-1016M",
            "SMG-2016",
            "SBC-1000",
            "ECSS-10",
            "TAU-8.IP",
            "TAU-72.IP",
            "VP-17P",
        ],
        engineers: &[AKHMETOV, SOKOLOVA],
    },
    Direction {
        name: ACCESS,
        products: &[
            "LTP-8X",
            "LTX-16",
            "NTU-1",
            "NTU-2",
            "NTU-RG-5421G",
            "RG-35-Wac",
            "Eltex.ACS",
            "Eltex.EMS",
        ],
        engineers: &[AKHMETOV, ZHUMABAYEV],
    },
    Direction {
        name: WIFI,
        products: &["WEP-2ac", "WEP-30L", "WEP-3ax", "WOP-20L", "WOP-30L", "WLC-30", "SoftWLC"],
        engineers: &[SEITKALI],
    },
    Direction {
        name: SWITCHING,
        products: &[
            "MES2324FB",
            "MES2324P",
            "MES2428",
            "MES3324F",
            "MES5332A",
            "ESR-21",
            "ESR-200",
            "ESR-1200",
        ],
        engineers: &[MOROZOV, BEKOV],
    },
];

/// Everyone; the first of each role is the account that the start-up prints.
#[rustfmt::skip]
pub const PEOPLE: &[Person] = &[
    person(ADMIN,          "Гульнара",  "Касымова",       Admin,      None,             Ru),
    person(AKHMETOV,       "Тимур",     "Ахметов",        Engineer,   None,             Ru),
    person(SOKOLOVA,       "Ирина",     "Соколова",       Engineer,   None,             Ru),
    person(ZHUMABAYEV,     "Данияр",    "Жумабаев",       Engineer,   None,             Ru),
    person(SEITKALI,       "Айгерим",   "Сейткали",       Engineer,   None,             Kk),
    person(MOROZOV,        "Павел",     "Морозов",        Engineer,   None,             Ru),
    person(BEKOV,          "Нурлан",    "Беков",          Engineer,   None,             Ru),
    person(COMMERCIAL,     "Елена",     "Литвинова",      Commercial, None,             Ru),
    person(OMAROVA,        "Асель",     "Омарова",        Customer,   Some(SARY_ARKA),  Ru),
    person(TULEGENOV,      "Руслан",    "Тулегенов",      Customer,   Some(SARY_ARKA),  Ru),
    person(BELOVA,         "Ольга",     "Белова",         Customer,   Some(SARY_ARKA),  Ru),
    person(GORSHKOV,       "Виктор",    "Горшков",        Customer,   Some(TULPAR),     Ru),
    person(ABDRAKHMANOVA,  "Мадина",    "Абдрахманова",   Customer,   Some(TULPAR),     Ru),
    person(ISKAKOV,        "Канат",     "Искаков",        Customer,   Some(UNIVERSITY), Ru),
    person(SERIKBAY,       "Ерлан",     "Серікбай",       Customer,   Some(AKIMAT),     Kk),
    person(VOLKOV,         "Андрей",    "Волков",         Customer,   Some(DALA_LINK),  Ru),
    person(SADYKOV,        "Диас",      "Садыков",        Customer,   Some(DALA_LINK),  En),
];

const fn person(
    email: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    role: Role,
    company: Option<&'static str>,
    language: Language,
) -> Person {
    Person { email, first_name, last_name, role, company, language }
}

const ADMIN: &str = "admin@helpdesk.example";
const AKHMETOV: &str = "engineer@helpdesk.example";
const SOKOLOVA: &str = "i.sokolova@helpdesk.example";
const ZHUMABAYEV: &str = "d.zhumabayev@helpdesk.example";
const SEITKALI: &str = "a.seitkali@helpdesk.example";
const MOROZOV: &str = "p.morozov@helpdesk.example";
const BEKOV: &str = "n.bekov@helpdesk.example";
const COMMERCIAL: &str = "commercial@helpdesk.example";
const OMAROVA: &str = "customer@helpdesk.example";
const TULEGENOV: &str = "r.tulegenov@sary-arka-telecom.example";
const BELOVA: &str = "o.belova@sary-arka-telecom.example";
const GORSHKOV: &str = "v.gorshkov@tulpar-bank.example";
const ABDRAKHMANOVA: &str = "m.abdrakhmanova@tulpar-bank.example";
const ISKAKOV: &str = "k.iskakov@priirtysh-tech.example";
const SERIKBAY: &str = "e.serikbay@kokzhar-akimat.example";
const VOLKOV: &str = "a.volkov@dala-link.example";
const SADYKOV: &str = "d.sadykov@dala-link.example";
