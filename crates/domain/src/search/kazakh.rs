//! Kazakh words without their endings. Letters come folded to the Russian keyboard, so that a word
//! has one stem however it was typed; the letter before an ending decides whether it fits.

use std::sync::LazyLock;

/// The shortest stem of a noun, which also has a vowel.
const MIN_STEM: usize = 3;

/// Number, possession and case, each with what it follows: a Vowel, a vowel that is a Possessive, a
/// Nasal, another sonorant or voiced one (D), or a voiceless one (T).
#[rustfmt::skip]
const OF_NOUNS: &[(&str, &str)] = &[
    ("лар лер", "VD"), ("дар дер", "ND"), ("тар тер", "T"),
    ("ымыз имиз ыныз иниз", "NDT"), ("мыз миз ныз низ", "V"), ("ы и", "NDT"), ("сы си", "V"),
    // A stem that ends like this is cut as well: «экраны» may be of «экра», and so «экран» has to be.
    ("н", "V"), ("с", "P"), ("м", "V"), ("ым им", "NDT"),
    ("нын нин", "VN"), ("дын дин", "D"), ("тын тин", "T"),
    ("ны ни", "V"), ("ды ди", "ND"), ("ты ти", "T"),
    ("га ге", "VND"), ("ка ке", "T"), ("на не", "P"),
    ("да де", "VND"), ("та те", "T"), ("нда нде", "P"),
    ("дан ден", "VD"), ("тан тен", "T"), ("нан нен", "PN"),
    ("мен", "VND"), ("бен", "D"), ("пен", "T"),
    ("дагы деги", "VND"), ("тагы теги", "T"), ("ндагы ндеги", "P"),
];

/// Tense, person, participle and converb: a verb has one of them.
#[rustfmt::skip]
const OF_VERBS: &[(&str, &str)] = &[
    ("ды ди дык дик дым дим", "VND"), ("ты ти тык тик тым тим", "T"), ("дыныз диниз", "VND"), ("тыныз тиниз", "T"),
    ("амыз емиз асыз есиз", "NDT"), ("йды йди ймыз ймиз йсыз йсиз яды", "V"), ("ыныз иниз", "NDT"),
    ("ып ип", "NDT"), ("п", "V"), ("ю", "V"), ("у", "VNDT"), ("ныз низ", "V"),
    ("ган ген", "VND"), ("кан кен", "T"), ("атын етин", "NDT"), ("йтын йтин", "V"),
    ("са се сак сек", "VNDT"), ("саныз сениз", "VNDT"),
    ("ймын ймин", "V"), ("амын емин", "NDT"), ("йык йик", "V"), ("айык ейик", "NDT"),
    ("мас мес мак мек", "VD"), ("бас бес бак бек", "ND"), ("пас пес пак пек", "T"),
    ("ганша генше", "VND"), ("канша кенше", "T"), ("уши", "VNDT"),
    // In the accusative, which looks like a tense.
    ("ганды генди", "VND"), ("канды кенди", "T"), ("уды уди", "VNDT"),
];

/// Denial, voice, and what joins a stem and a tense.
#[rustfmt::skip]
const OF_VERB_STEMS: &[(&str, &str)] = &[
    ("ма ме", "VD"), ("ба бе", "ND"), ("па пе", "T"),
    ("ыл ил ын ин ыс ис", "NDT"), ("л н", "V"), ("ыш иш", "NDT"), ("а е", "NDT"), ("й", "V"),
];

/// What makes another word of a noun or of a request.
const OF_OTHERS: &[(&str, &str)] = &[
    ("ын ин", "NDT"),
    ("лык лик", "VD"),
    ("ши шы", "VNDT"),
    ("рак рек", "V"),
    ("ырак ирек", "NDT"),
];

struct Ending {
    letters: Vec<char>,
    follows: &'static str,
    layer: Layer,
}

/// How far from the stem an ending stands, the outermost first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Noun,
    Verb,
    VerbStem,
}

static OF_A_NOUN: LazyLock<Vec<Ending>> = LazyLock::new(|| endings(&[(Layer::Noun, OF_NOUNS)]));
static OF_ANY_WORD: LazyLock<Vec<Ending>> = LazyLock::new(|| {
    endings(&[
        (Layer::Verb, OF_VERBS),
        (Layer::Noun, OF_NOUNS),
        (Layer::Noun, OF_OTHERS),
        (Layer::VerbStem, OF_VERB_STEMS),
    ])
});

