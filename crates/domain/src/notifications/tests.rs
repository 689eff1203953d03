use super::*;

/// 2.4: a warning is the assignee's, or the direction's; a miss is the admins', too, once each.
#[test]
fn c2_4_a_deadline_concerns_whoever_can_act() {
    let recipients =
        |assignee, is_missed| deadline_recipients(assignee, &[2, 3], &[3, 9], is_missed);

    assert_eq!(recipients(Some(5), false), [5]);
    assert_eq!(recipients(None, false), [2, 3]);
    assert_eq!(recipients(Some(5), true), [5, 3, 9]);
    assert_eq!(recipients(Some(9), true), [9, 3]);
    assert_eq!(recipients(None, true), [2, 3, 9]);
}

#[test]
fn every_kind_comes_through_some_channel() {
    for kind in NotificationKind::ALL {
        assert!(kind.default_channels().inbox, "{kind}");
    }
}
