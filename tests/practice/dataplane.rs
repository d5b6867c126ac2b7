//! The shop in both practice Regions, as its visitors and its API's callers meet it.

use std::time::Duration;

use bytes::Bytes;
use espera::cloud::Fault;
use espera::guest::catalogue;
use ground::clock::{Clock, Speed};
use http::{Request, Response};
use practice::Unreached;
use proptest::prelude::*;
use serde_json::json;
use shop::{Catalogue as _, StoreError};
use testbed::{EAST, START, WEST, templates};

use crate::deployed::{ANA, Shop};
use crate::world::setup;

#[tokio::test]
async fn a_shop_is_there_when_its_stack_is_and_users_reach_the_other_region() {
    let shop = Shop::open(setup());
    assert_eq!(
        shop.send("GET", "nothing.execute-api.us-east-1.amazonaws.com", "/", "").await,
        Err(Unreached::Refused)
    );
    assert_eq!(shop.sign_up(&shop.east, "ana@example.com").await, 201);
    assert_eq!(shop.sign_up(&shop.east, "Ana@example.com").await, 409);
    assert!(shop.knows(&shop.east, "ana@example.com").await);
    assert!(!shop.knows(&shop.west, "ana@example.com").await, "not arrived yet");
    shop.wait(1);
    assert!(shop.knows(&shop.west, "ana@example.com").await);
    // Forwarded, and judged at the writer.
    assert_eq!(shop.sign_up(&shop.west, "ben@example.com").await, 201);
    assert!(shop.knows(&shop.east, "ben@example.com").await);
    assert!(!shop.knows(&shop.west, "ben@example.com").await);
    assert_eq!(shop.sign_up(&shop.west, "ben@example.com").await, 409);
    assert_eq!(shop.send("GET", &shop.east, "/nothing", "").await.expect("answers").0, 404);
    let off = [("Role", "standby"), ("WriteForwarding", "disabled")];
    shop.world.update_stack(WEST, "unishop-standby", templates::UNISHOP, &off);
    assert_eq!(shop.sign_up(&shop.west, "eva@example.com").await, 503, "nothing forwards it");
    assert!(shop.knows(&shop.west, "ben@example.com").await);
}

#[tokio::test]
async fn the_worlds_aurora_passes_the_suite_of_every_store() {
    let shop = Shop::open(setup());
    let east = shop.world.output(EAST, "unishop-primary", "DatabaseClusterArn");
    crate::conformance::catalogue(catalogue(&shop.world.practice, &east)).await;
    let (store, nobody) =
        (catalogue(&shop.world.practice, &east), catalogue(&shop.world.practice, "arn:of:no:cluster"));
    assert!(matches!(nobody.ping().await, Err(StoreError::Away { .. })));
    drop(shop);
    assert!(matches!(store.ping().await, Err(StoreError::Away { .. })), "the world is gone");
}

#[tokio::test]
async fn a_repeated_sign_up_makes_no_second_user() {
    let shop = Shop::open(setup());
    let sign_up = |api: String, email: &str| {
        let body = json!({"uuid": ANA, "email": email, "first_name": "A", "last_name": "B"}).to_string();
        let shop = &shop;
        async move { shop.send("POST", &api, "/user", &body).await.expect("answers") }
    };
    let first = sign_up(shop.east.clone(), "ana@example.com").await;
    assert_eq!((first.0, first.1["uuid"].as_str()), (201, Some(ANA)));
    assert_eq!(sign_up(shop.east.clone(), "ana@example.com").await, first);
    assert_eq!(sign_up(shop.west.clone(), "ana@example.com").await, first, "the writer knows");
    assert_eq!(sign_up(shop.east.clone(), "other@example.com").await.0, 409);
}

#[tokio::test]
async fn an_api_that_fails_answers_500_and_the_data_is_untouched() {
    let shop = Shop::open(setup());
    assert_eq!((shop.products(&shop.east).await, shop.put_in_basket(&shop.east).await), (200, 201));
    shop.turn(Fault::Api, true).await;
    assert_eq!((shop.products(&shop.east).await, shop.put_in_basket(&shop.east).await), (500, 500));
    assert_eq!(shop.products(&shop.west).await, 200);
    shop.wait(5);
    assert_eq!(shop.basket(&shop.west).await, 1);
    shop.turn(Fault::Api, false).await;
    assert_eq!(shop.basket(&shop.east).await, 1);
}

