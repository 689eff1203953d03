//! Articles: published solutions. They cross companies, which tickets never do.

use crate::string_enum;

string_enum! {
    /// Whether an article is being written, is out, or was taken back.
    ArticleStatus {
        /// Being written; nobody finds it.
        Draft = "draft",
        /// Out, for those whom its visibility names.
        Published = "published",
        /// Taken back; nobody finds it.
        Archived = "archived",
    }
}

string_enum! {
    /// For whom an article is published.
    ArticleVisibility {
        /// For engineers and admins.
        Staff = "staff",
        /// For the customers of all companies, too.
        Customers = "customers",
    }
}

/// What publishing an article goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    /// For whom it is to be published.
    pub visibility: ArticleVisibility,
    /// Whether the publisher wrote the version that is published.
    pub is_own_text: bool,
    /// Whether admins want a second pair of eyes.
    pub needs_review: bool,
}

impl Publication {
    /// Whether somebody else has to publish it: whatever leaves for other companies is read by two,
    /// where admins want that.
    pub const fn needs_another(self) -> bool {
        match self.visibility {
            ArticleVisibility::Customers => self.needs_review && self.is_own_text,
            ArticleVisibility::Staff => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_wrote_a_text_does_not_send_it_to_customers_where_two_must_read_it() {
        for (visibility, is_own_text, needs_review, needs_another) in [
            (ArticleVisibility::Customers, true, true, true),
            (ArticleVisibility::Customers, false, true, false),
            (ArticleVisibility::Customers, true, false, false),
            (ArticleVisibility::Staff, true, true, false),
        ] {
            let publication = Publication { visibility, is_own_text, needs_review };
            assert_eq!(publication.needs_another(), needs_another, "{publication:?}");
        }
    }
}
