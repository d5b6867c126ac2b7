//! Lambda's runtime interface, played: it hands out events in order, takes what is posted, and is gone after that.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};

use serde_json::Value;

/// An event to hand out.
pub struct Given {
    pub event: String,
    /// Milliseconds since 1970.
    pub deadline: u128,
}

impl Given {
    /// An event with all the time there is.
    pub fn new(event: impl Into<String>) -> Given {
        Given { event: event.into(), deadline: 4_102_444_800_000 }
    }
}

/// What was posted.
pub struct Post {
    pub path: String,
    /// The header with the kind of a failure.
    pub kind: Option<String>,
    pub form: Option<String>,
    /// Null where it is no JSON.
    pub body: Value,
}

struct Asked {
    first: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|n| *n > 0)?;
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut chunked = headers.get("transfer-encoding").is_some_and(|value| value.contains("chunked"));
    while chunked {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let mut part = vec![0; size + 2];
        reader.read_exact(&mut part).ok()?;
        body.extend_from_slice(&part[..size]);
        chunked = size > 0;
    }
    Some(Asked { first, headers, body })
}

/// Plays the interface with these events; `takes` says with which status a post to a path is answered. Gives the
/// address and what is posted. Who asks for more events than there are finds nobody.
pub fn play(
    events: impl IntoIterator<Item = Given>,
    takes: fn(&str) -> u16,
) -> (String, mpsc::Receiver<Post>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let events: Vec<Given> = events.into_iter().collect();
    let events = Arc::new(Mutex::new((1..).zip(events).collect::<Vec<_>>().into_iter()));
    let (send, posts) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, events, send) = (stream.unwrap(), Arc::clone(&events), send.clone());
            std::thread::spawn(move || {
                let mut answers = stream.try_clone().unwrap();
                let mut reader = BufReader::new(stream);
                while let Some(asked) = read_request(&mut reader) {
                    let mut words = asked.first.split(' ');
                    let (method, path) = (words.next().unwrap(), words.next().unwrap());
                    if (method, path) == ("GET", "/2018-06-01/runtime/invocation/next") {
                        let Some((number, given)) = events.lock().unwrap().next() else { return };
                        let Given { event, deadline } = given;
                        let length = event.len();
                        write!(
                            answers,
                            "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {number}\r\n\
                             Lambda-Runtime-Deadline-Ms: {deadline}\r\nLambda-Runtime-Trace-Id: Root=1-{number}\r\n\
                             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{event}"
                        )
                        .unwrap();
                    } else {
                        assert_eq!(method, "POST");
                        let header = |name: &str| asked.headers.get(name).cloned();
                        let post = Post {
                            path: path.to_owned(),
                            kind: header("lambda-runtime-function-error-type"),
                            form: header("content-type"),
                            body: serde_json::from_slice(&asked.body).unwrap_or(Value::Null),
                        };
                        // A test may have seen enough.
                        let _ = send.send(post);
                        let status = takes(path);
                        write!(answers, "HTTP/1.1 {status} Said\r\nContent-Length: 2\r\n\r\n{{}}").unwrap();
                    }
                }
            });
        }
    });
    (address, posts)
}