/// The longest first.
fn endings(tables: &[(Layer, &[(&'static str, &'static str)])]) -> Vec<Ending> {
    let rows = tables.iter().flat_map(|(layer, table)| table.iter().map(move |it| (*layer, it)));
    let mut endings: Vec<Ending> = rows
        .flat_map(|(layer, (endings, follows))| {
            endings.split(' ').map(move |it| Ending {
                letters: it.chars().collect(),
                follows,
                layer,
            })
        })
        .collect();
    endings.sort_by_key(|it| std::cmp::Reverse(it.letters.len()));
    endings
}

/// The stem of a noun.
pub fn stem(word: &str) -> String {
    stripped(word, &OF_A_NOUN, MIN_STEM)
}

/// What is left of a verb, of its participles, and of nouns made of it.
pub fn root(word: &str) -> String {
    let root = stripped(word, &OF_ANY_WORD, MIN_STEM - 1);
    let bare = root.trim_end_matches(['а', 'е', 'ы', 'и', 'й']);
    let is_enough = bare.chars().count() >= MIN_STEM - 1 && bare.chars().any(is_vowel);
    if is_enough { bare.to_owned() } else { root }
}

fn stripped(word: &str, endings: &[Ending], shortest: usize) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let mut outermost = Layer::Noun;
    let may_follow = |it: &Ending, outermost| {
        it.layer > outermost
            || it.layer == outermost && matches!(outermost, Layer::Noun | Layer::VerbStem)
    };
    while let Some(ending) =
        endings.iter().find(|it| may_follow(it, outermost) && it.fits(&letters, shortest))
    {
        letters.truncate(letters.len() - ending.letters.len());
        outermost = ending.layer;
    }
    if letters.len() > MIN_STEM && letters.last() == Some(&'ь') {
        letters.pop();
    }
    // «тогы» is of «ток», «қабы» of «қап».
    if let Some(last) = letters.last_mut() {
        *last = match *last {
            'г' => 'к',
            'б' => 'п',
            other => other,
        };
    }
    letters.into_iter().collect()
}

impl Ending {
    fn fits(&self, word: &[char], shortest: usize) -> bool {
        let Some(rest) = word.strip_suffix(self.letters.as_slice()) else { return false };
        let Some(last) = rest.last() else { return false };
        // An ending that may also be the end of a stem is removed more cautiously: «қосады» is not of «қо».
        let is_unsure = match self.letters.as_slice() {
            ['л' | 'н' | 'м' | 'с'] | ['м' | 'б' | 'п', 'а' | 'е', 'с' | 'к'] => true,
            ['г' | 'к', 'а' | 'е'] | ['с', 'а' | 'е', ..] => is_vowel(*last),
            _ => false,
        };
        if rest.len() < if is_unsure { MIN_STEM } else { shortest } {
            return false;
        }
        rest.iter().any(|it| is_vowel(*it))
            && classes(*last).iter().any(|it| self.follows.contains(*it))
            && self.is_in_harmony(rest)
    }

    /// Vowels of one word are all hard or all soft, as far as the folded letters still tell;
    /// «-мен» (with) is always soft.
    fn is_in_harmony(&self, rest: &[char]) -> bool {
        if let ['м' | 'б' | 'п', 'е', 'н'] = self.letters.as_slice() {
            return true;
        }
        let vowel = |letters: &[char]| letters.iter().rev().copied().find(|it| is_vowel(*it));
        match (vowel(rest), vowel(&self.letters)) {
            (Some('ы'), Some('е' | 'и')) | (Some('е'), Some('а' | 'ы')) => false,
            (Some(_) | None, Some(_) | None) => true,
        }
    }
}

