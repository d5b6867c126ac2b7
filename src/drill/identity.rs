//! What a numbered write is called in the shop. Name and number decide it alone, so that a write can be
//! looked up from the log, and one sent twice is one.

use uuid::Uuid;

use super::event::Kind;

/// The namespace of all drills' ids.
const DRILLS: Uuid = Uuid::from_u128(0x4b0e_63a1_9d57_5f3c_8a44_d1c2_6e0b_71f9);

/// The id of a probe's user, or the user whose basket it fills.
#[must_use]
pub fn uuid(run: &str, kind: Kind, number: u64) -> Uuid {
    Uuid::new_v5(&DRILLS, format!("{run}/{}/{number}", kind.as_str()).as_bytes())
}

/// The e-mail of a probe's user: a name in a domain that can never receive mail.
#[must_use]
pub fn email(run: &str, number: u64) -> String {
    let id = uuid(run, Kind::User, number);
    format!("drill-{number}-{}@unishop.example", &id.simple().to_string()[..12])
}

/// What a write is looked up by: the e-mail of a user, the id of a basket.
#[must_use]
pub fn key(run: &str, kind: Kind, number: u64) -> String {
    match kind {
        Kind::User => email(run, number),
        Kind::Read | Kind::Basket => uuid(run, kind, number).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_has_the_same_name_each_time_and_no_other_has_it() {
        assert_eq!(email("a", 7), email("a", 7));
        let names = [email("a", 7), email("a", 8), email("b", 7), key("a", Kind::Basket, 7)];
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }
}
