//! `duly schema`: what leaves a board, as JSON Schema.

use std::io::Write;

use duly::desk::schema;

use crate::args::{Schema, SchemaOf};
use crate::fail::Fail;

/// Prints a schema.
pub fn run(asked: &Schema, out: &mut dyn Write) -> Result<bool, Fail> {
    let schema = match asked.of {
        SchemaOf::Outgoing => schema::outgoing(),
        SchemaOf::DutyOutgoing => schema::duty_outgoing(),
    };
    writeln!(out, "{schema:#}")?;
    Ok(true)
}
