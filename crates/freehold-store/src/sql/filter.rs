//! SCIM filters as SQL over the indexed columns of a [`Table`].
//!
//! A compiled filter holds for every resource that the filter holds for. When it is *exact*, the converse is true as well
//! and the database decides alone; otherwise it only narrows the candidates that `freehold_scim::evaluate`, whose
//! reading is the reference, decides about.
//!
//! Conditions are never NULL, so that NOT means what it says.

use std::borrow::Cow;

use freehold_scim::filter::{Filter, Literal, Operator};
use freehold_scim::fold;
use freehold_scim::schema::AttributeRef;

use super::shelves::{List, Table, TextColumn};
use crate::Value;

/// A condition in pieces: texts between which values stand.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    /// `None`: nothing can be said about it.
    condition: Option<Vec<Piece>>,
    exact: bool,
    few: bool,
}

#[derive(Debug)]
enum Piece {
    Sql(Cow<'static, str>),
    Value(Value),
}

fn sql(text: impl Into<Cow<'static, str>>) -> Piece {
    Piece::Sql(text.into())
}

impl Compiled {
    /// Whether the condition alone decides.
    pub(super) fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether an index leads to the few resources that can meet it, where the order of ids would lead past all.
    pub(super) fn finds_few(&self) -> bool {
        self.few
    }

    /// The condition with its values appended; `None` when every resource is a candidate.
    pub(super) fn into_sql(self, values: &mut Vec<Value>) -> Option<String> {
        let mut sql = String::new();
        for piece in self.condition? {
            match piece {
                Piece::Sql(text) => sql.push_str(&text),
                Piece::Value(value) => {
                    values.push(value);
                    sql.push_str(&format!("${}", values.len()));
                }
            }
        }
        Some(sql)
    }

    /// Nothing is known.
    fn unknown() -> Self {
        Self { condition: None, exact: false, few: false }
    }

    fn exactly(pieces: Vec<Piece>) -> Self {
        Self { condition: Some(pieces), exact: true, few: false }
    }

    fn constant(holds: bool) -> Self {
        Self::exactly(vec![sql(if holds { "(1 = 1)" } else { "(1 = 0)" })])
    }

    fn negated(self) -> Self {
        match self {
            Self { condition: Some(mut pieces), exact: true, .. } => {
                pieces.insert(0, sql("(NOT "));
                pieces.push(sql(")"));
                Self::exactly(pieces)
            }
            _ => Self::unknown(),
        }
    }
}

/// Compiles a filter.
pub(super) fn compile(filter: &Filter, table: &Table) -> Compiled {
    match filter {
        Filter::And(all) => and(all.iter().map(|part| compile(part, table))),
        Filter::Or(all) => or(all.iter().map(|part| compile(part, table)), table),
        Filter::Not(inner) => compile(inner, table).negated(),
        Filter::Present(attribute) => present(attribute, table),
        Filter::Compare { attribute, operator, value } => {
            compare(attribute, *operator, value, table)
        }
        Filter::Values { attribute, filter } => {
            table.list(attribute).map_or_else(Compiled::unknown, |list| in_list(list, filter))
        }
    }
}

/// What is unknown drops out; the rest still narrows.
fn and(parts: impl Iterator<Item = Compiled>) -> Compiled {
    let (mut exact, mut few) = (true, false);
    let mut known = Vec::new();
    for part in parts {
        exact &= part.exact;
        few |= part.few;
        known.extend(part.condition);
    }
    match known.is_empty() {
        true => Compiled::unknown(),
        false => Compiled { condition: Some(conjunction(known)), exact, few },
    }
}

/// One unknown part makes the whole unknown. A union, because neither engine looks for OR in several partial indexes.
fn or(parts: impl Iterator<Item = Compiled>, table: &Table) -> Compiled {
    let mut exact = true;
    let mut pieces = Vec::new();
    for part in parts {
        exact &= part.exact;
        let Some(condition) = part.condition else { return Compiled::unknown() };
        let open = if pieces.is_empty() { "(id IN (" } else { " UNION " };
        let (id, Table { name, live, .. }) = (by_id(part.few), table);
        pieces.push(sql(format!("{open}SELECT {id} FROM {name} WHERE {live} AND ")));
        pieces.extend(condition);
    }
    pieces.push(sql("))"));
    Compiled { condition: Some(pieces), exact, few: false }
}

/// The id as something to sort by. Few are sorted when they are found: an expression, or SQLite walks through all
/// ids, which have their order already.
pub(super) fn by_id(few: bool) -> &'static str {
    if few { "id || ''" } else { "id" }
}

/// What all conditions hold for.
fn conjunction(conditions: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for condition in conditions {
        pieces.push(sql(if pieces.is_empty() { "(" } else { " AND " }));
        pieces.extend(condition);
    }
    pieces.push(sql(")"));
    pieces
}

