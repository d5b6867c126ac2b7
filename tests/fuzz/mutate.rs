//! Makes inputs out of other inputs: bits and bytes, words of the trade, numbers at the edges, pieces repeated
//! and nested until they are long. All of it follows from one seed.

/// The most bytes of an input.
pub const LONGEST: usize = 128 * 1024;

/// A source of numbers that follows from its seed (SplitMix64).
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64, stream: u64) -> Rng {
        let mut rng = Rng(seed ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        rng.next();
        rng
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 for 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { usize::try_from(self.next() % n as u64).unwrap() }
    }

    /// Whether something of one chance in `n` happens.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What a target's inputs are made of.
#[derive(Clone, Copy, Debug)]
pub struct Trade {
    /// Words and signs that mean something.
    pub words: &'static [&'static str],
    /// What opens and closes.
    pub pairs: &'static [(&'static str, &'static str)],
}

const NUMBERS: [&str; 22] = [
    "0",
    "-0",
    "-1",
    "1",
    "2",
    "255",
    "256",
    "1024",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "1e308",
    "1e400",
    "-1e-400",
    "0.1",
    "99999999999999999999999999999999999999",
    "NaN",
];

/// Characters that readers of text forget.
const SIGNS: [&str; 18] = [
    "\0",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{feff}",
    "\u{301}",
    "é",
    "日",
    "👩‍👩‍👧",
    "\u{10ffff}",
    "\u{2028}",
    "\u{a0}",
    "\u{85}",
    "\r\n",
    "\t",
    "\\u0000",
    "\\ud800",
    "%00",
    "&#0;",
];

/// An input made from `from`; `other` lends pieces.
pub fn mutated(rng: &mut Rng, from: &[u8], other: &[u8], trade: &Trade) -> Vec<u8> {
    let mut out = from.to_vec();
    let rounds = if rng.one_in(8) { 1 + rng.below(12) } else { 1 + rng.below(3) };
    for _ in 0..rounds {
        once(rng, &mut out, other, trade);
        if out.len() > LONGEST {
            out.truncate(LONGEST);
        }
    }
    out
}

fn once(rng: &mut Rng, out: &mut Vec<u8>, other: &[u8], trade: &Trade) {
    let at = rng.below(out.len() + 1);
    match rng.below(20) {
        0 if !out.is_empty() => {
            let at = rng.below(out.len());
            out[at] ^= 1 << rng.below(8);
        }
        1 if !out.is_empty() => {
            let at = rng.below(out.len());
            out[at] = *rng.pick(b"\0\n \"'{}[]()<>&=:;,.%\\/*-_#|`~!\x7f\x80\xff0aA");
        }
        2 => drop(out.drain(piece(rng, out))),
        3 | 4 => insert(out, at, rng.pick(trade.words).as_bytes()),
        5 => insert(out, at, rng.pick(&SIGNS).as_bytes()),
        6 | 7 => replace_token(rng, out, |rng| rng.pick(trade.words).as_bytes().to_vec()),
        8 => replace_token(rng, out, |rng| rng.pick(&NUMBERS).as_bytes().to_vec()),
        9 => replace_token(rng, out, |_| Vec::new()),
        10 => {
            let range = piece(rng, other);
            insert(out, at, &other[range]);
        }
        11 => {
            // The head of one, the tail of the other.
            let from = rng.below(other.len() + 1);
            out.truncate(at);
            out.extend_from_slice(&other[from..]);
        }
        12 | 13 => {
            let range = piece(rng, out);
            let again = out[range].to_vec();
            insert(out, at, &repeated(rng, &again));
        }
        14 => {
            let word = rng.pick(trade.words).as_bytes().to_vec();
            insert(out, at, &repeated(rng, &word));
        }
        15 | 16 => nest(rng, out, trade),
        17 => {
            let range = piece(rng, out);
            let moved: Vec<u8> = out.drain(range).collect();
            let at = rng.below(out.len() + 1);
            insert(out, at, &moved);
        }
        18 => {
            let length = rng.below(out.len() + 1);
            out.truncate(length);
        }
        _ => {
            let token = token(rng, out);
            let word = out[token].to_vec();
            insert(out, at, &word);
        }
    }
}

fn insert(out: &mut Vec<u8>, at: usize, what: &[u8]) {
    out.splice(at..at, what.iter().copied());
}

/// A piece of a text, mostly a short one.
fn piece(rng: &mut Rng, of: &[u8]) -> std::ops::Range<usize> {
    let from = rng.below(of.len() + 1);
    let longest = if rng.one_in(4) { of.len() } else { 24 };
    from..from + rng.below((of.len() - from).min(longest) + 1)
}

/// Some bytes many times: mostly a few, now and then as many as there is room for.
fn repeated(rng: &mut Rng, what: &[u8]) -> Vec<u8> {
    if what.is_empty() {
        return Vec::new();
    }
    let times = match rng.below(40) {
        0 => LONGEST,
        1 => 4_096,
        2..=4 => 300,
        5..=12 => 33,
        _ => 2,
    };
    let room = if times > 300 { LONGEST } else { 8_192 };
    what.repeat(times.min(room / what.len() + 1))
}

/// Something within what opens and closes, once or very deep.
fn nest(rng: &mut Rng, out: &mut Vec<u8>, trade: &Trade) {
    let (open, close) = *rng.pick(trade.pairs);
    let range = if rng.one_in(2) { token(rng, out) } else { piece(rng, out) };
    let depth = match rng.below(24) {
        0 => 8_000,
        1 => 600,
        2 | 3 => 70,
        4..=7 => 33,
        _ => 1,
    };
    let depth = depth.min(LONGEST / (open.len() + close.len()).max(1));
    let closes = if rng.one_in(6) { 0 } else { depth };
    insert(out, range.end, close.repeat(closes).as_bytes());
    insert(out, range.start, open.repeat(depth).as_bytes());
}

/// A word, number or run of other signs of the text.
fn token(rng: &mut Rng, of: &[u8]) -> std::ops::Range<usize> {
    if of.is_empty() {
        return 0..0;
    }
    let at = rng.below(of.len());
    let class = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80;
    let kind = class(of[at]);
    let start = of[..at].iter().rposition(|b| class(*b) != kind).map_or(0, |i| i + 1);
    let end = of[at..].iter().position(|b| class(*b) != kind).map_or(of.len(), |i| at + i);
    start..end
}

fn replace_token(rng: &mut Rng, out: &mut Vec<u8>, by: impl FnOnce(&mut Rng) -> Vec<u8>) {
    let range = token(rng, out);
    let by = by(rng);
    out.splice(range, by);
}
