//! What goes into statements and comes out of rows: numbers, texts and yes or no, the same for every engine.

use std::borrow::Cow;

use super::LedgerError;

/// One value of a statement or of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ledger) enum Value<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Text(Cow<'a, str>),
}

/// What can be a parameter.
pub(in crate::ledger) trait AsValue {
    fn value(&self) -> Value<'_>;
}

impl AsValue for str {
    fn value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl AsValue for String {
    fn value(&self) -> Value<'_> {
        self.as_str().value()
    }
}

impl AsValue for Cow<'_, str> {
    fn value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl AsValue for bool {
    fn value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl<T: AsValue + ?Sized> AsValue for &mut T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: AsValue + ?Sized> AsValue for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: AsValue> AsValue for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, AsValue::value)
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl AsValue for $type {
            fn value(&self) -> Value<'_> {
                Value::Integer(i64::from(*self))
            }
        }
        impl FromValue for $type {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::Integer(number) => number.try_into().ok(),
                    _ => None,
                }
            }
        }
    )*};
}
integers!(i64, u32, u16);

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What can be read of a row.
pub(in crate::ledger) trait FromValue: Sized {
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl FromValue for u64 {
    fn from_value(value: Value<'_>) -> Option<Self> {
        i64::from_value(value)?.try_into().ok()
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Bool(yes) => Some(yes),
            Value::Integer(number) => Some(number != 0),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// The columns of a row as an engine has them.
pub(in crate::ledger) trait Columns {
    /// The value of the column at `index`, from 0; `None` where there is none of a kind that the ledger keeps.
    fn column(&self, index: usize) -> Option<Value<'_>>;
}

/// One row of an answer.
pub(in crate::ledger) struct Row<'a>(pub(super) &'a dyn Columns);

impl Row<'_> {
    /// The value of the column at `index`, from 0.
    pub(in crate::ledger) fn get<T: FromValue>(&self, index: usize) -> Result<T, LedgerError> {
        self.0.column(index).and_then(T::from_value).ok_or(LedgerError::Column(index))
    }

    /// The value of the column at `index` as it is.
    pub(in crate::ledger) fn value(&self, index: usize) -> Value<'_> {
        self.0.column(index).unwrap_or(Value::Null)
    }

    /// The text of the column at `index`, which is read often; empty where there is none.
    pub(in crate::ledger) fn text(&self, index: usize) -> Cow<'_, str> {
        match self.0.column(index) {
            Some(Value::Text(text)) => text,
            _ => Cow::Borrowed(""),
        }
    }

    /// The moment of the column at `index`, in seconds of Unix time.
    pub(in crate::ledger) fn time(&self, index: usize) -> Result<chrono::DateTime<chrono::Utc>, LedgerError> {
        Ok(chrono::DateTime::from_timestamp(self.get(index)?, 0).unwrap_or_default())
    }
}
