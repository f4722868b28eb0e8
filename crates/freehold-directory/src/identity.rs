//! How a person of an identity provider and a SCIM user are compared.

/// Whether a text is a GUID in its usual form: 8-4-4-4-12 hexadecimal digits.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

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
