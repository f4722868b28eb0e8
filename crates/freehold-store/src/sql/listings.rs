//! Lists of any kind of resource.

use std::mem::discriminant;

use freehold_directory::listing::{Shelf, Slice, Start, Stored};
use freehold_directory::{Listings, OrganizationId, StoreResult};
use freehold_scim::filter::Filter;
use freehold_scim::list::Sort;
use freehold_scim::sort::SortKey;

use super::shelves::{Table, first_values, table};
use super::{SqlStore, filter, groups, resources, row, users};
use crate::{Row, Value};

fn columns(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Users => users::COLUMNS,
        Shelf::Groups => groups::COLUMNS,
        Shelf::Others(_) => resources::COLUMNS,
    }
}

fn read(shelf: Shelf, row: &Row) -> StoreResult<Stored> {
    Ok(match shelf {
        Shelf::Users => Stored::User(users::read(row)?),
        Shelf::Groups => Stored::Group(groups::read(row)?),
        Shelf::Others(_) => Stored::Other(resources::read(row)?),
    })
}

/// A column that a list can be ordered by.
struct Order {
    column: &'static str,
    /// Some key of the column: all of its keys are of this kind.
    sample: SortKey,
    nullable: bool,
    descending: bool,
}

impl Order {
    fn of(table: &'static Table, sort: &Sort) -> Option<Self> {
        let descending = sort.descending;
        if let Some(text) = table.text(&sort.by) {
            let (column, sample) = (text.name, SortKey::Text(String::new()));
            return Some(Self { column, sample, nullable: text.nullable, descending });
        }
        let (column, sample) = match table.time(&sort.by) {
            Some(column) => (column, SortKey::Time(0)),
            None => (table.is_active(&sort.by).then_some("active")?, SortKey::Boolean(false)),
        };
        Some(Self { column, sample, nullable: false, descending })
    }

    /// RFC 7644 §3.4.2.3: what has no value is last when ascending and first when descending.
    fn clause(&self) -> String {
        let Self { column, nullable, descending, .. } = self;
        let down = if *descending { " DESC" } else { "" };
        let nulls = if *nullable { format!("({column} IS NULL){down}, ") } else { String::new() };
        format!("{nulls}{column}{down}, id{down}")
    }

    /// The condition for what comes after a place.
    fn after(&self, place: &SortKey, id: &str, values: &mut Vec<Value>) -> String {
        let (column, sign) = (self.column, if self.descending { "<" } else { ">" });
        let mut bind = |value: Value| {
            values.push(value);
            format!("${}", values.len())
        };
        let Some(key) = value_of(place) else {
            let id = bind(Value::from(id));
            let rest =
                if self.descending { format!(" OR {column} IS NOT NULL") } else { String::new() };
            return format!("(({column} IS NULL AND id {sign} {id}){rest})");
        };
        if discriminant(place) != discriminant(&self.sample) {
            return self.after_another_kind(place);
        }
        let (key, id) = (bind(key), bind(Value::from(id)));
        let later = format!("{column} {sign} {key} OR ({column} = {key} AND id {sign} {id})");
        match self.nullable && !self.descending {
            true => format!("({column} IS NULL OR {later})"),
            false => format!("({column} IS NOT NULL AND ({later}))"),
        }
    }

    /// What comes after a key that no row of this column can have: in a list over several types one of another type, or
    /// one that somebody made up. Keys of different kinds have an order too.
    fn after_another_kind(&self, place: &SortKey) -> String {
        let column = self.column;
        match (*place < self.sample, self.descending) {
            (true, false) => "(1 = 1)".to_owned(),
            (true, true) => "(1 = 0)".to_owned(),
            (false, false) => format!("({column} IS NULL)"),
            (false, true) => format!("({column} IS NOT NULL)"),
        }
    }
}

/// A sort key as the columns have it; `None` for the absent one.
fn value_of(key: &SortKey) -> Option<Value> {
    match key {
        SortKey::Boolean(flag) => Some(Value::from(*flag)),
        SortKey::Number(number) => Some(Value::Real(*number)),
        SortKey::Time(nanos) => {
            let bound = if *nanos < 0 { i64::MIN } else { i64::MAX };
            Some(Value::Integer(i64::try_from(nanos / 1_000_000).unwrap_or(bound)))
        }
        SortKey::Text(text) => Some(Value::Text(text.clone())),
        SortKey::Absent => None,
    }
}

