//! A TCP proxy between a client and a server: counts the client's messages,
//! and cuts the connection at one of them.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// When the connection is cut, as seen from the message that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The message never reaches the server.
    Before,
    /// The message reaches the server, nobody waits for what it does.
    During,
    /// The server has done all of it, and the reply never arrives.
    After,
    /// The reply ends in the middle of its first header.
    Within,
    /// The message is never read, and nobody is told.
    Silence,
}

/// A proxy on a free port. Its threads end with the connections.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: AtomicU16,
    /// The server after the cut; 0 where it is the same.
    next_server: AtomicU16,
    queries: AtomicUsize,
    texts: Mutex<Vec<String>>,
    others: Mutex<Vec<u8>>,
    cut: Mutex<Option<(usize, Cut)>>,
    for_good: AtomicBool,
    shut: AtomicBool,
    delay: Mutex<Duration>,
}

impl Proxy {
    /// Stands before the server at this port of 127.0.0.1.
    pub fn before(server: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("the port").port();
        let shared = Arc::new(Shared {
            server: AtomicU16::new(server),
            next_server: AtomicU16::new(0),
            queries: AtomicUsize::new(0),
            texts: Mutex::default(),
            others: Mutex::default(),
            cut: Mutex::default(),
            for_good: AtomicBool::new(false),
            shut: AtomicBool::new(false),
            delay: Mutex::default(),
        });
        let accepted = shared.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = accepted.clone();
                if shared.shut.load(Ordering::SeqCst) {
                    continue;
                }
                thread::spawn(move || serve(client, &shared));
            }
        });
        Proxy { port, shared }
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How many messages passed that a reply follows, over all connections: queries, and the ends
    /// of messages of the extended protocol. Each is one round trip of a client that waits for its
    /// replies.
    pub fn queries(&self) -> usize {
        self.shared.queries.load(Ordering::SeqCst)
    }

    /// The text of each of these messages; empty in the extended protocol.
    pub fn texts(&self) -> Vec<String> {
        self.shared.texts.lock().expect("the texts").clone()
    }

    /// The bytes of all other messages: how a connection starts, and who somebody is.
    pub fn others(&self) -> Vec<u8> {
        self.shared.others.lock().expect("the bytes").clone()
    }

    /// Begins to count at 0 again, and cuts no more.
    pub fn reset(&self) {
        self.shared.queries.store(0, Ordering::SeqCst);
        self.shared.texts.lock().expect("the texts").clear();
        self.shared.others.lock().expect("the bytes").clear();
        *self.shared.cut.lock().expect("the cut") = None;
        self.shared.for_good.store(false, Ordering::SeqCst);
        self.shared.shut.store(false, Ordering::SeqCst);
    }

    /// Cuts at the message with this number, from 0. Further connections
    /// pass.
    pub fn cut_at(&self, message: usize, cut: Cut) {
        *self.shared.cut.lock().expect("the cut") = Some((message, cut));
    }

    /// Cuts there, and lets no further connection pass.
    pub fn cut_for_good(&self, message: usize, cut: Cut) {
        self.shared.for_good.store(true, Ordering::SeqCst);
        self.cut_at(message, cut);
    }

    /// Leads the connections after the cut to the server at this port.
    pub fn fail_over_after_cut(&self, server: u16) {
        self.shared.next_server.store(server, Ordering::SeqCst);
    }

    /// Holds every message of the client back for this long.
    pub fn delay(&self, delay: Duration) {
        *self.shared.delay.lock().expect("the delay") = delay;
    }
}

