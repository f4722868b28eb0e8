//! From a refusal to what the admin of the identity provider can do about it, in one line: the
//! attribute, and the screen to change it on.

use crate::error::{Fault, ScimError};

/// Whose screens the admin has in front of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Microsoft Entra ID.
    Entra,
    /// Okta.
    Okta,
    /// Another one, whose screens are not known here.
    Other,
}

/// What the identity provider did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// POST of a resource.
    Create,
    /// PUT or PATCH.
    Change,
    /// DELETE.
    Delete,
    /// GET of one resource.
    Read,
    /// A list or a search.
    Query,
}

/// The request that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// Who sent it.
    pub client: Client,
    /// The resource type it is about, such as `User`.
    pub kind: &'a str,
    /// What it was to do.
    pub action: Action,
}

/// What to do about a refusal, `None` if nobody but the identity provider's makers can help.
/// Names attributes and never values.
pub fn advice(error: &ScimError, request: Request<'_>) -> Option<String> {
    match (error.status, &error.attribute, error.fault) {
        (401, ..) => Some(token(request.client)),
        (404, ..) => gone(request),
        (412, ..) => Some(
            "Nothing to do: the resource was changed meanwhile, and the next cycle sends it again."
                .to_owned(),
        ),
        (400 | 409 | 413, Some(attribute), Some(fault)) => Some(about(attribute, fault, request)),
        (413, ..) => Some(format!(
            "Send less at a time, or leave large attributes such as photos out in {}.",
            mapping(request)
        )),
        _ => None,
    }
}

/// What to do when a group names members that do not exist here. They are passed over, so this is
/// no refusal.
pub fn unknown_members(count: usize, client: Client) -> String {
    let screen = match client {
        Client::Entra => "Users and groups",
        Client::Okta => "Assignments",
        Client::Other => "the list of people that the identity provider provisions",
    };
    let members = if count == 1 { "1 member".to_owned() } else { format!("{count} members") };
    format!(
        "{members} of the group are not provisioned here: add them in {screen}; the next push of \
         the group adds them."
    )
}

fn about(attribute: &str, fault: Fault, request: Request<'_>) -> String {
    let screen = mapping(request);
    match fault {
        Fault::Taken => format!(
            "Another {} has this {attribute}: change one of the two, or map {attribute} from a \
             source that is unique, in {screen}.",
            request.kind.to_lowercase()
        ),
        Fault::Missing => {
            format!("Map {attribute} from a source that is never empty, in {screen}.")
        }
        Fault::WrongType => {
            format!("Map {attribute} from a source of the type it has here, in {screen}.")
        }
        Fault::TooLong => format!("Shorten or remove what is mapped to {attribute}, in {screen}."),
        Fault::Fixed => format!("Remove the mapping of {attribute}, in {screen}."),
        Fault::Unknown if request.action == Action::Query => matching(attribute, request),
        Fault::Unknown => format!(
            "{attribute} does not exist here: remove its mapping in {screen}, or add it to the \
             schemas of this server."
        ),
    }
}

/// A filter comes from the attribute by which accounts are matched.
fn matching(attribute: &str, request: Request<'_>) -> String {
    let how = match request.client {
        Client::Entra => "choose another attribute for Matching precedence",
        Client::Okta => "choose another unique identifier field, in Provisioning > Integration",
        Client::Other => "match accounts by another attribute",
    };
    let place = match request.client {
        Client::Okta => String::new(),
        _ => format!(", in {}", mapping(request)),
    };
    format!("{attribute} does not exist here and cannot be searched by: {how}{place}.")
}

/// Where attributes are mapped.
fn mapping(request: Request<'_>) -> String {
    match (request.client, request.kind) {
        (Client::Entra, kind) => format!(
            "Provisioning > Attribute mapping (Preview) > Provision Microsoft Entra ID {kind}s"
        ),
        (Client::Okta, "Group") => "Push Groups".to_owned(),
        (Client::Okta, _) => "Provisioning > To App > Attribute Mappings".to_owned(),
        (Client::Other, _) => "the attribute mapping of the identity provider".to_owned(),
    }
}

fn token(client: Client) -> String {
    let screen = match client {
        Client::Entra => "Provisioning > Admin Credentials > Secret Token",
        Client::Okta => "Provisioning > Integration",
        Client::Other => "the SCIM settings of the identity provider",
    };
    format!("Make a new SCIM token here and enter it in {screen}.")
}

