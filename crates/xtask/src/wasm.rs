//! The browser modules: a compiler that knows wasm32, cargo, then the bindings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::arguments::Arguments;
use crate::command::{Task, on_path};
use crate::install;
use crate::place::Place;
use crate::problem::Problem;
use crate::steps::Steps;

pub const HELP: &str = "\
Builds the browser modules into web/wasm.

Usage: cargo xtask wasm [--vectors]

  --vectors  also the test vectors' module, into target/vectors-wasm (tests run it in a browser)

The wasm32 target is taken from the first of these that works:
  installed  the toolchain has it already
  rustup     rustup target add wasm32-unknown-unknown
  debian     Debian's packages rustc-web and rust-web-src, which build its standard library
FREEHOLD_WASM=installed, rustup or debian allows that one way only.
";

const TARGET: &str = "wasm32-unknown-unknown";

/// A crate that becomes a browser module.
struct Module {
    package: &'static str,
    /// The file names' stem: `{name}.js`, `{name}_bg.wasm`.
    name: &'static str,
}

const PRODUCT: [Module; 3] = [
    Module { package: "freehold-wasm", name: "freehold" },
    Module { package: "freehold-kit", name: "kit" },
    Module { package: "freehold-strength", name: "strength" },
];
const VECTORS: Module = Module { package: "freehold-vectors", name: "vectors" };

/// Where the modules come from.
enum Compiler {
    /// The pinned toolchain.
    Pinned,
    /// Debian's second compiler, and the linker to use with it.
    Debian { linker: PathBuf },
}

pub fn run(place: &Place, steps: &Steps, mut arguments: Arguments) -> Result<(), Problem> {
    let vectors = arguments.flag(&["--vectors"]);
    arguments.end()?;
    build(place, steps, vectors)
}

/// Builds what is not up to date.
pub fn build(place: &Place, steps: &Steps, vectors: bool) -> Result<(), Problem> {
    let compiler = find_compiler(place, steps)?;
    let folder = place.web().join("wasm");
    let mut stale = Vec::new();
    for module in &PRODUCT {
        stale.push((module, compile(place, steps, &compiler, module)?, folder.clone()));
    }
    if vectors {
        let folder = place.target.join("vectors-wasm");
        stale.push((&VECTORS, compile(place, steps, &compiler, &VECTORS)?, folder));
    }
    Task::cargo("build the bindings generator", place)
        .words(["build", "--package", "freehold-bindgen"])
        .run(place, steps)?;
    let generator = place.program("freehold-bindgen");
    stale.retain(|(module, input, folder)| !is_up_to_date(module, &[input, &generator], folder));
    if stale.is_empty() {
        steps.say("bindings of the browser modules: up to date");
    }
    for (module, input, folder) in stale {
        std::fs::create_dir_all(&folder)?;
        Task::new(format!("bindings of {}", module.package), &generator, place)
            .words([input.as_os_str(), folder.as_os_str(), module.name.as_ref()])
            .run(place, steps)?;
    }
    Ok(())
}

/// The wasm files that the product serves.
pub fn product_files(place: &Place) -> Vec<PathBuf> {
    let folder = place.web().join("wasm");
    PRODUCT.iter().map(|module| folder.join(format!("{}_bg.wasm", module.name))).collect()
}

fn compile(
    place: &Place,
    steps: &Steps,
    compiler: &Compiler,
    module: &Module,
) -> Result<PathBuf, Problem> {
    let target = place.target.join("wasm");
    // One package a call: together, the features of one would change the bytes of the other.
    let task = Task::cargo(format!("compile {} for the browser", module.package), place)
        .words(["build", "--profile", "wasm", "--lib", "--target", TARGET])
        .words(["--package", module.package, "--target-dir"])
        .words([&target])
        .env("CARGO_ENCODED_RUSTFLAGS", flags(place))
        .fix("the compiler's message is above");
    let task = match compiler {
        Compiler::Pinned => task,
        // The packages bring the standard library's source only; with this variable a stable
        // compiler builds it (Debian's own way for wasm32).
        Compiler::Debian { linker } => task
            .words(["-Zbuild-std=std,panic_abort"])
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker),
    };
    task.run(place, steps)?;
    let file = format!("{}.wasm", module.package.replace('-', "_"));
    Ok(target.join(TARGET).join("wasm").join(file))
}

