//! The first login, the whole way: told step by step by the demonstration, and walked by tests.

use crate::{
    browser::Browser,
    failure::{Failure, Outcome},
    pages::{Passphrase, Ready, Secret, SignIn},
};

/// What is kept in the vault on the way.
const SECRET: Secret<'_> = Secret {
    name: "Wi-Fi at home",
    value: "correct horse battery staple",
    note: "kept by the first login",
};

/// A PENDING person signs in, sets up with the generated passphrase, keeps a secret, signs out,
/// signs in again, unlocks, and reads it.
///
/// `program_url` is the server's public URL without a slash at the end. `tell` gets each step when
/// it is done.
///
/// # Errors
/// A page is not as expected; the failure says what it shows instead.
pub async fn first_login(
    browser: &Browser,
    program_url: &str,
    sign_in: &SignIn,
    tell: &mut dyn FnMut(&str),
) -> Outcome<Ready> {
    sign_in.at(browser, program_url).await?;
    browser.at("setup-who").await?;
    tell("signed in at the identity provider; the account is PENDING");
    let ready = browser.set_up(&Passphrase::Suggested).await?;
    tell("made the keys in the browser, kept and proved the recovery kit; the account is READY");
    browser.open_vault_after_set_up(&ready.passphrase).await?;
    browser.add_secret(&SECRET).await?;
    tell("kept a secret; the server has its ciphertext only");
    browser.sign_out().await?;
    tell("signed out");
    browser.open(&format!("{program_url}/login")).await?;
    sign_in.again(browser).await?;
    browser.unlock(&ready.passphrase).await?;
    tell("signed in again and unlocked with the passphrase");
    let value = browser.read_secret(SECRET.name).await?;
    if value != SECRET.value {
        return Err(Failure::new(format!("the secret reads {value:?}")));
    }
    tell("read the secret");
    Ok(ready)
}
