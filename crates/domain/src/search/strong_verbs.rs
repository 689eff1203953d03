//! Russian verbs whose root changes within the verb: «примет», «принял» and «принимает», «вышел» and
//! «выйдет». The roots are few, and every prefix may stand before them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A root by the name that all of its shapes share, and the shapes with the endings that each takes.
struct Root {
    name: &'static str,
    /// Whether the shapes are other words without a prefix: «бит» is no form of «сбить».
    needs_prefix: bool,
    shapes: &'static [(&'static str, &'static [Endings])],
}

/// Endings that go together.
#[derive(Clone, Copy)]
enum Endings {
    /// «-ть», «-л».
    Past,
    /// The past of a root that ends in a consonant: «нес», «несла».
    BarePast,
    /// «-ет», «-ут», «-и».
    First,
    /// «-ить», «-ил», «-ит», «-ят».
    Second,
    /// All forms of an imperfective: «-ть», «-л», «-ет», «-ние».
    Imperfective,
    /// «-нуть», «-нул», «-нет»: what follows the «н».
    Sudden,
    /// «-т», «-тый», «-тие».
    OnT,
    /// «-н», «-нный», «-ние».
    OnN,
    /// «-ен», «-енный».
    OnEn,
    /// These alone.
    Only(&'static str),
}

use Endings::{BarePast, First, Imperfective, OnEn, OnN, OnT, Only, Past, Second, Sudden};

#[rustfmt::skip]
const ROOTS: &[Root] = &[
    prefixed("ня", &[("ня", &[Past, OnT]), ("ну", &[Past, OnT]), ("ним", &[First]), ("нима", &[Imperfective]), ("йм", &[First])]),
    bare("взя", &[("взя", &[Past, OnT]), ("возьм", &[First])]),
    bare("нача", &[("нача", &[Past, OnT]), ("начн", &[First]), ("начина", &[Imperfective])]),
    bare("жа", &[("жа", &[Past, OnT]), ("жм", &[First]), ("жима", &[Imperfective])]),
    prefixed("да", &[("да", &[Past, First, OnN, Only("м шь ст")]), ("дад", &[First, Second]), ("дава", &[Imperfective])]),
    bare("ста", &[("ста", &[Past, First]), ("стан", &[First]), ("става", &[Imperfective])]),
    bare("йд", &[
        ("йт", &[Only("и")]), ("йд", &[First, OnEn]), ("ид", &[Only("ет ут ем ете ешь")]), ("идт", &[Only("и")]),
        ("ше", &[Past]), ("ш", &[Past]), ("шед", &[BarePast]), ("ход", &[Second]),
    ]),
    bare("еха", &[("еха", &[Past]), ("ед", &[First]), ("езжа", &[Imperfective]), ("езд", &[Only(" а у ом е")])]),
    bare("вед", &[("вес", &[Only("ти")]), ("вед", &[First, OnEn]), ("ве", &[Past]), ("вод", &[Second])]),
    bare("вез", &[("вез", &[Only("ти"), First, BarePast, OnEn]), ("воз", &[Second])]),
    bare("нес", &[("нес", &[Only("ти"), First, BarePast, OnEn]), ("нос", &[Second])]),
    bare("сла", &[("сла", &[Past, OnN]), ("шл", &[First]), ("сыла", &[Imperfective])]),
    bare("пад", &[("па", &[Past, Only("сть")]), ("пад", &[First]), ("пада", &[Imperfective])]),
    bare("сед", &[("се", &[Only("сть л ла ло ли")]), ("сяд", &[First]), ("седа", &[Imperfective]), ("сад", &[Second])]),
    bare("тек", &[("тек", &[BarePast, First]), ("теч", &[First]), ("тека", &[Imperfective])]),
    bare("мог", &[("мог", &[BarePast, First]), ("мож", &[First]), ("моч", &[Only("ь")]), ("мога", &[Imperfective])]),
    bare("лег", &[("лег", &[BarePast]), ("леч", &[Only("ь")]), ("ляг", &[First]), ("ляж", &[First])]),
    bare("жг", &[
        ("жг", &[Past, First]), ("жег", &[Only("")]), ("жеч", &[Only("ь")]), ("жж", &[First, OnEn]), ("жига", &[Imperfective]),
    ]),
    bare("рост", &[("раст", &[First]), ("раста", &[Imperfective]), ("рос", &[BarePast])]),
    prefixed("би", &[("би", &[Past, OnT]), ("бь", &[First]), ("бе", &[Only("йте")]), ("бива", &[Imperfective])]),
    prefixed("ли", &[("ли", &[Past, OnT]), ("ль", &[First]), ("ле", &[Only("йте")]), ("лива", &[Imperfective])]),
    prefixed("ши", &[("ши", &[Past, OnT]), ("шь", &[First]), ("ше", &[Only("йте")]), ("шива", &[Imperfective])]),
    prefixed("кры", &[("кры", &[Past, OnT]), ("кро", &[First]), ("крыва", &[Imperfective])]),
    prefixed("бы", &[("бы", &[Past, OnT]), ("буд", &[First]), ("быва", &[Imperfective])]),
    bare("рв", &[("рва", &[Past, OnN]), ("рв", &[First]), ("рыва", &[Imperfective])]),
    bare("бр", &[("бра", &[Past, OnN]), ("бер", &[First]), ("бира", &[Imperfective])]),
    bare("зв", &[("зва", &[Past, OnN]), ("зов", &[First]), ("зыва", &[Imperfective])]),
    bare("жд", &[("жда", &[Past]), ("жд", &[First]), ("жида", &[Imperfective])]),
    prefixed("тр", &[("тере", &[Only("ть")]), ("тер", &[BarePast, OnT]), ("тр", &[First]), ("тира", &[Imperfective])]),
    prefixed("мр", &[("мере", &[Only("ть")]), ("мер", &[Only("ла ло ли")]), ("мр", &[First]), ("мира", &[Imperfective])]),
    bare("гре", &[("гре", &[Past, First, OnT]), ("грева", &[Imperfective])]),
    bare("тк", &[("ткн", &[Sudden]), ("тыка", &[Imperfective])]),
    prefixed("мк", &[("мкн", &[Sudden]), ("мыка", &[Imperfective])]),
    bare("ки", &[("кин", &[Sudden]), ("кида", &[Imperfective]), ("кидыва", &[Imperfective])]),
    bare("тя", &[("тян", &[Sudden]), ("тягива", &[Imperfective])]),
    bare("дви", &[("двин", &[Sudden]), ("двига", &[Imperfective])]),
    bare("дер", &[("дерн", &[Sudden]), ("дерга", &[Imperfective]), ("дергива", &[Imperfective])]),
    bare("верн", &[
        ("верн", &[Sudden]), ("ворачива", &[Imperfective]), ("вертыва", &[Imperfective]),
        ("возвраща", &[Imperfective]), ("возврат", &[Second, Only(" а у ом е")]), ("возвращ", &[OnEn]),
    ]),
    bare("вид", &[("виде", &[Past]), ("вид", &[Second, Only("но на ны ен")]), ("виж", &[Only("у")])]),
    bare("слых", &[("слыша", &[Past]), ("слыш", &[Second, Only("но на ны ен у")])]),
    bare("иск", &[("иска", &[Past]), ("ищ", &[First])]),
];

const fn bare(name: &'static str, shapes: &'static [(&'static str, &'static [Endings])]) -> Root {
    Root { name, needs_prefix: false, shapes }
}

const fn prefixed(
    name: &'static str,
    shapes: &'static [(&'static str, &'static [Endings])],
) -> Root {
    Root { name, needs_prefix: true, shapes }
}

const OF_ADJECTIVES: &str =
    "ый ий ая яя ое ее ые ие ого его ому ему ой ей ую юю ым им ых их ом ем ыми ими";

impl Endings {
    /// Endings, and what makes participles, which take those of adjectives.
    const fn all(self) -> (&'static str, &'static str) {
        match self {
            Self::Past => ("ть л ла ло ли", "вш"),
            Self::BarePast => (" ла ло ли", "ш"),
            Self::First => ("у ю ешь ет ем ете ут ют и ите ь ьте й йте", ""),
            Self::Second => ("ить ил ила ило или ит ят ат им ите ишь", "ивш"),
            Self::Imperfective => (
                "ть л ла ло ли ю ешь ет ем ете ют й йте я ние ния нию нием ний ниям ниями ниях",
                "вш ющ ем нн",
            ),
            Self::Sudden => (
                "уть ул ула уло ули у ешь ет ем ете ут и ите ь ьте ута уто уты утие утия",
                "увш ут",
            ),
            Self::OnT => ("т та то ты тие тия тию тием тий тиям тиями тиях", "т"),
            Self::OnN => ("н на но ны ние ния нию нием ний ниям ниями ниях", "нн"),
            Self::OnEn => ("ен ена ено ены", "енн"),
            Self::Only(endings) => (endings, ""),
        }
    }

