//! Turns a compiled module into the files the browser loads: `{name}.js`, `{name}.d.ts` and
//! `{name}_bg.wasm`. Run by `cargo xtask wasm`; the library is pinned to the same version as
//! `wasm-bindgen`, so there is nothing to install.

use std::path::Path;
use std::process::ExitCode;

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
    Ok(())
}
