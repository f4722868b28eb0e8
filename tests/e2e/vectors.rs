//! The test vectors of the key protocol and of the primitives beneath it, and Project Wycheproof's
//! cases, run by the module that a browser runs.

use freehold_testing::{Browser, Outcome, Site, checkout, target_folder};
use serde_json::Value;

const RUN: &str = "\
const [json, answer] = arguments;
(async () => {
  const { default: init, run } = await import('/vectors.js');
  await init({ module_or_path: '/vectors_bg.wasm' });
  return run(json);
})().then(answer, (error) => answer(JSON.stringify({ error: String(error) })));";

#[tokio::test]
async fn every_vector_gives_in_chromium_what_it_gives_natively() -> Outcome {
    let module = target_folder().join("vectors-wasm");
    assert!(
        module.join("vectors_bg.wasm").is_file(),
        "the vectors' module is missing: cargo xtask wasm --vectors"
    );
    let site = Site::serve(&module);
    let browser = Browser::start().await;
    browser.tolerate(&[404]);
    browser.open(&site.url()).await?;
    let mut files = Vec::new();
    for name in freehold_vectors::FILES.into_iter().chain([freehold_vectors::PRIMITIVES]) {
        files.push(std::fs::read_to_string(checkout().join("tests/vectors").join(name))?);
    }
    for file in freehold_vectors::wycheproof::files() {
        files.push(serde_json::to_string(&file).unwrap());
    }
    for json in files {
        let about = json.get(..80).unwrap_or(&json);
        let found = browser.session().execute_async(RUN, vec![Value::from(json.as_str())]).await?;
        let report: Value = serde_json::from_str(found.json().as_str().unwrap()).unwrap();
        assert_eq!(report["wrong"], Value::Array(Vec::new()), "{about}: {report}");
        let natively = freehold_vectors::run_file(&json).passed;
        assert!(natively > 0);
        assert_eq!(report["passed"], natively, "{about}");
    }
    browser.close().await
}
