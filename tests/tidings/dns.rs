//! What `check --dns` says of a sender's records, asked of a small server of our own.

use std::net::UdpSocket;
use std::thread;

use crate::site::{CONFIG, Site, simple};

/// A record: its name, its type (16: TXT, 15: MX), its text.
type Record = (String, u16, String);

/// Starts a server that knows these records and no others; returns its address. It runs until the test ends.
fn server(zone: Vec<Record>) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let _ = socket.send_to(&answer(&buffer[..length], &zone), from);
        }
    });
    address
}

/// RFC 1035 §4.1, as little of it as is needed.
fn answer(query: &[u8], zone: &[Record]) -> Vec<u8> {
    let (mut at, mut labels) = (12, Vec::new());
    while query[at] > 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    let kind = u16::from_be_bytes([query[at + 1], query[at + 2]]);
    let name = labels.join(".");
    let found: Vec<&Record> = zone.iter().filter(|(own, of, _)| *own == name && *of == kind).collect();
    let is_known = zone.iter().any(|(own, ..)| *own == name);
    let mut out = query[..2].to_vec();
    out.extend([
        0x85,
        if is_known { 0x80 } else { 0x83 },
        0,
        1,
        0,
        u8::try_from(found.len()).unwrap(),
        0,
        0,
        0,
        0,
    ]);
    out.extend(&query[12..at + 5]);
    for (_, kind, text) in found {
        let data: Vec<u8> = if *kind == 16 {
            text.as_bytes()
                .chunks(255)
                .flat_map(|piece| [&[u8::try_from(piece.len()).unwrap()], piece].concat())
                .collect()
        } else {
            let labels = text.split('.').filter(|label| !label.is_empty());
            let name =
                labels.flat_map(|label| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat());
            [0, 10].into_iter().chain(name).chain([0]).collect()
        };
        out.extend([0xc0, 12]);
        out.extend(kind.to_be_bytes());
        out.extend([0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
    }
    out
}

fn txt(name: &str, text: &str) -> Record {
    (name.to_owned(), 16, text.to_owned())
}

#[test]
fn a_sender_without_records_hears_what_big_receivers_will_think() {
    let server = server(vec![]);
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    let ran = site.run(&["check", &format!("--dns={server}")]).code(1);
    for words in [
        "has no SPF record",
        "nothing signs the mail",
        "has no DMARC record",
        "neither answers nor bounces arrive",
        "Gmail and Yahoo",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
}

#[test]
fn the_records_that_keygen_prints_are_found_right() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    let made = site.run(&["dkim", "keygen"]).code(0).stdout;
    let (zone, lines) = made.split_once("takes the lines below\n").unwrap();
    let mut records: Vec<Record> = zone
        .lines()
        .filter_map(|line| {
            let (name, text) = line.split_once(". IN TXT ")?;
            Some(txt(name, &text.replace("\" \"", "").replace('"', "")))
        })
        .collect();
    assert_eq!(records.len(), 2);
    records.push(txt("example.com", "v=spf1 include:relay.test -all"));
    records.push(txt("example.com", "another text"));
    records.push(txt("relay.test", "v=spf1 ip4:192.0.2.1 -all"));
    records.push(txt("_dmarc.example.com", "v=DMARC1; p=quarantine"));
    records.push(("example.com".into(), 15, "mx.example.com".into()));
    let site = site.config(&format!("{CONFIG}{lines}"));
    let whole = server(records.clone());
    let ran = site.run(&["check", &format!("--dns={whole}")]).code(0);
    let summary = "example.com: SPF -all; DKIM 2 of 2 keys in place; DMARC p=quarantine; 1 mail server";
    assert!(ran.stderr.contains(summary) && !ran.stderr.contains("dns-"), "{}", ran.stderr);

    records[0].2 = records[0].2.replace("p=M", "p=N");
    let changed = server(records);
    let ran = site.run(&["check", &format!("--dns={changed}"), "--json"]).code(1);
    let found = ran.json();
    let one = found.as_array().unwrap().iter().find(|one| one["code"] == "dns-dkim").unwrap();
    assert_eq!(one["severity"], "error");
    assert!(one["message"].as_str().unwrap().contains("is not the one that signs"), "{one}");
}

#[test]
fn no_answer_is_not_taken_for_no_record() {
    let site = Site::new().post("2026-11-20-one.md", simple("하나"));
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ran = site.run(&["check", &format!("--dns={closed}")]).code(1).says("gives no answer about");
    assert!(!ran.stderr.contains("has no SPF record"), "{}", ran.stderr);
    site.run(&["check", "--dns=nonsense"]).code(2).says("is not the address of a server");
}
