//! SCIM filters as SQL over the indexed columns of users.
//!
//! A compiled filter holds for every user that the filter holds for. When it is *exact*, the converse is true as well
//! and the database decides alone; otherwise it only narrows the candidates that `freehold_scim::evaluate`, whose
//! reading is the reference, decides about.
//!
//! Conditions are never NULL, so that NOT means what it says.

use freehold_directory::comparable;
use freehold_scim::filter::{Filter, Literal, Operator};
use freehold_scim::fold;
use freehold_scim::schema::AttributeRef;

use crate::Value;

/// A condition in pieces: texts between which values stand.
#[derive(Debug, Default)]
pub(super) struct Compiled {
    /// `None`: nothing can be said about it.
    condition: Option<Vec<Piece>>,
    exact: bool,
}

#[derive(Debug)]
enum Piece {
    Sql(&'static str),
    Value(Value),
}

impl Compiled {
    /// Whether the condition alone decides.
    pub(super) fn is_exact(&self) -> bool {
        self.exact
    }

    /// The condition with its values appended; `None` when every user is a candidate.
    pub(super) fn into_sql(self, values: &mut Vec<Value>) -> Option<String> {
        let mut sql = String::new();
        for piece in self.condition? {
            match piece {
                Piece::Sql(text) => sql.push_str(text),
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
        Self { condition: None, exact: false }
    }

    fn exactly(pieces: Vec<Piece>) -> Self {
        Self { condition: Some(pieces), exact: true }
    }

    fn constant(holds: bool) -> Self {
        Self::exactly(vec![Piece::Sql(if holds { "(1 = 1)" } else { "(1 = 0)" })])
    }

    /// `left value right`.
    fn with(left: &'static str, value: Value, right: &'static str) -> Self {
        Self::exactly(vec![Piece::Sql(left), Piece::Value(value), Piece::Sql(right)])
    }

    fn negated(self) -> Self {
        match self {
            Self { condition: Some(mut pieces), exact: true } => {
                pieces.insert(0, Piece::Sql("(NOT "));
                pieces.push(Piece::Sql(")"));
                Self::exactly(pieces)
            }
            _ => Self::unknown(),
        }
    }
}

/// Compiles a filter.
pub(super) fn compile(filter: &Filter) -> Compiled {
    match filter {
        Filter::And(all) => and(all.iter().map(compile)),
        Filter::Or(all) => or(all.iter().map(compile)),
        Filter::Not(inner) => compile(inner).negated(),
        Filter::Present(attribute) => present(attribute),
        Filter::Compare { attribute, operator, value } => compare(attribute, *operator, value),
        Filter::Values { attribute, filter } if attribute.is_core("emails") => email(filter),
        Filter::Values { .. } => Compiled::unknown(),
    }
}

/// What is unknown drops out; the rest still narrows.
fn and(parts: impl Iterator<Item = Compiled>) -> Compiled {
    let mut exact = true;
    let mut known = Vec::new();
    for part in parts {
        exact &= part.exact;
        known.extend(part.condition);
    }
    match known.is_empty() {
        true => Compiled::unknown(),
        false => Compiled { condition: Some(joined(known, "(", " AND ", ")")), exact },
    }
}

/// One unknown part makes the whole unknown. A union, because neither engine looks for OR in several partial indexes.
fn or(parts: impl Iterator<Item = Compiled>) -> Compiled {
    let mut exact = true;
    let mut known = Vec::new();
    for part in parts {
        exact &= part.exact;
        match part.condition {
            Some(condition) => known.push(condition),
            None => return Compiled::unknown(),
        }
    }
    const OPEN: &str =
        "(id IN (SELECT id FROM users WHERE organization_id = $1 AND deleted_at IS NULL AND ";
    const BETWEEN: &str =
        " UNION SELECT id FROM users WHERE organization_id = $1 AND deleted_at IS NULL AND ";
    Compiled { condition: Some(joined(known, OPEN, BETWEEN, "))")), exact }
}

fn joined(
    conditions: Vec<Vec<Piece>>,
    open: &'static str,
    by: &'static str,
    close: &'static str,
) -> Vec<Piece> {
    let mut pieces = vec![Piece::Sql(open)];
    for (place, condition) in conditions.into_iter().enumerate() {
        if place > 0 {
            pieces.push(Piece::Sql(by));
        }
        pieces.extend(condition);
    }
    pieces.push(Piece::Sql(close));
    pieces
}

/// A text column as the pieces that its comparisons are made of.
struct TextColumn {
    name: &'static str,
    /// Whether it holds folded texts.
    folded: bool,
    nullable: bool,
    /// `(`, and a test for NULL where one is needed, up to the name.
    open: &'static str,
    /// The same for `ne`, which holds for NULL.
    open_ne: &'static str,
    null: &'static str,
    not_null: &'static str,
}

const USER_NAME: TextColumn = TextColumn {
    name: "userName",
    folded: true,
    nullable: false,
    open: "(user_name_key",
    open_ne: "(user_name_key",
    null: "",
    not_null: "",
};
const DISPLAY_NAME: TextColumn = TextColumn {
    name: "displayName",
    folded: true,
    nullable: true,
    open: "(display_name_key IS NOT NULL AND display_name_key",
    open_ne: "(display_name_key IS NULL OR display_name_key",
    null: "(display_name_key IS NULL)",
    not_null: "(display_name_key IS NOT NULL)",
};
const EXTERNAL_ID: TextColumn = TextColumn {
    name: "externalId",
    folded: false,
    nullable: true,
    open: "(external_id IS NOT NULL AND external_id",
    open_ne: "(external_id IS NULL OR external_id",
    null: "(external_id IS NULL)",
    not_null: "(external_id IS NOT NULL)",
};
const ID: TextColumn = TextColumn {
    name: "id",
    folded: false,
    nullable: false,
    open: "(id",
    open_ne: "(id",
    null: "",
    not_null: "",
};

fn text_column(attribute: &AttributeRef) -> Option<&'static TextColumn> {
    [&USER_NAME, &EXTERNAL_ID, &DISPLAY_NAME, &ID]
        .into_iter()
        .find(|column| attribute.is_core(column.name))
        // The column must compare as the schema says.
        .filter(|column| column.folded != attribute.leaf().case_exact)
}

impl TextColumn {
    fn is_null(&self, null: bool) -> Compiled {
        match (self.nullable, null) {
            (false, null) => Compiled::constant(!null),
            (true, true) => Compiled::exactly(vec![Piece::Sql(self.null)]),
            (true, false) => Compiled::exactly(vec![Piece::Sql(self.not_null)]),
        }
    }

