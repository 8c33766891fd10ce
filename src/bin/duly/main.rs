//! `duly`: the rule author's tool. It checks packs, replays command logs, verifies ledgers, and shows a board at work
//! on sample messages or under real arrivals.
//!
//! Nothing it prints depends on the time of day or on the machine: the same input gives the same bytes.

mod adopt;
mod args;
mod cases;
mod check;
mod demo;
mod diff;
mod explain;
mod fail;
mod figures;
mod guide;
mod held;
mod pack;
mod records;
mod replay;
mod report;
mod schema;
mod seal;
mod show;
mod simulate;
mod store;
mod test;
mod text;
mod verify;
mod words;
mod world;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use self::args::{Cli, What};
use self::fail::{Fail, say};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Help goes to standard output, which may be closed; there is nobody left to tell then.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    // What could not be done is told apart from a test that does not hold and from packs that differ.
    let stopped = match cli.what {
        What::Test(_) | What::Diff(_) | What::Explain(_) | What::Adopt(_) => 2,
        _ => 1,
    };
    // A command that judges goes on to its verdict, whoever reads it.
    let judges = matches!(
        cli.what,
        What::Check(_)
            | What::Test(_)
            | What::Verify(_)
            | What::Diff(_)
            | What::Replay(_)
            | What::Simulate(_)
            | What::Adopt(_)
    );
    let mut out = io::BufWriter::new(Reader {
        out: io::stdout().lock(),
        may_leave: judges,
    });
    let done = run(cli.what, &mut out).and_then(|fine| written(&mut out, fine));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever read the output has seen enough.
        Err(Fail::Unread) => ExitCode::SUCCESS,
        Err(Fail::Said(what)) => {
            // What was printed so far stands before the error.
            let _ = out.flush();
            say(&format!("error: {what}"));
            ExitCode::from(stopped)
        }
    }
}

/// Whoever reads what is printed.
struct Reader<W> {
    out: W,
    /// Where they leave, the rest is printed to nobody.
    may_leave: bool,
}

impl<W: Write> Reader<W> {
    fn unless_gone<T>(&self, done: io::Result<T>, gone: T) -> io::Result<T> {
        match done {
            Err(error) if self.may_leave && error.kind() == io::ErrorKind::BrokenPipe => Ok(gone),
            done => done,
        }
    }
}

impl<W: Write> Write for Reader<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.unless_gone(written, bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.unless_gone(flushed, ())
    }
}

/// Writes out what is left. What was found stays found, also where nobody reads the end of it.
fn written(out: &mut dyn Write, fine: bool) -> Result<bool, Fail> {
    match out.flush().map_err(Fail::from) {
        Ok(()) | Err(Fail::Unread) => Ok(fine),
        Err(fail) => Err(fail),
    }
}

/// Runs a command. False, where it found what it was to look for: a faulty pack, a malformed line, a broken ledger or law, a
/// difference, a case that could not be looked at.
fn run(what: What, out: &mut dyn Write) -> Result<bool, Fail> {
    match what {
        What::Demo(asked) => demo::run(&asked, out),
        What::Check(asked) => check::run(&asked, out),
        What::Replay(asked) => replay::run(&asked, out),
        What::Verify(asked) => verify::run(&asked, out),
        What::Seal(asked) => seal::run(&asked, out),
        What::Show(asked) => show::run(&asked, out),
        What::Simulate(asked) => simulate::run(&asked, out),
        What::Test(asked) => test::run(&asked, out),
        What::Diff(asked) => diff::run(&asked, out),
        What::Adopt(asked) => adopt::run(&asked, out),
        What::Explain(asked) => explain::run(&asked, out),
        What::Report(asked) => report::run(&asked, out),
        What::Guide(asked) => guide::run(&asked, out),
        What::Words(asked) => words::run(&asked, out),
        What::Schema(asked) => schema::run(&asked, out),
    }
}
