//! What a page's JavaScript heap holds.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    browser::Browser,
    failure::{Failure, Outcome},
};

/// For one piece of a snapshot.
const PATIENCE: Duration = Duration::from_secs(60);

impl Browser {
    /// Every string in the page's heap after a garbage collection, one a line.
    ///
    /// The heap of the page alone: Workers have their own.
    ///
    /// # Errors
    /// The browser gives no snapshot.
    pub async fn strings_of_the_heap(&self) -> Outcome<Vec<u8>> {
        let snapshot = self.heap_snapshot().await?;
        let snapshot: Value = serde_json::from_str(&snapshot)
            .map_err(|error| Failure::new(format!("the heap snapshot is not JSON: {error}")))?;
        let strings = snapshot.get("strings").and_then(Value::as_array);
        let strings = strings.ok_or_else(|| Failure::new("the heap snapshot has no strings"))?;
        let strings: Vec<&str> = strings.iter().filter_map(Value::as_str).collect();
        Ok(strings.join("\n").into_bytes())
    }

    /// Clicks without a handle. The driver keeps a handle on every element that it ever gave, and the
    /// handle keeps alive what the element refers to: stories about the heap touch nothing by it.
    ///
    /// # Errors
    /// It is not there in time.
    pub async fn press(&self, css: &str) -> Outcome {
        let script = "const element = document.querySelector(arguments[0]);\
            if (!element || element.disabled) return false;\
            element.click(); return true";
        self.find(&format!("a {css} to press"), async || {
            let pressed = self.script(script, vec![css.into()]).await.ok()?;
            (pressed == true).then_some(())
        })
        .await
    }

    /// Types into a field as a keyboard does, without a handle.
    ///
    /// # Errors
    /// It is not there in time.
    pub async fn type_into(&self, css: &str, text: &str) -> Outcome {
        let focus = "const field = document.querySelector(arguments[0]);\
            if (!field) return false; field.focus(); return document.activeElement === field";
        self.find(&format!("a field {css} to type into"), async || {
            let focused = self.script(focus, vec![css.into()]).await.ok()?;
            (focused == true).then_some(())
        })
        .await?;
        self.session().cdp().send_raw("Input.insertText", json!({ "text": text })).await?;
        Ok(())
    }

    async fn heap_snapshot(&self) -> Outcome<String> {
        // The client of the developer tools asks for one, though it speaks to this machine in plain
        // text. Refused if there is one already, which is as good.
        let _set = rustls::crypto::ring::default_provider().install_default();
        let devtools = self.session().cdp().connect().await?;
        let mut events = devtools.subscribe_connection();
        let mut snapshot = String::new();
        {
            // A snapshot is sent in pieces while the command runs; its answer comes last.
            let _collected = devtools.send_raw("HeapProfiler.collectGarbage", ()).await;
            let take = devtools.send_raw("HeapProfiler.takeHeapSnapshot", json!({}));
            tokio::pin!(take);
            let mut taken = false;
            loop {
                tokio::select! {
                    biased;
                    event = events.recv() => match event {
                        Ok(event) => snapshot.push_str(chunk_of(&event.method, &event.params)),
                        Err(RecvError::Lagged(_)) => {
                            return Err(Failure::new("a piece of the heap snapshot was lost"));
                        }
                        Err(RecvError::Closed) => break,
                    },
                    answer = &mut take, if !taken => {
                        answer.map_err(|error| Failure::new(error.to_string()))?;
                        taken = true;
                    }
                    () = tokio::time::sleep(PATIENCE) => {
                        return Err(Failure::new("the heap snapshot does not end"));
                    }
                }
                if taken && events.is_empty() {
                    break;
                }
            }
        }
        devtools.detach().await.map_err(|error| Failure::new(error.to_string()))?;
        Ok(snapshot)
    }
}

fn chunk_of<'e>(method: &str, params: &'e Value) -> &'e str {
    if method != "HeapProfiler.addHeapSnapshotChunk" {
        return "";
    }
    params.get("chunk").and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_string_is_found_as_long_as_something_refers_to_it() {
        let browser = Browser::start().await;
        browser.open("data:text/html,<title>heap</title>").await.unwrap();
        let planted = async |text: &str| {
            let plant = "window.planted = [...arguments[0]].map((c) => \
                String.fromCharCode(c.charCodeAt(0) + 1)).join('')";
            browser.script(plant, vec![text.into()]).await.unwrap();
        };
        planted("gd`qsvnqj").await;
        let has = |heap: &[u8]| heap.windows(9).any(|window| window == b"heartwork");
        assert!(has(&browser.strings_of_the_heap().await.unwrap()));
        browser.script("delete window.planted", vec![]).await.unwrap();
        assert!(!has(&browser.strings_of_the_heap().await.unwrap()));
        browser.close().await.unwrap();
    }
}
