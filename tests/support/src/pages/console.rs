//! The console of an organization.

use crate::{browser::Browser, failure::Outcome, pages::id};

impl Browser {
    /// Opens a page of the console by its address.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn open_console(&self, program_url: &str, place: &str) -> Outcome {
        self.open(&format!("{program_url}/admin/#/{place}")).await?;
        self.at(&format!("admin-{place}")).await
    }

    /// Goes to a page of the console by the navigation.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn go_to(&self, place: &str) -> Outcome {
        self.click(&id(&format!("nav-{place}"))).await?;
        self.at(&format!("admin-{place}")).await
    }

    /// Locks the session on the server, as another tab does.
    ///
    /// # Errors
    /// The page cannot ask.
    pub async fn lock_session(&self) -> Outcome {
        let script = "return fetch('/api/lock', {method: 'POST', headers: {'content-type': 'application/json'}, body: '{}'})\
            .then((answer) => answer.status)";
        let status = self.script(script, Vec::new()).await?;
        assert_eq!(status, 204);
        Ok(())
    }

    /// Waits until an element says this among other things.
    ///
    /// # Errors
    /// It does not.
    pub async fn sees_text(&self, css: &str, wanted: &str) -> Outcome {
        self.find(&format!("{css} that says {wanted:?}"), async || {
            self.text(css).await.ok().filter(|text| text.contains(wanted))
        })
        .await
        .map(drop)
    }
}