impl TextColumn {
    fn is_null(&self, null: bool) -> Compiled {
        let Self { name, nullable, .. } = self;
        match (nullable, null) {
            (false, null) => Compiled::constant(!null),
            (true, true) => Compiled::exactly(vec![sql(format!("({name} IS NULL)"))]),
            (true, false) => Compiled::exactly(vec![sql(format!("({name} IS NOT NULL)"))]),
        }
    }

    /// A comparison; absent values meet `ne` and nothing else.
    fn compare(&self, operator: Operator, text: &str) -> Compiled {
        let text = if self.folded { fold(text) } else { text.to_owned() };
        let mut pieces = vec![sql(match (self.nullable, operator) {
            (false, _) => "(".to_owned(),
            (true, Operator::Ne) => format!("({} IS NULL OR ", self.name),
            (true, _) => format!("({} IS NOT NULL AND ", self.name),
        })];
        pieces.extend(holds(self.name, operator, text));
        pieces.push(sql(")"));
        Compiled::exactly(pieces)
    }
}

/// The comparison in SQL. Texts compare byte by byte, which is the order of code points; there is no LIKE, which the
/// two engines read differently.
fn holds(column: &str, operator: Operator, text: String) -> Vec<Piece> {
    let with = |before: String, text: String, after: &'static str| {
        vec![sql(before), Piece::Value(Value::Text(text)), sql(after)]
    };
    match operator {
        Operator::Eq => with(format!("{column} = "), text, ""),
        Operator::Ne => with(format!("{column} <> "), text, ""),
        Operator::Gt => with(format!("{column} > "), text, ""),
        Operator::Ge => with(format!("{column} >= "), text, ""),
        Operator::Lt => with(format!("{column} < "), text, ""),
        Operator::Le => with(format!("{column} <= "), text, ""),
        Operator::Co | Operator::Sw | Operator::Ew if text.is_empty() => vec![sql("1 = 1")],
        Operator::Co => {
            let mut pieces = with(format!("replace({column}, "), text, ", '')");
            pieces.push(sql(format!(" <> {column}")));
            pieces
        }
        Operator::Sw => starts(column, text),
        Operator::Ew => {
            let mut pieces =
                with(format!("length({column}) >= length(CAST("), text.clone(), " AS TEXT))");
            let before = format!(" AND substr({column}, length({column}) + 1 - length(CAST(");
            pieces.extend(with(before, text.clone(), " AS TEXT))) = "));
            pieces.extend(with(String::new(), text, ""));
            pieces
        }
    }
}

/// A range of the index: from the prefix on, before the first text that is greater than all texts with it.
fn starts(column: &str, prefix: String) -> Vec<Piece> {
    let end = successor(&prefix);
    let mut pieces = vec![sql(format!("{column} >= ")), Piece::Value(Value::Text(prefix))];
    if let Some(end) = end {
        pieces.extend([sql(format!(" AND {column} < ")), Piece::Value(Value::Text(end))]);
    }
    pieces
}

