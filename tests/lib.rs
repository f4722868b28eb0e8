//! The tests of the whole: `rules` (licences, who may depend on whom), `conformance` (what identity
//! providers send, and the public SCIM suites), `e2e` (the stories in a real browser, one file each)
//! and `secrecy` (what the server saw of them). There is nothing in the library itself; what the
//! tests share is the crate `freehold-testing` in `support/`.