#[tokio::test]
async fn a_stopped_instance_takes_the_products_away_and_leaves_the_baskets() {
    let shop = Shop::open(setup());
    let id = shop.instance();
    let direct = format!("{id}.{EAST}.instance.localhost");
    assert_eq!(shop.products(&direct).await, 200);
    shop.world.query("ec2", EAST, "StopInstances", &[("InstanceId.1", &id)]).expect("answered");
    assert_eq!(shop.send("GET", &direct, "/unicorns", "").await, Err(Unreached::Refused));
    assert_eq!((shop.products(&shop.east).await, shop.put_in_basket(&shop.east).await), (503, 201));
    let state = || {
        let found =
            shop.world.query("ec2", EAST, "DescribeInstances", &[("InstanceId.1", &id)]).expect("answered");
        let path = "reservationSet/item/instancesSet/item/instanceState/name";
        found.at(path).expect("a state").to_owned()
    };
    assert_eq!(state(), "stopping");
    shop.wait(60);
    assert_eq!(state(), "stopped");
    shop.world.query("ec2", EAST, "StartInstances", &[("InstanceId.1", &id)]).expect("answered");
    assert_eq!((state().as_str(), shop.products(&shop.east).await), ("pending", 503));
    shop.wait(60);
    assert_eq!((state().as_str(), shop.products(&shop.east).await), ("running", 200));
}

#[tokio::test]
async fn a_silent_region_loses_what_had_not_crossed_and_the_other_takes_over() {
    let shop = Shop::open(setup());
    assert_eq!(shop.sign_up(&shop.east, "early@example.com").await, 201);
    shop.wait(2);
    assert_eq!(shop.sign_up(&shop.east, "late@example.com").await, 201);
    shop.turn(Fault::Region, true).await;
    assert!(shop.is_silent(&shop.east, "/unicorns").await);
    assert!(!shop.is_silent(&shop.west, "/unicorns").await);
    assert_eq!(shop.sign_up(&shop.west, "during@example.com").await, 503, "forwarding needs a live primary");
    shop.promote_west(false);
    shop.wait(60);
    assert_eq!(shop.sign_up(&shop.west, "during@example.com").await, 503);
    shop.wait(500);
    assert_eq!(shop.sign_up(&shop.west, "after@example.com").await, 201);
    assert!(shop.knows(&shop.west, "early@example.com").await);
    assert!(!shop.knows(&shop.west, "late@example.com").await, "acknowledged, and lost");
    assert_eq!(shop.sign_up(&shop.west, "late@example.com").await, 201, "so the e-mail is free again");
    shop.turn(Fault::Region, false).await;
    shop.wait(900);
    assert!(shop.knows(&shop.east, "after@example.com").await, "the old writer follows the new one");
    assert_eq!(shop.sign_up(&shop.east, "back@example.com").await, 201, "through forwarding");
}

#[tokio::test]
async fn a_cut_network_leaves_both_sides_alive_and_apart_until_it_is_mended() {
    let shop = Shop::open(setup());
    shop.turn(Fault::Network, true).await;
    assert_eq!(shop.sign_up(&shop.east, "ana@example.com").await, 201);
    assert_eq!((shop.put_in_basket(&shop.east).await, shop.products(&shop.west).await), (201, 200));
    assert_eq!(shop.sign_up(&shop.west, "ben@example.com").await, 503);
    shop.wait(600);
    assert!(!shop.knows(&shop.west, "ana@example.com").await);
    assert_eq!(shop.basket(&shop.west).await, 0);
    shop.turn(Fault::Network, false).await;
    shop.wait(5);
    assert!(shop.knows(&shop.west, "ana@example.com").await);
    assert_eq!((shop.basket(&shop.west).await, shop.sign_up(&shop.west, "ben@example.com").await), (1, 201));
}

