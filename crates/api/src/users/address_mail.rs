//! The mail to an address that is a person's no more (AU07).

use domain::Text;

use crate::db::Db;
use crate::mail::letter::{Composed, Links, Template};
use crate::mail::outbox::MailRow;
use crate::problem::Problem;
use crate::users::store::UserRow;

/// Notifies the old address that the person has another one now.
pub fn compose(mail: &MailRow, user_id: i64, links: &Links, db: &Db) -> Result<Composed, Problem> {
    let user = db.transaction_here(|conn| Ok(UserRow::find(user_id, conn)?))?;
    Ok(user.letter(mail, &CHANGED, &[("{public_url}", &links.public_url)]).into())
}

/// It does not tell the new address: nobody knows who reads at the old one.
const CHANGED: Template = Template {
    subject: Text::new(
        "Адрес вашей учетной записи изменен",
        "Тіркелгіңіздің мекенжайы өзгертілді",
        "The address of your account was changed",
    ),
    body: Text::new(
        "Здравствуйте, {first_name}!\n\n\
         Адрес вашей учетной записи на портале {public_url} изменен, прежний пароль и все сеансы \
         недействительны. Новые данные для входа отправлены на новый адрес; на этот писем больше не \
         будет.\n\n\
         Если вы об этом не просили, сразу сообщите в техническую поддержку.\n",
        "Сәлеметсіз бе, {first_name}!\n\n\
         {public_url} порталындағы тіркелгіңіздің мекенжайы өзгертілді, бұрынғы құпиясөз бен барлық \
         сеанстар жарамсыз. Кіруге арналған жаңа деректер жаңа мекенжайға жіберілді; бұл мекенжайға \
         енді хат келмейді.\n\n\
         Егер мұны сіз сұрамаған болсаңыз, техникалық қолдауға бірден хабарлаңыз.\n",
        "Hello {first_name},\n\n\
         The address of your account on {public_url} was changed; the password and all sessions before \
         are void. New access data went to the new address; no more mail comes to this one.\n\n\
         If you did not ask for it, tell technical support at once.\n",
    ),
};
