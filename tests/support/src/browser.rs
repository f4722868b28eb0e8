//! A real Chromium with a fresh profile, and what a person does in it.

use std::{
    cell::RefCell,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use thirtyfour::{
    By, CapabilitiesHelper as _, ChromiumLikeCapabilities, DesiredCapabilities,
    LoggingPrefsLogLevel, WebDriver, WebElement,
};

use crate::{
    failure::{Failure, Outcome},
    http::Request,
    process::{Folder, Running, target_folder},
};

/// How long a page may take to show what is waited for: a derivation on a loaded machine included.
const PATIENCE: Duration = Duration::from_secs(40);

/// Why the driver did not start.
const PORT_IS_TAKEN: &str = "port not available";

/// Between two looks.
const INTERVAL: Duration = Duration::from_millis(40);

/// A program of Chromium, and what its driver calls it.
#[derive(Clone, Copy)]
struct Build {
    program: &'static str,
    name: &'static str,
}

const SHELL: Build = Build { program: "chromium-headless-shell", name: "chrome-headless-shell" };
const WHOLE: Build = Build { program: "chromium", name: "chrome" };

/// One browser: its own profile, so its own cookies and storage.
pub struct Browser {
    session: WebDriver,
    driver: SocketAddr,
    _running: Running,
    folder: Folder,
    tolerated: RefCell<Vec<String>>,
}

impl Browser {
    /// Starts Chromium's headless shell: the same engine, without what a window needs, and a third
    /// less work for the machine.
    ///
    /// # Panics
    /// When Chromium or its driver is missing or does not start.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts it with more flags, such as `--js-flags=--jitless`.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn start_with(flags: &[&str]) -> Self {
        Self::launch(SHELL, flags).await
    }

    /// Starts the whole Chromium, as people have it: where its speed, its looks or the memory of its
    /// processes are what matters.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn start_whole() -> Self {
        Self::launch(WHOLE, &[]).await
    }

    async fn launch(build: Build, flags: &[&str]) -> Self {
        let folder = Folder::make();
        let (running, port) = start_driver(folder.path());
        let driver = SocketAddr::from(([127, 0, 0, 1], port));
        let capabilities = capabilities(build, folder.path(), flags).expect("plain JSON");
        let session = WebDriver::new(format!("http://{driver}"), capabilities)
            .await
            .unwrap_or_else(|error| panic!("Chromium did not start: {error}\n{}", running.log()));
        let browser =
            Self { session, driver, _running: running, folder, tolerated: RefCell::default() };
        // The shell knows nothing of the preference that says where downloads go.
        let allowed = json!({ "behavior": "allow", "downloadPath": browser.downloads() });
        let sent = browser.session.cdp().send_raw("Browser.setDownloadBehavior", allowed).await;
        sent.unwrap_or_else(|error| panic!("Chromium keeps no downloads: {error}"));
        browser
    }

    /// The session, for what this type has no word for.
    #[must_use]
    pub fn session(&self) -> &WebDriver {
        &self.session
    }

    /// Where downloads land.
    #[must_use]
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// The folder of the profile: it stands on the command line of every process of this browser.
    #[must_use]
    pub fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }

    /// Answers with these status codes are part of the story, not a fault of the page.
    pub fn tolerate(&self, statuses: &[u16]) {
        let texts = statuses.iter().map(|status| format!("a status of {status} "));
        self.tolerated.borrow_mut().extend(texts);
    }

    /// Requests without an answer are part of the story.
    pub fn tolerate_lost_answers(&self) {
        self.tolerated.borrow_mut().push("Failed to load resource: net::ERR_".to_owned());
    }

    /// A page that asks whether to leave it, and is not allowed to, is part of the story.
    pub fn tolerate_unasked_questions(&self) {
        let text = "Blocked attempt to show a 'beforeunload' confirmation panel";
        self.tolerated.borrow_mut().push(text.to_owned());
    }

    /// From now on files that are not what their hash says are no failure.
    pub fn tolerate_altered_files(&self) {
        let texts = ["Failed to find a valid digest", "SRI's integrity checks failed"];
        self.tolerated.borrow_mut().extend(texts.map(str::to_owned));
    }

    /// Opens an address.
    ///
    /// # Errors
    /// The browser cannot show it.
    pub async fn open(&self, url: &str) -> Outcome {
        Ok(self.session.goto(url).await?)
    }

    /// From now on every page is in this language, as if somebody had chosen it.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn speaks(&self, language: &str) -> Outcome {
        // An empty page has no storage; it is asked again at the next one.
        let source = format!(
            "try {{ localStorage.setItem('freehold.language', '{language}'); \
             document.cookie = '__Host-language={language}; Path=/; Secure'; }} catch {{}}"
        );
        let cdp = self.session.cdp();
        cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        Ok(())
    }

    /// The address shown.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn address(&self) -> Outcome<String> {
        Ok(self.session.current_url().await?.into())
    }

    /// Runs a script in the page and gives what it returns.
    ///
    /// # Errors
    /// The script throws.
    pub async fn script(&self, text: &str, values: Vec<Value>) -> Outcome<Value> {
        Ok(self.session.execute(text, values).await?.json().clone())
    }

    /// Looks until `look` finds something; `wanted` says what, for the failure.
    ///
    /// # Errors
    /// It is not there in time; the failure tells what is on the page instead.
    pub async fn find<T>(
        &self,
        wanted: &str,
        mut look: impl AsyncFnMut() -> Option<T>,
    ) -> Outcome<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return Ok(found);
            }
            if Instant::now() > deadline {
                return Err(self.failure(wanted).await);
            }
            tokio::time::sleep(INTERVAL).await;
        }
    }

    /// Waits for an element that can be seen.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn element(&self, css: &str) -> Outcome<WebElement> {
        self.find(&format!("an element {css}"), async || {
            let element = self.session.find(By::Css(css)).await.ok()?;
            element.is_displayed().await.unwrap_or(false).then_some(element)
        })
        .await
    }

    /// Whether an element is there now, seen or not.
    pub async fn has(&self, css: &str) -> bool {
        self.session.find(By::Css(css)).await.is_ok()
    }

    /// Clicks it as soon as it can be clicked.
    ///
    /// # Errors
    /// It cannot be clicked in time.
    pub async fn click(&self, css: &str) -> Outcome {
        self.find(&format!("a {css} to click"), async || {
            let element = self.session.find(By::Css(css)).await.ok()?;
            let ready = element.is_enabled().await.unwrap_or(false)
                && element.attr("aria-disabled").await.ok()?.as_deref() != Some("true");
            if !ready {
                return None;
            }
            element.click().await.ok()
        })
        .await
    }

    /// Types a text into a field, after clearing it.
    ///
    /// # Errors
    /// There is no such field.
    pub async fn fill(&self, css: &str, text: &str) -> Outcome {
        // A page that is still being drawn may put another field in the place of the one that was
        // typed into: what counts is what stands there in the end.
        self.find(&format!("a field {css} that keeps what is typed"), async || {
            let field = self.element(css).await.ok()?;
            field.clear().await.ok()?;
            field.send_keys(text).await.ok()?;
            let typed = self.session.find(By::Css(css)).await.ok()?.prop("value").await.ok()??;
            (typed == text).then_some(())
        })
        .await
    }

    /// The text of an element as a person sees it.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn text(&self, css: &str) -> Outcome<String> {
        Ok(self.element(css).await?.text().await?)
    }

    /// Ends the browser. A complaint in its console is a failure: a violated policy, an exception,
    /// an answer that the story did not expect.
    ///
    /// # Errors
    /// There were complaints.
    pub async fn close(self) -> Outcome {
        let complaints = self.complaints().await?;
        // Not awaited as a success: the browser is gone either way.
        let _ended = self.session.clone().quit().await;
        if complaints.is_empty() {
            return Ok(());
        }
        Err(Failure::new(format!("the browser's console complains:\n{}", complaints.join("\n"))))
    }

    /// What the console complained of, without the tolerated answers.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn complaints(&self) -> Outcome<Vec<String>> {
        let tolerated = self.tolerated.borrow().clone();
        let is_tolerated = |text: &str| tolerated.iter().any(|known| text.contains(known.as_str()));
        let log = self.session.browser_log().await?;
        Ok(log
            .into_iter()
            .filter(|entry| entry.level == "SEVERE")
            .filter(|entry| !is_tolerated(&entry.message))
            // Provider pages of other people are not ours to judge.
            .filter(|entry| !entry.message.starts_with("http://127.0.0.1:"))
            .map(|entry| entry.message)
            .collect())
    }

    /// A failure that tells what the page shows, with a picture kept beside the build.
    pub async fn failure(&self, wanted: &str) -> Failure {
        let address = self.address().await.unwrap_or_default();
        let page = self
            .script("return document.body ? document.body.innerText : ''", Vec::new())
            .await
            .ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default();
        let shown: String = page.chars().take(1500).collect();
        let picture = self.picture().await;
        let complaints = self.complaints().await.unwrap_or_default().join("\n");
        Failure::new(format!(
            "expected {wanted}\naddress: {address}\npicture: {picture}\nconsole: {complaints}\n\
             the page says:\n{shown}"
        ))
    }

    async fn picture(&self) -> String {
        let folder = target_folder().join("e2e");
        let name: String = std::thread::current()
            .name()
            .unwrap_or("story")
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
            .collect();
        let file = folder.join(format!("{name}.png"));
        let taken = std::fs::create_dir_all(&folder).is_ok()
            && self.session.screenshot(&file).await.is_ok();
        if taken { file.display().to_string() } else { "none".to_owned() }
    }
}

