//! The bytes of a capture, decompressed if need be.

use std::io::{self, BufRead as _, BufReader, Read};

use flate2::bufread::GzDecoder;

/// Plain or gzip, told apart by the first two bytes.
#[derive(Debug)]
pub(super) enum Input<R> {
    Plain(Prefixed<R>),
    Gzip(Box<Members<R>>),
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

impl<R: Read> Input<R> {
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let mut prefix = [0; 2];
        let mut length = 0;
        while let Some(rest) = prefix.get_mut(length..).filter(|it| !it.is_empty()) {
            match inner.read(rest) {
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let prefixed = Prefixed { prefix, given: 0, length, inner };
        Ok(if length == 2 && prefix == GZIP_MAGIC {
            Self::Gzip(Box::new(Members::new(prefixed)))
        } else {
            Self::Plain(prefixed)
        })
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(inner) => inner.read(target),
            Self::Gzip(inner) => inner.read(target),
        }
    }
}

/// A reader whose first bytes have been looked at.
#[derive(Debug)]
pub(super) struct Prefixed<R> {
    prefix: [u8; 2],
    given: usize,
    length: usize,
    inner: R,
}

impl<R: Read> Read for Prefixed<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let rest = self.prefix.get(self.given..self.length).unwrap_or_default();
        if rest.is_empty() {
            return self.inner.read(target);
        }
        let count = rest.len().min(target.len());
        for (to, from) in target.iter_mut().zip(rest) {
            *to = *from;
        }
        self.given += count;
        Ok(count)
    }
}

/// Gzip members one after the other; what is no member after the first one is ignored, as zlib does.
#[derive(Debug)]
pub(super) struct Members<R> {
    /// `None` at the end.
    decoder: Option<GzDecoder<BufReader<Prefixed<R>>>>,
}

impl<R: Read> Members<R> {
    fn new(inner: Prefixed<R>) -> Self {
        Self { decoder: Some(GzDecoder::new(BufReader::with_capacity(64 * 1024, inner))) }
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(target)?;
            if count > 0 || target.is_empty() {
                return Ok(count);
            }
            self.decoder = match self.decoder.take().map(GzDecoder::into_inner) {
                Some(mut rest) => match rest.fill_buf()?.first() {
                    Some(&first) if first == GZIP_MAGIC[0] => Some(GzDecoder::new(rest)),
                    Some(_) | None => None,
                },
                None => None,
            };
        }
        Ok(0)
    }
}
