use super::*;

/// 2.4.2: two hours to one day, by complexity; critical always two hours.
#[test]
fn c2_4_2_the_target_follows_complexity_and_critical_is_always_two_hours() {
    let sla = Sla::default();
    for priority in Priority::ALL {
        for complexity in Complexity::ALL {
            let grade = Grade { priority: *priority, complexity: *complexity };
            let expected = match (priority, complexity) {
                (Priority::Critical, _) | (_, Complexity::Simple) => 120,
                (_, Complexity::Normal) => 240,
                (_, Complexity::Complex) => 540,
            };
            assert_eq!(sla.response(grade), expected, "{priority} {complexity}");
        }
    }
}

#[test]
fn a_reminder_comes_once_and_within_the_two_months() {
    let check = |days: &[i16]| {
        let sla = Sla { reminder_days: days.to_vec(), ..Sla::default() };
        match sla.check() {
            Err(RuleViolation::Invalid(errors)) => {
                errors.into_iter().map(|it| (it.pointer, it.code.as_str())).collect()
            }
            Err(other) => panic!("{other:?}"),
            Ok(()) => Vec::new(),
        }
    };

    assert_eq!(check(&[14, 3]), []);
    assert_eq!(check(&[]), []);
    let wrong = |index: usize, code| (format!("/reminder_days/{index}"), code);
    let expected = [wrong(0, "too_small"), wrong(1, "too_large"), wrong(3, "repeated")];
    assert_eq!(check(&[0, 59, 3, 3]), expected);
}
