//! Addresses of people.

use unicode_normalization::UnicodeNormalization;

/// The form in which addresses are unique: NFKC, lower case, the domain by its A-labels.
pub fn fold_email(email: &str) -> String {
    let folded: String = email.trim().nfkc().flat_map(char::to_lowercase).collect();
    in_ascii(&folded)
}

/// An address with its domain by A-labels (RFC 5890), which every mail server knows; one without a valid
/// domain as it is.
pub fn in_ascii(email: &str) -> String {
    let in_labels = || {
        let (local, domain) = email.rsplit_once('@')?;
        Some(format!("{local}@{}", idna::domain_to_ascii(domain).ok()?))
    };
    in_labels().unwrap_or_else(|| email.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IN07: a domain in letters and in A-labels is the same one.
    #[test]
    fn sec_in07_a_domain_has_one_form() {
        for same in ["A.Omarova@қазпошта.қаз", "a.omarova@xn--80aau2aet5b92c.xn--80ao21a"]
        {
            assert_eq!(fold_email(same), "a.omarova@xn--80aau2aet5b92c.xn--80ao21a", "{same}");
        }
        assert_eq!(fold_email(" Иван@B.kz "), "иван@b.kz");
        assert_eq!(in_ascii("нет адреса"), "нет адреса");
    }
}
