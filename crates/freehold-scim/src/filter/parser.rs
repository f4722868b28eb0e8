//! From tokens to a [`Filter`]. Chains of `and` and `or` are read in a loop; only parentheses and
//! brackets recurse, and they are counted.

use std::vec::IntoIter;

use super::lexer::{Operand, Token, tokens};
use super::{Filter, Literal, Operator};
use crate::error::{Fault, ScimError};
use crate::limits;
use crate::schema::{Attribute, AttributeRef, Catalog, ResourceType, Returned, Type};

/// What people quote with where the filter language has `"`.
const OTHER_QUOTES: [char; 5] = ['\'', '`', '\u{2018}', '\u{201C}', '\u{201E}'];

/// Reads a filter over resources of this type.
///
/// Beyond RFC 7644: an unquoted text operand, quoted booleans, and `x[filter].sub op value`.
///
/// # Errors
/// `invalidFilter` for every fault, with the attribute or operator at fault: syntax, unknown
/// attribute or operator, a comparison the type does not have, or a limit of [`limits`].
pub fn parse(text: &str, resource: &'static ResourceType) -> Result<Filter, ScimError> {
    let mut parser = Parser::new(text)?;
    let filter = parser.filter(Scope::Resource(resource))?;
    parser.end()?;
    Ok(filter)
}

/// Reads a filter over resources of all types of a catalog, as it holds for one of them.
///
/// RFC 7644 §3.4.2.1: an attribute that is not part of a type is treated "as if there is no
/// attribute value" there.
///
/// # Errors
/// As [`parse`]; an attribute is unknown if no type has it.
pub fn parse_among(
    text: &str,
    resource: &'static ResourceType,
    catalog: &Catalog,
) -> Result<Filter, ScimError> {
    let mut parser = Parser::new(text)?;
    let filter = parser.filter(Scope::Among(resource, catalog))?;
    parser.end()?;
    Ok(filter)
}

/// Where names are looked up.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// The attributes of a resource whose type is one of a catalog.
    Among(&'static ResourceType, &'a Catalog),
    /// The attributes of a resource.
    Resource(&'static ResourceType),
    /// The sub-attributes of one value: inside brackets.
    Value(&'static Attribute),
}

impl Scope<'_> {
    fn resolve(self, name: &str) -> Result<AttributeRef, ScimError> {
        self.find(name).or_else(|| self.find_elsewhere(name)).ok_or_else(|| {
            ScimError::invalid_filter(format!("The filter names no attribute: {}.", shown(name)))
                .about(&short(name), Fault::Unknown)
        })
    }

    fn find(self, name: &str) -> Option<AttributeRef> {
        let found = match self {
            Self::Resource(resource) | Self::Among(resource, _) => resource.resolve(name),
            Self::Value(attribute) => attribute.sub_attribute(name).map(AttributeRef::plain),
        };
        found.filter(may_be_asked_for)
    }

    /// The attribute of another type, which here is without a value.
    fn find_elsewhere(self, name: &str) -> Option<AttributeRef> {
        let Self::Among(_, catalog) = self else { return None };
        catalog.types().filter_map(|kind| kind.resolve(name)).find(may_be_asked_for)
    }
}

/// What is never given back cannot be asked for either: RFC 7644 §7.5.2 warns of guessing a
/// password by filters.
fn may_be_asked_for(found: &AttributeRef) -> bool {
    found.attribute().returned != Returned::Never && found.leaf().returned != Returned::Never
}

/// What a comparison comes to for a resource that has no such attribute, as a filter over one it
/// does have: every resource has an id.
fn without_a_value(comparison: &Filter) -> Filter {
    let holds = match comparison {
        Filter::Compare { operator, value: Literal::Null, .. } => *operator == Operator::Eq,
        Filter::Compare { operator, .. } => *operator == Operator::Ne,
        // `name eq null`.
        Filter::Not(_) => true,
        _ => false,
    };
    let id = Filter::Present(AttributeRef::id());
    if holds { id } else { Filter::Not(Box::new(id)) }
}

/// Reads tokens once, from left to right.
pub(crate) struct Parser {
    tokens: std::iter::Peekable<IntoIter<Token>>,
    depth: usize,
    terms: usize,
}

impl Parser {
    pub(crate) fn new(text: &str) -> Result<Self, ScimError> {
        Ok(Self { tokens: tokens(text)?.into_iter().peekable(), depth: 0, terms: 0 })
    }

    /// Fails unless everything was read.
    pub(crate) fn end(&mut self) -> Result<(), ScimError> {
        match self.tokens.next() {
            None => Ok(()),
            Some(_) => Err(syntax("something follows its end")),
        }
    }

