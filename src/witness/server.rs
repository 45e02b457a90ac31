//! The HTTP of a witness, with bounds on everything that a stranger decides: bytes of a request, time
//! for its head and its body, connections at once, how long one lasts. It never decides anything about
//! a checkpoint.

use super::WitnessError;
use super::request::MAX_REQUEST_SIZE_BYTES;
use super::witness::{Response, Witness};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Threads that check and sign. They wait for the disk more than they compute.
const WORKERS: usize = 8;
/// The most bytes of the head of a request, and the most header lines.
const MAX_HEAD_SIZE_BYTES: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
/// How long to wait when the operating system has no connection to give.
const PAUSE: Duration = Duration::from_millis(50);

/// What tells the time, in whole seconds since 1970.
pub type NowSeconds = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What strangers may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; the next ones wait.
    pub connections: usize,
    /// How long the head of a request may take to come, idle time before it included.
    pub head: Duration,
    /// How long its body may take.
    pub body: Duration,
    /// How long a connection lasts.
    pub connection: Duration,
    /// How long requests that have begun are waited for at the end.
    pub ending: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            connection: Duration::from_secs(120),
            ending: Duration::from_secs(5),
        }
    }
}

/// A server that has its address and hears the signals that end it, but does not answer yet.
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    interrupted: Signal,
    terminated: Signal,
}

/// What every connection shares.
#[derive(Clone)]
struct Shared {
    witness: Arc<Witness>,
    now_s: NowSeconds,
    limits: Limits,
}

impl Server {
    /// Takes an address, such as `127.0.0.1:0` for any port that is free.
    ///
    /// # Errors
    /// [`WitnessError::Listen`] or [`WitnessError::Start`].
    pub fn bind(address: &str) -> Result<Self, WitnessError> {
        let start = |error: std::io::Error| WitnessError::Start { kind: error.kind() };
        let listen = |error: std::io::Error| WitnessError::Listen {
            address: address.to_owned(),
            kind: error.kind(),
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(WORKERS)
            .build()
            .map_err(start)?;
        let listener = runtime.block_on(TcpListener::bind(address)).map_err(listen)?;
        let bound = listener.local_addr().map_err(listen)?;
        let (interrupted, terminated) = {
            let _entered = runtime.enter();
            let hear = |kind| signal(kind).map_err(start);
            (hear(SignalKind::interrupt())?, hear(SignalKind::terminate())?)
        };
        Ok(Self { runtime, listener, address: bound, interrupted, terminated })
    }

    /// The address taken, with the real port.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until SIGINT or SIGTERM; requests that have begun are finished then.
    pub fn run(self, witness: Witness, limits: Limits, now_s: NowSeconds) {
        let Self { runtime, listener, mut interrupted, mut terminated, .. } = self;
        let shared = Shared { witness: Arc::new(witness), now_s, limits };
        runtime.block_on(async move {
            let (stop, stopped) = watch::channel(());
            let mut open = JoinSet::new();
            tokio::select! {
                () = accept(&listener, &shared, &stopped, &mut open) => {}
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
            drop((listener, stop));
            let finish = async { while open.join_next().await.is_some() {} };
            // What is not finished by then is cut off; what it cosigned is remembered.
            let _ = timeout(limits.ending, finish).await;
        });
        runtime.shutdown_timeout(limits.ending);
    }
}

/// Takes connections for ever.
async fn accept(
    listener: &TcpListener,
    shared: &Shared,
    stopped: &watch::Receiver<()>,
    open: &mut JoinSet<()>,
) {
    let places = Arc::new(Semaphore::new(shared.limits.connections));
    loop {
        while open.try_join_next().is_some() {}
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                open.spawn(connection(stream, shared.clone(), stopped.clone(), place));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// One connection, to its end or to that of its time.
async fn connection(
    stream: TcpStream,
    shared: Shared,
    mut stopped: watch::Receiver<()>,
    _place: OwnedSemaphorePermit,
) {
    let limits = shared.limits;
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD_SIZE_BYTES)
        .max_headers(MAX_HEADERS);
    let service = service_fn(move |request| answer(request, shared.clone()));
    let mut served = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        _ = served.as_mut() => true,
        () = sleep(limits.connection) => false,
        // The sender is dropped at the end.
        _ = stopped.changed() => false,
    };
    if !ended {
        served.as_mut().graceful_shutdown();
        let _ = timeout(limits.ending, served).await;
    }
}

/// What is wanted of the witness.
enum Wanted {
    Add(Bytes),
    Latest(String),
}

async fn answer(
    request: Request<Incoming>,
    shared: Shared,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let head = request.method() == Method::HEAD;
    let response = match route(request, shared.limits.body).await {
        Err(refused) => refused,
        Ok(wanted) => {
            let work = move || match wanted {
                Wanted::Add(body) => shared.witness.add_checkpoint(&body, || (shared.now_s)()),
                Wanted::Latest(hash) => shared.witness.latest(&hash),
            };
            match tokio::task::spawn_blocking(work).await {
                Ok(Ok(response)) => response,
                // What is wrong with the disk of a witness is nobody's concern but its operator's.
                Ok(Err(_)) | Err(_) => Response::plain(500, "the witness has failed"),
            }
        }
    };
    Ok(http(response, head))
}

async fn route(request: Request<Incoming>, wait: Duration) -> Result<Wanted, Response> {
    let path = request.uri().path().to_owned();
    let not_allowed = || Response::plain(405, "method not allowed");
    if path == "/add-checkpoint" {
        if request.method() != Method::POST {
            return Err(not_allowed());
        }
        return body(request, wait).await.map(Wanted::Add);
    }
    let hash = path.strip_prefix('/').and_then(|path| path.strip_suffix("/checkpoint"));
    match hash {
        Some(hash) if [Method::GET, Method::HEAD].contains(request.method()) => {
            Ok(Wanted::Latest(hash.to_owned()))
        }
        Some(_) => Err(not_allowed()),
        None => Err(Response::plain(404, "nothing is here")),
    }
}

/// The body, as far as it may go.
async fn body(request: Request<Incoming>, wait: Duration) -> Result<Bytes, Response> {
    let limited = Limited::new(request.into_body(), MAX_REQUEST_SIZE_BYTES);
    match timeout(wait, limited.collect()).await {
        Err(_) => Err(Response::plain(408, "request took too long")),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            let found = format!("request is longer than {MAX_REQUEST_SIZE_BYTES} bytes");
            Err(Response::plain(413, &found))
        }
        Ok(Err(_)) => Err(Response::plain(400, "request was cut off")),
    }
}

fn http(response: Response, head: bool) -> hyper::Response<Full<Bytes>> {
    let body = if head { Bytes::new() } else { response.body.into() };
    let mut answer = hyper::Response::new(Full::new(body));
    let status = StatusCode::from_u16(response.status);
    *answer.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(response.media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if response.status == 405 {
        headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    answer
}
