//! `freehold audit`.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, BufWriter, Write},
    path::Path,
};

use freehold_directory::{
    OrganizationId,
    audit::{self, Export, Fault, Head, Verified, Verifier, line},
};

use super::{
    CliError, Context,
    args::{AuditCommand, AuditVerifyArguments},
    find, output,
};

/// Events read at a time: an export of millions is never in memory.
const PAGE: u32 = 1_000;

/// `open` is called when the database is needed.
pub(super) fn run(
    open: impl FnOnce() -> Result<Context, CliError>,
    command: AuditCommand,
) -> Result<(), CliError> {
    match command {
        AuditCommand::Export { organization, after, output } => {
            let source = Source::of(open()?, organization.organization)?;
            match output {
                Some(path) => export(&source, after, create(&path)?),
                None => export(&source, after, std::io::stdout().lock()),
            }
        }
        AuditCommand::Verify(arguments) => verify(open, arguments),
    }
}

fn create(path: &Path) -> Result<File, CliError> {
    File::create_new(path)
        .map_err(|error| CliError::Failed(format!("cannot make {}: {error}", path.display())))
}

fn cannot_write(error: impl std::fmt::Display) -> CliError {
    CliError::Failed(format!("the export is not complete: {error}"))
}

/// The audit log of an organization, read page by page.
struct Source {
    context: Context,
    organization: OrganizationId,
}

impl Source {
    fn of(context: Context, name: String) -> Result<Self, CliError> {
        let organization = context.database.read_blocking(move |store| find(store, &name))?.id;
        Ok(Self { context, organization })
    }

    /// The events of the chain after this number, and the head beside them.
    fn page(&self, after: u64) -> Result<audit::Page, CliError> {
        let organization = self.organization;
        let page = move |store: &mut dyn freehold_directory::Store| {
            audit::page(store, organization, after, PAGE)
        };
        self.context.database.read_blocking(page).map_err(CliError::from)
    }

    fn lines(&self, export: Export) -> Result<(String, Export), CliError> {
        let organization = self.organization;
        let lines =
            move |store: &mut dyn freehold_directory::Store| export.next(store, organization, PAGE);
        self.context.database.read_blocking(lines).map_err(cannot_write)
    }

    fn head_at(&self, seq: u64) -> Result<Head, CliError> {
        let organization = self.organization;
        self.context
            .database
            .read_blocking(move |store| audit::head_at(store, organization, seq))
            .map_err(CliError::from)?
            .ok_or_else(|| CliError::Failed(format!("the chain has no event {seq}")))
    }
}

fn export(source: &Source, after: Option<u64>, to: impl Write) -> Result<(), CliError> {
    let mut to = BufWriter::new(to);
    let mut export = match after {
        Some(seq) => Export::after(source.head_at(seq)?),
        None => Export::of_all(),
    };
    let head = loop {
        let (lines, next) = source.lines(export)?;
        to.write_all(lines.as_bytes()).map_err(cannot_write)?;
        if let Some(head) = next.finished() {
            break head;
        }
        export = next;
    };
    to.flush().map_err(cannot_write)?;
    output::say(&format!("The head of the chain is {head}"));
    Ok(())
}

fn verify(
    open: impl FnOnce() -> Result<Context, CliError>,
    arguments: AuditVerifyArguments,
) -> Result<(), CliError> {
    let AuditVerifyArguments { organization, file, head, after } = arguments;
    let verifier = Verifier::new(after.unwrap_or(Head::START), head).map_err(broken)?;
    let verified = match (file, organization) {
        (Some(path), _) => verify_file(verifier, &path)?,
        (None, Some(name)) => verify_database(verifier, &Source::of(open()?, name)?)?,
        (None, None) => return Err(CliError::failed("say --organization or --file")),
    };
    let Verified { events, outside, head } = verified;
    output::say(&format!("The chain is intact: {events} events verified."));
    if outside > 0 {
        output::say(&format!(
            "{outside} events stand outside the chain, which says nothing of them."
        ));
    }
    output::line(&head.to_string())
}

fn broken(fault: Fault) -> CliError {
    CliError::Failed(format!("the chain is not intact: {fault}"))
}

fn verify_database(mut verifier: Verifier, source: &Source) -> Result<Verified, CliError> {
    loop {
        let page = source.page(verifier.head().seq)?;
        for event in &page.events {
            verifier.take(event, None).map_err(broken)?;
        }
        if page.events.len() < PAGE as usize {
            return verifier.finish_at(page.head).map_err(broken);
        }
    }
}

fn verify_file(mut verifier: Verifier, path: &Path) -> Result<Verified, CliError> {
    let cannot_read = |error: std::io::Error| {
        CliError::Failed(format!("cannot read {}: {error}", path.display()))
    };
    let file = File::open(path).map_err(cannot_read)?;
    for (number, text) in (1..).zip(BufReader::new(file).lines()) {
        let text = text.map_err(cannot_read)?;
        let (event, previous) = line::parse(&text).map_err(|error| in_line(number, &error))?;
        verifier.take(&event, previous).map_err(|fault| in_line(number, &fault))?;
    }
    verifier.finish().map_err(broken)
}

fn in_line(number: u64, problem: &dyn std::fmt::Display) -> CliError {
    CliError::Failed(format!("the chain is not intact: line {number}: {problem}"))
}
