use super::*;
use crate::long_texts;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

#[rustfmt::skip]
const RUDE: &str = "
    хуй нахуй охуел хуёво хуйня пизда пиздец пиздато спиздили ебать заебали уёбок долбоёб выебываться ебаный еблан
    отъебись разъёбано ебёт блядь блять бля выблядок мудак мудозвон залупа манда жопа говно дерьмо насрать обосрались
    засранец сука суки пидор пидорасы гандон шлюха ублюдок мразь тварь сволочь дебил идиот идиотский кретин придурок
    чмо урод қотақ қотағым котак котакбас сігейін сігіп сиктир сигейин амың жәлеп жалеп қаншық каншык боқ көтің ташақ
    fuck fucking motherfucker shit shitty bullshit bitch asshole cunt bastard idiot moron whore faggot dickhead
    blyat suka pizdec nahui nahuy zaebali mudak dolboeb siktir
";

#[rustfmt::skip]
const DISGUISED: &str = "
    xуй; хyй; xyй; бляdь; сyка; cука; пиzда; мyдak; fuсk; ѕhіt; bіtсh; χуй; сұка; хүй; қoтaқ; cyka; huy; hui;
    пи3да; п1здец; пизд0бол; 3аебали; 6лядь; бл9дь; бл@дь; муд@к; за€бал; sh1t; 5hit; b1tch; b!tch; a$$hole; fuck3r;
    хуууууй; ХУУУЙЙЙ; бляяяяя; ссуукааа; пиздееец; fuuuuck; shiiiit; ASSSHOLE; huuuy;
    х у й; х.у.й; х-у-й; х_у_й; х*у*й; х . у . й; х/у/й; ху-й; пиз-дец; б*л*я; п и з д е ц; С У К А; н а х у й;
    f u c k; f.u.c.k; f-u-c-k; fu-ck; s.h.i.t; b i t c h; да пошли вы на х-у-й; What the f u c k is this?;
    х*й; х#й; бл*дь; п*здец; п**дец; п##дюлей; за*бали; с*ка; қ*тақ; f*ck; f**k; f#ck; sh*t; s**t; b*tch;
    ХУЙ; Ёбаный; ёб твою мать; хуи\u{306}; х\u{301}у\u{336}й\u{301}; х\u{200b}у\u{200b}й; пиз\u{ad}дец; f\u{336}u\u{336}ck;
    fück; ｆｕｃｋ; 𝐟𝐮𝐜𝐤; ⓕⓤⓒⓚ; (сука); **хуй**; сука!!!; fuck2024; «Вы там совсем охуели, что ли?»; Порт.Сука.
";

#[rustfmt::skip]
const ORDINARY_WORDS: &str = "
    сплиттер застрахуй подстрахуй страхуйте хлебать хлеб употреблять употребление потребляемая потреблять потребует
    требуется употреби ребёнок ребенок колебание колебаться оскорблять оскорбил ослаблять углублять сабля корабля рубля
    команда мандат мандаты мандарин Мандельштам бухучёт худой худший хутор барсук сукно суккулент ссудка посуда рассудок
    сосуд пихта педикюр шебуршать мебель небо обед хребет погреба погребальный щебень стебель тебе себе дебит
    дебиторская скипидар спидометр лидер парапет гондола Гондурас мудрый мудрёный Лупа яхта учёба учебы учебный дубликат
    бляха публикация республика Сургут вебинар себестоимость Екатеринбург ЕБург плебей хулиган хунта херес Херсон поддон
    поддонок утварь урожай природа суконный чмокнул двоеборье сваебойный Тупицын Насрулла минет курвиметр отсос чёрт блин
    хрен фигня котангенс қоятын амандық аман сіз сигнал сигнализация жалап қатты қате аметист аминь аммиак сигарета сегмент
    көтерме көтеру боқша маңда ебетейсіз себет сұққа сигара котёл котировка ташкент Scunthorpe analysis assess assembly
    class passive compass bass cockpit hancock cocktail peacock Dickinson Essex Sussex Middlesex shiitake shitsu mishit
    cumulative document circumference analog analyzer canal title constitution institute titration spick Cunningham
    retardation basement Huawei Shitikov Slutsky Wankel snigger pidgin debilitating muddily Fukushima iceball xviii xyz
    MES2324FB LTP-8X NTU-RG-1421G SBG-2000 ECSS-10 TAU-72.IP AS5300 3BA1 36AT35 $hit x*y
