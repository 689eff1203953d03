//! The business identification number (БИН) of Kazakhstan.

/// Its form, as a pattern.
pub const BIN: &str = "^[0-9]{12}$";

/// The weights of the digits before the last; the second row counts where the first one yields no digit.
const WEIGHTS: [[u32; 11]; 2] =
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]];

/// Whether a text is such a number: twelve digits, the last of which checks the others. The numbers of
/// individual entrepreneurs (ИИН) are checked in the same way. Twelve zeros only fill a form.
pub fn is_bin(text: &str) -> bool {
    let digits: Option<Vec<u32>> = text.chars().map(|it| it.to_digit(10)).collect();
    let Some([digits @ .., last]) = digits.as_deref() else { return false };
    digits.len() == 11 && digits.iter().any(|it| *it > 0) && check_digit(digits) == Some(*last)
}

/// The digit that checks the others; there are numbers that have none, and are never issued.
fn check_digit(digits: &[u32]) -> Option<u32> {
    let remainder = |weights: &[u32; 11]| {
        digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11
    };
    WEIGHTS.iter().map(remainder).find(|it| *it < 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_checks_the_others() {
        for real in ["941240000193", "020540003431", "940940000384"] {
            assert!(is_bin(real), "{real}");
        }
        for wrong in [
            "",
            "94124000019",
            "9412400001933",
            "941240000194",
            "94124000019x",
            " 941240000193",
            "٩٤١٢٤٠٠٠٠١٩٣",
            "000000000000",
        ] {
            assert!(!is_bin(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_second_weights_count_where_the_first_yield_no_digit() {
        let valid = |begin: &str| (0..10).filter(|it| is_bin(&format!("{begin}{it}"))).count();

        assert!(is_bin("010140000511") && is_bin("010140000523"));
        assert_eq!(valid("01014000051"), 1);
        // Neither yields one.
        assert_eq!(valid("01014000050"), 0);
    }
}
