//! Articles: published solutions. They are shared across companies, which tickets never are.

use crate::string_enum;

string_enum! {
    /// Whether an article is being written, published or archived.
    ArticleStatus {
        /// Being written; search does not find it.
        Draft = "draft",
        /// Published, for the readers that its visibility names.
        Published = "published",
        /// Withdrawn; search does not find it.
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

/// What decides whether an article may be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publication {
    /// For whom it will be published.
    pub visibility: ArticleVisibility,
    /// Whether the publisher wrote the version that is published.
    pub is_own_text: bool,
    /// Whether admins require a review.
    pub needs_review: bool,
}

impl Publication {
    /// Whether somebody else has to publish it: what other companies will see is read by two people,
    /// if admins require that.
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
    fn an_author_does_not_publish_to_customers_where_a_review_is_required() {
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