/// A client that changes what does not exist remembers an id from before.
fn gone(request: Request<'_>) -> Option<String> {
    if !matches!(request.action, Action::Change) {
        return None;
    }
    let kind = request.kind.to_lowercase();
    let how = match (request.client, request.kind) {
        (Client::Entra, _) => "choose Provisioning > Restart provisioning",
        (Client::Okta, "Group") => "unlink the group in Push Groups and push it again",
        (Client::Okta, _) => "remove the assignment in Assignments and assign again",
        (Client::Other, _) => "have the identity provider match its accounts again",
    };
    Some(format!("The {kind} was deleted here since the identity provider made it: {how}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::GroupDocument;
    use crate::list::ListQuery;
    use crate::patch::PatchRequest;
    use crate::schema::{GROUP, USER, urn};
    use crate::user::UserDocument;
    use serde_json::{Value, json};

    fn request(client: Client, action: Action) -> Request<'static> {
        Request { client, kind: "User", action }
    }

    fn create(body: Value) -> ScimError {
        UserDocument::from_value(body, &USER).expect_err("refused")
    }

    fn patch(path: &str) -> ScimError {
        let operations = json!([{"op": "replace", "path": path, "value": "x"}]);
        let body = json!({"schemas": [urn::PATCH_OP], "Operations": operations});
        PatchRequest::from_value(body, &USER).expect_err("refused")
    }

    #[test]
    fn a_refused_create_names_the_attribute_and_the_screen() {
        for (body, attribute) in [
            (json!({}), "userName"),
            (json!({"userName": " "}), "userName"),
            (json!({"userName": "a", "emails": [{}, {"value": 7}]}), "emails.value"),
            (json!({"userName": "a", "active": "perhaps"}), "active"),
            (json!({"userName": "a", "title": "x".repeat(70_000)}), "title"),
            (json!({"userName": "a", urn::ENTERPRISE_USER: {"department": 7}}), "User:department"),
        ] {
            let error = create(body);
            let entra = advice(&error, request(Client::Entra, Action::Create)).expect("advice");
            assert!(entra.contains(attribute), "{entra} should name {attribute}");
            assert!(entra.contains(
                "Provisioning > Attribute mapping (Preview) > Provision Microsoft Entra ID Users"
            ));
            let okta = advice(&error, request(Client::Okta, Action::Create)).expect("advice");
            assert!(okta.contains("Provisioning > To App > Attribute Mappings"), "{okta}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_to_be_changed_or_mapped_otherwise() {
        let error = ScimError::uniqueness("x").about("userName", Fault::Taken);
        let text = advice(&error, request(Client::Okta, Action::Create)).expect("advice");
        assert!(text.starts_with("Another user has this userName"), "{text}");
    }

    #[test]
    fn an_unknown_attribute_of_a_filter_leads_to_the_matching_and_of_a_path_to_the_mapping() {
        let error = ListQuery::parse("filter=shoeSize+eq+1", &USER, 0).expect_err("unknown");
        let text = advice(&error, request(Client::Entra, Action::Query)).expect("advice");
        assert!(text.contains("shoeSize") && text.contains("Matching precedence"), "{text}");
        let text = advice(&patch("shoeSize"), request(Client::Entra, Action::Change));
        assert!(text.expect("advice").contains("remove its mapping"));
        let text = advice(&patch("meta"), request(Client::Entra, Action::Change));
        assert_eq!(text.expect("advice").split(',').next(), Some("Remove the mapping of meta"));
    }

    #[test]
    fn groups_have_screens_of_their_own() {
        let error = GroupDocument::from_value(json!({}), &GROUP).expect_err("no name");
        let group = |client| Request { client, kind: "Group", action: Action::Create };
        let text = |client| advice(&error, group(client)).expect("advice");
        assert!(text(Client::Entra).ends_with("Provision Microsoft Entra ID Groups."));
        assert!(text(Client::Okta).ends_with("Push Groups."));
        assert!(text(Client::Other).ends_with("of the identity provider."));
    }

    #[test]
    fn a_token_a_lost_resource_and_unknown_members_have_their_own_advice() {
        let text = advice(&ScimError::unauthorized(), request(Client::Entra, Action::Read));
        assert!(text.expect("advice").contains("Secret Token"));
        let text = advice(&ScimError::not_found(), request(Client::Entra, Action::Change));
        assert!(text.expect("advice").contains("Restart provisioning"));
        // A look-up that finds nothing is how clients ask whether somebody exists.
        assert_eq!(advice(&ScimError::not_found(), request(Client::Entra, Action::Read)), None);
        assert!(unknown_members(1, Client::Okta).starts_with("1 member of the group"));
        assert!(unknown_members(2, Client::Entra).contains("Users and groups"));
    }

    #[test]
    fn no_advice_quotes_a_value() {
        let error = create(json!({"userName": "a", "name": {"givenName": ["hunter2"]}}));
        let text = advice(&error, request(Client::Other, Action::Create)).expect("advice");
        assert!(text.contains("name.givenName") && !text.contains("hunter2"), "{text}");
    }
}