fn serve(mut client: TcpStream, shared: &Shared) -> Option<()> {
    let mut server =
        TcpStream::connect(("127.0.0.1", shared.server.load(Ordering::SeqCst))).ok()?;
    client.set_nodelay(true).ok()?;
    server.set_nodelay(true).ok()?;
    let start = read_frame(&mut client, false).ok()?;
    shared.others.lock().ok()?.extend(&start);
    server.write_all(&start).ok()?;
    let withhold = Arc::new(Mutex::new(Replies::Pass));
    let replies = {
        let (mut from, mut to) = (server.try_clone().ok()?, client.try_clone().ok()?);
        let withhold = withhold.clone();
        thread::spawn(move || forward_replies(&mut from, &mut to, &withhold))
    };
    // an error is the end of the connection: what matters is that both ends
    // are closed
    let _ = forward_messages(&mut client, &mut server, shared, &withhold);
    let held = *withhold.lock().ok()?;
    match held {
        Replies::Pass => {}
        Replies::Hold | Replies::Break => replies.join().ok()?,
    }
    let _ = (server.shutdown(Shutdown::Both), client.shutdown(Shutdown::Both));
    Some(())
}

/// What happens to the replies of the server.
#[derive(Clone, Copy, PartialEq)]
enum Replies {
    Pass,
    Hold,
    Break,
}

/// Moves messages of the client; ends where the connection is to be cut.
fn forward_messages(
    client: &mut TcpStream,
    server: &mut TcpStream,
    shared: &Shared,
    withhold: &Mutex<Replies>,
) -> io::Result<()> {
    loop {
        if is_silent(shared) {
            return stay_silent(shared);
        }
        let frame = read_frame(client, true)?;
        let cut = if matches!(frame[0], b'Q' | b'S') {
            count(&frame, shared)
        } else {
            shared.others.lock().expect("the bytes").extend(&frame);
            None
        };
        thread::sleep(*shared.delay.lock().expect("the delay"));
        let Some(cut) = cut else {
            server.write_all(&frame)?;
            continue;
        };
        shared.shut.store(shared.for_good.load(Ordering::SeqCst), Ordering::SeqCst);
        match shared.next_server.swap(0, Ordering::SeqCst) {
            0 => {}
            next => shared.server.store(next, Ordering::SeqCst),
        }
        *withhold.lock().expect("the flag") = match cut {
            Cut::Before | Cut::During => Replies::Pass,
            Cut::After => Replies::Hold,
            Cut::Within => Replies::Break,
            Cut::Silence => return stay_silent(shared),
        };
        return if cut == Cut::Before { Ok(()) } else { server.write_all(&frame) };
    }
}

/// Whether the next message is the one that is never read.
fn is_silent(shared: &Shared) -> bool {
    let next = shared.queries.load(Ordering::SeqCst);
    shared.cut.lock().expect("the cut").is_some_and(|cut| cut == (next, Cut::Silence))
}

/// Keeps the connection until the proxy is told otherwise.
fn stay_silent(shared: &Shared) -> io::Result<()> {
    shared.shut.store(true, Ordering::SeqCst);
    while is_silent(shared) {
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn count(frame: &[u8], shared: &Shared) -> Option<Cut> {
    let number = shared.queries.fetch_add(1, Ordering::SeqCst);
    let text =
        String::from_utf8_lossy(frame[5..].strip_suffix(&[0]).unwrap_or_default()).into_owned();
    shared.texts.lock().expect("the texts").push(text);
    let cut = *shared.cut.lock().expect("the cut");
    cut.filter(|(at, _)| *at == number).map(|(_, cut)| cut)
}

/// Moves replies. While they are withheld, ends when the server is ready.
fn forward_replies(server: &mut TcpStream, client: &mut TcpStream, withhold: &Mutex<Replies>) {
    while let Ok(frame) = read_frame(server, true) {
        let replies = *withhold.lock().expect("the flag");
        let done = match replies {
            Replies::Pass => client.write_all(&frame).is_err(),
            Replies::Break => client.write_all(&frame[..3]).is_ok(),
            Replies::Hold => frame[0] == b'Z',
        };
        if done {
            return;
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}

/// A message with its header. The first one of a client has no type.
fn read_frame(from: &mut TcpStream, typed: bool) -> io::Result<Vec<u8>> {
    let header = if typed { 5 } else { 4 };
    let mut frame = vec![0; header];
    from.read_exact(&mut frame)?;
    let length = u32::from_be_bytes(frame[header - 4..].try_into().expect("four bytes")) as usize;
    frame.resize(header + length - 4, 0);
    from.read_exact(&mut frame[header..])?;
    Ok(frame)
}