    /// The next token, if it is a word.
    pub(crate) fn word(&mut self) -> Option<String> {
        match self.tokens.next_if(|token| matches!(token, Token::Word(_))) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// Reads `[` filter `]` over the sub-attributes of `attribute`, if a bracket is next.
    pub(crate) fn brackets(
        &mut self,
        attribute: &'static Attribute,
    ) -> Result<Option<Filter>, ScimError> {
        if self.tokens.next_if_eq(&Token::OpenBracket).is_none() {
            return Ok(None);
        }
        if !has_values(attribute) {
            return Err(ScimError::invalid_filter(no_values(attribute)));
        }
        let filter = self.nested(Scope::Value(attribute), &Token::CloseBracket)?;
        Ok(Some(filter))
    }

    /// Whether brackets begin here.
    pub(crate) fn at_brackets(&mut self) -> bool {
        self.tokens.peek() == Some(&Token::OpenBracket)
    }

    /// `or` binds least.
    pub(crate) fn filter(&mut self, scope: Scope<'_>) -> Result<Filter, ScimError> {
        self.chain("or", Filter::Or, |parser| {
            parser.chain("and", Filter::And, |parser| parser.term(scope))
        })
    }

    fn chain(
        &mut self,
        joiner: &str,
        join: fn(Vec<Filter>) -> Filter,
        mut next: impl FnMut(&mut Self) -> Result<Filter, ScimError>,
    ) -> Result<Filter, ScimError> {
        let first = next(self)?;
        let mut all = vec![first];
        while self.keyword(joiner) {
            all.push(next(self)?);
        }
        Ok(match (all.len(), all.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                all.extend(last);
                join(all)
            }
        })
    }

    fn term(&mut self, scope: Scope<'_>) -> Result<Filter, ScimError> {
        if self.tokens.next_if_eq(&Token::Open).is_some() {
            return self.nested(scope, &Token::Close);
        }
        let Some(word) = self.word() else {
            return Err(syntax("an attribute name is missing"));
        };
        if word.eq_ignore_ascii_case("not") && self.tokens.next_if_eq(&Token::Open).is_some() {
            return Ok(Filter::Not(Box::new(self.nested(scope, &Token::Close)?)));
        }
        self.count()?;
        let attribute = scope.resolve(&word)?;
        let term = match self.brackets_in(scope, attribute)? {
            Some(filter) => self.value_path(attribute, filter),
            None => self.comparison(attribute),
        }?;
        Ok(if scope.find(&word).is_some() { term } else { without_a_value(&term) })
    }

    /// A value path only stands on a resource: values have no lists of their own.
    fn brackets_in(
        &mut self,
        scope: Scope<'_>,
        attribute: AttributeRef,
    ) -> Result<Option<Filter>, ScimError> {
        match scope {
            Scope::Resource(_) | Scope::Among(..) => self.brackets(attribute.leaf()),
            Scope::Value(_) => Ok(None),
        }
    }

    /// `emails[type eq "work"]`, and with a sub-attribute `emails[type eq "work"].value eq "x"`.
    fn value_path(&mut self, attribute: AttributeRef, filter: Filter) -> Result<Filter, ScimError> {
        let filter = match self.dotted_sub(attribute.leaf())? {
            None => filter,
            Some(sub) => Filter::And(vec![filter, self.comparison(AttributeRef::plain(sub))?]),
        };
        Ok(Filter::Values { attribute, filter: Box::new(filter) })
    }