    fn each(self) -> impl Iterator<Item = String> {
        let (endings, participles) = self.all();
        let adjectives = participles.split_whitespace().flat_map(|it| {
            OF_ADJECTIVES.split_whitespace().map(move |ending| format!("{it}{ending}"))
        });
        endings.split(' ').map(str::to_owned).chain(adjectives)
    }
}

static FORMS: LazyLock<HashMap<String, Vec<&'static Root>>> = LazyLock::new(|| {
    let mut forms: HashMap<String, Vec<&'static Root>> = HashMap::new();
    for root in ROOTS {
        for (shape, endings) in root.shapes {
            for ending in endings.iter().flat_map(|it| it.each()) {
                forms.entry(format!("{shape}{ending}")).or_default().push(root);
            }
        }
    }
    forms
});

/// What may stand before a root, by the form that all of its spellings share.
const PREFIXES: [(&str, &str); 25] = [
    ("в", "в во въ"),
    ("вз", "вз взо вс"),
    ("воз", "воз вос"),
    ("вы", "вы"),
    ("до", "до"),
    ("за", "за"),
    ("из", "из изо ис изъ"),
    ("на", "на"),
    ("над", "над надо"),
    ("недо", "недо"),
    ("о", "о"),
    ("об", "об обо объ"),
    ("от", "от ото отъ"),
    ("пере", "пере"),
    ("по", "по"),
    ("под", "под подо подъ"),
    ("пре", "пре"),
    ("пред", "пред предо"),
    ("при", "при"),
    ("про", "про"),
    ("раз", "раз разо рас разъ"),
    ("с", "с со съ"),
    ("со", "сов"),
    ("соз", "соз"),
    ("у", "у"),
];

