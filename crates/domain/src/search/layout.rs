//! What was meant by a text typed with the wrong keyboard layout.

/// The keys, then those with a second sign on them.
const ENGLISH: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~{}:\"<>";
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю";

/// The keys whose Kazakh letters stand where others have digits and signs.
const DIGITS: &str = "2345890-=";
const KAZAKH: &str = "әіңғүұқөһ";

/// What the same keys give on the other keyboards, where that is a different text.
pub fn other_readings(typed: &str) -> Vec<String> {
    let lower = typed.to_lowercase();
    let is_latin = lower.chars().any(|it| it.is_ascii_alphabetic());
    let is_cyrillic = lower.chars().any(|it| RUSSIAN.contains(it));
    let mut readings = Vec::new();
    if !is_latin && !is_cyrillic {
        return readings;
    }
    if is_cyrillic && !is_latin {
        readings.push(rewritten(&lower, RUSSIAN, ENGLISH));
    } else {
        let russian = rewritten(&lower, ENGLISH, RUSSIAN);
        let kazakh = rewritten(&russian, DIGITS, KAZAKH);
        readings.extend([russian, kazakh]);
        readings.dedup();
    }
    readings.retain(|it| *it != lower);
    readings
}

fn rewritten(text: &str, from: &str, to: &str) -> String {
    let key = |it| from.chars().zip(to.chars()).find(|(key, _)| *key == it);
    text.chars().map(|it| key(it).map_or(it, |(_, letter)| letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_on_the_other_keyboard() {
        for (typed, meant) in [
            ("ьуы2324аи", "mes2324fb"),
            ("pf,kjrbhjdfy", "заблокирован"),
            ("'[j", "эхо"),
            ("dt,-bynthatqc", "веб-интерфейс"),
            ("Gjhn", "порт"),
            (":EHYFK", "журнал"),
            ("{JKJL", "холод"),
        ] {
            assert_eq!(other_readings(typed).first().map(String::as_str), Some(meant), "{typed}");
        }
        assert_eq!(other_readings("0fnt").get(1).map(String::as_str), Some("қате"));
        assert!(other_readings("2024").is_empty());
    }
}
