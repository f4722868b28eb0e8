//! The program `freehold`.

fn main() -> std::process::ExitCode {
    freehold_server::cli::main()
}
