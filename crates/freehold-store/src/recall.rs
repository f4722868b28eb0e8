//! Answers that the jobs of one transaction share.
//!
//! Every SCIM request begins with the same question about the same token. Jobs that share a transaction see the
//! same moment of the database, so the second of them would get the answer of the first, unless one of them has
//! written in between. Nothing outlives the transaction: a revoked token is refused at the next one.

use crate::{Row, Value};

/// Questions whose answers are kept at most; further ones are asked each time.
const MOST: usize = 16;

/// What was asked and answered in the transaction at hand.
#[derive(Default)]
pub(crate) struct Recall {
    known: Vec<Known>,
    /// The answer to a question that was asked ahead.
    foreseen: Option<Known>,
}

struct Known {
    sql: String,
    values: Vec<Value>,
    rows: Vec<Row>,
}

impl Known {
    fn is(&self, sql: &str, values: &[Value]) -> bool {
        self.values == values && self.sql == sql
    }
}

impl Recall {
    /// The answer, where the question was asked before.
    pub(crate) fn get(&self, sql: &str, values: &[Value]) -> Option<Vec<Row>> {
        self.known.iter().find(|known| known.is(sql, values)).map(|known| known.rows.clone())
    }

    /// Keeps an answer.
    pub(crate) fn keep(&mut self, sql: &str, values: &[Value], rows: &[Row]) {
        if self.known.len() < MOST {
            let (values, rows) = (values.to_vec(), rows.to_vec());
            self.known.push(Known { sql: sql.to_owned(), values, rows });
        }
    }

    /// Keeps the answer to the question that will be the next.
    pub(crate) fn foresee(&mut self, sql: &str, values: &[Value], rows: Vec<Row>) {
        self.foreseen = Some(Known { sql: sql.to_owned(), values: values.to_vec(), rows });
    }

    /// The answer to a question that was foreseen.
    pub(crate) fn take_foreseen(&mut self, sql: &str, values: &[Value]) -> Option<Vec<Row>> {
        self.foreseen.take().filter(|known| known.is(sql, values)).map(|known| known.rows)
    }

    /// Forgets every answer that a write may have changed: those whose question names its table.
    pub(crate) fn note_write(&mut self, sql: &str) {
        match written_table(sql) {
            Some(table) => {
                self.known.retain(|known| !known.sql.contains(table));
                self.foreseen.take_if(|known| known.sql.contains(table));
            }
            None => self.clear(),
        }
    }

    /// Forgets all, at the beginning of a transaction and where something in it is undone.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
        self.foreseen = None;
    }
}

/// The table that a write names; there are no triggers and no cascades, so it changes no other.
fn written_table(sql: &str) -> Option<&str> {
    let rest =
        ["INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().find_map(|it| sql.strip_prefix(it))?;
    rest.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "SELECT a FROM things t JOIN others o ON o.id = t.id WHERE t.b = $1";

    fn after(write: &str) -> Option<Vec<Row>> {
        let mut recall = Recall::default();
        recall.keep(ASKED, &[Value::Integer(1)], &[Row::new(vec![Value::Integer(2)])]);
        recall.note_write(write);
        recall.get(ASKED, &[Value::Integer(1)])
    }

    #[test]
    fn a_write_to_another_table_leaves_an_answer_alone() {
        assert!(after("INSERT INTO elsewhere (a) VALUES ($1)").is_some_and(|rows| rows.len() == 1));
    }

    #[test]
    fn a_write_to_any_table_of_the_question_makes_it_forgotten() {
        for write in [
            "INSERT INTO things (a) VALUES ($1)",
            "UPDATE others SET a = $1",
            "DELETE FROM things",
            "WITH x AS (SELECT 1) INSERT INTO things SELECT * FROM x",
        ] {
            assert!(after(write).is_none(), "{write}");
        }
    }

    #[test]
    fn the_schema_has_nothing_by_which_a_write_reaches_another_table() {
        for step in crate::migrations::ALL {
            let sql = step.sql.to_ascii_uppercase();
            for word in ["TRIGGER", "CASCADE", "SET NULL", "SET DEFAULT", "CREATE VIEW", "RULE "] {
                assert!(!sql.contains(word), "{}: {word}", step.name);
            }
        }
    }

    #[test]
    fn another_question_and_other_values_are_not_known() {
        let mut recall = Recall::default();
        recall.keep(ASKED, &[Value::Integer(1)], &[]);
        assert!(recall.get(ASKED, &[Value::Integer(2)]).is_none());
        assert!(recall.get("SELECT 1", &[Value::Integer(1)]).is_none());
        recall.clear();
        assert!(recall.get(ASKED, &[Value::Integer(1)]).is_none());
    }
}