/// The first text that is greater than all texts with this prefix.
pub(super) fn successor(prefix: &str) -> Option<String> {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        // The code points after U+D7FF are no characters up to U+E000.
        let next =
            if last == '\u{D7FF}' { Some('\u{E000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

fn present(attribute: &AttributeRef, table: &Table) -> Compiled {
    if let Some(column) = table.text(attribute) {
        return column.is_null(false);
    }
    if table.time(attribute).is_some() || table.is_active(attribute) {
        return Compiled::constant(true);
    }
    match table.list_present(attribute) {
        Some(list) => in_rows(list, Vec::new()),
        None => Compiled::unknown(),
    }
}

fn compare(
    attribute: &AttributeRef,
    operator: Operator,
    literal: &Literal,
    table: &Table,
) -> Compiled {
    match literal {
        Literal::Null => {
            let present = present(attribute, table);
            if operator == Operator::Ne { present } else { present.negated() }
        }
        Literal::Text(text) => compare_text(attribute, operator, text, table),
        Literal::Boolean(wanted) if table.is_active(attribute) => {
            let sign = match operator {
                Operator::Eq => "(active = ",
                Operator::Ne => "(active <> ",
                _ => return Compiled::unknown(),
            };
            Compiled::exactly(vec![sql(sign), Piece::Value(Value::from(*wanted)), sql(")")])
        }
        Literal::DateTime(at) => match table.time(attribute) {
            Some(column) => compare_time(column, operator, at.unix_timestamp_nanos()),
            None => Compiled::unknown(),
        },
        Literal::Boolean(_) | Literal::Number(_) => Compiled::unknown(),
    }
}

fn compare_text(
    attribute: &AttributeRef,
    operator: Operator,
    text: &str,
    table: &Table,
) -> Compiled {
    let Some(column) = table.text(attribute) else {
        return match table.list_value(attribute) {
            // One value that is not equal says nothing about the others, and absence meets `ne` too.
            Some(list) if operator != Operator::Ne => in_rows(list, value_of(list, operator, text)),
            _ => Compiled::unknown(),
        };
    };
    let compared = column.compare(operator, text);
    match table.external_key(attribute, text) {
        // The key leads to the index; the text as sent decides.
        Some((key, value)) if operator == Operator::Eq => {
            let open = sql(format!("({key} IS NOT NULL AND {key} = "));
            let mut key = Compiled::exactly(vec![open, Piece::Value(value), sql(")")]);
            key.few = true;
            and([key, compared].into_iter())
        }
        _ => compared,
    }
}

/// Compares whole milliseconds with a time that may be finer.
fn compare_time(column: &'static str, operator: Operator, nanos: i128) -> Compiled {
    const NANOS: i128 = 1_000_000;
    let (floor, whole) = (nanos.div_euclid(NANOS), nanos.rem_euclid(NANOS) == 0);
    let ceiling = if whole { floor } else { floor + 1 };
    let (sign, bound) = match operator {
        Operator::Eq if !whole => return Compiled::constant(false),
        Operator::Ne if !whole => return Compiled::constant(true),
        Operator::Eq => ("=", floor),
        Operator::Ne => ("<>", floor),
        Operator::Gt => (">", floor),
        Operator::Le => ("<=", floor),
        Operator::Ge => (">=", ceiling),
        Operator::Lt => ("<", ceiling),
        Operator::Co | Operator::Sw | Operator::Ew => return Compiled::unknown(),
    };
    let bound = i64::try_from(bound).unwrap_or(if bound < 0 { i64::MIN } else { i64::MAX });
    let open = sql(format!("({column} {sign} "));
    Compiled::exactly(vec![open, Piece::Value(Value::Integer(bound)), sql(")")])
}

/// `emails[type eq "work" and value eq "x"]`. Addresses without a value are not in the side table, so a value has to be
/// asked for; whatever else is asked only narrows.
fn in_list(list: &List, filter: &Filter) -> Compiled {
    let one = std::slice::from_ref(filter);
    let parts = if let Filter::And(all) = filter { all.as_slice() } else { one };
    let Some((operator, value)) = parts.iter().find_map(|part| value_asked_for(list, part)) else {
        return Compiled::unknown();
    };
    let mut condition = value_of(list, operator, value);
    let kind = list.kind.and_then(|column| Some((column, parts.iter().find_map(type_asked_for)?)));
    if let Some((column, kind)) = kind {
        condition.push(sql(format!(" AND {column} IS NOT NULL AND {column} = ")));
        condition.push(Piece::Value(Value::from(fold(kind))));
    }
    let mut compiled = in_rows(list, condition);
    compiled.exact = parts.len() == 1 + usize::from(kind.is_some());
    compiled
}

fn value_asked_for<'a>(list: &List, part: &'a Filter) -> Option<(Operator, &'a str)> {
    match part {
        Filter::Compare { attribute, operator, value: Literal::Text(text) }
            if *operator != Operator::Ne
                && attribute.is_core("value")
                && attribute.leaf().case_exact != list.folded =>
        {
            Some((*operator, text))
        }
        _ => None,
    }
}

/// The text of `type eq "text"` inside brackets.
fn type_asked_for(part: &Filter) -> Option<&str> {
    match part {
        Filter::Compare { attribute, operator: Operator::Eq, value: Literal::Text(text) }
            if attribute.is_core("type") && !attribute.leaf().case_exact =>
        {
            Some(text)
        }
        _ => None,
    }
}

fn value_of(list: &List, operator: Operator, text: &str) -> Vec<Piece> {
    let text = if list.folded { fold(text) } else { text.to_owned() };
    let mut pieces = vec![sql(" AND ")];
    pieces.extend(holds(list.value, operator, text));
    pieces
}

/// The resources with a row that meets the condition.
fn in_rows(list: &List, condition: Vec<Piece>) -> Compiled {
    let List { table, owner, .. } = list;
    let mut pieces =
        vec![sql(format!("(id IN (SELECT {owner} FROM {table} WHERE organization_id = $1"))];
    pieces.extend(condition);
    pieces.push(sql("))"));
    Compiled::exactly(pieces)
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn the_end_of_a_prefix_is_the_next_text_without_it() {
        for (prefix, end) in [
            ("a", Some("b")),
            ("az\u{10FFFF}", Some("a{")),
            ("\u{D7FF}", Some("\u{E000}")),
            ("\u{10FFFF}", None),
            ("", None),
        ] {
            assert_eq!(successor(prefix).as_deref(), end, "{prefix:?}");
        }
    }
}
