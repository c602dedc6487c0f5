//! A relay's answers as lettre can read them: whole lines of a bounded length, in UTF-8, with a space behind a code that stands alone.

use std::io::{self, Read};

/// RFC 5321 §4.5.3.1.5 allows 512 octets; some say more.
const LONGEST: usize = 8192;

/// What has come and not been read yet.
#[derive(Debug, Default)]
pub(super) struct Lines {
    coming: Vec<u8>,
    ready: Vec<u8>,
    read: usize,
}

impl Lines {
    /// These before anything that comes.
    pub(super) fn beginning(with: &str) -> Self {
        Self { ready: with.as_bytes().to_vec(), ..Self::default() }
    }

    /// Reads into `room` from what is ready, and where there is nothing, waits for whole lines. 0 at the end.
    pub(super) fn read(&mut self, from: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
        while self.read == self.ready.len() {
            self.ready.clear();
            self.read = 0;
            let mut buffer = [0; 1024];
            let count = from.read(&mut buffer)?;
            if count == 0 {
                return Ok(0);
            }
            self.coming.extend_from_slice(&buffer[..count]);
            while let Some(end) = memchr::memchr(b'\n', &self.coming) {
                let line: Vec<u8> = self.coming.drain(..=end).collect();
                self.ready.extend_from_slice(readable(&line).as_bytes());
            }
            if self.coming.len() > LONGEST {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "it answers with a line without end"));
            }
        }
        let count = room.len().min(self.ready.len() - self.read);
        room[..count].copy_from_slice(&self.ready[self.read..self.read + count]);
        self.read += count;
        Ok(count)
    }
}

fn readable(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let text = text.trim_end_matches(['\r', '\n']);
    let is_bare = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    format!("{text}{}\r\n", if is_bare { " " } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_in_utf_8_and_with_a_space() {
        let mut lines = Lines::beginning("220 \r\n");
        let mut said: &[u8] = b"250\r\n550 5.1.1 \xbb\xe7\r\n25";
        let (mut heard, mut room) = (Vec::new(), [0; 7]);
        while let Ok(count @ 1..) = lines.read(&mut said, &mut room) {
            heard.extend_from_slice(&room[..count]);
        }
        assert_eq!(String::from_utf8(heard).unwrap(), "220 \r\n250 \r\n550 5.1.1 \u{fffd}\u{fffd}\r\n");
    }

    #[test]
    fn a_line_without_end_is_an_error_and_not_kept() {
        let mut lines = Lines::default();
        assert!(lines.read(&mut io::repeat(b'2'), &mut [0; 10]).is_err());
        assert!(lines.coming.len() < 2 * LONGEST);
    }
}
