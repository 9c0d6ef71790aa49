//! A stream without encryption that takes no request for the password itself.
//!
//! The driver answers such a request by itself. So what the server says is
//! read along until it has let us in, and the driver never sees the request.

use std::error::Error;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::{fmt, io};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};

/// Type, length and code of a request for authentication.
const HEADER: usize = 9;

/// The codes of AuthenticationOk and AuthenticationCleartextPassword:
/// "Message Formats" in PostgreSQL's manual.
const OK: [u8; 4] = [0, 0, 0, 0];
const CLEARTEXT_PASSWORD: [u8; 4] = [0, 0, 0, 3];

/// Puts [`Guarded`] around the streams of the driver, which calls that a TLS
/// handshake. Nothing is sent for it where the negotiation is `Direct`.
#[derive(Clone, Copy)]
pub(super) struct Guard;

/// A stream on which the driver never reads a request for the password itself.
pub(super) struct Guarded<S> {
    stream: S,
    watch: Watch,
}

/// The server asked for the password itself, and was not given it.
#[derive(Debug)]
pub(super) struct PlaintextPassword;

/// Reads the server's messages along until one of them is AuthenticationOk.
#[derive(Default)]
struct Watch {
    header: [u8; HEADER],
    filled: usize,
    /// How many bytes of a message are left that say nothing.
    skipped: usize,
    is_over: bool,
}

impl Watch {
    /// Reads along; true where the server asks for the password itself.
    fn is_asked(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if self.is_over {
                return false;
            }
            if self.skipped > 0 {
                self.skipped -= 1;
                continue;
            }
            self.header[self.filled] = *byte;
            self.filled += 1;
            if self.filled == HEADER || (self.filled == 5 && self.header[0] != b'R') {
                if self.header[0] == b'R' && self.code() == CLEARTEXT_PASSWORD {
                    return true;
                }
                self.is_over = self.header[0] == b'R' && self.code() == OK;
                // the length counts itself, but not the type
                self.skipped = (self.length() + 1).saturating_sub(self.filled);
                self.filled = 0;
            }
        }
        false
    }

    fn length(&self) -> usize {
        let [_, length @ .., _, _, _, _] = self.header;
        u32::from_be_bytes(length) as usize
    }

    fn code(&self) -> [u8; 4] {
        let [_, _, _, _, _, code @ ..] = self.header;
        code
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.watch.is_asked(&buffer.filled()[before..]) {
            buffer.set_filled(before);
            return Poll::Ready(Err(io::Error::other(PlaintextPassword)));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Guarded<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> MakeTlsConnect<S> for Guard {
    type Stream = Guarded<S>;
    type TlsConnect = Guard;
    type Error = io::Error;

    fn make_tls_connect(&mut self, _: &str) -> io::Result<Guard> {
        Ok(Guard)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsConnect<S> for Guard {
    type Stream = Guarded<S>;
    type Error = io::Error;
    type Future = Ready<io::Result<Guarded<S>>>;

    fn connect(self, stream: S) -> Self::Future {
        ready(Ok(Guarded { stream, watch: Watch::default() }))
    }
}

impl fmt::Display for PlaintextPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "the server asks for the password in plaintext, and the connection is not encrypted; it was not sent",
        )
    }
}

impl Error for PlaintextPassword {}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &[u8] = b"R\0\0\0\x08\0\0\0\x03";
    const ERROR: &[u8] = b"E\0\0\0\x0bR\0\0\0\x03\0\0";
    const MD5: &[u8] = b"R\0\0\0\x0c\0\0\0\x05salt";
    const LET_IN: &[u8] = b"R\0\0\0\x08\0\0\0\0";

    /// Whether the request is seen, whole or byte by byte.
    fn check(messages: &[&[u8]], expected: bool) {
        let bytes = messages.concat();
        assert_eq!(Watch::default().is_asked(&bytes), expected, "{bytes:?}");
        for size in 1..bytes.len() {
            let mut watch = Watch::default();
            let asked = bytes.chunks(size).any(|chunk| watch.is_asked(chunk));
            assert_eq!(asked, expected, "{bytes:?} in pieces of {size}");
        }
    }

    #[test]
    fn sees_the_request_in_pieces_and_behind_other_messages() {
        check(&[REQUEST], true);
        check(&[MD5, ERROR, REQUEST], true);
        check(&[b"v\0\0\0\x0c\0\x03\0\0\0\0\0\0", REQUEST], true);
        check(&[&REQUEST[..8]], false);
        check(&[b"R\0\0\0\x0a\0\0\0\x03\0\0"], true);
    }

    #[test]
    fn sees_no_request_in_other_messages() {
        check(&[MD5, LET_IN], false);
        check(&[b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0", b"R\0\0\0\x0c\0\0\0\x0bR\0\0\0"], false);
        check(&[ERROR], false);
        check(&[LET_IN, REQUEST], false);
    }
}