    fn compare(&self, operator: Operator, text: &str) -> Compiled {
        let text = if self.folded { fold(text) } else { text.to_owned() };
        let Some(sign) = sign(operator) else { return Compiled::unknown() };
        let open = if operator == Operator::Ne { self.open_ne } else { self.open };
        Compiled::exactly(vec![
            Piece::Sql(open),
            Piece::Sql(sign),
            Piece::Value(Value::Text(text)),
            Piece::Sql(")"),
        ])
    }
}

/// The comparison in SQL; texts compare byte by byte, which is the order of code points.
fn sign(operator: Operator) -> Option<&'static str> {
    match operator {
        Operator::Eq => Some(" = "),
        Operator::Ne => Some(" <> "),
        Operator::Gt => Some(" > "),
        Operator::Ge => Some(" >= "),
        Operator::Lt => Some(" < "),
        Operator::Le => Some(" <= "),
        Operator::Co | Operator::Sw | Operator::Ew => None,
    }
}

/// The column of a time.
fn time_column(attribute: &AttributeRef) -> Option<&'static str> {
    if attribute.is_core("meta.created") {
        Some("(created_at")
    } else if attribute.is_core("meta.lastModified") {
        Some("(last_modified_at")
    } else {
        None
    }
}

fn present(attribute: &AttributeRef) -> Compiled {
    if let Some(column) = text_column(attribute) {
        return column.is_null(false);
    }
    if time_column(attribute).is_some() || attribute.is_core("active") {
        return Compiled::constant(true);
    }
    if attribute.is_core("emails.value") {
        return Compiled::exactly(vec![Piece::Sql(
            "(id IN (SELECT user_id FROM user_emails WHERE organization_id = $1))",
        )]);
    }
    Compiled::unknown()
}

