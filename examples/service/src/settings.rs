//! What the service is told from outside: environment variables, read once.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::net::{Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::http::Uri;
use duly::words::{BoardId, Channel};

/// Every variable that is read.
const NAMES: [&str; 11] = [
    "DULY_LEDGER",
    "DULY_BOARD",
    "DULY_CHANNEL",
    "DULY_LISTEN",
    "DULY_PACK",
    "DULY_DIRECTORY",
    "DULY_OUTBOX",
    "DULY_SECRET_FILE",
    "DULY_BODY_LIMIT",
    "DULY_GRACE_SECONDS",
    "DULY_LOG",
];

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
    /// Reads them off the variables of the environment.
    pub fn read(all: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Settings, String> {
        let given = given(all)?;
        let of = |name: &str| given.get(name).cloned();
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
            body: body(&or("DULY_BODY_LIMIT", "262144"))?,
            grace: Duration::from_secs(parsed(
                "DULY_GRACE_SECONDS",
                &or("DULY_GRACE_SECONDS", "30"),
            )?),
            log: or("DULY_LOG", "info"),
        })
    }
}

/// The service's own variables. A name that is read nowhere is a slip, and what was meant by it would not be so.
fn given(
    all: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>, String> {
    let mut given = BTreeMap::new();
    for (name, value) in all {
        let name = name.to_string_lossy().into_owned();
        if !name.starts_with("DULY_") || is_the_platforms(&name, &value) {
            continue;
        }
        if !NAMES.contains(&&*name) {
            let names = NAMES.map(|name| format!("`{name}`")).join(", ");
            return Err(format!("there is no setting `{name}`; there are {names}"));
        }
        // What was given is not repeated: there may be a password in it.
        let value = value.into_string();
        let value = value.map_err(|_| format!("what `{name}` says is not UTF-8"))?;
        given.insert(name, value);
    }
    Ok(given)
}

/// Whether Kubernetes sets it beside a Service named `duly`, or one whose name begins so: `DULY_PORT`, `DULY_SERVICE_HOST`, `DULY_PORT_8080_TCP_ADDR`.
fn is_the_platforms(name: &str, value: &OsStr) -> bool {
    let is_digit = |it: char| it.is_ascii_digit();
    let is_of_a_port = |(_, rest): (&str, &str)| rest.starts_with(is_digit);
    name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.split_once("_PORT_").is_some_and(is_of_a_port)
        || name.ends_with("_PORT") && value.to_string_lossy().contains("://")
}

fn body(given: &str) -> Result<usize, String> {
    match parsed::<usize>("DULY_BODY_LIMIT", given)? {
        0 => Err("`DULY_BODY_LIMIT` is `0`: no request could bring anything".to_owned()),
        bytes => Ok(bytes),
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
        "stdout" => Ok(Outlet::Stdout),
        "none" => Ok(Outlet::None),
        _ => webhook(given).ok_or_else(|| {
            "`DULY_OUTBOX` says where what leaves the board goes: `stdout`, `none` or `http://host:port/path`, an address of version 6 in brackets and \
             without a name or a password"
                .to_owned()
        }),
    }
}

/// A webhook by its URL; none, where any of it could not be sent to, or would be left out.
fn webhook(given: &str) -> Option<Outlet> {
    let url: Uri = given.parse().ok()?;
    let authority = url.authority()?;
    let host = authority.host();
    if url.scheme_str() != Some("http") || host.is_empty() || given.contains('#') {
        return None;
    }
    if let Some(address) = host.strip_prefix('[') {
        address.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?;
    }
    // A name or a password would stand before the host.
    let port = match authority.as_str().strip_prefix(host)? {
        "" => 80,
        port => port.strip_prefix(':').and_then(number)?,
    };
    let path = url.path_and_query()?.as_str();
    path.starts_with('/').then(|| Outlet::Webhook {
        authority: format!("{host}:{port}"),
        path: path.to_owned(),
    })
}

fn number(port: &str) -> Option<u16> {
    let is_number = port.bytes().all(|it| it.is_ascii_digit());
    port.parse().ok().filter(|port| is_number && *port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[(&str, &str)]) -> Result<Settings, String> {
        let ledger = ("DULY_LEDGER", "sqlite:/tmp/a.db");
        let all = [ledger].into_iter().chain(given.iter().copied());
        Settings::read(all.map(|(name, value)| (OsString::from(name), OsString::from(value))))
    }

    // A ledger that is none is said, without what was given: there may be a password in it.
    #[test]
    fn a_setting_that_cannot_be_read_says_what_would_be() {
        let of = |value: &str| read(&[("DULY_LEDGER", value)]).map(|it| it.ledger);
        assert_eq!(
            of("sqlite:/tmp/b.db"),
            Ok(Ledger::Sqlite("/tmp/b.db".into()))
        );
        for bad in ["", "sqlite:", "mysql://root:hunter2@host/db"] {
            assert!(
                of(bad)
                    .is_err_and(|said| said.contains("postgres://") && !said.contains("hunter2"))
            );
        }
    }

    // A name that is read nowhere is refused, with those that are; so is what is no text, or leaves no room for a request.
    #[test]
    fn a_setting_that_makes_no_sense_is_refused() {
        assert!(read(&[("PATH", "/bin"), ("DULY_PACK", "pack.rhai")]).is_ok());
        let said = read(&[("DULY_OUTBOKS", "none")]);
        assert!(
            said.is_err_and(
                |said| said.contains("`DULY_OUTBOKS`") && said.contains("`DULY_OUTBOX`")
            )
        );
        assert!(read(&[("DULY_BODY_LIMIT", "0")]).is_err_and(|said| said.contains("`0`")));
        let garbled: OsString = std::os::unix::ffi::OsStringExt::from_vec(vec![0x2f, 0xff]);
        let said = Settings::read([("DULY_PACK".into(), garbled)]);
        assert!(said.is_err_and(|said| said.contains("UTF-8")));
    }

    // What the platform sets beside a Service of that name is no slip of anybody's; what only looks like it is one.
    #[test]
    fn what_the_platform_sets_is_passed_over() {
        for name in [
            "DULY_PORT",
            "DULY_PORT_8080_TCP",
            "DULY_PORT_8080_TCP_ADDR",
            "DULY_SERVICE_HOST",
            "DULY_SERVICE_PORT",
            "DULY_SERVICE_PORT_HTTP",
            "DULY_POSTGRES_SERVICE_HOST",
            "DULY_POSTGRES_PORT_5432_TCP_PROTO",
        ] {
            assert!(read(&[(name, "tcp://10.0.0.1:8080")]).is_ok(), "{name}");
        }
        for name in [
            "DULY_PORT",
            "DULY_LISTEN_PORT",
            "DULY_SERVICE",
            "DULY_SECRETS_FILE",
        ] {
            assert!(read(&[(name, "8080")]).is_err(), "{name}");
        }
    }

    // Every setting that is described is one that is read, and the other way round.
    #[test]
    fn every_setting_is_described() {
        let readme = include_str!("../README.md");
        let mut described: Vec<&str> = readme
            .lines()
            .filter_map(|line| line.strip_prefix("| `DULY_")?.split('`').next())
            .collect();
        let mut names = NAMES.map(|name| name.trim_start_matches("DULY_"));
        described.sort_unstable();
        names.sort_unstable();
        assert_eq!(described, names);
    }

    // A webhook has a host, a port and a path, and nothing besides.
    #[test]
    fn a_webhook_has_a_port_and_a_path() {
        let webhook = |authority: &str, path: &str| {
            Ok(Outlet::Webhook {
                authority: authority.to_owned(),
                path: path.to_owned(),
            })
        };
        assert_eq!(outlet("http://gateway"), webhook("gateway:80", "/"));
        assert_eq!(outlet("http://[::1]:90/a/b"), webhook("[::1]:90", "/a/b"));
        assert_eq!(
            outlet("http://10.0.0.1/a?b=c"),
            webhook("10.0.0.1:80", "/a?b=c")
        );
        for bad in [
            "https://gateway",
            "gateway:80/a",
            "http://",
            "http:///a",
            "http://:80/a",
            "http://gateway:/a",
            "http://gateway:0/a",
            "http://gateway:+80/a",
            "http://gateway:65536/a",
            "http://::1:90/a",
            "http://[::1/a",
            "http://[gateway]/a",
            "http://user:hunter2@gateway/a",
            "http://gateway?a",
            "http://gateway/a#b",
            "http://gate way/a",
        ] {
            let said = outlet(bad);
            assert!(
                said.is_err_and(|said| said.contains("`none`") && !said.contains("hunter2")),
                "{bad}"
            );
        }
    }
}
