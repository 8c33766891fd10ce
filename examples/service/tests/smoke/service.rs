//! The built service in a process of its own, and the little HTTP that it takes to ask it something.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

pub const CITIZEN: &str = r#"{"id": "zhuoma", "roles": ["citizen"]}"#;
pub const INTAKE: &str = r#"{"id": "caihong", "roles": ["intake@6325"]}"#;
pub const OWNER: &str = r#"{"id": "wanggang", "roles": ["owner"]}"#;
pub const REVIEWER: &str = r#"{"id": "lishu", "roles": ["reviewer"]}"#;
pub const SYSTEM: &str = r#"{"id": "gateway", "roles": ["system"]}"#;

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub status: u16,
    pub body: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
    /// The code of a problem, which has a message in both languages.
    pub fn problem(&self) -> String {
        let error = self.json()["error"].clone();
        for lang in ["zh", "en"] {
            let message = error["message"][lang].as_str().unwrap();
            assert!(!message.is_empty(), "{error}");
        }
        error["code"].as_str().unwrap().to_owned()
    }
    pub fn is(self, status: u16) -> Said {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }
}

/// A request that has been begun.
pub struct Begun(TcpStream);

impl Begun {
    pub fn write(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).unwrap();
    }
    /// What is answered; none, where the connection ends before that.
    pub fn said(mut self) -> Option<Said> {
        let mut all = Vec::new();
        let _ = self.0.read_to_end(&mut all);
        let all = String::from_utf8(all).ok()?;
        let (head, body) = all.split_once("\r\n\r\n")?;
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is = name.eq_ignore_ascii_case("content-length");
            is.then(|| value.trim().parse::<usize>().ok()).flatten()
        })?;
        // Half an answer is none.
        (body.len() == length).then(|| Said {
            status: head
                .split(' ')
                .nth(1)
                .and_then(|it| it.parse().ok())
                .unwrap(),
            body: body.to_owned(),
        })
    }
}

pub struct Service {
    child: Child,
    pub address: String,
    /// What it has said since it listens.
    said: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Starts it, and waits until it listens.
    pub fn start(settings: &[(&str, &str)], out: impl Into<Stdio>) -> Service {
        let mut child = Command::new(env!("CARGO_BIN_EXE_duly-service"))
            .env_clear()
            .env("DULY_LISTEN", "127.0.0.1:0")
            .env("DULY_OUTBOX", "none")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("the service did not start: {said}");
            };
            if let Some((_, rest)) = line.split_once("listening address=") {
                break rest.split(' ').next().unwrap().to_owned();
            }
            said.push_str(&line);
        };
        // Whoever does not read on has it stop at a full pipe.
        let said = Arc::new(Mutex::new(Vec::new()));
        let says = Arc::clone(&said);
        std::thread::spawn(move || {
            let lines = lines.map_while(Result::ok);
            lines.for_each(|line| says.lock().unwrap().push(line));
        });
        Service {
            child,
            address,
            said,
        }
    }
    pub fn begin(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        length: usize,
    ) -> std::io::Result<Begun> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: duly\r\nconnection: close\r\ncontent-length: {length}\r\n"
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        Ok(Begun(stream))
    }
    /// Asks; none, where no whole answer came.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<Said> {
        let mut begun = self.begin(method, path, headers, body.len()).ok()?;
        begun.0.write_all(body.as_bytes()).ok()?;
        begun.said()
    }
    pub fn get(&self, path: &str, who: &str) -> Said {
        self.try_ask("GET", path, &[("x-duly-actor", who)], "")
            .unwrap()
    }
    pub fn post(&self, path: &str, who: &str, key: &str, body: &str) -> Said {
        let headers = [("x-duly-actor", who), ("idempotency-key", key)];
        self.try_ask("POST", path, &headers, body).unwrap()
    }
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &pid])
            .status();
        assert!(sent.unwrap().success());
    }
    /// As a loss of power would, but for the disk.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
    /// How it ended, within so long.
    pub fn ended(mut self, within: Duration) -> ExitStatus {
        let since = Instant::now();
        while since.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                // Shown with the test, where that fails.
                let said = self.said.lock().unwrap();
                let last = said.len().saturating_sub(20);
                eprintln!("{status}\n{}", said[last..].join("\n"));
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it did not end within {within:?}");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
