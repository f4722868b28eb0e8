//! The export, piece by piece: what is outside the chain first, then the chain.

use freehold_wire::OrganizationId;

use super::line::{self, LineError};
use super::{ChainHash, Head};
use crate::store::Store;
use crate::store_error::StoreError;

/// How far an export has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Export {
    place: Place,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Place {
    /// After the event with this id, of those outside the chain.
    Outside(String),
    /// After this head.
    Chain(Head),
    End(Head),
}

/// Why an export does not go on.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A line cannot be written.
    #[error(transparent)]
    Line(#[from] LineError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Export {
    /// Of everything.
    pub fn of_all() -> Self {
        Self { place: Place::Outside(String::new()) }
    }

    /// Of the chain alone, after this head.
    pub fn after(head: Head) -> Self {
        Self { place: Place::Chain(head) }
    }

    /// The head of the chain that was exported, once all of it was.
    pub fn finished(&self) -> Option<Head> {
        match self.place {
            Place::End(head) => Some(head),
            _ => None,
        }
    }

    /// The next lines, of at most `limit` events, and how far the export has come with them.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn next(
        &self,
        store: &mut dyn Store,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<(String, Self), ExportError> {
        match &self.place {
            Place::Outside(after) => {
                let (events, next) = super::outside(store, organization, after, limit)?;
                let mut lines = String::new();
                for event in &events {
                    lines += &line::render(event, ChainHash::START)?;
                    lines.push('\n');
                }
                let place = next.map_or(Place::Chain(Head::START), Place::Outside);
                Ok((lines, Self { place }))
            }
            Place::Chain(head) => {
                let mut head = *head;
                let events = super::page(store, organization, head.seq, limit)?.events;
                let mut lines = String::new();
                for event in &events {
                    lines += &line::render(event, head.hash)?;
                    lines.push('\n');
                    head = event.head.unwrap_or(head);
                }
                let full = events.len() >= limit as usize;
                let place = if full { Place::Chain(head) } else { Place::End(head) };
                Ok((lines, Self { place }))
            }
            Place::End(_) => Ok((String::new(), self.clone())),
        }
    }
}