/// Two checkouts in two places must give the same bytes. And SHA-2 as loops, not unrolled: it is
/// never what anybody waits for.
fn flags(place: &Place) -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let mut flags = vec![
        format!("--remap-path-prefix={}=/freehold", place.root.display()),
        "--cfg=sha2_backend_soft=\"compact\"".to_owned(),
    ];
    if let Some(home) = home {
        flags.push(format!("--remap-path-prefix={}=/cargo", home.display()));
    }
    flags.join("\u{1f}")
}

/// Whether what the browser loads is younger than all that it is made from.
fn is_up_to_date(module: &Module, made_from: &[&Path], folder: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    let Some(made) = made_from.iter().map(|path| changed(path)).max().flatten() else {
        return false;
    };
    [".js", "_bg.wasm", "_bg.integrity.js"]
        .map(|end| format!("{}{end}", module.name))
        .iter()
        .all(|file| changed(&folder.join(file)).is_some_and(|written| written >= made))
}

type Way = fn(&Place, &Steps) -> Result<Compiler, Problem>;

/// The ways to a compiler, in the order they are tried.
const WAYS: [(&str, Way); 3] =
    [("installed", installed), ("rustup", by_rustup), ("debian", by_debian)];

fn find_compiler(place: &Place, steps: &Steps) -> Result<Compiler, Problem> {
    if let Some(wanted) = std::env::var_os("FREEHOLD_WASM") {
        let wanted = wanted.to_string_lossy().into_owned();
        let Some((_, way)) = WAYS.iter().find(|(name, _)| *name == wanted) else {
            return Err(Problem::new(format!("FREEHOLD_WASM={wanted} is not a way to wasm32"))
                .fix("use installed, rustup or debian, or leave it out"));
        };
        return way(place, steps);
    }
    let mut refusals = Vec::new();
    for (name, way) in WAYS {
        match way(place, steps) {
            Ok(compiler) => return Ok(compiler),
            Err(problem) => refusals.push(format!("  {name}: {problem}").replace('\n', "\n    ")),
        }
    }
    Err(Problem::new(format!(
        "no compiler for wasm32, all three ways failed:\n{}",
        refusals.join("\n")
    ))
    .fix(
        "one of: `rustup target add wasm32-unknown-unknown` with a network that reaches rustup's \
         server; on Debian as root `apt-get install -y --no-install-recommends rustc-web \
         rust-web-src`; or a toolchain that has the target (FREEHOLD_WASM=installed)",
    ))
}

fn installed(place: &Place, steps: &Steps) -> Result<Compiler, Problem> {
    if pinned_target(place) {
        steps.say("wasm32: the pinned toolchain has it");
        return Ok(Compiler::Pinned);
    }
    Err(Problem::new("the toolchain does not have it"))
}

fn by_rustup(place: &Place, steps: &Steps) -> Result<Compiler, Problem> {
    if on_path("rustup").is_none() {
        return Err(Problem::new("there is no rustup"));
    }
    Task::new("wasm32: rustup target add", "rustup", place)
        .words(["target", "add", TARGET])
        .limit(Duration::from_secs(90))
        .run(place, steps)?;
    if !pinned_target(place) {
        return Err(Problem::new("rustup said yes, but the target is not there"));
    }
    Ok(Compiler::Pinned)
}

fn by_debian(place: &Place, steps: &Steps) -> Result<Compiler, Problem> {
    install::ensure(place, steps, &[install::RUSTC_FOR_THE_WEB])?;
    let linker = pinned_linker(place)
        .ok_or_else(|| Problem::new("the pinned toolchain has no rust-lld to link with"))?;
    steps.say("wasm32: Debian's rustc-web builds it");
    Ok(Compiler::Debian { linker })
}

/// The standard library's source, where rust-web-src puts it.
pub fn debian_source() -> Option<PathBuf> {
    let folder = PathBuf::from("/usr/lib/rustlib/src/rust/library");
    folder.join("std").is_dir().then_some(folder)
}

fn pinned_target(place: &Place) -> bool {
    Task::new("target", "rustc", place)
        .words(["--print", "target-libdir", "--target", TARGET])
        .output()
        .is_some_and(|folder| Path::new(&folder).is_dir())
}

fn pinned_linker(place: &Place) -> Option<PathBuf> {
    let sysroot = Task::new("sysroot", "rustc", place).words(["--print", "sysroot"]).output()?;
    let targets = std::fs::read_dir(Path::new(&sysroot).join("lib/rustlib")).ok()?;
    targets
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("bin/rust-lld"))
        .find(|linker| linker.is_file())
}
