/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The bytes of a resource that are there, with holes.

use std::collections::BTreeMap;
use std::ops::Range;

/// How many bytes are in one piece, at most.
const PIECE: usize = 64 * 1024;

/// Pieces of a resource, by their offsets; they do not overlap.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pieces: BTreeMap<u64, Vec<u8>>,
    /// How many bytes are in it.
    len: usize,
}

fn end_of(offset: u64, piece: &[u8]) -> u64 {
    offset + piece.len() as u64
}

impl Cache {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The piece that has the byte at an offset, with its own offset.
    fn piece_at(&self, offset: u64) -> Option<(u64, &Vec<u8>)> {
        let (at, piece) = self.pieces.range(..=offset).next_back()?;
        (offset < end_of(*at, piece)).then_some((*at, piece))
    }

    /// Puts bytes into their place. What is there already stays.
    pub(crate) fn insert(&mut self, mut offset: u64, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let known = self.piece_at(offset).map(|(at, piece)| end_of(at, piece) - offset);
            let take = match known {
                Some(known) => usize::try_from(known).unwrap_or(usize::MAX).min(bytes.len()),
                None => self.fill(offset, bytes),
            };
            offset += take as u64;
            bytes = &bytes[take..];
        }
    }

    /// Fills a hole from its begin on, and returns how many bytes that took.
    fn fill(&mut self, offset: u64, bytes: &[u8]) -> usize {
        let next = self.pieces.range(offset..).next().map_or(u64::MAX, |(at, _)| *at);
        let hole = usize::try_from(next - offset).unwrap_or(usize::MAX);
        let before = self.pieces.range_mut(..offset).next_back();
        let before = before.filter(|(at, piece)| end_of(**at, piece) == offset);
        let take = match before {
            Some((_, piece)) if piece.len() < PIECE => {
                let take = bytes.len().min(hole).min(PIECE - piece.len());
                piece.extend_from_slice(&bytes[..take]);
                take
            }
            _ => {
                let take = bytes.len().min(hole).min(PIECE);
                self.pieces.insert(offset, bytes[..take].to_vec());
                take
            }
        };
        self.len += take;
        take
    }

    /// The bytes from an offset on, as many as are in one piece; none if there are none.
    pub(crate) fn read(&self, offset: u64) -> &[u8] {
        self.piece_at(offset).map_or(&[], |(at, piece)| {
            // It is within the piece.
            &piece[usize::try_from(offset - at).unwrap_or(piece.len())..]
        })
    }

    /// To where the bytes go on without a hole from an offset on.
    pub(crate) fn end_from(&self, offset: u64) -> u64 {
        let Some((at, piece)) = self.piece_at(offset) else { return offset };
        let mut end = end_of(at, piece);
        for (at, piece) in self.pieces.range(end..) {
            if *at != end {
                break;
            }
            end = end_of(*at, piece);
        }
        end
    }

    /// The parts without holes, in order.
    pub(crate) fn ranges(&self) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for (at, piece) in &self.pieces {
            match ranges.last_mut() {
                Some(last) if last.end == *at => last.end = end_of(*at, piece),
                _ => ranges.push(*at..end_of(*at, piece)),
            }
        }
        ranges
    }

    /// Forgets pieces outside of a range until at most `limit` bytes are left: those before it first,
    /// from the start; then those after it, from the end.
    pub(crate) fn shrink(&mut self, limit: usize, keep: &Range<u64>) {
        while self.len > limit {
            let first = self.pieces.first_key_value();
            let is_before = first.is_some_and(|(at, piece)| end_of(*at, piece) <= keep.start);
            let is_after = self.pieces.last_key_value().is_some_and(|(at, _)| *at >= keep.end);
            let forgotten = match (is_before, is_after) {
                (true, _) => self.pieces.pop_first(),
                (false, true) => self.pieces.pop_last(),
                (false, false) => return,
            };
            self.len -= forgotten.map_or(0, |(_, piece)| piece.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A resource of which each byte is known by its offset.
    fn bytes(range: Range<u64>) -> Vec<u8> {
        range.map(|offset| (offset % 251) as u8).collect()
    }

    fn filled(ranges: &[Range<u64>]) -> Cache {
        let mut cache = Cache::default();
        for range in ranges {
            cache.insert(range.start, &bytes(range.clone()));
        }
        cache
    }

    fn read_all(cache: &Cache, mut offset: u64) -> Vec<u8> {
        let mut all = Vec::new();
        loop {
            let piece = cache.read(offset);
            if piece.is_empty() {
                return all;
            }
            all.extend_from_slice(piece);
            offset += piece.len() as u64;
        }
    }

    #[test]
    fn what_comes_in_any_order_is_read_in_its_own() {
        let size = 5 * PIECE as u64 + 7;
        let third = size / 3;
        let cache =
            filled(&[2 * third..size, 0..third / 2, 10..third + 5, third..2 * third, 0..size]);
        assert_eq!(read_all(&cache, 0), bytes(0..size));
        assert_eq!(read_all(&cache, third + 1), bytes(third + 1..size));
        assert_eq!(cache.len(), size as usize, "nothing is there twice");
        assert_eq!(cache.ranges(), std::iter::once(0..size).collect::<Vec<_>>());
        assert_eq!(cache.end_from(3), size);
    }

    #[test]
    fn many_small_pieces_become_few() {
        let mut cache = Cache::default();
        for offset in 0..10_000 {
            cache.insert(offset, &bytes(offset..offset + 1));
        }
        assert_eq!(cache.pieces.len(), 1);
        assert_eq!(read_all(&cache, 0), bytes(0..10_000));
    }

    #[test]
    fn holes_are_seen() {
        let cache = filled(&[0..100, 200..300]);
        assert_eq!(cache.ranges(), [0..100, 200..300]);
        assert_eq!(cache.end_from(0), 100);
        assert_eq!(cache.end_from(100), 100);
        assert!(cache.read(150).is_empty());
        assert_eq!(cache.end_from(200), 300);
        assert_eq!(cache.read(299), &bytes(299..300)[..]);
        assert_eq!(cache.end_from(1_000), 1_000);
    }

    #[test]
    fn what_is_forgotten_is_far_from_what_is_kept() {
        let piece = PIECE as u64;
        let mut cache = filled(&[0..10 * piece, 20 * piece..22 * piece]);
        cache.shrink(7 * PIECE, &(5 * piece..10 * piece));
        assert_eq!(cache.ranges(), [5 * piece..10 * piece, 20 * piece..22 * piece]);
        cache.shrink(6 * PIECE, &(5 * piece..10 * piece));
        assert_eq!(cache.ranges(), [5 * piece..10 * piece, 20 * piece..21 * piece]);
        cache.shrink(0, &(5 * piece..10 * piece));
        let kept: Vec<_> = std::iter::once(5 * piece..10 * piece).collect();
        assert_eq!(cache.ranges(), kept, "more than may be, but it is kept");
        assert_eq!(cache.len(), 5 * PIECE);
    }
}
