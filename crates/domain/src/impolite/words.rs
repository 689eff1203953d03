//! The words themselves, and what passes for their letters.

/// The beginnings of rude words, with `е` for `ё` unless that makes a difference. `+` before a stem
/// allows a Russian prefix, `*` anything; after a final `.` no letter may follow.
#[rustfmt::skip]
pub(super) const STEMS: &str = "
    *пизд *пизж *пздц п***ц. п****ц. пезде *хуесос нахуй +хуй +хуйн +хуи. +хуил +хуит +хуищ +хуиз +хую +хуя +хуе
    схуя ахуе хули. *оеб *аеб *уеб *ыеб *ъеб вьеб сьеб обьеб отьеб подьеб разьеб приеб переебал переебат
    переебет. +ебат +ебал +ебан +ебаш +ебош +ебет. +ебете. +ебеш ебеня ебень ебены ебеней +ебу. +ебут. +ебуч
    +ебис +ебите еби. +ебну +ебни +ебл ебтв ёб. йобан *бляд +блят бля. блеат мудак мудач мудил мудоз мудень.
    залуп +жоп черножоп манда. мандой. мандав хер. хера. херня херню херни. херней. херов хером. нахер. нахера.
    похер. нихера. дохера охере +дрочи +дроча +дрочу +дрочк дрочер +срать +срал +сран обоссал обоссат обоссы
    дерьм говн гавн гандон гондон шлюх потаскух шалав курва. курву. курвы. сучар сука. суки. суке. суку. сукой.
    сукам. суками. пидор пидар пидр. пидры. пидрил педик. педики. педиков. педераст ублюд выродок. выродк
    подонок. подонк мразь. мрази. мразей. мразот тварь. твари. тварей. тварью. гнида. гниды. падла. падлюк сволоч
    дебил идиот кретин имбецил дегенерат. дегенераты. придурок. придурк ушлепок. ушлепк тупиц тупорыл безмозгл
    недоумок. недоумк быдл чмо. чмошн урод. уроды. уродов. уродина. скотина. факю факинг.

    қотақ қотағ қотак котақ котак котаг сігей сігем сікпе сікті сігіп сігіс сиктір сіктир сиктир сигейин сигейн
    амың амынды амшық амшык жәлеп жалеп жэлеп көт. көтің көтак боқ. қаншық қаншығ каншык ташақ ташағ ташак
    қатынбас. qotaq kotaqbas kotakbas siktir

    *fuck phuck fvck motherf shit. shits. shitty shittin shithe shitho shitst shitsh shitlo bullshit horseshit
    dipshit bitch sonofab biatch cunt asshole a**hole arsehole dumbass jackass bastard faggot nigger nigga.
    niggas. whore slut. sluts. slutty wanker wanking twat. twats. dickhead cocksuck douchebag scumbag pussy.
    pussies. idiot imbecile moron. morons. moronic cretin. cretins. stfu. gtfo.

    *pizd huy. hui. huynya huinya huylo huilo huesos nahuy nahui nahuj pohuy pohui dohuya nihuya ohuel ohuen
    ebat. ebal. ebany ebanu eblan. ebuchi zaeba zaebi naeba dolboeb dolboyob uebok uebki uebishe blya. blyat
    blyad bliat bliad suka. suki. cyka. mudak. mudaki. mudila. mudilo. pidor. pidory. pidoras pidaras gandon.
    gondon. zalupa zhopa. zhopu. zhope. govno. debil. debily. shluha shlyuha
";

/// Which characters pass for a letter: by look, by sound, or as its kin in another alphabet.
#[rustfmt::skip]
pub(super) fn disguises(letter: char) -> &'static str {
    match letter {
        'а' => "aα@",  'б' => "6",     'в' => "bvwβ", 'г' => "gr",     'д' => "dg",       'е' => "eёεєѐ3€",
        'ж' => "j",    'з' => "z3",    'і' => "i1!",  'и' => "iuіїι1!й", 'й' => "иij",  'к' => "kκ",
        'л' => "lλ",   'м' => "m",     'н' => "hn",   'о' => "oοσ0@",  'п' => "nπ",       'р' => "prρ",
        'с' => "csς$", 'т' => "tτ",    'ф' => "fφ",   'у' => "yuυўұү", 'х' => "xχһҳ",     'ц' => "c",
        'ч' => "4",    'ш' => "w",     'ь' => "ъb",   'я' => "9@",     'қ' => "q",
        'a' => "аα@4", 'b' => "вь6",   'c' => "с",    'e' => "еёε3€",  'h' => "н",        'i' => "іıι1!",
        'k' => "кκ",   'm' => "м",     'n' => "ν",    'o' => "оο0",    'p' => "рρ",       's' => "ѕ$5",
        't' => "тτ",   'u' => "υü",    'x' => "хχ",   'y' => "уυ",
        _ => "",
    }
}

/// What people put in place of a letter to hide it.
pub(super) const MASKS: [char; 2] = ['*', '#'];

/// What may precede a stem marked `+`.
pub(super) const PREFIXES: &str =
    "вы до за на не недо ни о об обо от пере по под при про раз рас у";

/// Beginnings of ordinary words and names that a stem would match by mistake.
pub(super) const ORDINARY: &str = "
    двоеб троеб сваебо поддон идиотип ебург насралл idiotyp idiothe idiotro
    кретинин тупицын тупицин тупицк шалавин хернов
";