    /// Reads `.sub` directly after brackets.
    pub(crate) fn dotted_sub(
        &mut self,
        attribute: &'static Attribute,
    ) -> Result<Option<&'static Attribute>, ScimError> {
        let dotted = |token: &Token| matches!(token, Token::Word(word) if word.starts_with('.'));
        if !self.tokens.peek().is_some_and(dotted) {
            return Ok(None);
        }
        let word = self.word().unwrap_or_default();
        let name = word.trim_start_matches('.');
        attribute.sub_attribute(name).map(Some).ok_or_else(|| {
            let whole = attribute.name;
            ScimError::invalid_filter(format!("{whole} has no sub-attribute {}.", shown(name)))
                .about(&format!("{whole}.{}", short(name)), Fault::Unknown)
        })
    }

    fn comparison(&mut self, attribute: AttributeRef) -> Result<Filter, ScimError> {
        let Some(word) = self.word() else {
            return Err(syntax("an operator is missing"));
        };
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(attribute));
        }
        let operator = Operator::parse(&word).ok_or_else(|| {
            ScimError::invalid_filter(format!("The filter has no operator {}.", shown(&word)))
        })?;
        // `name eq null`: what has no `value` to compare can still be there or not.
        if is_whole(attribute.leaf()) && operator.is_equality() && self.keyword("null") {
            let present = Filter::Present(attribute);
            let absent = |it| Filter::Not(Box::new(it));
            return Ok(if operator == Operator::Ne { present } else { absent(present) });
        }
        let attribute = comparable(attribute)?;
        let value = self.operand(attribute, operator)?;
        Ok(Filter::Compare { attribute, operator, value })
    }

    fn operand(
        &mut self,
        attribute: AttributeRef,
        operator: Operator,
    ) -> Result<Literal, ScimError> {
        let operand = match self.tokens.next() {
            Some(Token::Quoted(text)) => Operand::Quoted(text),
            // Taken for a text without quotes, it would find nobody, and the client would make them again.
            Some(Token::Word(word)) if word.starts_with(OTHER_QUOTES) => {
                return Err(syntax("a text stands in double quotes (\")"));
            }
            Some(Token::Word(word)) => Operand::Bare(word),
            _ => return Err(syntax("a value to compare with is missing")),
        };
        let value = Literal::fit(operand, attribute.leaf()).map_err(|expected| {
            ScimError::invalid_filter(format!("{attribute} is compared with {expected}."))
                .about(&attribute.to_string(), Fault::WrongType)
        })?;
        if !supported(attribute.leaf().kind, operator, &value) {
            let operator = operator.name();
            return Err(ScimError::invalid_filter(format!(
                "{attribute} cannot be compared with {operator} and this value."
            )));
        }
        Ok(value)
    }

    fn nested(&mut self, scope: Scope<'_>, close: &Token) -> Result<Filter, ScimError> {
        if self.depth == limits::FILTER_DEPTH {
            let limit = limits::FILTER_DEPTH;
            let detail = format!("The filter nests deeper than {limit} levels.");
            return Err(ScimError::invalid_filter(detail));
        }
        self.depth += 1;
        let filter = self.filter(scope)?;
        self.depth -= 1;
        match self.tokens.next_if_eq(close) {
            Some(_) => Ok(filter),
            None => Err(syntax("a parenthesis or bracket is not closed")),
        }
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        self.tokens
            .next_if(
                |token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(keyword)),
            )
            .is_some()
    }

    fn count(&mut self) -> Result<(), ScimError> {
        self.terms += 1;
        if self.terms > limits::FILTER_TERMS {
            let limit = limits::FILTER_TERMS;
            let detail = format!("The filter has more than {limit} comparisons.");
            return Err(ScimError::invalid_filter(detail));
        }
        Ok(())
    }
}

/// Whether brackets can follow: a list of complex values.
pub(crate) fn has_values(attribute: &Attribute) -> bool {
    attribute.kind == Type::Complex && attribute.multi_valued
}

/// Why brackets cannot follow.
pub(crate) fn no_values(attribute: &Attribute) -> String {
    let name = attribute.name;
    format!("{name} is not a list of values with sub-attributes, so [..] cannot follow it.")
}

/// A complex attribute that stands for none of its parts: `name`, `addresses`, `meta`.
fn is_whole(attribute: &Attribute) -> bool {
    attribute.kind == Type::Complex && attribute.value_attribute().is_none()
}

/// RFC 7644 §3.4.2.2 uses `emails co "example.com"`: a complex attribute stands for its `value`.
fn comparable(attribute: AttributeRef) -> Result<AttributeRef, ScimError> {
    let leaf = attribute.leaf();
    if leaf.kind != Type::Complex {
        return Ok(attribute);
    }
    leaf.value_attribute().map(|value| attribute.with_sub(value)).ok_or_else(|| {
        ScimError::invalid_filter(format!("{attribute} can only be compared by a sub-attribute."))
    })
}

/// RFC 7644 table 3: booleans and binaries have no order, substrings are for texts, null is only
/// equal or not.
fn supported(kind: Type, operator: Operator, value: &Literal) -> bool {
    if operator.is_equality() {
        return true;
    }
    match kind {
        _ if *value == Literal::Null => false,
        Type::String | Type::Reference => true,
        Type::Binary => operator.is_substring(),
        Type::Integer | Type::Decimal | Type::DateTime => !operator.is_substring(),
        Type::Boolean | Type::Complex => false,
    }
}

fn syntax(what: &str) -> ScimError {
    ScimError::invalid_filter(format!("The filter cannot be read: {what}."))
}

/// A name from the client, short enough for an error message.
pub(crate) fn shown(name: &str) -> String {
    format!("\"{}\"", short(name))
}

pub(crate) fn short(name: &str) -> String {
    name.chars().take(100).filter(|c| !c.is_control()).collect()
}
