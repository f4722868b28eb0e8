//! SAML's points in time: `xs:dateTime` in UTC (SAML Core §1.3.3).

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The milliseconds since 1970; nothing before it, no time zone but `Z`.
pub(super) fn parse(text: &str) -> Option<u64> {
    // Rfc3339 also takes an offset, and any character between date and time.
    let is_utc = text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    let instant = OffsetDateTime::parse(text, &Rfc3339).ok().filter(|_| is_utc)?;
    u64::try_from(instant.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Whole seconds, as every provider reads them.
pub(super) fn render(now_ms: u64) -> String {
    i64::try_from(now_ms / 1000)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|instant| instant.format(&Rfc3339).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_utc_and_nothing_else() {
        assert_eq!(parse("2027-01-15T08:00:00Z"), Some(1_800_000_000_000));
        assert_eq!(parse("2027-01-15T08:00:00.123Z"), Some(1_800_000_000_123));
        assert_eq!(parse("2027-01-15T08:00:00.1234567Z"), Some(1_800_000_000_123));
        assert_eq!(render(1_800_000_000_999), "2027-01-15T08:00:00Z");
        for text in [
            "",
            "Z",
            "2027-01-15",
            "2027-01-15T08:00:00",
            "2027-01-15T08:00:00+00:00",
            "2027-01-15t08:00:00z",
            "2027-01-15 08:00:00Z",
            " 2027-01-15T08:00:00Z",
            "2027-01-15T08:00:00Z ",
            "2027-13-15T08:00:00Z",
            "1969-12-31T23:59:59Z",
            "12027-01-15T08:00:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
