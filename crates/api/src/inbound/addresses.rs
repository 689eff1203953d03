//! Who sent a mail, and to whom it came.

use mail_parser::{Address, HeaderName, Message};

/// The address of the only sender: of two, people are shown one, and
/// the other one was authenticated.
pub fn only_sender(message: &Message<'_>) -> Option<String> {
    let heads = message.headers().iter().filter(|it| it.name == HeaderName::From);
    if heads.count() != 1 {
        return None;
    }
    let mut all = message.from()?.iter().filter_map(|it| it.address.as_deref());
    let first = all.next()?.to_owned();
    all.next().is_none().then_some(first)
}

/// All recipients, as recorded by the sender and the servers on the way.
pub fn recipients(message: &Message<'_>) -> Vec<String> {
    const DELIVERED: [&str; 4] = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to"];

    let named = [message.to(), message.cc(), message.bcc()].into_iter().flatten();
    let named = named.flat_map(Address::iter).filter_map(|it| it.address.as_deref());
    let delivered = message.headers_raw();
    let delivered = delivered.filter(|(name, _)| DELIVERED.contains(&name.to_lowercase().as_str()));
    let bare = |it: &str| it.trim().trim_matches(['<', '>', '\'']).to_owned();
    delivered.map(|(_, it)| bare(it)).chain(named.map(bare)).collect()
}