";

#[rustfmt::skip]
const ORDINARY_LINES: &[&str] = &[
    "push-it, hash it, flash it, put it as shown", "retard timer 5 s; sh int status | include up; sh ip route; no shut",
    "interface gi1/0/1\n switchport access vlan 10\n no shut\n!", "2024-06-01T12:00:00Z %LINK-I-Up: gi1/0/3",
    "0xFACE 6A 3B eb a1 3b a1 eba1", "00:1a:79:bb:5e:0c fe80::a1b:5ea:b1ad", "FUCK3smwrAx8ZpWyRgl3KV7mxLJj/pun6BUGzx6otv",
    "х 3 м", "г. х. у.", "a b c d", "f u n c", "и я в а", "по осям х, у и z", "2*x*y + a*b", "|.h.u.i.|", "pid_or_name",
    "и т.п.изделия", "порт №3, т. е. ул. Кабанбай б., д. 5", "who're, Shi'ite", "**двоеборье**", "употре-\nблять", "user@suka.example",
];

#[test]
fn c3_4_1_3_rude_words_are_found_in_any_disguise() {
    let disguised = DISGUISED.split(';').map(str::trim).filter(|it| !it.is_empty());

    let missed: Vec<_> =
        RUDE.split_whitespace().chain(disguised).filter(|it| !is_impolite(it)).collect();

    assert_eq!(missed, [""; 0]);
}

#[test]
fn c3_4_1_3_ordinary_words_commands_and_logs_are_let_through() {
    let ordinary = ORDINARY_WORDS.split_whitespace().chain(ORDINARY_LINES.iter().copied());

    let taken: Vec<_> = ordinary.filter(|it| is_impolite(it)).collect();

    assert_eq!(taken, [""; 0]);
}

proptest! {
    /// 3.4.1.3: however stretched or separated its letters, it is that word.
    #[test]
    fn c3_4_1_3_stretching_and_separating_do_not_help(
        word in select(RUDE.split_whitespace().collect::<Vec<_>>()),
        lengths in vec(1..4_usize, 20),
        gap in select(vec!["", " ", ".", "-", "*", "_", "/", " . ", "\u{200b}"]),
    ) {
        let letters = word.chars().zip(lengths).map(|(it, length)| it.to_string().repeat(length));
        let text = format!("Почему {} опять?", letters.collect::<Vec<_>>().join(gap));

        prop_assert!(is_impolite(&text), "{text}");
        prop_assert!(is_impolite(&text.to_uppercase()), "{text}");
    }

    /// 3.4.1.3: ordinary words stay so in any company.
    #[test]
    fn c3_4_1_3_ordinary_sentences_are_let_through(
        words in vec(select(ORDINARY_WORDS.split_whitespace().collect::<Vec<_>>()), 0..30),
        gap in select(vec![" ", ", ", "\n", ". ", " - ", "; ", "\t"]),
    ) {
        let text = words.join(gap);

        prop_assert!(!is_impolite(&text), "{text}");
        prop_assert!(!is_impolite(&text.to_uppercase()), "{text}");
    }

    #[test]
    fn any_text_can_be_read(text in any::<String>(), rude in "[хуйебпиздfuck*#@$3!. \u{301}-]{0,40}") {
        is_impolite(&text);
        is_impolite(&rude);
    }
}

/// IN09: a long text is read once, whatever it is made of.
#[test]
fn sec_in09_a_long_text_is_read_for_rude_words_in_time() {
    long_texts::are_read(|text| {
        is_impolite(text);
    });
}
