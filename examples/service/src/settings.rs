//! What the service is told from outside: environment variables, read once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use duly::words::{BoardId, Channel};

/// Where the ledger lies: the one setting that changes when a team moves from a file to a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ledger {
    /// `sqlite:/path/to/file.db`: one process on one machine.
    Sqlite(PathBuf),
    /// `postgres://user@host/database`: several processes and machines.
    Postgres(String),
}

/// Where what leaves the board goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlet {
    /// `stdout`: a line of JSON each. For trying out: there are private words in it.
    Stdout,
    /// `http://host:port/path`: a POST each. TLS is the business of a proxy beside the service.
    Webhook {
        /// `host:port`.
        authority: String,
        /// `/path`.
        path: String,
    },
    /// `none`: nothing is sent; somebody else drains the outbox.
    None,
}

/// All settings.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `DULY_LEDGER`.
    pub ledger: Ledger,
    /// `DULY_BOARD`: the board's name, by which its ledger is found again.
    pub board: BoardId,
    /// `DULY_CHANNEL`: the channel by which citizens' messages come that are sent to the service itself.
    pub channel: Channel,
    /// `DULY_LISTEN`.
    pub listen: SocketAddr,
    /// `DULY_PACK`: the pack's file; the shipped one of Hainan, if nothing is said. A pack that is taken over HTTP is written here.
    pub pack: Option<PathBuf>,
    /// `DULY_DIRECTORY`: a JSON file, who holds which post.
    pub directory: Option<PathBuf>,
    /// `DULY_OUTBOX`.
    pub outlet: Outlet,
    /// `DULY_SECRET_FILE`: bytes that go into what is remembered of commands. Keep them as long as the ledger.
    pub secret: Option<PathBuf>,
    /// `DULY_BODY_LIMIT`: bytes of a request at most.
    pub body: usize,
    /// `DULY_GRACE_SECONDS`: how long requests in hand may take once the service is told to stop.
    pub grace: Duration,
    /// `DULY_LOG`: as `RUST_LOG`, such as `info` or `duly_service=debug`.
    pub log: String,
}

impl Settings {
    /// Reads them.
    pub fn read(of: impl Fn(&str) -> Option<String>) -> Result<Settings, String> {
        let or = |name: &str, otherwise: &str| of(name).unwrap_or_else(|| otherwise.to_owned());
        Ok(Settings {
            ledger: ledger(&or("DULY_LEDGER", ""))?,
            board: parsed("DULY_BOARD", &or("DULY_BOARD", "hainan"))?,
            channel: parsed("DULY_CHANNEL", &or("DULY_CHANNEL", "领导留言板"))?,
            listen: parsed("DULY_LISTEN", &or("DULY_LISTEN", "127.0.0.1:8080"))?,
            pack: of("DULY_PACK").map(PathBuf::from),
            directory: of("DULY_DIRECTORY").map(PathBuf::from),
            outlet: outlet(&or("DULY_OUTBOX", "stdout"))?,
            secret: of("DULY_SECRET_FILE").map(PathBuf::from),
            body: parsed("DULY_BODY_LIMIT", &or("DULY_BODY_LIMIT", "262144"))?,
            grace: Duration::from_secs(parsed(
                "DULY_GRACE_SECONDS",
                &or("DULY_GRACE_SECONDS", "30"),
            )?),
            log: or("DULY_LOG", "info"),
        })
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    given: &str,
) -> Result<T, String> {
    given
        .parse()
        .map_err(|error| format!("`{name}` is `{given}`: {error}"))
}

fn ledger(given: &str) -> Result<Ledger, String> {
    if let Some(path) = given
        .strip_prefix("sqlite:")
        .filter(|path| !path.is_empty())
    {
        return Ok(Ledger::Sqlite(path.into()));
    }
    if given.starts_with("postgres://") || given.starts_with("postgresql://") {
        return Ok(Ledger::Postgres(given.to_owned()));
    }
    // What was given is not repeated: there may be a password in it.
    Err("`DULY_LEDGER` says where the ledger lies: `sqlite:/path/to/file.db`, or `postgres://user@host/database`".to_owned())
}

fn outlet(given: &str) -> Result<Outlet, String> {
    match given {
        "stdout" => return Ok(Outlet::Stdout),
        "none" => return Ok(Outlet::None),
        _ => {}
    }
    let rest = given.strip_prefix("http://").ok_or_else(|| {
        "`DULY_OUTBOX` says where what leaves the board goes: `stdout`, `none` or `http://host:port/path`".to_owned()
    })?;
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, format!("/{path}")),
        None => (rest, "/".to_owned()),
    };
    let authority = match host.contains(':') {
        true => host.to_owned(),
        false => format!("{host}:80"),
    };
    Ok(Outlet::Webhook { authority, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_cannot_be_read_says_what_would_be() {
        let of = |value: &'static str| {
            Settings::read(move |name| (name == "DULY_LEDGER").then(|| value.to_owned()))
        };
        let read = of("sqlite:/tmp/a.db").map(|it| it.ledger);
        assert_eq!(read, Ok(Ledger::Sqlite("/tmp/a.db".into())));
        for bad in ["", "sqlite:", "mysql://root:hunter2@host/db"] {
            let said = of(bad).map(|it| it.ledger);
            assert!(
                said.is_err_and(|said| said.contains("postgres://") && !said.contains("hunter2"))
            );
        }
    }

    #[test]
    fn a_webhook_has_a_port_and_a_path() {
        let of = |given: &str| outlet(given);
        let webhook = |authority: &str, path: &str| {
            Ok(Outlet::Webhook {
                authority: authority.to_owned(),
                path: path.to_owned(),
            })
        };
        assert_eq!(of("http://gateway"), webhook("gateway:80", "/"));
        assert_eq!(of("http://[::1]:90/a/b"), webhook("[::1]:90", "/a/b"));
        assert!(of("https://gateway").is_err());
    }
}
