//! The mail that brings the access data (2.1).

use domain::{Language, Text};

/// What an invitation says, beside the words of its language.
#[derive(Debug)]
pub struct Invitation<'a> {
    /// First name of the person.
    pub first_name: &'a str,
    /// The address with which to sign in.
    pub email: &'a str,
    pub password: &'a str,
    /// Where the API is.
    pub public_url: &'a str,
}

const SUBJECT: Text = Text::new(
    "Доступ к порталу технической поддержки",
    "Техникалық қолдау порталына кіру",
    "Your access to the technical-support portal",
);

const BODY: Text = Text::new(
    "Здравствуйте, {first_name}!\n\n\
     Для вас создана учетная запись на портале технической поддержки.\n\n\
     Адрес портала: {public_url}\n\
     Логин: {email}\n\
     Одноразовый пароль:\n\n    {password}\n\n\
     Пароль действует 24 часа. При первом входе смените его на свой: до этого портал не даст \
     сделать ничего другого.\n",
    "Сәлеметсіз бе, {first_name}!\n\n\
     Сізге техникалық қолдау порталында тіркелгі жасалды.\n\n\
     Портал мекенжайы: {public_url}\n\
     Логин: {email}\n\
     Бір реттік құпиясөз:\n\n    {password}\n\n\
     Құпиясөз 24 сағат жарамды. Алғаш кіргенде оны өз құпиясөзіңізге ауыстырыңыз: оған дейін \
     портал басқа ештеңе жасатпайды.\n",
    "Hello {first_name},\n\n\
     An account on the technical-support portal has been made for you.\n\n\
     The portal: {public_url}\n\
     Login: {email}\n\
     One-time password:\n\n    {password}\n\n\
     The password is good for 24 hours. Replace it with your own when you first sign in: the \
     portal lets you do nothing else before.\n",
);

impl Invitation<'_> {
    pub const fn subject(language: Language) -> &'static str {
        SUBJECT.text_in(language)
    }

    pub fn body(&self, language: Language) -> String {
        BODY.text_in(language)
            .replace("{public_url}", self.public_url)
            .replace("{email}", self.email)
            .replace("{password}", self.password)
            .replace("{first_name}", self.first_name)
    }
}
