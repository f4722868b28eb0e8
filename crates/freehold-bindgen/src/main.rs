//! Turns a compiled module into the files the browser loads: `{name}.js`, `{name}.d.ts`,
//! `{name}_bg.wasm` and its hash, `{name}_bg.integrity.js`. Run by `cargo xtask wasm`; the library is pinned to the same version as
//! `wasm-bindgen`, so there is nothing to install.

use std::path::Path;
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha384};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder, name] = words.as_slice() else {
        eprintln!("usage: freehold-bindgen <module.wasm> <folder> <name>");
        return ExitCode::from(2);
    };
    match generate(Path::new(input), Path::new(folder), name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{input}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(input: &Path, folder: &Path, name: &str) -> Result<(), Box<dyn std::error::Error>> {
    Bindgen::new()
        .input_path(input)
        .out_name(name)
        .web(true)?
        .typescript(true)
        // The page says where the module is: `init({module_or_path})`.
        .omit_default_module_path(true)
        // Neither names nor tool versions belong in a file whose hash is published.
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    strip_comments(&folder.join(format!("{name}.js")))?;
    write_integrity(folder, name)
}

/// Takes the documentation out of what browsers load; it stands in `{name}.d.ts`.
fn strip_comments(script: &Path) -> std::io::Result<()> {
    let text = std::fs::read_to_string(script)?;
    std::fs::write(script, without_documentation(&text))
}

/// The text without comments that begin with `/**` at the beginning of a line.
fn without_documentation(text: &str) -> String {
    let mut inside = false;
    let kept = text.split_inclusive('\n').filter(|line| {
        let line = line.trim();
        inside |= line.starts_with("/**");
        let keep = !inside;
        inside &= !line.ends_with("*/");
        keep
    });
    kept.collect()
}

/// `{name}_bg.integrity.js`: the hash by which a Worker asks for the module.
// W3C Subresource Integrity §3.1.
fn write_integrity(folder: &Path, name: &str) -> Result<(), Box<dyn std::error::Error>> {
    let hash = Sha384::digest(std::fs::read(folder.join(format!("{name}_bg.wasm")))?);
    let script = format!("export const integrity = 'sha384-{}';\n", STANDARD.encode(hash));
    Ok(std::fs::write(folder.join(format!("{name}_bg.integrity.js")), script)?)
}

#[cfg(test)]
mod tests {
    use super::without_documentation;

    #[test]
    fn documentation_goes_and_code_stays() {
        let text = "/** One line. */\nfunction a() {}\n    /**\n     * Two\n     */\n    b = 2 /** 3 */;\n";
        assert_eq!(without_documentation(text), "function a() {}\n    b = 2 /** 3 */;\n");
    }
}