const fn is_vowel(it: char) -> bool {
    matches!(it, 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я')
}

/// What a letter is to the ending after it; loans are said, and so written, in two ways.
const fn classes(letter: char) -> &'static [char] {
    match letter {
        'ы' | 'и' => &['V', 'P'],
        'у' => &['V', 'D'],
        'а' | 'е' | 'о' | 'э' | 'ю' | 'я' => &['V'],
        'м' | 'н' => &['N'],
        'р' | 'л' | 'й' | 'з' | 'ж' | 'ь' => &['D'],
        'б' | 'в' | 'г' | 'д' => &['D', 'T'],
        _ => &['T'],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::fold::folded;

    fn typed(word: &str) -> String {
        word.chars().flat_map(folded).collect()
    }

    #[test]
    fn forms_of_a_noun_have_one_stem() {
        for forms in [
            &["порт", "порттар", "порттың", "портта", "портқа", "порттан", "порты", "портының"][..],
            &["құрылғы", "құрылғының", "құрылғыға", "құрылғылар", "құрылғыдағы", "құрылғысы"],
            &["жылдамдық", "жылдамдығын", "жылдамдығы"],
            &["жаңғырық", "жаңғырықтан", "жаңғырығы"],
            &["лицензия", "лицензияларымыздың", "лицензияның"],
            &["мерзім", "мерзімін", "мерзімі"],
            &["көшірме", "көшірмелерді", "көшірмесі"],
            &["ноутбук", "ноутбуктердің", "ноутбуктер", "ноутбугі"],
            &["желі", "желілерге", "желіге", "желіде"],
            &["ток", "тогын", "тогы"],
            &["қоңырау", "қоңыраулар", "қоңыраудың"],
            &["уақыт", "уақыты", "уақытты"],
            &["белдеуі", "белдеуін"],
            &["сервер", "серверіне", "серверден", "серверлердің"],
            &["терминал", "терминалдар", "терминалында", "терминалды"],
            &["кабель", "кабельді", "кабелі"],
            &["нүкте", "нүктелер", "нүктесі", "нүктеден"],
        ] {
            let stems: Vec<_> = forms.iter().map(|it| stem(&typed(it))).collect();
            assert!(stems.iter().all(|it| *it == stems[0]), "{forms:?} {stems:?}");
        }
    }

    #[test]
    fn forms_of_a_verb_have_one_root() {
        for forms in [
            &["бермейді", "берілмейді", "береді", "берген", "беріп"][..],
            &["көтеру", "көтерілді", "көтерілмейді", "көтереді"],
            &["жасамай", "жасалмайды", "жасалады", "жасау"],
            &["қосылуы", "қосылмайды", "қосылады", "қосқанда", "қосыңыз", "қостық"],
            &["тексеру", "тексеріңіз", "тексердік", "тексереміз"],
            &["шығу", "шығады", "шықты", "шығып", "шығатын"],
            &["тіркелу", "тіркелуден", "тіркелмейді", "тіркелді", "тіркеу", "тіркеуші"],
            &["орнату", "орнатылмайды", "орнатқанда", "орнатып", "орнатылды"],
            &["ұзарту", "ұзартуды", "ұзартылды"],
            &["танылмайды", "танылды", "танылған"],
            &["өшіп", "өшеді", "өшті"],
            &["жүктеледі", "жүктеу", "жүктелді", "жүктеп"],
            &["қарайып", "қарайды", "қараяды"],
            &["жанбайды", "жанады", "жанды"],
            &["ұмыттық", "ұмытылған", "ұмытылып", "ұмыту"],
            &["үзіледі", "үзіліп", "үзілмейді", "үзілді"],
            &["ауыстыру", "ауыстырдық", "ауыстырыңыз"],
            &[
                "жібереді",
                "жіберемін",
                "жібермеймін",
                "жібермес",
                "жібермек",
                "жібергенше",
                "жіберейік",
            ],
            &["қосылады", "қосылмаймын", "қосылмас", "қосылмақ", "қосылғанша"],
            &["көрсетеді", "көрсетпеймін", "көрсетпес", "көрсетпек", "көрсеткенше", "көрсетейік"],
            &["жанады", "жанбаймын", "жанбас"],
            &["қарайды", "қараймын", "қарайық"],
            &["естиді", "естіді", "естімейді", "есту", "естіген"],
            &["танымайды", "таныды", "танылды", "тану"],
            &["көмектеседі", "көмектесті", "көмектесу", "көмектесіңізші"],
            &["ашу", "ашады", "ашты", "ашылмайды"],
            &["жою", "жояды", "жойды", "жойылған"],
        ] {
            let roots: Vec<_> = forms.iter().map(|it| root(&typed(it))).collect();
            assert!(roots.iter().all(|it| *it == roots[0]), "{forms:?} {roots:?}");
        }
    }
}