/// The prefix and the root of a verb in any form; more than one where a form is that of two verbs.
pub fn roots(word: &str) -> Vec<String> {
    let mut roots = prefixed_roots(word);
    // «Перезайти»: done again, whatever prefix the verb has.
    if let Some(rest) = word.strip_prefix("пере").filter(|_| roots.is_empty()) {
        roots.extend(prefixed_roots(rest).iter().map(|it| format!("пере{it}")));
    }
    roots
}

fn prefixed_roots(word: &str) -> Vec<String> {
    let mut roots = Vec::new();
    let of = |rest: &str| FORMS.get(rest).into_iter().flatten();
    let bare = of(word).filter(|it| !it.needs_prefix);
    roots.extend(bare.map(|it| name("", it)));
    for (prefix, spellings) in PREFIXES {
        for rest in spellings.split(' ').filter_map(|it| word.strip_prefix(it)) {
            roots.extend(of(rest).map(|it| name(prefix, it)));
        }
    }
    // «Примет» and «придет» have lost the first letter of their root.
    let swallowed = word.strip_prefix("при").map(|it| format!("й{it}"));
    roots.extend(swallowed.iter().flat_map(|it| of(it)).map(|it| name("при", it)));
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// A sign that no word has, so that it is no other word's stem.
pub const SIGN: char = '~';

fn name(prefix: &str, root: &Root) -> String {
    format!("{prefix}{SIGN}{}", root.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_verb_have_one_root_however_it_changes() {
        for forms in [
            &["принять", "принял", "примет", "примут", "принимает", "принята", "приму"][..],
            &["снять", "снял", "снимет", "снимает", "снята", "снимите"],
            &["понял", "поймет", "понимает"],
            &["начал", "начнет", "начинает", "начат"],
            &["нажал", "нажмите", "нажимает", "нажатие"],
            &["передал", "передает", "передадут", "передавали", "передан", "передаст"],
            &["перестал", "перестает", "перестанет"],
            &["вышел", "вышла", "выйдет", "выходит", "выходят", "выйти"],
            &["пришел", "пришло", "придет", "приходят", "прийти"],
            &["вывел", "выводит", "выведет", "выведен", "вывести"],
            &["перенес", "перенести", "переносят", "перенесена"],
            &["прислал", "пришлите", "присылает", "прислать"],
            &["упал", "упадет", "упасть"],
            &["переехал", "переедет", "переезжает", "переезда"],
            &["истекла", "истек", "истечет", "истекает", "истекший"],
            &["помог", "помогла", "поможет", "помогает", "помочь"],
            &["сбит", "сбивает", "собьет", "сбил"],
            &["залить", "зальет", "заливает", "залейте", "залит"],
            &["прошил", "прошьет", "прошивает", "прошит"],
            &["открыл", "откроет", "открывает", "открытие"],
            &["прервал", "прервет", "прерывает", "прерван"],
            &["соберет", "собирает", "собрать", "собран"],
            &["вызвал", "вызывает", "вызовет"],
            &["стер", "сотрет", "стирает", "стерла"],
            &["воткнул", "втыкает", "воткните"],
            &["вернул", "вернет", "возвращает", "возврат"],
            &["перезашел", "перезайти", "перезаходит"],
            &["стал", "станет"],
            &["идет", "шел", "ходит"],
        ] {
            let all: Vec<_> = forms.iter().map(|it| roots(it)).collect();
            let is_common = |root: &String| all.iter().all(|it| it.contains(root));
            assert!(all[0].iter().any(is_common), "{forms:?} {all:?}");
        }
    }

    #[test]
    fn what_only_looks_like_a_form_has_no_root() {
        for word in [
            "данные",
            "бит",
            "состав",
            "сеть",
            "вода",
            "домен",
            "номер",
            "дата",
            "устав",
            "объем",
            "сервер",
        ] {
            assert_eq!(roots(word), Vec::<String>::new(), "{word}");
        }
    }
}
