//! Sign-in pages of the identity providers.

use crate::{browser::Browser, canaille, failure::Outcome, pages::id};

/// Who signs in, where.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// At Canaille, with the password that the tests give.
    Canaille {
        /// The user's name there.
        user_name: String,
    },
    /// At `oidc-provider`.
    Panva {
        /// The login.
        login: String,
    },
    /// At SimpleSAMLphp, with the password of Canaille.
    SimpleSaml {
        /// The user's name there.
        user_name: String,
    },
    /// At `samlp`.
    Samlp {
        /// The login.
        login: String,
    },
    /// At the demonstration's provider, by picking a person.
    Demo {
        /// Her `userName`.
        person: String,
    },
}

impl SignIn {
    /// Goes to the program's sign-in and through the provider's pages.
    ///
    /// # Errors
    /// A page is not as expected.
    pub async fn at(&self, browser: &Browser, program_url: &str) -> Outcome {
        browser.open(&format!("{program_url}/login")).await?;
        self.through(browser).await
    }

    /// Signs in once more in a browser that the provider may still know: then it asks nothing.
    ///
    /// # Errors
    /// A page is not as expected.
    pub async fn again(&self, browser: &Browser) -> Outcome {
        let known = browser.find("a page of ours or of the provider", async || {
            if browser.screen().await.is_some() {
                return Some(true);
            }
            browser.has(&self.first_field()).await.then_some(false)
        });
        if known.await? { Ok(()) } else { self.through(browser).await }
    }

    fn first_field(&self) -> String {
        match self {
            Self::Canaille { .. } | Self::Panva { .. } | Self::Samlp { .. } => {
                "input[name=login]".to_owned()
            }
            Self::SimpleSaml { .. } => "input[name=username]".to_owned(),
            Self::Demo { person } => id(&format!("person-{person}")),
        }
    }

    /// Goes through the provider's pages, the first of which is shown.
    ///
    ///
    /// # Errors
    /// A page is not as expected.
    pub async fn through(&self, browser: &Browser) -> Outcome {
        match self {
            Self::Canaille { user_name } => {
                let password = canaille::password(user_name);
                if enter_at_canaille(browser, user_name, &password).await? {
                    return Ok(());
                }
                // On a loaded machine it has been seen to say no to the right password, and then it has forgotten
                // whose it was: a person begins again.
                browser.click("a[href='/login']").await?;
                enter_at_canaille(browser, user_name, &password).await.map(drop)
            }
            Self::SimpleSaml { user_name } => {
                browser.fill("input[name=username]", user_name).await?;
                browser.fill("input[name=password]", &canaille::password(user_name)).await?;
                browser.click("#submit_button").await
            }
            Self::Panva { login } | Self::Samlp { login } => {
                browser.fill("input[name=login]", login).await?;
                browser.click("form button").await
            }
            Self::Demo { person } => browser.click(&id(&format!("person-{person}"))).await,
        }
    }
}

/// Types name and password; whether Canaille took them.
async fn enter_at_canaille(browser: &Browser, user_name: &str, password: &str) -> Outcome<bool> {
    browser.fill("input[name=login]", user_name).await?;
    browser.click("button[type=submit][name=answer]").await?;
    browser.fill("input[name=password]", password).await?;
    let page = browser.address().await?;
    let canaille = page.split_inclusive('/').take(3).collect::<String>();
    browser.click("button[type=submit].primary").await?;
    browser
        .find("Canaille's answer to a password", async || {
            if !browser.address().await.ok()?.starts_with(&canaille) {
                return Some(true);
            }
            browser.text("body").await.ok()?.contains("Login failed").then_some(false)
        })
        .await
}
