//! Names of elements over HTTP.
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

fn answer(path: &str) -> (&'static str, String) {
    if path == "/" {
        return ("200 OK", "ask for /element/N\n".to_owned());
    }
    if path == "/health" {
        return ("200 OK", "ok\n".to_owned());
    }
    let number = path.strip_prefix("/element/").and_then(|number| number.parse().ok());
    match number.and_then(table::element) {
        Some(name) => ("200 OK", format!("{name}\n")),
        None => ("404 Not Found", "no such page\n".to_owned()),
    }
}

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let (status, body) = answer(first.split(' ').nth(1).unwrap_or("/"));
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn main() -> std::io::Result<()> {
    for stream in TcpListener::bind("0.0.0.0:8080")?.incoming() {
        let stream = stream?;
        std::thread::spawn(move || serve(stream));
    }
    Ok(())
}
