//! Looks after the certificate: takes a renewed one, and says ahead when one ends.

use std::{io, sync::Arc, time::Duration};

use freehold_directory::{Clock, Timestamp};

use super::Certificates;
use crate::config::ConfigError;

/// How often the files are read.
const EVERY: Duration = Duration::from_secs(30);

/// Days before the end at which it is said; the last one is the end itself.
const THRESHOLDS_DAYS: [u16; 5] = [0, 1, 7, 14, 30];

const DAY: Duration = Duration::from_secs(86_400);

/// What looks after one certificate, and what it has said already.
pub struct Watch {
    certificates: Arc<Certificates>,
    hang_up: HangUp,
    told: Option<String>,
    warned: Option<u16>,
}

impl Watch {
    /// Begins to listen for SIGHUP, which before this would end the process.
    ///
    /// # Errors
    /// The system gives no signals.
    pub fn new(certificates: Arc<Certificates>) -> io::Result<Self> {
        Ok(Self { certificates, hang_up: HangUp::new()?, told: None, warned: None })
    }

    /// Runs until the server stops.
    pub async fn run(mut self, clock: Arc<dyn Clock>) {
        let mut rounds = tokio::time::interval(EVERY);
        self.check_name();
        loop {
            let asked = tokio::select! {
                _ = rounds.tick() => false,
                () = self.hang_up.next() => true,
            };
            let certificates = self.certificates.clone();
            // Files may lie on a slow disk; requests do not wait for it.
            let read = actix_web::web::block(move || certificates.reload());
            // Only a server that stops does not do the work.
            let Ok(outcome) = read.await else { return };
            self.tell(outcome, asked);
            self.tell_of_the_end(clock.now());
        }
    }

    /// A failure is told once, not at every round, unless the operator asks.
    fn tell(&mut self, outcome: Result<bool, ConfigError>, asked: bool) {
        let failure = outcome.as_ref().err().map(ToString::to_string);
        match outcome {
            Ok(true) => {
                tracing::info!("a new TLS certificate is in use");
                self.warned = None;
                self.check_name();
            }
            Ok(false) if asked => tracing::info!("the TLS certificate is unchanged"),
            Err(error) if asked || self.told != failure => tracing::error!(
                %error,
                "the TLS certificate was not replaced, the one before stays in use; mend the files, \
                 they are read again every 30 seconds and on SIGHUP"
            ),
            _ => {}
        }
        self.told = failure;
    }

    fn check_name(&self) {
        if !self.certificates.is_for_the_site() {
            tracing::warn!(
                "the TLS certificate is not for the host of FREEHOLD_PUBLIC_URL: browsers and \
                 identity providers will refuse it"
            );
        }
    }

    fn tell_of_the_end(&mut self, now: Timestamp) {
        let Some(days) = self.certificates.ends().and_then(|end| threshold(end, now)) else {
            return;
        };
        if self.warned.is_some_and(|warned| warned <= days) {
            return;
        }
        self.warned = Some(days);
        if days == 0 {
            tracing::error!("the TLS certificate has expired; replace its files");
        } else {
            tracing::warn!(days, "the TLS certificate expires soon; replace its files in time");
        }
    }
}

/// The nearest threshold that is reached.
fn threshold(end: Timestamp, now: Timestamp) -> Option<u16> {
    THRESHOLDS_DAYS.into_iter().find(|days| end.since(now) <= DAY * u32::from(*days))
}

/// The signal by which operators ask to read files again.
#[cfg(unix)]
struct HangUp(actix_web::rt::signal::unix::Signal);

#[cfg(unix)]
impl HangUp {
    fn new() -> io::Result<Self> {
        use actix_web::rt::signal::unix::{SignalKind, signal};
        signal(SignalKind::hangup()).map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

/// Elsewhere there is no such signal.
#[cfg(not(unix))]
struct HangUp;

#[cfg(not(unix))]
impl HangUp {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use freehold_directory::Timestamp;

    use super::{DAY, threshold};

    #[test]
    fn the_nearest_threshold_is_told() {
        let now = Timestamp::from_millis(1_000_000_000_000);
        let reached = |left: Duration| threshold(now.plus(left), now);
        assert_eq!(reached(DAY * 31), None);
        assert_eq!(reached(DAY * 30), Some(30));
        assert_eq!(reached(DAY * 10), Some(14));
        assert_eq!(reached(DAY * 7), Some(7));
        assert_eq!(reached(Duration::from_secs(1)), Some(1));
        assert_eq!(threshold(now.minus(DAY), now), Some(0));
    }
}
