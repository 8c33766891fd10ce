//! Lines to standard output, written where nobody else has to wait for it.
//!
//! Whoever reads the other end may stop reading, and a write then lasts for ever. So one thread of its own writes, one line at a time, and the next is
//! given to it only when what became of the one before is known: no two run into each other, and none is written twice unknown.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot::{self, error::TryRecvError};

/// How long a line is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// A line, and whom to tell whether it was written.
struct Line {
    text: String,
    written: oneshot::Sender<bool>,
}

/// Who has lines written.
pub struct Printer {
    lines: SyncSender<Line>,
    /// The line that was not waited for any longer, by the name that it was given.
    pending: Option<(String, oneshot::Receiver<bool>)>,
    /// What was written after all, when nobody waited for it any more.
    late: BTreeSet<String>,
}

impl Printer {
    /// Over this process's standard output, without any buffer: what a buffer held of a line that failed would come out with the next.
    pub fn start() -> io::Result<Printer> {
        let out = io::stdout().as_fd().try_clone_to_owned()?;
        Printer::over(File::from(out))
    }
    fn over(out: File) -> io::Result<Printer> {
        let (lines, given) = sync_channel(1);
        let writer = thread::Builder::new().name("printer".to_owned());
        writer.spawn(move || write(given, out))?;
        Ok(Printer {
            lines,
            pending: None,
            late: BTreeSet::new(),
        })
    }
    /// Has a line written, under a name by which it is known again; whether it was. One that is not may still be on its way: it is not given to be
    /// written again before that is over.
    pub async fn print(&mut self, name: &str, line: String) -> bool {
        if !self.is_free() {
            return false;
        }
        if self.late.remove(name) {
            return true;
        }
        let (written, mut heard) = oneshot::channel();
        let text = line + "\n";
        if self.lines.try_send(Line { text, written }).is_err() {
            return false;
        }
        match tokio::time::timeout(PATIENCE, &mut heard).await {
            Ok(written) => written.unwrap_or(false),
            Err(_) => {
                tracing::warn!("nobody reads standard output");
                self.pending = Some((name.to_owned(), heard));
                false
            }
        }
    }
    /// Whether it is known what became of the line before.
    fn is_free(&mut self) -> bool {
        let Some((name, mut heard)) = self.pending.take() else {
            return true;
        };
        match heard.try_recv() {
            Err(TryRecvError::Empty) => {
                self.pending = Some((name, heard));
                return false;
            }
            Ok(true) => drop(self.late.insert(name)),
            _ => {}
        }
        true
    }
}

/// Writes line after line, for as long as there is somebody to give one.
fn write(lines: Receiver<Line>, mut out: File) {
    let mut broken = false;
    for Line { text, written } in lines {
        // What is left of a line that broke off stands on a line of its own.
        let text = match broken {
            true => format!("\n{text}"),
            false => text,
        };
        let done = out.write_all(text.as_bytes());
        if let Err(error) = &done {
            tracing::warn!(%error, "standard output cannot be written to");
        }
        broken = done.is_err();
        let _ = written.send(!broken);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    // While nobody reads, no line but the first is on its way; once somebody does, each is there once, and is known to be.
    #[tokio::test]
    async fn no_line_is_written_twice_or_into_another() -> io::Result<()> {
        let (mut read, out) = io::pipe()?;
        let mut printer = Printer::over(File::from(std::os::fd::OwnedFd::from(out)))?;
        let long = "a".repeat(200_000);
        assert!(!printer.print("m01/1/0", long.clone()).await);
        assert!(!printer.print("m02/1/0", "b".to_owned()).await);
        assert!(!printer.print("m01/1/0", long.clone()).await);

        let reader = thread::spawn(move || {
            let mut all = String::new();
            read.read_to_string(&mut all).map(|_| all)
        });
        for (name, line) in [("m01/1/0", long.clone()), ("m02/1/0", "b".to_owned())] {
            while !printer.print(name, line.clone()).await {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        drop(printer);
        let all = reader.join().map_err(|_| io::Error::other("no reader"))??;
        assert_eq!(all, format!("{long}\nb\n"));
        Ok(())
    }
}