#[tokio::test]
async fn lag_grows_while_the_fault_lasts_and_shrinks_after() {
    let shop = Shop::open(setup());
    let west = shop.world.output(WEST, "unishop-standby", "DatabaseClusterArn");
    let lag = || {
        let now = shop.world.now();
        shop.world
            .practice
            .inspect(|w| w.dataplane.aurora.lag_ms(&w.rds, &w.scene(WEST, now), &west).expect("a standby"))
    };
    assert!(lag() < 500.0);
    shop.turn(Fault::Lag, true).await;
    let mut last = 0.0;
    for _ in 0..5 {
        shop.wait(20);
        assert!(lag() > last + 8_000.0, "{} after {last}", lag());
        last = lag();
    }
    assert_eq!(shop.sign_up(&shop.east, "ana@example.com").await, 201);
    shop.wait(40);
    assert!(!shop.knows(&shop.west, "ana@example.com").await);
    shop.turn(Fault::Lag, false).await;
    shop.wait(15);
    assert!(shop.knows(&shop.west, "ana@example.com").await);
    assert!(lag() < 500.0);
}

#[tokio::test]
async fn the_edge_waits_as_long_as_it_is_told_and_then_asks_the_other_region() {
    let clock = Clock::practice(START, Speed::Max);
    let shop = Shop::open(setup().clock(clock.clone()));
    let config = |host: String| {
        let shop = &shop;
        async move {
            let began = shop.world.now();
            let (status, config) = shop.send("GET", &host, "/config.json", "").await.expect("answers");
            (status, config, shop.world.now().since(began).as_millis())
        }
    };
    let (status, read, took) = config(shop.edge.clone()).await;
    assert_eq!((status, read["region"].as_str()), (200, Some(EAST)));
    assert_eq!(read["host"], format!("https://{}", shop.east));
    assert!((10..40).contains(&took), "{took} ms");
    // On this machine a page is sent to the API of this machine.
    let local = shop.edge.replace(".net", ".localhost:4566");
    let api = shop.east.replace("amazonaws.com", "localhost:4566");
    assert_eq!(config(local).await.1["host"], format!("http://{api}"));
    shop.turn(Fault::Region, true).await;
    let (status, read, took) = config(shop.edge.clone()).await;
    assert_eq!((status, read["region"].as_str()), (200, Some(WEST)));
    assert!((5_000..5_100).contains(&took), "one attempt of five seconds to answer, not {took} ms");
    assert_eq!(shop.send("POST", &shop.edge, "/config.json", "").await.expect("answers").0, 403);
    shop.turn(Fault::Region, false).await;
    assert_eq!(config(shop.edge.clone()).await.1["region"], EAST);
    // What a write takes, here and forwarded.
    let began = clock.now();
    assert_eq!(shop.sign_up(&shop.east, "ana@example.com").await, 201);
    let here = clock.now().since(began).as_millis();
    let began = clock.now();
    assert_eq!(shop.sign_up(&shop.west, "ben@example.com").await, 201);
    let forwarded = clock.now().since(began).as_millis();
    assert!((15..40).contains(&here) && forwarded >= here + 40, "{here} ms, {forwarded} ms");
}

#[tokio::test]
async fn a_page_of_any_origin_may_call_as_the_api_is_configured() {
    let shop = Shop::open(setup());
    let ask = |method: &str, more: (&str, &str)| {
        let request = Request::builder()
            .method(method)
            .uri("/user")
            .header("host", &shop.east)
            .header("origin", "http://d1.cloudfront.localhost:4566")
            .header(more.0, more.1)
            .body(Bytes::from_static(b"{}"));
        shop.world.practice.reach(request.expect("a request"))
    };
    let preflight = ask("OPTIONS", ("access-control-request-method", "POST")).await.expect("answers");
    let said = |answer: &Response<Bytes>, name: &str| {
        answer.headers().get(name).map(|v| v.to_str().expect("text").to_owned()).unwrap_or_default()
    };
    assert_eq!(preflight.status().as_u16(), 204);
    assert_eq!(said(&preflight, "access-control-allow-origin"), "*");
    assert_eq!(said(&preflight, "access-control-allow-methods"), "GET,POST,DELETE");
    assert_eq!(said(&preflight, "access-control-allow-headers"), "content-type");
    let answer = ask("POST", ("content-type", "application/json")).await.expect("answers");
    assert!(answer.status().is_client_error());
    assert_eq!(said(&answer, "access-control-allow-origin"), "*");
    assert_eq!(said(&answer, "x-unishop-region"), EAST);
}

