//! Where ledgers are opened.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, Object, Pool, Runtime};
use tokio_postgres::config::Host;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, NoTls, Socket};

use super::failed::{failed, in_full, no_connection};
use super::row::get;
use super::schema::{self, Schema};
use super::statements::Statements;
use super::{PATIENCE, PostgresLedger};
use crate::desk::DeskError;
use crate::words::BoardId;

/// How many connections a pool of ours has at the most.
const CONNECTIONS: usize = 8;
/// How many addresses a name has at the most, each of which is waited for.
const OF_A_NAME: u32 = 8;
/// After how much silence a connection is taken for dead.
const SILENCE: Duration = Duration::from_secs(30);
/// How often, and how many times, a connection that is silent for that long is asked for a sign of life.
const ASKS: (Duration, u32) = (Duration::from_secs(10), 3);
/// What a connection of ours begins with: who only reads waits for no lock without end either. What the role or the database says of it
/// stands.
const BEGINS: &str =
    "SELECT set_config('lock_timeout', '10s', false) WHERE current_setting('lock_timeout') = '0'";

/// How many addresses may be tried: how many a name stands for, nobody knows before it is asked for.
fn addresses(config: &Config) -> u32 {
    let of = |host: &Host| match host {
        Host::Tcp(name) if name.parse::<IpAddr>().is_err() => OF_A_NAME,
        _ => 1,
    };
    match config.get_hostaddrs() {
        [] => config.get_hosts().iter().map(of).sum(),
        given => u32::try_from(given.len()).unwrap_or(u32::MAX),
    }
}

fn begins() -> Hook {
    Hook::async_fn(|client, _| {
        Box::pin(async move {
            let begun = client.batch_execute(BEGINS).await;
            begun.map_err(HookError::Backend)
        })
    })
}