impl Drop for Browser {
    /// A story that failed: the session is ended by a request of our own, because the session's
    /// own drop waits for a connection that belongs to the runtime that it blocks.
    fn drop(&mut self) {
        let path = format!("/session/{}", self.session.session_id());
        if self.session.clone().leak().is_ok() {
            // What it leaves running, the keeper stops.
            let _ = Request::new("DELETE", &path).send(self.driver);
        }
    }
}

fn start_driver(folder: &Path) -> (Running, u16) {
    let log = folder.join("chromedriver.log");
    loop {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0");
        let mut driver = Running::start("chromedriver", command, log.clone());
        let mut port = None;
        let outcome = driver.try_wait_until(Duration::from_secs(30), || {
            port = std::fs::read_to_string(&log).ok().and_then(|text| announced_port(&text));
            port.is_some()
        });
        match (outcome, port) {
            (Ok(()), Some(port)) => return (driver, port),
            // The port that it got of IPv6 is taken in IPv4.
            _ if driver.log().contains(PORT_IS_TAKEN) => std::fs::write(&log, "").expect("its log"),
            _ => panic!("chromedriver ended at once:\n{}", driver.log()),
        }
    }
}

/// Where a program of this name stands.
fn on_path(name: &str) -> String {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut files = std::env::split_paths(&folders).map(|folder| folder.join(name));
    let found = files.find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed")).display().to_string()
}

