//! Who reads events.

use domain::zone::Zone;
use domain::{Language, Viewer};

use crate::http::caller::Caller;

/// What a person may read, and in which language and zone.
#[derive(Debug, Clone)]
pub struct Reader {
    pub viewer: Viewer,
    pub language: Language,
    /// The zone of the times in texts.
    pub zone: Zone,
}

impl From<&Caller> for Reader {
    fn from(caller: &Caller) -> Self {
        Self {
            viewer: caller.viewer.clone(),
            language: caller.language,
            zone: caller.rules.calendar.zone(),
        }
    }
}
