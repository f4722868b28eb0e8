//! Where each kind of resource stands, and which of its attributes the database can search and sort by.

use freehold_directory::listing::Shelf;
use freehold_directory::{OrganizationId, comparable};
use freehold_scim::schema::AttributeRef;

use super::row;
use crate::Value;

/// A column of texts.
pub(super) struct TextColumn {
    /// The attribute, by its dotted name.
    attribute: &'static str,
    /// The column.
    pub(super) name: &'static str,
    /// Whether it holds folded texts.
    pub(super) folded: bool,
    /// Whether it may be NULL.
    pub(super) nullable: bool,
}

const fn text(
    attribute: &'static str,
    name: &'static str,
    folded: bool,
    nullable: bool,
) -> TextColumn {
    TextColumn { attribute, name, folded, nullable }
}

/// A table of rows that belong to resources: one value each.
pub(super) struct List {
    /// The multi-valued attribute.
    attribute: &'static str,
    /// The table.
    pub(super) table: &'static str,
    /// The column with the id of the resource.
    pub(super) owner: &'static str,
    /// The column with the `value`.
    pub(super) value: &'static str,
    /// Whether it holds folded texts.
    pub(super) folded: bool,
    /// The column with the folded `type`, if there is one.
    pub(super) kind: Option<&'static str>,
    /// Whether every value has a row, and not only those with a `value`.
    complete: bool,
}

/// The table of a kind of resource.
pub(super) struct Table {
    /// Its name.
    pub(super) name: &'static str,
    /// The condition for what is there, over `$1`, the organization, and what else [`first_values`] gives.
    pub(super) live: &'static str,
    texts: &'static [TextColumn],
    lists: &'static [List],
    /// A column with the comparable form of `externalId`, which leads to the index.
    pub(super) external_key: Option<&'static str>,
    /// Whether there is a column `active`.
    pub(super) active: bool,
}

const ID: TextColumn = text("id", "id", false, false);
const EXTERNAL_ID: TextColumn = text("externalId", "external_id", false, true);

static USERS: Table = Table {
    name: "users",
    live: "organization_id = $1 AND deleted_at IS NULL",
    texts: &[
        ID,
        EXTERNAL_ID,
        text("userName", "user_name_key", true, false),
        text("displayName", "display_name_key", true, true),
    ],
    lists: &[
        List {
            attribute: "emails",
            table: "user_emails",
            owner: "user_id",
            value: "value_key",
            folded: true,
            kind: Some("type_key"),
            complete: false,
        },
        List {
            attribute: "groups",
            table: "group_members",
            owner: "member_id",
            value: "group_id",
            folded: false,
            kind: None,
            complete: true,
        },
    ],
    external_key: Some("external_key"),
    active: true,
};

static GROUPS: Table = Table {
    name: "scim_groups",
    live: "organization_id = $1 AND deleted_at IS NULL",
    texts: &[ID, EXTERNAL_ID, text("displayName", "display_name_key", true, false)],
    lists: &[List {
        attribute: "members",
        table: "group_members",
        owner: "group_id",
        value: "member_id",
        folded: false,
        kind: None,
        complete: true,
    }],
    external_key: None,
    active: false,
};

static OTHERS: Table = Table {
    name: "scim_resources",
    live: "organization_id = $1 AND kind = $2",
    texts: &[ID, EXTERNAL_ID],
    lists: &[],
    external_key: None,
    active: false,
};

/// The table of a shelf.
pub(super) fn table(shelf: Shelf) -> &'static Table {
    match shelf {
        Shelf::Users => &USERS,
        Shelf::Groups => &GROUPS,
        Shelf::Others(_) => &OTHERS,
    }
}

/// The values of [`Table::live`].
pub(super) fn first_values(organization: OrganizationId, shelf: Shelf) -> Vec<Value> {
    let mut values = vec![row::id(organization)];
    if let Shelf::Others(kind) = shelf {
        values.push(Value::from(kind));
    }
    values
}

impl Table {
    /// The column of an attribute, if it compares as the schema says.
    pub(super) fn text(&self, attribute: &AttributeRef) -> Option<&'static TextColumn> {
        self.texts
            .iter()
            .find(|column| attribute.is_core(column.attribute))
            .filter(|column| column.folded != attribute.leaf().case_exact)
    }

    /// The column of a time.
    pub(super) fn time(&self, attribute: &AttributeRef) -> Option<&'static str> {
        if attribute.is_core("meta.created") {
            Some("created_at")
        } else if attribute.is_core("meta.lastModified") {
            Some("last_modified_at")
        } else {
            None
        }
    }

    /// Whether this is the attribute of the column `active`.
    pub(super) fn is_active(&self, attribute: &AttributeRef) -> bool {
        self.active && attribute.is_core("active")
    }

    /// The rows of a multi-valued attribute.
    pub(super) fn list(&self, attribute: &AttributeRef) -> Option<&'static List> {
        self.lists.iter().find(|list| attribute.is_core(list.attribute))
    }

    /// The rows of the values of a multi-valued attribute: `emails.value`.
    pub(super) fn list_value(&self, attribute: &AttributeRef) -> Option<&'static List> {
        let is_value = |list: &&List| attribute.is_core(&format!("{}.value", list.attribute));
        self.lists.iter().find(is_value)
    }

    /// The rows that say whether there is a value at all.
    pub(super) fn list_present(&self, attribute: &AttributeRef) -> Option<&'static List> {
        let whole = self.list(attribute).filter(|list| list.complete);
        whole.or_else(|| self.list_value(attribute))
    }

    /// The column that leads to the index of `externalId`, with what to look for there.
    pub(super) fn external_key(
        &self,
        attribute: &AttributeRef,
        text: &str,
    ) -> Option<(&'static str, Value)> {
        let column = self.external_key.filter(|_| attribute.is_core("externalId"))?;
        Some((column, Value::from(comparable(text))))
    }
}
