//! How a person of an identity provider and a SCIM user are compared.

pub(crate) use freehold_sso::is_guid;

/// The form in which `externalId` and subject are compared: GUIDs without case, everything else byte by byte.
pub fn comparable(text: &str) -> String {
    if is_guid(text) { text.to_ascii_lowercase() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_guids_are_compared_without_case() {
        let guid = "AAAAAAAA-0000-4000-8000-00000000000F";
        assert_eq!(comparable(guid), guid.to_lowercase());
        for other in [
            "Alice",
            "AAAAAAAA00004000800000000000000F",
            "{AAAAAAAA-0000-4000-8000-0000000000}",
            "",
        ] {
            assert_eq!(comparable(other), other);
        }
    }
}
