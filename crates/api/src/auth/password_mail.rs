//! The mails about a password: how to set a new one, and that it has been changed.

use diesel::prelude::*;
use domain::Text;

use crate::auth::reset;
use crate::db::Db;
use crate::mail::letter::{Composed, Links, Template};
use crate::mail::outbox::MailRow;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// Makes the token with which a password is replaced, commits its hash, then sends it: a
/// repeated attempt makes a new one, which voids the one before.
pub fn compose_reset(
    mail: &MailRow,
    user_id: i64,
    links: &Links,
    db: &Db,
) -> Result<Composed, Problem> {
    let work = |conn: &mut PgConnection| {
        let user = UserRow::find(user_id, conn)?;
        let token = user.is_active.then(|| reset::create_token(user.id, conn)).transpose()?;
        Ok(token.map(|token| (user, token)))
    };
    let Some((user, token)) = db.transaction_here(work)? else {
        return Ok(Composed::Dropped("the person left"));
    };
    let values = [("{public_url}", links.public_url.as_str()), ("{token}", &token)];
    Ok(user.letter(mail, &RESET, &values).into())
}

/// Notifies somebody that the password is another one now.
pub fn compose_changed(
    mail: &MailRow,
    user_id: i64,
    links: &Links,
    db: &Db,
) -> Result<Composed, Problem> {
    let user = db.transaction_here(|conn| Ok(UserRow::find(user_id, conn)?))?;
    Ok(user.letter(mail, &CHANGED, &[("{public_url}", &links.public_url)]).into())
}

const RESET: Template = Template {
    subject: Text::new(
        "Новый пароль для портала технической поддержки",
        "Техникалық қолдау порталының жаңа құпиясөзі",
        "A new password for the technical-support portal",
    ),
    body: Text::new(
        "Здравствуйте, {first_name}!\n\n\
         Поступил запрос на смену пароля вашей учетной записи на портале технической \
         поддержки.\n\n\
         Код для смены пароля:\n\n    {token}\n\n\
         Введите его на странице входа или отправьте вместе с новым паролем:\n\
         POST {public_url}/api/v1/auth/password-reset/confirm\n\n\
         Код действует час, использовать его можно один раз. После смены пароля все сеансы и токены \
         API завершатся.\n\
         Если вы этого не просили, ничего не делайте: прежний пароль действует.\n",
        "Сәлеметсіз бе, {first_name}!\n\n\
         Техникалық қолдау порталындағы құпиясөзіңізді ауыстыру туралы сұрау келді.\n\n\
         Құпиясөзді ауыстыру коды:\n\n    {token}\n\n\
         Оны кіру бетінде енгізіңіз немесе жаңа құпиясөзбен бірге жіберіңіз:\n\
         POST {public_url}/api/v1/auth/password-reset/confirm\n\n\
         Код бір сағат жарамды, оны бір рет қана қолдануға болады. Одан кейін барлық сеанстар мен API токендері аяқталады.\n\
         Егер сіз сұрамаған болсаңыз, ештеңе істемеңіз: бұрынғы құпиясөз жарамды.\n",
        "Hello {first_name},\n\n\
         We received a request to reset the password of your account on the technical-support \
         portal.\n\n\
         Your reset code:\n\n    {token}\n\n\
         Enter it on the sign-in page, or send it together with the new password:\n\
         POST {public_url}/api/v1/auth/password-reset/confirm\n\n\
         The code is valid for one hour and can be used once. All sessions and API tokens end when \
         the password is changed.\n\
         If you did not ask for this, ignore this mail: your password stays as it is.\n",
    ),
};

const CHANGED: Template = Template {
    subject: Text::new(
        "Пароль портала технической поддержки изменен",
        "Техникалық қолдау порталының құпиясөзі өзгертілді",
        "Your password for the technical-support portal was changed",
    ),
    body: Text::new(
        "Здравствуйте, {first_name}!\n\n\
         Пароль вашей учетной записи на портале {public_url} изменен, остальные сеансы завершены.\n\n\
         Если это были не вы, сразу запросите новый пароль на странице входа и сообщите в \
         техническую поддержку.\n",
        "Сәлеметсіз бе, {first_name}!\n\n\
         {public_url} порталындағы тіркелгіңіздің құпиясөзі өзгертілді, басқа сеанстар аяқталды.\n\n\
         Егер бұл сіз болмасаңыз, кіру бетінде бірден жаңа құпиясөз сұрап, техникалық қолдауға \
         хабарлаңыз.\n",
        "Hello {first_name},\n\n\
         The password of your account on {public_url} was changed, and the other sessions ended.\n\n\
         If it was not you, ask for a new password on the sign-in page at once, and tell technical \
         support.\n",
    ),
};
