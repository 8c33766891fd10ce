//! A PostgreSQL server of one's own, for as long as the test process lives.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::Place;

/// Makes it a failure that there is no server to start.
const REQUIRED: &str = "DULY_REQUIRE_POSTGRES";

pub struct Server {
    folder: PathBuf,
    bin: PathBuf,
}

/// One, on a socket in a folder of its own; none, and said so, where there are no binaries to start it with.
pub fn server() -> Option<Server> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let installed = installed.map(|entry| entry.path().join("bin"));
    let mut folders = std::env::split_paths(&path).chain(installed);
    let whole = |it: &PathBuf| {
        ["initdb", "pg_ctl", "createdb"]
            .iter()
            .all(|tool| it.join(tool).is_file())
    };
    let Some(bin) = folders.find(whole) else {
        let required = std::env::var(REQUIRED).is_ok_and(|it| it == "1");
        assert!(
            !required,
            "{REQUIRED}=1, and there is no `initdb` with a `pg_ctl` and a `createdb` beside it"
        );
        eprintln!(
            "NOT TESTED: the service over PostgreSQL. There is no `initdb` with a `pg_ctl` and a `createdb` beside it, on the path or in \
             /usr/lib/postgresql/*/bin (Debian: apt-get install postgresql). {REQUIRED}=1 makes this a failure."
        );
        return None;
    };
    // Not the temporary folder of the system: the path of a socket has 107 bytes at the most.
    let folder = tempfile::Builder::new()
        .prefix("duly")
        .tempdir_in("/tmp")
        .unwrap()
        .keep();
    let server = Server { folder, bin };
    server.start();
    Some(server)
}

impl Server {
    /// A tool of the server, as somebody who is not root: the server refuses to be that.
    fn tool(&self, name: &str) -> Command {
        let tool = self.bin.join(name);
        let mut command = match user() {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", user, "--regid", user, "--clear-groups"])
                    .arg(tool);
                command
            }
            None => Command::new(tool),
        };
        command
            .current_dir("/tmp")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
    fn start(&self) {
        if let Some(user) = user() {
            run(Command::new("chown").arg(user).arg(&self.folder));
        }
        // However this process ends: a shell that has waited for that stops the server and removes the folder.
        let script = r#"read -r _; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1""#;
        let watcher = Command::new("setsid")
            .args(["sh", "-c", script, "sh"])
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        std::mem::forget(watcher.unwrap());
        let data = self.folder.join("data");
        let ours = [
            "-A",
            "trust",
            "-U",
            "duly",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ];
        run(self.tool("initdb").args(ours).arg(&data));
        let options = format!(
            "-c listen_addresses= -c autovacuum=off -k {}",
            self.folder.display()
        );
        let log = self.folder.join("log");
        run(self
            .tool("pg_ctl")
            .args(["start", "-w", "-o", &options, "-D"])
            .arg(&data)
            .arg("-l")
            .arg(log));
    }
    /// A database that nobody else has.
    pub fn place(&self) -> Place {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        run(self
            .tool("createdb")
            .args(["-U", "duly", "-h"])
            .arg(&self.folder)
            .arg(&name));
        let host = self.folder.display().to_string().replace('/', "%2F");
        Place {
            folder: tempfile::tempdir().unwrap(),
            ledger: format!("postgres://duly@{host}/{name}"),
        }
    }
}

fn run(command: &mut Command) {
    // A pipe would stay open in the server's hands.
    let said = tempfile::NamedTempFile::new().unwrap();
    let status = command.stderr(said.reopen().unwrap()).status().unwrap();
    assert!(
        status.success(),
        "{command:?}: {}",
        fs::read_to_string(said.path()).unwrap()
    );
}

/// As whom the tools run, where this is root.
fn user() -> Option<&'static str> {
    let mine = fs::metadata("/proc/self")
        .ok()
        .map(|it| std::os::unix::fs::MetadataExt::uid(&it));
    let there = |user: &str| {
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        users
            .lines()
            .any(|line| line.starts_with(&format!("{user}:")))
    };
    match mine {
        Some(0) if there("postgres") => Some("postgres"),
        Some(0) => Some("nobody"),
        _ => None,
    }
}
