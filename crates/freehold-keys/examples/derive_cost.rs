//! One derivation in a fresh process, in milliseconds: `{"milliseconds":..,"processor":..}`.

use std::time::Instant;

use freehold_keys::Password;
use freehold_wire::{Context, OrganizationId, PasswordParameters, Profile, UserId};

/// Processor time of this thread so far, in milliseconds; 0 where the system does not tell.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|word| word.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e6
}

#[allow(clippy::disallowed_methods, clippy::unwrap_used)]
fn main() {
    let password = Password::parse(b"correct horse battery staple").unwrap();
    let parameters = PasswordParameters { profile: Profile::DEFAULT, salt: [7; 16] };
    let context =
        Context::of_user(OrganizationId::from_bytes([1; 16]), UserId::from_bytes([2; 16]));
    let (used, started) = (processor(), Instant::now());
    let secret = password.derive_secret(&parameters, context).unwrap();
    let milliseconds = started.elapsed().as_secs_f64() * 1e3;
    let processor = processor() - used;
    drop(secret);
    println!("{{\"milliseconds\":{milliseconds:.2},\"processor\":{processor:.2}}}");
}