/// A PostgreSQL database that holds ledgers, in a schema of their own. Cloned, it shares its connections.
///
/// ```no_run
/// use duly::desk::postgres::Database;
/// # async fn opened() -> Result<(), duly::desk::DeskError> {
/// let database = Database::connect("host=/run/postgresql user=duly dbname=messages")?.in_schema("hainan_duly")?;
/// let ledger = database.open("hainan".parse().expect("a name")).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Database {
    pool: Pool,
    schema: Schema,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl Database {
    /// By a connection string or URL, without encryption: for a Unix socket or a trusted network. Nothing is connected
    /// to yet. What the string leaves open is set so that nobody waits without end: 10 seconds for each address that is tried
    /// (`connect_timeout`), and for all of it as long as for 8 addresses of each name that is given, or one where that is an address or a
    /// socket itself, and once more for the server to let one in; 10 for a lock (`lock_timeout`), 10 for one of the 8 connections of the
    /// pool, 30 for a sign of life of a machine that is gone. What is not bounded by it is told at the head of the [module](super).
    ///
    /// # Errors
    /// [`DeskError::misuse`] for a string that cannot be read.
    pub fn connect(config: &str) -> Result<Database, DeskError> {
        let config: Config = config
            .parse()
            .map_err(|error: tokio_postgres::Error| DeskError::misuse(in_full(&error)))?;
        Database::with_tls(config, NoTls)
    }
    /// By a configuration and a TLS connector of yours, such as those of `postgres-native-tls` or `tokio-postgres-rustls`.
    ///
    /// # Errors
    /// [`DeskError::unavailable`], when no pool can be made.
    pub fn with_tls<T>(mut config: Config, tls: T) -> Result<Database, DeskError>
    where
        T: MakeTlsConnect<Socket> + Clone + Sync + Send + 'static,
        T::Stream: Sync + Send,
        T::TlsConnect: Sync + Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let patience = config.get_connect_timeout().copied().unwrap_or(PATIENCE);
        config.connect_timeout(patience);
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if config.get_keepalives_idle() > SILENCE {
            config.keepalives_idle(SILENCE);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_interval(ASKS.0);
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_retries(ASKS.1);
        }
        if config.get_application_name().is_none() {
            config.application_name("duly");
        }
        // Each address is tried for so long; what takes the connection and then says nothing is bounded by all of it.
        let waits = addresses(&config).saturating_add(1);
        let pool = Pool::builder(Manager::new(config, tls))
            .max_size(CONNECTIONS)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(patience.saturating_mul(waits)))
            .post_create(begins())
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| DeskError::unavailable(error.to_string()))?;
        Ok(Database::on(pool))
    }
    /// On a pool of yours, with its size and its timeouts.
    pub fn on(pool: Pool) -> Database {
        Database {
            pool,
            schema: Schema::default(),
        }
    }
    /// The same in another schema than `duly`.
    ///
    /// # Errors
    /// [`DeskError::misuse`] for a name that is none: at most 63 of `a`–`z`, `0`–`9` and `_`.
    pub fn in_schema(self, name: &str) -> Result<Database, DeskError> {
        let schema = Schema::new(name)?;
        Ok(Database { schema, ..self })
    }

    /// Makes the tables, or brings them to the shape that this library writes. [`open`](Database::open) does so too; this
    /// is for a deployment step whose role has more rights than the service.
    ///
    /// # Errors
    /// As [`open`](Database::open).
    pub async fn bring_up(&self) -> Result<(), DeskError> {
        schema::bring_up(self.client().await?, &self.schema).await
    }
    /// Opens the ledger of one board, and makes what is not there.
    ///
    /// # Errors
    /// [`DeskError::is_not_a_ledger`] where the schema holds something else, [`DeskError::is_newer`] where a newer library
    /// has brought it to its shape; neither is touched. [`DeskError::is_unavailable`] where there is no server, or one that takes no
    /// writes for now.
    pub async fn open(&self, board: BoardId) -> Result<PostgresLedger, DeskError> {
        self.bring_up().await?;
        let client = self.client().await?;
        match self.made(&client, &board).await {
            Ok(row) => Ok(self.ledger(board, Some(row), false)),
            Err(error) => {
                self.part_with(client, &error);
                Err(error)
            }
        }
    }
    /// The board's row, made where it is not there, in the era that it belongs to.
    async fn made(&self, client: &Object, board: &BoardId) -> Result<i32, DeskError> {
        let row = match self.row(client, board).await? {
            Some(row) => row,
            None => {
                let add = "INSERT INTO duly.boards (name) VALUES ($1) ON CONFLICT DO NOTHING";
                client
                    .execute(&self.schema.place(add), &[&board.as_str()])
                    .await
                    .map_err(failed)?;
                self.row(client, board)
                    .await?
                    .ok_or_else(|| DeskError::storage("the board was not stored"))?
            }
        };
        self.next_era(client, row).await?;
        Ok(row)
    }
    /// Opens the ledger of one board for reading, on a standby too. All that would write is an error.
    ///
    /// # Errors
    /// As [`open`](Database::open); what is not there is not made.
    pub async fn open_read_only(&self, board: BoardId) -> Result<PostgresLedger, DeskError> {
        let client = self.client().await?;
        schema::check(&client, &self.schema).await?;
        let row = self.row(&client, &board).await?;
        Ok(self.ledger(board, row, true))
    }
    /// The boards that the schema holds, in the order of their names.
    ///
    /// # Errors
    /// As [`open_read_only`](Database::open_read_only).
    pub async fn boards(&self) -> Result<Vec<BoardId>, DeskError> {
        let client = self.client().await?;
        schema::check(&client, &self.schema).await?;
        let sql = self
            .schema
            .place("SELECT name FROM duly.boards ORDER BY name");
        let rows = client.query(&sql, &[]).await.map_err(failed)?;
        rows.iter()
            .map(|row| get::<&str>(row, 0)?.parse().map_err(DeskError::storage))
            .collect()
    }

    pub(super) async fn client(&self) -> Result<Object, DeskError> {
        self.pool.get().await.map_err(no_connection)
    }
    /// Gives a connection back on which something failed, unless nobody is to be given it again: it is about to close, or began while the
    /// server took no writes.
    pub(super) fn part_with(&self, client: Object, error: &DeskError) {
        if error.is_unavailable() {
            drop(Object::take(client));
        }
        self.forget(error);
    }
    /// What one connection has met with, those that are idle would meet with next.
    pub(super) fn forget(&self, error: &DeskError) {
        if error.is_unavailable() {
            drop(self.pool.retain(|_, _| false));
        }
    }
    pub(super) async fn check(&self, client: &Object) -> Result<(), DeskError> {
        schema::check(client, &self.schema).await
    }
    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) async fn row(
        &self,
        client: &Object,
        board: &BoardId,
    ) -> Result<Option<i32>, DeskError> {
        let sql = self
            .schema
            .place("SELECT id FROM duly.boards WHERE name = $1");
        let found = client.query_opt(&sql, &[&board.as_str()]).await;
        found.map_err(failed)?.map(|row| get(&row, 0)).transpose()
    }
    /// A transaction number that the server has yet to give means that the rows were restored from another cluster.
    /// Readers would not see them, and would miss what comes after them: so what comes now belongs to another era.
    async fn next_era(&self, client: &Object, board: i32) -> Result<(), DeskError> {
        let ahead = |table: &str| {
            format!(
                "EXISTS (SELECT FROM duly.{table} t, generate_series(0, 1) s WHERE t.board = b.id AND t.shelf = s
                         AND t.era = b.era AND t.txid >= pg_snapshot_xmax(pg_current_snapshot()))"
            )
        };
        let sql = format!(
            "UPDATE duly.boards b SET era = b.era + 1 WHERE b.id = $1 AND ({} OR {})",
            ahead("records"),
            ahead("outbox")
        );
        client
            .execute(&self.schema.place(&sql), &[&board])
            .await
            .map(drop)
            .map_err(failed)
    }
    fn ledger(&self, board: BoardId, row: Option<i32>, read_only: bool) -> PostgresLedger {
        PostgresLedger {
            board,
            row: row.map_or_else(OnceLock::new, OnceLock::from),
            read_only,
            sql: Statements::of(&self.schema),
            database: self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // There is time to come to the last of the addresses that a name stands for.
    #[test]
    fn there_is_time_for_each_address() {
        for (text, many) in [
            ("host=one", 8),
            ("host=one,two", 16),
            ("host=one,10.0.0.2", 9),
            ("host=10.0.0.1", 1),
            ("host=one hostaddr=10.0.0.1", 1),
            ("host=/run/postgresql", 1),
        ] {
            let config = text.parse::<Config>();
            assert!(
                config.is_ok_and(|config| addresses(&config) == many),
                "{text}"
            );
        }
    }
}
