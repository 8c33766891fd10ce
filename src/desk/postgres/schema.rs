//! The shape of the tables, and how older shapes become it.

use std::fmt;

use deadpool_postgres::Object;

use super::failed::{failed, opened};
use super::open::Open;
use super::row::get;
use crate::desk::DeskError;

/// Each brings the tables from the shape before it to its own. What was once released is never changed.
const SHAPES: &[&str] = &[include_str!("shapes/1.sql"), include_str!("shapes/2.sql")];

/// The first version with transaction numbers that never come round again.
const OLDEST_SERVER: i32 = 130_000;

/// The table that says whose tables these are, and of which shape.
const META: &str = "CREATE TABLE duly.duly_meta (
     one boolean PRIMARY KEY DEFAULT true CHECK (one),
     application text NOT NULL,
     shape integer NOT NULL
 );
 INSERT INTO duly.duly_meta (application, shape) VALUES ('duly', 0);";

/// The name of the schema that the tables lie in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schema(String);

impl Default for Schema {
    fn default() -> Schema {
        Schema("duly".to_owned())
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Schema {
    pub(super) fn new(name: &str) -> Result<Schema, DeskError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let fits = name.len() <= 63
            && name.chars().all(plain)
            && !name.starts_with("pg_")
            && name.starts_with(|c: char| !c.is_ascii_digit());
        if fits {
            return Ok(Schema(name.to_owned()));
        }
        Err(DeskError::misuse(format!(
            "`{name}` cannot be the name of the schema: write at most 63 of a-z, 0-9 and _, not beginning with a digit or `pg_`"
        )))
    }
    /// SQL that was written for the schema `duly`, for this one.
    pub(super) fn place(&self, sql: &str) -> String {
        sql.replace("duly.", &format!("\"{}\".", self.0))
    }
}

fn known() -> i64 {
    i64::try_from(SHAPES.len()).unwrap_or(i64::MAX)
}

/// Where a schema stands.
enum Found {
    Empty,
    Shape(usize),
}

async fn found(client: &Object, schema: &Schema) -> Result<Found, DeskError> {
    let server = "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
                  EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1),
                  EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                          WHERE n.nspname = $1 AND c.relname = 'duly_meta' AND c.relkind = 'r')";
    let row = client
        .query_one(server, &[&schema.0])
        .await
        .map_err(failed)?;
    let (version, encoding): (i32, String) = (get(&row, 0)?, get(&row, 1)?);
    if version < OLDEST_SERVER {
        return Err(DeskError::misuse(
            "the PostgreSQL ledger needs a server of version 13 or later",
        ));
    }
    if encoding != "UTF8" {
        return Err(DeskError::misuse(format!(
            "the database has the encoding {encoding}; make one with the encoding UTF8"
        )));
    }
    let (anything, ours): (bool, bool) = (get(&row, 2)?, get(&row, 3)?);
    match (anything, ours) {
        (false, _) => return Ok(Found::Empty),
        (true, false) => return Err(not_ours(schema)),
        (true, true) => {}
    }
    let sql = schema.place("SELECT application, shape::bigint FROM duly.duly_meta");
    let rows = client.query(&sql, &[]).await.map_err(opened)?;
    let Some(row) = rows.first() else {
        return Err(not_ours(schema));
    };
    if get::<String>(row, 0)? != "duly" {
        return Err(not_ours(schema));
    }
    let shape = get::<i64>(row, 1)?;
    match usize::try_from(shape) {
        Ok(at) if at <= SHAPES.len() => Ok(Found::Shape(at)),
        _ => Err(DeskError::newer(shape, known())),
    }
}

fn not_ours(schema: &Schema) -> DeskError {
    DeskError::not_a_ledger(format_args!("the schema {schema}"))
}

/// Makes sure that the schema holds a ledger, and of the shape that this library reads.
pub(super) async fn check(client: &Object, schema: &Schema) -> Result<(), DeskError> {
    match found(client, schema).await? {
        Found::Shape(at) if at == SHAPES.len() => Ok(()),
        Found::Shape(_) => Err(DeskError::misuse(format!(
            "the tables in the schema `{schema}` have an older shape; open the ledger once for writing"
        ))),
        Found::Empty => Err(not_ours(schema)),
    }
}

/// Brings the schema to the shape that this library writes. Where it has that shape already, nothing is changed, and no
/// right to change it is needed.
pub(super) async fn bring_up(client: Object, schema: &Schema) -> Result<(), DeskError> {
    if let Found::Shape(at) = found(&client, schema).await?
        && at == SHAPES.len()
    {
        return Ok(());
    }
    let open = Open::on(client);
    let begin = format!("{}; SET LOCAL lock_timeout = '10s'", Open::BEGIN);
    open.client()?.batch_execute(&begin).await.map_err(failed)?;
    match migrate(open.client()?, schema).await {
        Ok(()) => open.end("COMMIT").await,
        // Dropped, it takes its connection with it.
        Err(error) if error.is_unavailable() => Err(error),
        Err(error) => open.end("ROLLBACK").await.and(Err(error)),
    }
}

async fn migrate(client: &Object, schema: &Schema) -> Result<(), DeskError> {
    // One at a time, whoever they are, and whether or not there is anything yet that could be locked.
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('duly/shape/' || $1, 0))";
    client.execute(lock, &[&schema.0]).await.map_err(failed)?;
    // Another process may have done the same meanwhile.
    let from = match found(client, schema).await? {
        Found::Empty => {
            let there = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)";
            let row = client
                .query_one(there, &[&schema.0])
                .await
                .map_err(failed)?;
            if !get::<bool>(&row, 0)? {
                let sql = format!("CREATE SCHEMA \"{schema}\"");
                client.batch_execute(&sql).await.map_err(failed)?;
            }
            client
                .batch_execute(&schema.place(META))
                .await
                .map_err(failed)?;
            0
        }
        Found::Shape(at) => at,
    };
    for shape in SHAPES.iter().skip(from) {
        client
            .batch_execute(&schema.place(shape))
            .await
            .map_err(failed)?;
    }
    let sql = schema.place("UPDATE duly.duly_meta SET shape = ($1::bigint)::integer");
    client
        .execute(&sql, &[&known()])
        .await
        .map(drop)
        .map_err(failed)
}
