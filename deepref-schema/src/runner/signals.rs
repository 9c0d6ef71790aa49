//! Ctrl-C and SIGTERM, for the command line.

/// The signals that end a command, or silence where the program around the
/// runner handles signals itself.
pub(crate) struct Signals {
    #[cfg(unix)]
    streams: Option<(tokio::signal::unix::Signal, tokio::signal::unix::Signal)>,
    #[cfg(not(unix))]
    listening: bool,
}

#[cfg(unix)]
impl Signals {
    /// Listens, where `wanted`. Must be called inside the runtime.
    pub(crate) fn new(wanted: bool) -> Signals {
        use tokio::signal::unix::{SignalKind, signal};
        let both =
            || Some((signal(SignalKind::interrupt()).ok()?, signal(SignalKind::terminate()).ok()?));
        Signals { streams: if wanted { both() } else { None } }
    }

    /// The number of the next signal; never, where nobody listens.
    pub(super) async fn next(&mut self) -> u8 {
        use futures_util::future::{Either, pending, select};
        let Some((interrupt, terminate)) = &mut self.streams else { return pending().await };
        match select(std::pin::pin!(interrupt.recv()), std::pin::pin!(terminate.recv())).await {
            Either::Left(_) => 2,
            Either::Right(_) => 15,
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    /// Listens, where `wanted`.
    pub(crate) fn new(wanted: bool) -> Signals {
        Signals { listening: wanted }
    }

    /// The number of the next signal; never, where nobody listens.
    pub(super) async fn next(&mut self) -> u8 {
        if self.listening && tokio::signal::ctrl_c().await.is_ok() {
            2
        } else {
            futures_util::future::pending().await
        }
    }
}
