//! A PostgreSQL server of one's own, for as long as the test process lives.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio_postgres::{Client, NoTls};

/// Makes it a failure that there is no server to start.
const REQUIRED: &str = "DULY_REQUIRE_POSTGRES";

/// A server on a socket in a folder of its own. When this process ends, however it does, a shell that has waited for that
/// stops the server and removes the folder.
pub struct Server {
    folder: PathBuf,
    bin: PathBuf,
    durable: bool,
    postmaster: Mutex<Option<Child>>,
}

/// A server that no other test uses; none, and said so, where there are no binaries to start one with. A transaction that is open in
/// any database of a server holds up those who read by cursors in all of them, so tests that shared one would see each other's.
pub fn server() -> Option<Server> {
    Server::new(false)
}

fn bin() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|all| {
            all.flatten()
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    installed.sort_by_key(|path| {
        let version = path.parent().and_then(Path::file_name)?.to_str()?;
        version.parse::<u32>().ok()
    });
    folders.extend(installed.into_iter().rev());
    let whole = |folder: &PathBuf| {
        ["initdb", "postgres"]
            .iter()
            .all(|it| folder.join(it).is_file())
    };
    folders.into_iter().find(whole)
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {said}");
}

impl Server {
    /// One that can be trusted to have written what it says, where `durable`; otherwise a fast one.
    pub fn new(durable: bool) -> Option<Server> {
        let Some(bin) = bin() else {
            let required = std::env::var(REQUIRED).is_ok_and(|it| it == "1");
            assert!(
                !required,
                "{REQUIRED}=1, and there is no `initdb` with a `postgres` beside it"
            );
            eprintln!(
                "NOT TESTED: the PostgreSQL ledger. There is no `initdb` with a `postgres` beside it, on the path or \
                 in /usr/lib/postgresql/*/bin (Debian: apt-get install postgresql). {REQUIRED}=1 makes this a failure."
            );
            return None;
        };
        // Not the temporary folder of the system: the path of a socket has 107 bytes at the most.
        let folder = tempfile::Builder::new()
            .prefix("duly")
            .tempdir_in("/tmp")
            .unwrap()
            .keep();
        let server = Server {
            folder,
            bin,
            durable,
            postmaster: Mutex::new(None),
        };
        if is_root() {
            run(Command::new("chown").arg(user()).arg(&server.folder));
        }
        let data = server.data();
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
        server.watch();
        run(server.tool("initdb").args(ours).arg(&data));
        server.start();
        Some(server)
    }
    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
    /// A tool of the server, as somebody who is not root: the server refuses to be that.
    fn tool(&self, name: &str) -> Command {
        let tool = self.bin.join(name);
        let mut command = if is_root() {
            let user = user();
            let mut command = Command::new("setpriv");
            command.args([
                format!("--reuid={user}"),
                format!("--regid={}", group()),
                "--clear-groups".to_owned(),
            ]);
            command.arg(tool);
            command
        } else {
            Command::new(tool)
        };
        command.current_dir("/tmp").stdin(Stdio::null());
        command
    }
    fn watch(&self) {
        let script = r#"read -r _; kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"; sleep 1; rm -rf "$1""#;
        let watcher = Command::new("setsid")
            .args(["sh", "-c", script, "sh"])
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Open until this process ends.
        std::mem::forget(watcher);
    }
    /// Starts it, and waits until it answers.
    pub fn start(&self) {
        let sync = if self.durable { "on" } else { "off" };
        let started = self
            .tool("postgres")
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(&self.folder)
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "max_connections=60",
                "-c",
                "shared_buffers=32MB",
            ])
            // An analysis that happens to run would hold up readers, as it should.
            .args(["-c", "autovacuum=off", "-c", &format!("fsync={sync}")])
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.folder.join("log")).unwrap())
            .spawn()
            .unwrap();
        *self.postmaster.lock().unwrap() = Some(started);
        let runtime = super::runtime();
        let config = self.config("postgres");
        for _ in 0..1200 {
            let tried = tokio_postgres::connect(&config, NoTls);
            if runtime.block_on(tried).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "{}",
            fs::read_to_string(self.folder.join("log")).unwrap_or_default()
        );
    }
    /// Kills it as a loss of power would.
    pub fn kill(&self) {
        let mut postmaster = self.postmaster.lock().unwrap().take().unwrap();
        // Its children first, which would otherwise end in an orderly way.
        let parent = postmaster.id().to_string();
        let _ = Command::new("pkill")
            .args(["-KILL", "-P", &parent])
            .status();
        postmaster.kill().unwrap();
        postmaster.wait().unwrap();
        std::thread::sleep(Duration::from_millis(300));
    }
    pub fn config(&self, database: &str) -> String {
        format!("host={} user=duly dbname={database}", self.folder.display())
    }
    /// A database that nobody else uses; how to connect to it.
    pub fn database(&self, options: &str) -> String {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        super::runtime().block_on(async {
            let client = client(&self.config("postgres")).await;
            let sql = format!("CREATE DATABASE {name} TEMPLATE template0 {options}");
            client.batch_execute(&sql).await.unwrap();
        });
        self.config(&name)
    }
}

impl Server {
    /// Options of a database whose texts are ordered by a language's rules, and not by their bytes; none, where the server
    /// is too old for them.
    pub fn by_language(&self) -> &'static str {
        let said = self.tool("postgres").arg("-V").output().unwrap().stdout;
        let said = String::from_utf8(said).unwrap();
        let version = said
            .split(' ')
            .find_map(|word| word.split('.').next()?.parse().ok());
        if version.is_some_and(|version: u32| version >= 15) {
            return "LOCALE_PROVIDER icu ICU_LOCALE 'zh'";
        }
        ""
    }
}

/// A connection beside the ledger's.
pub async fn client(config: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(config, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn id(args: &[&str]) -> String {
    let said = Command::new("id").args(args).output().unwrap().stdout;
    String::from_utf8(said).unwrap().trim().to_owned()
}

fn is_root() -> bool {
    id(&["-u"]) == "0"
}

fn user() -> &'static str {
    let there = Command::new("id").arg("postgres").output();
    if there.is_ok_and(|it| it.status.success()) {
        "postgres"
    } else {
        "nobody"
    }
}

fn group() -> String {
    id(&["-g", user()])
}
