//! Rows that are added without anybody waiting for the outcome.

use std::sync::OnceLock;

/// The table and the columns of rows for [`Tx::insert_later`](crate::Tx::insert_later).
pub struct Insertion {
    table: &'static str,
    columns: &'static [&'static str],
    one: OnceLock<String>,
    unless_taken: OnceLock<String>,
}

impl Insertion {
    /// Rows of these columns.
    #[must_use]
    pub const fn new(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, columns, one: OnceLock::new(), unless_taken: OnceLock::new() }
    }

    pub(crate) fn table(&self) -> &'static str {
        self.table
    }

    /// How many values a row has.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The statement that adds one row.
    pub(crate) fn one(&self) -> &str {
        self.one.get_or_init(|| self.sql(1))
    }

    /// The statement that adds one row unless a value that has to be unique is taken.
    pub(crate) fn unless_taken(&self) -> &str {
        self.unless_taken.get_or_init(|| format!("{} ON CONFLICT DO NOTHING", self.one()))
    }

    /// The statement that adds so many rows.
    pub(crate) fn sql(&self, rows: usize) -> String {
        let width = self.width();
        let row = |row: usize| {
            let places: Vec<String> =
                (1..=width).map(|column| format!("${}", row * width + column)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("{} VALUES {}", self.head(), rows.join(", "))
    }

    /// How a statement that adds rows begins.
    pub(crate) fn head(&self) -> String {
        format!("INSERT INTO {} ({})", self.table, self.columns.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_several_rows_count_on() {
        let insertion = Insertion::new("t", &["a", "b"]);
        assert_eq!(insertion.one(), "INSERT INTO t (a, b) VALUES ($1, $2)");
        assert_eq!(insertion.sql(2), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)");
    }
}
