//! Many rows at once, by `COPY` in its text form.

use std::pin::pin;

use bytes::BytesMut;
use futures_util::SinkExt as _;

use super::super::{Give, LedgerError, Value};
use super::Postgres;

/// So many bytes leave at once.
const CHUNK: usize = 256 << 10;

pub(super) fn fill(db: &Postgres, table: &str, columns: &[&str], give: Give<'_>) -> Result<(), LedgerError> {
    debug_assert!(db.is_in_transaction.get(), "all rows or none");
    let sql = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut sink = pin!(db.ask(async |client| client.copy_in::<_, BytesMut>(&sql).await)?);
    let mut text = BytesMut::with_capacity(CHUNK + (CHUNK >> 2));
    let given = give(&mut |row| {
        write(row, &mut text);
        if text.len() >= CHUNK {
            db.wait(sink.send(text.split()))??;
        }
        Ok(())
    });
    given?;
    db.wait(async {
        sink.send(text.split()).await?;
        sink.finish().await
    })??;
    Ok(())
}

fn write(row: &[Value<'_>], out: &mut BytesMut) {
    for (index, value) in row.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(b"\t");
        }
        match value {
            Value::Null => out.extend_from_slice(b"\\N"),
            Value::Bool(yes) => out.extend_from_slice(if *yes { b"t" } else { b"f" }),
            Value::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Value::Text(text) => escape(text, out),
        }
    }
    out.extend_from_slice(b"\n");
}

fn escape(text: &str, out: &mut BytesMut) {
    for byte in text.bytes() {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            byte => out.extend_from_slice(&[byte]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_field_or_a_row_is_escaped() {
        let mut out = BytesMut::new();
        write(&[Value::Null, "김\t\\N\r\n".into(), Value::Bool(true), Value::Integer(-5)], &mut out);
        assert_eq!(&out[..], "\\N\t김\\t\\\\N\\r\\n\tt\t-5\n".as_bytes());
    }
}
