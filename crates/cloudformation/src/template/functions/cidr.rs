//! `Fn::Cidr`: a block cut into equal smaller ones, IPv4 and IPv6.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::error::{Outcome, misuse};

/// `count` blocks of `2^bits` addresses each from the start of `block`.
///
/// # Errors
/// A block that is none, a count outside of 1 to 256, or blocks that do not fit.
pub(crate) fn cidr(block: &str, count: u64, bits: Option<u64>) -> Outcome<Vec<String>> {
    let parsed = Block::parse(block)
        .ok_or_else(|| misuse(format!("Fn::Cidr: '{block}' is not a valid CIDR block")))?;
    if !(1..=256).contains(&count) {
        return Err(misuse(format!("Fn::Cidr: the count must be between 1 and 256, not {count}")));
    }
    let room = parsed.width - parsed.prefix;
    let needed = count.next_power_of_two().trailing_zeros();
    let bits = match bits {
        Some(bits) => u32::try_from(bits).unwrap_or(u32::MAX),
        None => room.saturating_sub(needed),
    };
    if bits.checked_add(needed).is_none_or(|all| all > room) {
        return Err(misuse(format!(
            "Fn::Cidr: {count} blocks with {bits} CIDR bits do not fit into {block}; ask for fewer or smaller ones"
        )));
    }
    Ok((0..u128::from(count)).map(|index| parsed.part(index, bits)).collect())
}

struct Block {
    start: u128,
    prefix: u32,
    width: u32,
}

impl Block {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.trim().split_once('/')?;
        let prefix: u32 = prefix.parse().ok()?;
        let (start, width): (u128, u32) = match address.parse::<Ipv4Addr>() {
            Ok(v4) => (u128::from(v4.to_bits()), 32),
            Err(_) => (address.parse::<Ipv6Addr>().ok()?.to_bits(), 128),
        };
        let mask = 1_u128.checked_shl(u32::checked_sub(width, prefix)?).map_or(u128::MAX, |top| top - 1);
        Some(Self { start: start & !mask, prefix, width })
    }

    fn part(&self, index: u128, bits: u32) -> String {
        let start = self.start + index.checked_shl(bits).unwrap_or(0);
        let prefix = self.width - bits;
        match u32::try_from(start) {
            Ok(v4) if self.width == 32 => format!("{}/{prefix}", Ipv4Addr::from_bits(v4)),
            _ => format!("{}/{prefix}", Ipv6Addr::from_bits(start)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_cut_into_subnets() {
        assert_eq!(cidr("192.168.0.0/16", 2, Some(8)).unwrap(), ["192.168.0.0/24", "192.168.1.0/24"]);
        let third = cidr("10.0.0.0/16", 6, Some(5)).unwrap();
        assert_eq!(third[2], "10.0.0.64/27");
        assert_eq!(cidr("2001:db8::/56", 2, Some(64)).unwrap()[1], "2001:db8:0:1::/64");
        assert_eq!(cidr("::/0", 1, Some(128)).unwrap(), ["::/0"]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (block, count, bits) in
            [("10.0.0.0/24", 2, 8), ("10.0.0.0/24", 0, 4), ("10.0.0/24", 1, 4), ("10.0.0.0/33", 1, 0)]
        {
            assert!(cidr(block, count, Some(bits)).is_err(), "{block}");
        }
        assert!(cidr("10.0.0.0/8", 256, Some(u64::MAX)).is_err());
    }
}
