//! A web service over duly: the desk behind HTTP, time that passes, and what leaves the board. For teams to copy from; `README.md` beside it
//! says how it is run and what to replace.
//!
//! | file | what |
//! |---|---|
//! | `settings` | what the service is told from outside |
//! | `any_desk` | one desk, over SQLite or PostgreSQL |
//! | `who` | **who acts: to be replaced** |
//! | `citizen` | what citizens may do, and what they hear |
//! | `clock` | the two things that the library does not do: the clock, and salts |
//! | `routes`, `view`, `asked` | the paths, what they show, what they read |
//! | `packs`, `reports` | rules taken anew; reports in four forms |
//! | `problem` | what did not go well, in JSON |
//! | `worker` | time that passes |
//! | `walk`, `post`, `printer` | the way through the outbox, and what is sent on it |
//! | `metrics` | counters |

mod any_desk;
mod asked;
mod citizen;
mod clock;
mod metrics;
mod packs;
mod post;
mod printer;
mod problem;
mod reports;
mod routes;
mod settings;
mod view;
mod walk;
mod who;
mod worker;

use std::error::Error;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use duly::desk::{DeskError, PostTable};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinHandle;
use tracing_subscriber::EnvFilter;

use crate::any_desk::AnyDesk;
use crate::metrics::Metrics;
use crate::packs::Packs;
use crate::routes::App;
use crate::settings::Settings;

fn main() -> ExitCode {
    let served = Settings::read(std::env::vars_os()).map_err(Into::into);
    match served.and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("duly-service: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How long is waited, at the very end, for what waits for a disk.
const LAST: Duration = Duration::from_secs(2);

/// Serves until it is told to stop. What does not come to its end after that, since a disk or a reader keeps it, is left: nothing that was acknowledged
/// hangs on it.
fn run(settings: Settings) -> Result<(), Box<dyn Error>> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().build()?;
    let served = runtime.block_on(serve(settings));
    runtime.shutdown_timeout(LAST);
    served
}

async fn serve(settings: Settings) -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&settings.log)?)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let (packs, all) = Packs::read(settings.pack.as_deref())?;
    let (plans, lang) = packs::in_hand(settings.board.clone(), all)?;
    let directory = directory(&settings)?;
    let metrics = Arc::new(Metrics::default());
    let watch = Arc::clone(&metrics);
    let desk = AnyDesk::open(&settings, plans, watch).await?;
    let listener = TcpListener::bind(settings.listen).await?;
    let stop = stopped()?;
    let bell = Arc::new(Notify::new());
    let settings = Arc::new(settings);
    let post = post::Post::new(settings.outlet.clone(), lang)?;
    let worker = worker::Worker {
        desk: desk.clone(),
        walk: walk::Walk::new(desk.clone(), Arc::new(directory), post, stop.clone()),
        bell: Arc::clone(&bell),
        stop: stop.clone(),
        metrics: Arc::clone(&metrics),
    };
    let app = App {
        desk,
        metrics,
        bell,
        stop: stop.clone(),
        settings: Arc::clone(&settings),
        packs: Arc::new(Mutex::new(packs)),
    };
    tracing::info!(address = %listener.local_addr()?, board = %settings.board, "listening");
    let working = tokio::spawn(worker.run());
    let mut until = stop.clone();
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let serving = axum::serve(listener, routes::router(app));
    let serving = serving.with_graceful_shutdown(async move {
        let _ = until.wait_for(|stop| *stop).await;
    });
    let serving = tokio::spawn(serving.into_future());
    ended(serving, working, stop, settings.grace).await
}

/// Waits until the service was told to stop, and what it is at then is finished. Serving and the worker end before that only by a fault: then the
/// service ends too, and whoever watches it starts it again.
async fn ended(
    mut serving: JoinHandle<std::io::Result<()>>,
    mut working: JoinHandle<Result<(), DeskError>>,
    mut stop: watch::Receiver<bool>,
    grace: Duration,
) -> Result<(), Box<dyn Error>> {
    // That it was told to stop is looked at first: the worker may have heard it before this has.
    tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => {}
        ended = &mut serving => return Err(format!("the service ended: {ended:?}").into()),
        ended = &mut working => return Err(match ended {
            Ok(Err(error)) => format!("the worker ended: {error}").into(),
            ended => format!("the worker ended: {ended:?}").into(),
        }),
    }
    let ended = tokio::time::timeout(grace, async { (serving.await, working.await) });
    match ended.await {
        Ok((served, worked)) => {
            served??;
            worked??;
            tracing::info!("stopped");
            Ok(())
        }
        Err(_) => Err("stopped, with requests still in hand".into()),
    }
}

/// Who holds which post: a table in a file. A service with a personnel system of its own implements [`Directory`](duly::desk::Directory).
fn directory(settings: &Settings) -> Result<PostTable, Box<dyn Error>> {
    let Some(path) = &settings.directory else {
        return Ok(PostTable::default());
    };
    let read = std::fs::read(path)?;
    let table = serde_json::from_slice(&read);
    table.map_err(|error| format!("`{}` is no table of posts: {error}", path.display()).into())
}

/// Becomes true at the first signal: no more connections are taken, and what is in hand is finished. The second ends the process
/// at once. Nothing that was acknowledged is lost by that, nor by a kill: it is in the ledger before it is acknowledged.
fn stopped() -> Result<watch::Receiver<bool>, std::io::Error> {
    let (tell, stop) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        for first in [true, false] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if first {
                tracing::info!("stopping; a second signal ends it at once");
                let _ = tell.send(true);
            }
        }
        std::process::exit(130);
    });
    Ok(stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    // A worker that has ended by an error, or whose task is gone, ends the service with it, and the service says so; one that was told to stop does not.
    #[tokio::test]
    async fn the_service_ends_with_its_worker() {
        let ends = async |working: JoinHandle<Result<(), DeskError>>, stopping: bool| {
            let (_tell, stop) = watch::channel(stopping);
            let serving = match stopping {
                true => tokio::spawn(std::future::ready(Ok(()))),
                false => tokio::spawn(std::future::pending()),
            };
            let ended = ended(serving, working, stop, Duration::from_secs(20)).await;
            ended.map_err(|error| error.to_string())
        };
        let failed = ends(tokio::spawn(async { Err(DeskError::read_only()) }), false).await;
        let why = format!("the worker ended: {}", DeskError::read_only());
        assert_eq!(failed, Err(why));
        let gone = tokio::spawn(std::future::pending());
        gone.abort();
        let fell = ends(gone, false).await;
        assert!(fell.is_err_and(|said| said.starts_with("the worker ended: ")));
        let stopped = ends(tokio::spawn(async { Ok(()) }), true).await;
        assert_eq!(stopped, Ok(()));
    }
}
