//! What every store must do, whichever it is. Each run uses its own users, so that a store may be used
//! again and again.

use std::collections::BTreeSet;

use shop::wire::NewUser;
use shop::{Baskets, Catalogue, StoreError, products};
use uuid::Uuid;

/// Text that has bitten stores before.
const NASTY: [&str; 5] = ["Ñandú 🦄 ‏عربي", "'; DROP TABLE unicorn_user; --", "\\", "%_", "\"{}\""];

pub fn somebody() -> NewUser {
    NewUser {
        uuid: Some(Uuid::new_v4()),
        email: format!("{}@conformance.example", Uuid::new_v4().simple()),
        first_name: "Ana".into(),
        last_name: "Belén".into(),
    }
}

pub async fn catalogue(store: impl Catalogue) {
    store.ping().await.unwrap();
    products_are_the_ten(&store).await;
    users_are_kept(&store).await;
    an_email_is_one_users(&store).await;
    a_repeated_request_makes_one_user(&store).await;
    many_at_once(&store).await;
}

async fn products_are_the_ten(store: &impl Catalogue) {
    assert_eq!(store.unicorns().await.unwrap(), products());
}

async fn users_are_kept(store: &impl Catalogue) {
    for nasty in NASTY {
        let new = NewUser { first_name: nasty.into(), last_name: nasty.into(), ..somebody() };
        let made = store.add_user(new.clone()).await.unwrap();
        assert_eq!(Some(made.uuid), new.uuid);
        assert_eq!(store.user(&new.email).await.unwrap(), Some(made.clone()));
        assert_eq!(made.first_name, nasty);
        // No text of a visitor is ever a pattern.
        assert_eq!(store.user(nasty).await.unwrap(), None);
    }
    let chosen_here = store.add_user(NewUser { uuid: None, ..somebody() }).await.unwrap();
    assert!(!chosen_here.uuid.is_nil());
    assert_eq!(store.user("nobody@conformance.example").await.unwrap(), None);
}

async fn an_email_is_one_users(store: &impl Catalogue) {
    let first = somebody();
    store.add_user(first.clone()).await.unwrap();
    let second = NewUser { email: first.email.clone(), ..somebody() };
    assert_eq!(store.add_user(second).await, Err(StoreError::Taken));
    let nameless = NewUser { uuid: None, ..first };
    assert_eq!(store.add_user(nameless).await, Err(StoreError::Taken));
}

async fn a_repeated_request_makes_one_user(store: &impl Catalogue) {
    let new = somebody();
    let once = store.add_user(new.clone()).await.unwrap();
    assert_eq!(store.add_user(new).await.unwrap(), once);
}

async fn many_at_once(store: &impl Catalogue) {
    let email = somebody().email;
    let contenders = (0..20).map(|_| {
        let (store, new) = (store.clone(), NewUser { email: email.clone(), ..somebody() });
        tokio::spawn(async move { store.add_user(new).await })
    });
    let mut won = 0;
    for contender in contenders.collect::<Vec<_>>() {
        match contender.await.unwrap() {
            Ok(_) => won += 1,
            Err(StoreError::Taken) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(won, 1, "one e-mail, one user");
}

pub async fn baskets(store: impl Baskets) {
    store.ping().await.unwrap();
    let ids: Vec<Uuid> = products().iter().map(|p| p.uuid).collect();
    let user = Uuid::new_v4();
    assert!(store.basket(user).await.unwrap().is_empty());
    assert_eq!(store.put_in(user, &[ids[3], ids[1]]).await.unwrap(), [ids[3], ids[1]]);
    // Once is enough, and the order is that of putting in.
    assert_eq!(store.put_in(user, &[ids[1], ids[7]]).await.unwrap(), [ids[3], ids[1], ids[7]]);
    assert_eq!(store.basket(user).await.unwrap(), [ids[3], ids[1], ids[7]]);
    assert_eq!(store.take_out(user, &[ids[1], ids[0]]).await.unwrap(), [ids[3], ids[7]]);
    assert!(store.take_out(user, &[ids[3], ids[7]]).await.unwrap().is_empty());
    assert!(store.basket(user).await.unwrap().is_empty());
    assert!(store.take_out(Uuid::new_v4(), &[ids[0]]).await.unwrap().is_empty());
    changes_at_once_all_stay(&store, &ids).await;
}

async fn changes_at_once_all_stay(store: &impl Baskets, ids: &[Uuid]) {
    let user = Uuid::new_v4();
    let putting = ids[..5].iter().map(|id| {
        let (store, id) = (store.clone(), *id);
        tokio::spawn(async move { store.put_in(user, &[id]).await })
    });
    for put in putting.collect::<Vec<_>>() {
        put.await.unwrap().unwrap();
    }
    let held: BTreeSet<Uuid> = store.basket(user).await.unwrap().into_iter().collect();
    assert_eq!(held, ids[..5].iter().copied().collect());
}