#[tokio::test]
async fn a_world_opened_again_has_its_users_and_its_faults() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = Shop::open(setup().saved_in(folder.path()));
    assert_eq!(shop.sign_up(&shop.east, "ana@example.com").await, 201);
    assert_eq!(shop.put_in_basket(&shop.east).await, 201);
    for fault in [Fault::Api, Fault::Network, Fault::Lag] {
        shop.turn(fault, true).await;
    }
    assert_eq!(shop.sign_up(&shop.west, "ben@example.com").await, 503);
    shop.turn(Fault::Api, false).await;
    let id = shop.instance();
    shop.world.query("ec2", EAST, "StopInstances", &[("InstanceId.1", &id)]).expect("answered");
    let (left, api) = (shop.world.image(), shop.east.clone());
    drop(shop);
    let world = setup().saved_in(folder.path()).open();
    assert_eq!(left, world.image());
    let shop = Shop { world, east: api.clone(), west: String::new(), edge: String::new() };
    assert_eq!(shop.products(&api).await, 503);
    assert_eq!(shop.basket(&api).await, 1);
}

#[tokio::test]
async fn a_world_that_hosts_nothing_answers_as_an_api_with_nothing_behind_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = Shop::open(setup().saved_in(folder.path()));
    let (api, id) = (shop.east.clone(), shop.instance());
    drop(shop);
    let world = setup().without_guest().saved_in(folder.path()).open();
    let shop = Shop { world, east: api.clone(), west: String::new(), edge: String::new() };
    assert_eq!((shop.products(&api).await, shop.put_in_basket(&api).await), (503, 500));
    let direct = format!("{id}.{EAST}.instance.localhost");
    assert_eq!(shop.send("GET", &direct, "/unicorns", "").await, Err(Unreached::Refused));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever was acknowledged and had reached the other Region survives any failover, and a planned
    /// switchover loses nothing at all.
    #[test]
    fn what_had_crossed_is_never_lost(
        seed in 0_u64..1000,
        gaps in prop::collection::vec(0_u64..400, 1..12),
        lagging in any::<bool>(),
        planned in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let shop = Shop::open(setup().seed(seed));
            shop.turn(Fault::Lag, lagging).await;
            let users: Vec<String> = (0..gaps.len()).map(|n| format!("u{n}@example.com")).collect();
            for (user, gap) in users.iter().zip(&gaps) {
                assert_eq!(shop.sign_up(&shop.east, user).await, 201);
                shop.world.advance(Duration::from_millis(*gap));
            }
            let mut crossed = Vec::new();
            for user in &users {
                crossed.push(shop.knows(&shop.west, user).await);
            }
            if !planned {
                shop.turn(Fault::Region, true).await;
            }
            shop.promote_west(planned);
            shop.wait(600);
            let mut kept = Vec::new();
            for user in &users {
                kept.push(shop.knows(&shop.west, user).await);
            }
            if planned {
                assert!(kept.iter().all(|k| *k), "a switchover lost some: {kept:?}");
            } else {
                assert_eq!(kept, crossed, "exactly what had crossed is there");
            }
            assert_eq!(shop.sign_up(&shop.west, "new@example.com").await, 201);
        });
    }

    /// Two Regions that were apart agree again, whatever was written on either side meanwhile.
    #[test]
    fn a_network_that_is_mended_brings_both_sides_together(
        seed in 0_u64..1000,
        writes in prop::collection::vec((any::<bool>(), 0_u64..5000), 1..10),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let shop = Shop::open(setup().seed(seed));
            shop.turn(Fault::Network, true).await;
            let mut users = Vec::new();
            for (n, (east, gap)) in writes.iter().enumerate() {
                let api = if *east { &shop.east } else { &shop.west };
                assert_eq!(shop.put_in_basket(api).await, 201);
                let user = format!("u{n}@example.com");
                assert_eq!(shop.sign_up(api, &user).await, if *east { 201 } else { 503 });
                users.extend(east.then_some(user));
                shop.world.advance(Duration::from_millis(*gap));
            }
            shop.turn(Fault::Network, false).await;
            shop.world.settle();
            assert_eq!((shop.basket(&shop.east).await, shop.basket(&shop.west).await), (1, 1));
            for user in &users {
                assert!(shop.knows(&shop.west, user).await, "{user}");
            }
        });
    }
}