fn compare(attribute: &AttributeRef, operator: Operator, literal: &Literal) -> Compiled {
    match literal {
        Literal::Null => {
            let present = present(attribute);
            if operator == Operator::Ne { present } else { present.negated() }
        }
        Literal::Text(text) => compare_text(attribute, operator, text),
        Literal::Boolean(wanted) if attribute.is_core("active") => match operator {
            Operator::Eq => Compiled::with("(active = ", Value::from(*wanted), ")"),
            Operator::Ne => Compiled::with("(active <> ", Value::from(*wanted), ")"),
            _ => Compiled::unknown(),
        },
        Literal::DateTime(at) => match time_column(attribute) {
            Some(column) => compare_time(column, operator, at.unix_timestamp_nanos()),
            None => Compiled::unknown(),
        },
        Literal::Boolean(_) | Literal::Number(_) => Compiled::unknown(),
    }
}

fn compare_text(attribute: &AttributeRef, operator: Operator, text: &str) -> Compiled {
    if attribute.is_core("externalId") && operator == Operator::Eq {
        // The key leads to the index; the text as sent decides.
        let key = Compiled::with(
            "(external_key IS NOT NULL AND external_key = ",
            Value::from(comparable(text)),
            ")",
        );
        return and([key, EXTERNAL_ID.compare(operator, text)].into_iter());
    }
    match text_column(attribute) {
        Some(column) => column.compare(operator, text),
        None if attribute.is_core("emails.value") && operator == Operator::Eq => {
            email_of(text, None)
        }
        None => Compiled::unknown(),
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
        Operator::Eq => (" = ", floor),
        Operator::Ne => (" <> ", floor),
        Operator::Gt => (" > ", floor),
        Operator::Le => (" <= ", floor),
        Operator::Ge => (" >= ", ceiling),
        Operator::Lt => (" < ", ceiling),
        Operator::Co | Operator::Sw | Operator::Ew => return Compiled::unknown(),
    };
    let bound = i64::try_from(bound).unwrap_or(if bound < 0 { i64::MIN } else { i64::MAX });
    Compiled::exactly(vec![
        Piece::Sql(column),
        Piece::Sql(sign),
        Piece::Value(Value::Integer(bound)),
        Piece::Sql(")"),
    ])
}

/// `emails[type eq "work" and value eq "x"]`. Addresses without a value are not in the side table, so a value has to be
/// asked for; whatever else is asked only narrows.
fn email(filter: &Filter) -> Compiled {
    let one = std::slice::from_ref(filter);
    let parts = if let Filter::And(all) = filter { all.as_slice() } else { one };
    let Some(value) = parts.iter().find_map(|part| asked_for(part, "value")) else {
        return Compiled::unknown();
    };
    let kind = parts.iter().find_map(|part| asked_for(part, "type"));
    let mut compiled = email_of(value, kind);
    compiled.exact = parts.len() == 1 + usize::from(kind.is_some());
    compiled
}

/// The text of `name eq "text"` inside brackets.
fn asked_for<'a>(part: &'a Filter, name: &str) -> Option<&'a str> {
    match part {
        Filter::Compare { attribute, operator: Operator::Eq, value: Literal::Text(text) }
            if attribute.is_core(name) && !attribute.leaf().case_exact =>
        {
            Some(text)
        }
        _ => None,
    }
}

fn email_of(value: &str, kind: Option<&str>) -> Compiled {
    const OPEN: &str = "(id IN (SELECT user_id FROM user_emails WHERE organization_id = $1 \
                        AND value_key = ";
    let value = Value::from(fold(value));
    match kind {
        None => Compiled::with(OPEN, value, "))"),
        Some(kind) => Compiled::exactly(vec![
            Piece::Sql(OPEN),
            Piece::Value(value),
            Piece::Sql(" AND type_key IS NOT NULL AND type_key = "),
            Piece::Value(Value::from(fold(kind))),
            Piece::Sql("))"),
        ]),
    }
}