/// The condition for what is listed, its values, and whether few can meet it.
fn select(
    organization: OrganizationId,
    shelf: Shelf,
    filter: Option<&Filter>,
) -> (String, Vec<Value>, bool) {
    let table = table(shelf);
    let mut values = first_values(organization, shelf);
    let compiled = filter.map(|it| filter::compile(it, table));
    let few = compiled.as_ref().is_some_and(filter::Compiled::finds_few);
    let compiled = compiled.and_then(|it| it.into_sql(&mut values));
    let condition = compiled.map(|sql| format!(" AND {sql}")).unwrap_or_default();
    (format!("{}{condition}", table.live), values, few)
}

impl SqlStore<'_> {
    /// Resources that an index leads to, in the order of ids. SQLite would make a table to put the first of them in
    /// order.
    fn few(
        &mut self,
        shelf: Shelf,
        condition: &str,
        values: &[Value],
        limit: u64,
    ) -> StoreResult<Vec<Stored>> {
        let Table { name, .. } = table(shelf);
        let sql = format!("SELECT {} FROM {name} WHERE {condition}", columns(shelf));
        let mut found = row::all(self.0.query(&sql, values)?, |row| read(shelf, row))?;
        found.sort_by_cached_key(Stored::id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(found)
    }
}

impl Listings for SqlStore<'_> {
    fn on_time(&mut self) -> StoreResult<()> {
        self.0.on_time()
    }

    fn decides(&self, shelf: Shelf, filter: &Filter) -> bool {
        filter::compile(filter, table(shelf)).is_exact()
    }

    fn orders(&self, shelf: Shelf, sort: &Sort) -> bool {
        Order::of(table(shelf), sort).is_some()
    }

    fn count_listed(
        &mut self,
        organization: OrganizationId,
        shelf: Shelf,
        filter: Option<&Filter>,
    ) -> StoreResult<u64> {
        let (condition, values, _) = select(organization, shelf, filter);
        let sql = format!("SELECT count(*) FROM {} WHERE {condition}", table(shelf).name);
        self.0.query_one(&sql, &values)?.get(0)
    }

    fn slice(
        &mut self,
        organization: OrganizationId,
        slice: &Slice<'_>,
    ) -> StoreResult<Vec<Stored>> {
        let Slice { shelf, filter, sort, start, limit } = *slice;
        let order = sort.as_ref().and_then(|sort| Order::of(table(shelf), sort));
        let (mut condition, mut values, few) = select(organization, shelf, filter);
        if few && order.is_none() && matches!(start, Start::Offset(0)) {
            return self.few(shelf, &condition, &values, limit);
        }
        let mut offset = String::new();
        match (start, &order) {
            (Start::Offset(0), _) => {}
            (Start::Offset(skipped), _) => {
                values.push(row::number(skipped));
                offset = format!(" OFFSET ${}", values.len());
            }
            (Start::After(key, id), Some(order)) => {
                let after = order.after(key.unwrap_or(&SortKey::Absent), id, &mut values);
                condition.push_str(&format!(" AND {after}"));
            }
            (Start::After(_, id), None) => {
                values.push(Value::from(id));
                condition.push_str(&format!(" AND id > ${}", values.len()));
            }
        }
        values.push(row::number(limit));
        let sql = format!(
            "SELECT {} FROM {} WHERE {condition} ORDER BY {} LIMIT ${}{offset}",
            columns(shelf),
            table(shelf).name,
            order.as_ref().map_or_else(|| filter::by_id(few).to_owned(), Order::clause),
            values.len(),
        );
        row::all(self.0.query(&sql, &values)?, |row| read(shelf, row))
    }

    fn listed(
        &mut self,
        organization: OrganizationId,
        shelf: Shelf,
        ids: &[String],
    ) -> StoreResult<Vec<Stored>> {
        let Table { name, live, .. } = table(shelf);
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let mut values = first_values(organization, shelf);
            values.push(Value::from(id.as_str()));
            let place = values.len();
            let sql =
                format!("SELECT {} FROM {name} WHERE {live} AND id = ${place}", columns(shelf));
            let row = self.0.query_optional(&sql, &values)?;
            found.extend(row.map(|row| read(shelf, &row)).transpose()?);
        }
        Ok(found)
    }
}
