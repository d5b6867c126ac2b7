//! The stores against real databases. `.ci/suites/40-shop.sh` starts them and runs these; here alone
//! they have nothing to talk to.

use aws_smithy_http_client::tls;
use shop::{Baskets, Catalogue, DynamoBaskets, StoreError, Table};
use unishop::{Consistency, Database, Encryption, MySql};
use uuid::Uuid;

use crate::{conformance, tables};

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; .ci/suites/40-shop.sh sets it"))
}

fn database(writer: &str, reader: Option<&str>) -> Database {
    let endpoint = |port: &str| ("localhost".to_owned(), port.parse().unwrap());
    Database {
        writer: endpoint(writer),
        reader: reader.map(endpoint),
        name: "unishop".into(),
        user: "unishop".into(),
        password: variable("SHOP_DATABASE_PASSWORD"),
        encryption: Encryption::Authority(variable("SHOP_DATABASE_CA").into()),
        consistency: Consistency::Session,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a database server"]
async fn mysql_is_a_catalogue() {
    let store = MySql::new(&database(&variable("SHOP_DATABASE_PORT"), None));
    store.prepare().await.unwrap();
    store.prepare().await.unwrap();
    conformance::catalogue(store).await;
}

/// The second server only reads, as a replica does: writes find the other one, whichever is named first.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs two database servers"]
async fn a_write_finds_the_server_that_takes_it() {
    let (writer, reader) = (variable("SHOP_DATABASE_PORT"), variable("SHOP_READER_PORT"));
    for (first, second) in [(&writer, &reader), (&reader, &writer)] {
        let store = MySql::new(&database(first, Some(second)));
        store.prepare().await.unwrap();
        let new = conformance::somebody();
        let made = store.add_user(new.clone()).await.unwrap();
        let there = MySql::new(&database(&writer, None));
        assert_eq!(there.user(&new.email).await.unwrap(), Some(made));
    }
    let nowhere = MySql::new(&database(&reader, None));
    assert!(matches!(nowhere.add_user(conformance::somebody()).await, Err(StoreError::Away { .. })));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a database server"]
async fn a_server_that_cannot_prove_its_name_is_not_talked_to() {
    let mut stranger = database(&variable("SHOP_DATABASE_PORT"), None);
    stranger.writer.0 = "127.0.0.1".into(); // the certificate names localhost alone
    assert!(matches!(MySql::new(&stranger).unicorns().await, Err(StoreError::Away { .. })));
    let unknown =
        Database { encryption: Encryption::System, ..database(&variable("SHOP_DATABASE_PORT"), None) };
    assert!(matches!(MySql::new(&unknown).unicorns().await, Err(StoreError::Away { .. })));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a DynamoDB server"]
async fn another_dynamodb_keeps_baskets() {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
        .build_https();
    let table = |name: &str| {
        DynamoBaskets::new(Table {
            name: name.into(),
            region: "us-east-1".into(),
            http: http.clone(),
            credentials: tables::credentials(),
            endpoint: Some(variable("SHOP_DYNAMODB_URL")),
        })
    };
    conformance::baskets(table("unishop-basket")).await;
    let missing = table("not-there").basket(Uuid::new_v4()).await;
    assert!(matches!(missing, Err(StoreError::Away { .. })), "{missing:?}");
}
