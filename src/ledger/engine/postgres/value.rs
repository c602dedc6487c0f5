//! Values as PostgreSQL takes and gives them.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::Row;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::super::{Columns, Value};

impl Value<'_> {
    /// The type of a parameter; an empty one has none of its own.
    pub(super) fn kind(&self) -> Type {
        match self {
            Value::Null => Type::UNKNOWN,
            Value::Bool(_) => Type::BOOL,
            Value::Integer(_) => Type::INT8,
            Value::Text(_) => Type::TEXT,
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(yes) => yes.to_sql(kind, out),
            Value::Integer(number) if *kind == Type::BOOL => (*number != 0).to_sql(kind, out),
            Value::Integer(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Value::Integer(number) => number.to_sql(kind, out),
            // It keeps every character but this one.
            Value::Text(text) if text.contains('\0') => text.replace('\0', "\u{fffd}").to_sql(kind, out),
            Value::Text(text) => text.as_ref().to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl Columns for Row {
    fn column(&self, index: usize) -> Option<Value<'_>> {
        let kind = self.columns().get(index)?.type_();
        let value = if *kind == Type::BOOL {
            self.try_get::<_, Option<bool>>(index).ok()?.map(Value::Bool)
        } else if *kind == Type::INT8 {
            self.try_get::<_, Option<i64>>(index).ok()?.map(Value::Integer)
        } else if *kind == Type::INT4 {
            self.try_get::<_, Option<i32>>(index).ok()?.map(|number| Value::Integer(number.into()))
        } else {
            self.try_get::<_, Option<&str>>(index).ok()?.map(|text| Value::Text(text.into()))
        };
        Some(value.unwrap_or(Value::Null))
    }
}
