//! The inside of a check: fields, transformers, operators, values.

use super::super::ast::{
    CheckExpr, FieldExpr, ListExpr, Operand, Position, TransformerExpr, ValueExpr,
};
use super::super::operator::{Operator, Transformer};
use super::{Parsed, Parser};

/// Deepest nesting of transformers.
const MAX_TRANSFORMER_DEPTH: usize = 100;

impl Parser<'_> {
    /// A check that begins at `position`; `None` if neither field nor transformer stands here.
    pub(super) fn check(&mut self, position: Position) -> Parsed<Option<CheckExpr>> {
        let left = if self.cursor.field_name() {
            self.field(position)?
        } else if let Some(transformer) = self.cursor.transformer() {
            self.transformer(transformer, position)?
        } else {
            return Ok(None);
        };
        self.cursor.blank();
        if let Some(operator) = self.cursor.operator(|operator| operator == Operator::Exists) {
            return Ok(Some(CheckExpr { position, left, operator, modifier: None, right: None }));
        }
        self.comparison(position, left).map(Some)
    }

    /// A field or transformer alone, as in an output format.
    pub(super) fn field_or_transformer(&mut self) -> Parsed<Operand> {
        let position = self.cursor.position;
        if self.cursor.field_name() {
            return self.field(position);
        }
        match self.cursor.transformer() {
            Some(transformer) => self.transformer(transformer, position),
            None => Err(format!("unexpected token after '{}", self.cursor.last)),
        }
    }

    fn comparison(&mut self, position: Position, left: Operand) -> Parsed<CheckExpr> {
        let mut modifier = None;
        let (operator, right) = if let Some(operator) = self.cursor.operator(Operator::takes_number)
        {
            (operator, self.number()?)
        } else if let Some(operator) = self.cursor.operator(Operator::takes_text) {
            let had_blank = operator.is_word() | self.cursor.blank();
            let saved = self.cursor.clone();
            if had_blank {
                modifier = self.cursor.modifier();
            }
            if modifier.is_some() && self.cursor.is_at_list() && !self.cursor.is_at_keyword() {
                (operator, self.list_behind_modifier()?)
            } else {
                modifier = None;
                self.cursor = saved;
                (operator, self.text()?)
            }
        } else if let Some(operator) = self.cursor.operator(Operator::takes_list) {
            (operator, self.list_or_transformer()?)
        } else {
            let operators = quoted_names(Operator::ALL.into_iter().map(Operator::text));
            return Err(format!("expected a valid check operator: one of {operators}"));
        };
        Ok(CheckExpr { position, left, operator, modifier, right: Some(right) })
    }

    /// What stands behind a field's name.
    fn field(&mut self, position: Position) -> Parsed<Operand> {
        let name = self.cursor.last.clone();
        let argument = self.bracket()?;
        Ok(Operand::Field(FieldExpr { position, name, argument }))
    }

    fn bracket(&mut self) -> Parsed<Option<String>> {
        if !self.cursor.token("[") {
            return Ok(None);
        }
        if !self.cursor.quoted()? && !self.cursor.field_argument() {
            let message = "expected a valid field argument: a quoted string or a bare string";
            return Err(message.to_owned());
        }
        let argument = self.cursor.last.clone();
        if !self.cursor.token("]") {
            return Err("expected a ']' token".to_owned());
        }
        Ok(Some(argument))
    }

    /// What stands behind a transformer's opening parenthesis.
    fn transformer(&mut self, transformer: Transformer, position: Position) -> Parsed<Operand> {
        self.transformer_depth += 1;
        if self.transformer_depth > MAX_TRANSFORMER_DEPTH {
            return Err(format!("exceeded max depth limit of {MAX_TRANSFORMER_DEPTH}"));
        }
        self.cursor.blank();
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.transformer_argument(self.cursor.position)?);
            self.cursor.blank();
            if !self.cursor.token(",") {
                break;
            }
        }
        self.close_transformer()?;
        self.transformer_depth -= 1;
        let argument = self.bracket()?;
        Ok(Operand::Transformer(TransformerExpr { position, transformer, arguments, argument }))
    }

    fn close_transformer(&mut self) -> Parsed<()> {
        self.cursor.blank();
        if self.cursor.token(")") {
            Ok(())
        } else {
            Err("expected a ')' token closing the transformer".to_owned())
        }
    }

    fn transformer_argument(&mut self, position: Position) -> Parsed<Operand> {
        self.cursor.blank();
        if self.cursor.number() || self.cursor.quoted()? {
            return Ok(self.last_value(position));
        }
        if self.cursor.token("(") {
            return self.elements(position);
        }
        if let Some(transformer) = self.cursor.transformer() {
            return self.transformer(transformer, position);
        }
        if self.cursor.field_name() {
            return self.field(position);
        }
        Err("expected field transformer argument: \
             field, transformer, quoted string, number, or transformer list"
            .to_owned())
    }

    /// The rest of a list of operands. All of them carry the position of the list.
    fn elements(&mut self, position: Position) -> Parsed<Operand> {
        let mut elements = Vec::new();
        self.cursor.blank();
        if self.cursor.token(")") {
            return Ok(Operand::Elements(position, elements));
        }
        loop {
            elements.push(self.element(position)?);
            self.cursor.blank();
            if !self.cursor.token(",") {
                break;
            }
            self.cursor.blank();
        }
        if self.cursor.token(")") {
            Ok(Operand::Elements(position, elements))
        } else {
            Err("expected ')'".to_owned())
        }
    }

    fn element(&mut self, position: Position) -> Parsed<Operand> {
        if self.cursor.field_name() {
            return self.field(position);
        }
        if let Some(transformer) = self.cursor.transformer() {
            return self.transformer(transformer, position);
        }
        if self.cursor.quoted()? || self.cursor.number() {
            return Ok(self.last_value(position));
        }
        Err("expected transformer list argument: \
             field, transformer, quoted string, or number"
            .to_owned())
    }

    fn number(&mut self) -> Parsed<Operand> {
        self.cursor.blank();
        let position = self.cursor.position;
        if let Some(operand) = self.val_or_transformer()? {
            return Ok(operand);
        }
        if self.cursor.number() {
            return Ok(self.last_value(position));
        }
        Err(expected_or_transformer("expected a number value or"))
    }

    fn text(&mut self) -> Parsed<Operand> {
        self.cursor.blank();
        let position = self.cursor.position;
        if let Some(operand) = self.val_or_transformer()? {
            return Ok(operand);
        }
        if self.cursor.quoted()? || self.cursor.bare() {
            return Ok(self.last_value(position));
        }
        Err(expected_or_transformer("expected a string value or"))
    }

    fn list_behind_modifier(&mut self) -> Parsed<Operand> {
        self.cursor.blank();
        let position = self.cursor.position;
        if let Some(list) = self.list()? {
            return Ok(list);
        }
        if self.cursor.identifier() {
            return Ok(self.last_value(position));
        }
        Err("expected a list or an identifier".to_owned())
    }

    fn list_or_transformer(&mut self) -> Parsed<Operand> {
        self.cursor.blank();
        let position = self.cursor.position;
        if let Some(list) = self.list()? {
            return Ok(list);
        }
        if let Some(operand) = self.val_or_transformer()? {
            return Ok(operand);
        }
        if self.cursor.identifier() {
            return Ok(self.last_value(position));
        }
        Err(expected_or_transformer("expected a list, an identifier, or"))
    }

    fn list(&mut self) -> Parsed<Option<Operand>> {
        let position = self.cursor.position;
        if !self.cursor.token("(") {
            return Ok(None);
        }
        self.cursor.blank();
        let mut values = Vec::new();
        // Any failure on the first value, even a bad escape, counts as an empty list.
        if let Ok(first) = self.list_value() {
            values.push(first);
            self.cursor.blank();
            while self.cursor.token(",") {
                values.push(self.list_value()?);
                self.cursor.blank();
            }
        }
        if !self.cursor.token(")") {
            return Err("expected a ')' token".to_owned());
        }
        Ok(Some(Operand::List(ListExpr { position, values })))
    }

    fn list_value(&mut self) -> Parsed<String> {
        self.cursor.blank();
        if self.cursor.quoted()? || self.cursor.bare() {
            return Ok(self.cursor.last.clone());
        }
        Err("expected a string value".to_owned())
    }

    /// `val(field)` or a transformer.
    fn val_or_transformer(&mut self) -> Parsed<Option<Operand>> {
        self.cursor.blank();
        let position = self.cursor.position;
        if !self.cursor.call(Transformer::Val.text()) {
            let Some(transformer) = self.cursor.transformer() else { return Ok(None) };
            return self.transformer(transformer, position).map(Some);
        }
        self.cursor.blank();
        let field_position = self.cursor.position;
        if !self.cursor.field_name() {
            return Err("expected a field within 'val' transformer".to_owned());
        }
        let arguments = vec![self.field(field_position)?];
        self.close_transformer()?;
        let argument = self.bracket()?;
        let transformer = Transformer::Val;
        Ok(Some(Operand::Transformer(TransformerExpr {
            position,
            transformer,
            arguments,
            argument,
        })))
    }

    fn last_value(&self, position: Position) -> Operand {
        Operand::Value(ValueExpr { position, text: self.cursor.last.clone() })
    }
}

fn expected_or_transformer(expected: &str) -> String {
    let names = quoted_names(Transformer::ALL.into_iter().map(Transformer::text));
    format!("{expected} a field with a valid transformer: {names}")
}

fn quoted_names(names: impl Iterator<Item = &'static str>) -> String {
    let mut out = String::new();
    for name in names {
        out.push_str(if out.is_empty() { "'" } else { ", '" });
        out.push_str(name);
        out.push('\'');
    }
    out
}
