//! The pages that the server itself writes, in the language of whoever asks.

use crate::support::World;

/// What a page of the server says to a browser with these languages and this cookie.
fn page(world: &World, path: &str, languages: &str, cookie: &str) -> String {
    let request = world.server.request("GET", path).header("accept-language", languages);
    let request = if cookie.is_empty() { request } else { request.header("cookie", cookie) };
    let reply = request.send();
    let varies = reply.header("vary").unwrap_or_default();
    assert!(varies.contains("Accept-Language") && varies.contains("Cookie"), "{varies}");
    reply.text().to_owned()
}

#[test]
fn the_server_answers_in_the_language_of_the_browser() {
    let world = World::new();
    for (languages, html, heading) in [
        ("en", r#"<html lang="en" dir="ltr">"#, "Page not found"),
        ("de-CH,de;q=0.9,en;q=0.5", r#"<html lang="de" dir="ltr">"#, "Seite nicht gefunden"),
        ("fr", r#"<html lang="fr" dir="ltr">"#, "Page introuvable"),
        ("ar-EG", r#"<html lang="ar" dir="rtl">"#, "الصفحة غير موجودة"),
        ("ja", r#"<html lang="en" dir="ltr">"#, "Page not found"),
    ] {
        let page = page(&world, "/nowhere", languages, "");
        assert!(page.contains(html) && page.contains(heading), "{languages}: {page}");
    }
}

#[test]
fn what_somebody_chose_on_the_other_pages_counts_more() {
    let world = World::new();
    let page = page(&world, "/oidc/callback?state=x&code=y", "de", "__Host-language=fr");
    assert!(page.contains("Veuillez vous connecter à nouveau"), "{page}");
}
