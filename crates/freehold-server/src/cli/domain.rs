//! `freehold domain`.

use freehold_directory::{
    ConnectionId,
    authority::Mandate,
    connections::{self, Connection},
    domains::{self, Domain, DomainError, DomainName, DomainState, ProvenDomain},
};
use serde_json::{Value, json};

use super::{
    CliError, Context,
    args::{DomainCommand, Format, InOrganization, OfDomain},
    find, output, shown,
};
use crate::{dns::TxtResolver, system};

pub(super) fn run(context: &Context, command: DomainCommand) -> Result<(), CliError> {
    match command {
        DomainCommand::Add { domain, connection } => add(context, &domain, connection),
        DomainCommand::Verify(domain) => verify(context, &domain),
        DomainCommand::List { organization, format } => list(context, &organization, &format),
        DomainCommand::Remove(domain) => remove(context, &domain),
    }
}

fn name_of(of: &OfDomain) -> Result<DomainName, CliError> {
    DomainName::parse(&of.domain).map_err(CliError::failed)
}

fn failed(error: DomainError) -> CliError {
    match error {
        DomainError::Known => CliError::failed(
            "the organization has this domain already; `freehold domain list` shows its record",
        ),
        DomainError::Unknown => CliError::failed(
            "the organization has no such domain; `freehold domain list` shows all",
        ),
        DomainError::Taken => CliError::failed(
            "another organization has verified this domain; it is free once that organization \
             removes it or its record has been gone for a week",
        ),
        DomainError::UnknownConnection => shown::unknown_connection(),
        other => CliError::failed(other),
    }
}

fn add(context: &Context, of: &OfDomain, connection: Option<String>) -> Result<(), CliError> {
    let (organization, name, now) =
        (of.organization.organization.clone(), name_of(of)?, context.now());
    let domain = context.database.write_blocking(move |store| {
        let organization = find(store, &organization)?;
        let mandate = Mandate::operator(organization.id);
        let (name, connection) = (name.clone(), connection.as_deref());
        domains::add(store, mandate, name, connection, now, &mut system::random()).map_err(failed)
    })?;
    output::line(&record(&domain))?;
    output::say(&format!(
        "Publish this TXT record and leave it there. Some DNS forms ask for two fields:\n  \
         name   {}\n  value  {}\nThen: freehold domain verify --organization {} {}",
        domain.name.record_name(),
        domain.challenge.as_str(),
        of.organization.organization,
        domain.name,
    ));
    Ok(())
}

/// The record as a zone file has it.
fn record(domain: &Domain) -> String {
    format!("{}. TXT \"{}\"", domain.name.record_name(), domain.challenge.as_str())
}

fn verify(context: &Context, of: &OfDomain) -> Result<(), CliError> {
    let (organization, name) = (of.organization.organization.clone(), name_of(of)?);
    let domain = context.database.read_blocking(move |store| {
        let organization = find(store, &organization)?;
        domains::get(store, organization.id, &name).map_err(failed)
    })?;
    let proven = look_up(context, &domain)?;
    let now = context.now();
    context.database.write_blocking(move |store| {
        let mandate = Mandate::operator(proven.organization());
        domains::verify(store, mandate, &proven, now, &mut system::random()).map_err(failed)
    })?;
    output::say(&format!(
        "{} is verified: people with an e-mail address of it are led to this organization's \
         sign-in. Leave the record published.",
        domain.name
    ));
    Ok(())
}

fn look_up(context: &Context, domain: &Domain) -> Result<ProvenDomain, CliError> {
    let name = domain.name.record_name();
    let answer = actix_web::rt::System::new().block_on(async { context.dns.txt(&name).await });
    let records = answer.map_err(|error| {
        CliError::Failed(format!("DNS does not say whether {name} is there: {error}; try again"))
    })?;
    domain.prove(&records).ok_or_else(|| {
        let found = match records.len() {
            0 => "no TXT record is there".to_owned(),
            1 => "one TXT record is there, with another value".to_owned(),
            many => format!("{many} TXT records are there, none with the value"),
        };
        CliError::Failed(format!(
            "{found}; publish\n  {}\nand try again: DNS may take as long as its TTL to show a \
             change",
            record(domain)
        ))
    })
}

fn list(context: &Context, of: &InOrganization, format: &Format) -> Result<(), CliError> {
    let organization = of.organization.clone();
    let (all, connections) = context.database.read_blocking(move |store| {
        let organization = find(store, &organization)?;
        let all = domains::list(store, organization.id)?;
        Ok::<_, CliError>((all, connections::list(store, organization.id)?))
    })?;
    if format.json {
        return output::json(&all.iter().map(|it| as_json(it, &connections)).collect());
    }
    let rows: Vec<_> = all.iter().map(|domain| as_row(domain, &connections)).collect();
    let heading = ["domain", "state", "since", "connection", "record"];
    output::table("No domain yet: freehold domain add --help", &heading, &rows)
}

fn named(id: Option<ConnectionId>, connections: &[Connection]) -> Option<String> {
    connections.iter().find(|known| Some(known.id) == id).map(|known| known.name.to_string())
}

fn state(domain: &Domain) -> &'static str {
    match domain.state {
        DomainState::Unverified => "unverified",
        DomainState::Verified { failing_since: None, .. } => "verified",
        DomainState::Verified { failing_since: Some(_), .. } => "record missing",
    }
}

fn as_json(domain: &Domain, connections: &[Connection]) -> Value {
    let (since, failing_since) = match domain.state {
        DomainState::Unverified => (None, None),
        DomainState::Verified { since, failing_since } => (Some(since), failing_since),
    };
    json!({
        "name": domain.name.as_str(),
        "verified": since.is_some(),
        "verifiedAt": since.map(output::time),
        "recordMissingSince": failing_since.map(output::time),
        "connection": named(domain.connection, connections),
        "recordName": domain.name.record_name(),
        "recordValue": domain.challenge.as_str(),
        "createdAt": output::time(domain.created_at),
    })
}

fn as_row(domain: &Domain, connections: &[Connection]) -> Vec<String> {
    let since = match domain.state {
        DomainState::Unverified => domain.created_at,
        DomainState::Verified { since, failing_since } => failing_since.unwrap_or(since),
    };
    vec![
        domain.name.to_string(),
        state(domain).to_owned(),
        output::time(since),
        named(domain.connection, connections).unwrap_or_else(|| "-".to_owned()),
        record(domain),
    ]
}

fn remove(context: &Context, of: &OfDomain) -> Result<(), CliError> {
    let (organization, name, now) =
        (of.organization.organization.clone(), name_of(of)?, context.now());
    context.database.write_blocking(move |store| {
        let organization = find(store, &organization)?;
        let mandate = Mandate::operator(organization.id);
        domains::remove(store, mandate, &name, now, &mut system::random()).map_err(failed)
    })?;
    output::say("The domain leads nowhere any more. Its DNS record can go too.");
    Ok(())
}
