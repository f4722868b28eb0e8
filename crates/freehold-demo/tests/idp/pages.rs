//! What people see.

use freehold_demo::people::PEOPLE;

use crate::world::{World, encoded};

#[actix_web::test]
async fn every_page_says_that_it_is_a_demonstration_and_runs_no_script() {
    let world = World::start();
    let authorize = format!("/authorize?{}", encoded(&world.parameters().await));
    for (path, status) in
        [("/", 200), (authorize.as_str(), 200), ("/authorize", 400), ("/nowhere", 404)]
    {
        let answer = world.get(path).await;
        assert_eq!(answer.status(), status, "{path}");
        let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"));
        let page = answer.text().await.expect("a page");
        assert!(page.contains("<strong>Demonstration.</strong>"), "{path}");
        assert!(page.contains("Never for production"), "{path}");
        assert!(!page.contains("<script") && !page.contains(" style="), "{path}");
        assert!(page.contains("lang=\"en\"") && page.contains("width=device-width"), "{path}");
    }
}

#[actix_web::test]
async fn five_people_can_be_picked() {
    let world = World::start();
    let page = world.show(&world.parameters().await).await.text().await.expect("a page");
    assert_eq!(page.matches("<button class=\"person\"").count(), 5);
    for person in &PEOPLE {
        assert!(page.contains(person.display_name));
        assert!(page.contains(&format!("data-testid=\"person-{}\"", person.user_name)));
    }
}

#[actix_web::test]
async fn what_a_request_carries_is_shown_as_text_only() {
    let world = World::start();
    let mut parameters = world.parameters().await;
    parameters.insert("state".to_owned(), "\"><script>alert(1)</script>'&".to_owned());
    let page = world.show(&parameters).await.text().await.expect("a page");
    assert!(!page.contains("<script"));
    assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;\""));
}

#[actix_web::test]
async fn a_link_does_not_choose_the_person() {
    let world = World::start();
    let mut parameters = world.parameters().await;
    parameters.insert("person".to_owned(), PEOPLE[0].object_id.to_owned());
    let answer = world.show(&parameters).await;
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.expect("a page");
    assert!(!page.contains("type=\"hidden\" name=\"person\""));
}
