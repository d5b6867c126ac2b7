//! The ten products, as the shop's database starts with them.

use serde::Deserialize;
use uuid::Uuid;

use super::wire::Unicorn;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Product {
    name: String,
    description: String,
    cents: u32,
}

/// The products by name. Their ids follow from their names and never change.
#[must_use]
pub fn products() -> Vec<Unicorn> {
    #[expect(clippy::expect_used, reason = "the shelf is part of the program and a test reads it")]
    let shelf: Vec<Product> =
        serde_json::from_str(include_str!("../../../assets/data/unicorns.json")).expect("the shelf is sound");
    shelf.into_iter().map(Product::unicorn).collect()
}

impl Product {
    fn unicorn(self) -> Unicorn {
        let image = self.name.to_lowercase();
        Unicorn {
            uuid: Uuid::new_v5(&Uuid::NAMESPACE_DNS, format!("{image}.unishop.example").as_bytes()),
            name: self.name,
            description: self.description,
            price: f64::from(self.cents) / 100.0,
            image,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ten_products_each_with_its_own_id_by_name() {
        let products = products();
        assert_eq!(products.len(), 10);
        assert_eq!(products.iter().map(|p| p.uuid).collect::<BTreeSet<_>>().len(), 10);
        assert!(products.is_sorted_by_key(|p| p.name.clone()));
        assert!(products.iter().all(|p| p.price > 0.0 && p.price < 10_000.0));
    }
}
