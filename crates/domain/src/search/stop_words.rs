//! Words that every text has: a question asked in full is about the others.

#[rustfmt::skip]
const STOP_WORDS: &str = "
    а без более бы был была были было быть в вам вас весь во вот все всех вы где да для до его ее если есть еще же за
    здравствуйте и из или им их к как какой ко когда кто ли либо мне мой можно может мы на над надо нам нас наш не него
    нее нет них но ну о об однако он она они оно от очень по под подскажите пожалуйста помогите почему при про раз с со
    так также такой там те тем то тогда того тоже той только том ты у уже хотя чего чей чем что чтобы чье эта эти это этот
    я добрый день

    ал алады ба бар бе болады болып бойынша бул бир биз биздин бирак гой да де деп дейин ен ете жане жок калай кайда
    керек кез ма ме мен мумкин не неге немесе ол осы салеметсиз сиз сол сияkты тур туралы ушин уже шей кайырлы кун

    a about after all am an and any are as at be been but by can could did do does for from had has have he hello help
    how i if in into is it its me my no not of on or our please she should so some than that the their them then there
    these they this to up us was we were what when where which who why will with without would you your
";

/// Whether a folded word says nothing by itself.
pub fn is_stop_word(word: &str) -> bool {
    use std::collections::HashSet;
    use std::sync::LazyLock;

    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| STOP_WORDS.split_whitespace().collect());
    WORDS.contains(word)
}
