use super::*;

/// Advantage 3: the whole grid of impact and urgency.
#[test]
#[rustfmt::skip]
fn a3_priority_follows_from_impact_and_urgency() {
    let grid = [
        (Impact::Consultation,    [Priority::Low,      Priority::Low,      Priority::Medium]),
        (Impact::FunctionDown,    [Priority::Medium,   Priority::Medium,   Priority::High]),
        (Impact::ServiceAffected, [Priority::High,     Priority::High,     Priority::Critical]),
        (Impact::Outage,          [Priority::Critical, Priority::Critical, Priority::Critical]),
    ];
    for (impact, expected) in grid {
        for (urgency, priority) in Urgency::ALL.iter().zip(expected) {
            assert_eq!(derived(impact, *urgency), priority, "{impact} {urgency}");
        }
    }
}