/// "ChromeDriver was started successfully on port 12345."
fn announced_port(log: &str) -> Option<u16> {
    let rest = log.split("successfully on port ").nth(1)?;
    rest.split('.').next()?.trim().parse().ok()
}

fn capabilities(
    build: Build,
    folder: &Path,
    flags: &[&str],
) -> thirtyfour::error::WebDriverResult<thirtyfour::ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set("browserName", build.name)?;
    capabilities.set_binary(&on_path(build.program))?;
    for argument in [
        "--headless",
        // Chromium's sandbox refuses to run as root, which is what a build machine often is.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1000,900",
    ]
    .iter()
    .chain(flags)
    {
        capabilities.add_arg(argument)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", folder.join("profile").display()))?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    capabilities.add_experimental_option(
        "prefs",
        json!({
            "credentials_enable_service": false,
        }),
    )?;
    Ok(capabilities)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_what_the_driver_says() {
        let log = "Starting ChromeDriver 1\nChromeDriver was started successfully on port 4711.\n";
        assert_eq!(announced_port(log), Some(4711));
        assert_eq!(announced_port("Starting ChromeDriver 1\n"), None);
    }

    #[tokio::test]
    async fn a_page_is_driven_and_a_quiet_console_is_fine() {
        let browser = Browser::start().await;
        browser
            .open("data:text/html,<main data-screen=first><input data-testid=name><button>go")
            .await
            .unwrap();
        browser.at("first").await.unwrap();
        browser.fill("[data-testid=name]", "\u{e4}bc").await.unwrap();
        let value = browser.script("return document.querySelector('input').value", vec![]).await;
        assert_eq!(value.unwrap(), "\u{e4}bc");
        browser.click("button").await.unwrap();
        browser.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_complaint_in_the_console_fails_the_story() {
        let browser = Browser::start().await;
        browser.open("data:text/html,<script>throw new Error('broken')</script>").await.unwrap();
        let failure = browser.close().await.unwrap_err().to_string();
        assert!(failure.contains("broken"), "{failure}");
    }

    #[tokio::test]
    async fn a_browser_that_is_dropped_in_the_middle_ends_at_once() {
        let browser = Browser::start().await;
        browser.open("data:text/html,<main data-screen=first>").await.unwrap();
        let profile = browser.folder.path().to_owned();
        let started = Instant::now();
        drop(browser);
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        assert!(!profile.join("profile/SingletonLock").exists(), "Chromium still runs");
    }

    #[tokio::test]
    async fn a_violated_policy_fails_the_story() {
        let browser = Browser::start().await;
        let page = "<meta http-equiv=content-security-policy content=\"default-src 'none'\">\
            <script>document.title = 'ran'</script>";
        browser.open(&format!("data:text/html,{page}")).await.unwrap();
        let failure = browser.close().await.unwrap_err().to_string();
        assert!(failure.contains("Content Security Policy"), "{failure}");
    }
}
