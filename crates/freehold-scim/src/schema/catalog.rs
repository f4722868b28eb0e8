//! The resource types a server has.

use super::{GROUP, ResourceType, USER};

/// The resource types a server has: users and groups, each with the extensions of the operator,
/// and the operator's own types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalog {
    /// The type of users.
    pub user: &'static ResourceType,
    /// The type of groups.
    pub group: &'static ResourceType,
    /// The operator's own types, in the order of the file they come from.
    pub others: Vec<&'static ResourceType>,
}

impl Default for Catalog {
    /// Users and groups as RFC 7643 has them.
    fn default() -> Self {
        Self { user: &USER, group: &GROUP, others: Vec::new() }
    }
}

impl Catalog {
    /// All types: users, groups, then the others.
    pub fn types(&self) -> impl Iterator<Item = &'static ResourceType> {
        [self.user, self.group].into_iter().chain(self.others.iter().copied())
    }

    /// The type served at an endpoint such as `/Users`. Paths respect case (RFC 3986 §6.2.2.1).
    pub fn by_endpoint(&self, endpoint: &str) -> Option<&'static ResourceType> {
        self.types().find(|kind| kind.endpoint == endpoint)
    }

    /// The type of this name, such as `User`.
    pub fn by_name(&self, name: &str) -> Option<&'static ResourceType> {
        self.types().find(|kind| kind.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_and_groups_are_found_by_name_and_by_endpoint() {
        let catalog = Catalog::default();
        assert_eq!(catalog.by_endpoint("/Groups"), Some(&GROUP));
        assert_eq!(catalog.by_name("User"), Some(&USER));
        assert_eq!(catalog.by_endpoint("/users"), None);
        assert_eq!(catalog.types().count(), 2);
    }
}
