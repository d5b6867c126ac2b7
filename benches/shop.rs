//! What the shop's own work costs: `GET /unicorns` (products in memory, so that no database is measured)
//! beside the least that axum can answer. The load comes from wrk. `cargo bench --bench shop`.

#![expect(clippy::expect_used, reason = "a benchmark that cannot set its stage has nothing to say")]

use std::net::SocketAddr;
use std::process::Command;

use axum::Router;
use axum::routing::get;
use shop::wire::{NewUser, Unicorn, User};
use shop::{Catalogue, Place, StoreError, catalogue_routes, products};

const CLIENTS: [usize; 3] = [1, 16, 1000];

/// The products and nothing else.
#[derive(Clone)]
struct Shelf(Vec<Unicorn>);

impl Catalogue for Shelf {
    async fn unicorns(&self) -> Result<Vec<Unicorn>, StoreError> {
        Ok(self.0.clone())
    }

    async fn user(&self, _: &str) -> Result<Option<User>, StoreError> {
        Ok(None)
    }

    async fn add_user(&self, _: NewUser) -> Result<User, StoreError> {
        Err(StoreError::Taken)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

fn main() {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("shop: wrk is not installed; nothing measured");
        return;
    }
    let shop = serve(catalogue_routes(Shelf(products()), Place::new("us-east-1")));
    let text = serde_json::to_string(&products()).expect("products are JSON");
    let least = serve(Router::new().route("/unicorns", get(move || async move { text.clone() })));
    for clients in CLIENTS {
        let (least, least_p99, _) = load(least, clients);
        let (ours, p99, errors) = load(shop, clients);
        println!(
            "shop: GET /unicorns, {clients:>4} clients: {ours:>7.0} /s, p99 {p99:>8}; least axum handler {least:>7.0} /s, \
             p99 {least_p99:>8}; ratio {:.2}; errors: {errors}",
            ours / least
        );
    }
}

fn serve(routes: Router) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("the listener waits in the runtime");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            unishop::serve(listener, routes, std::future::pending()).await.expect("serves");
        });
    });
    address
}

/// Requests a second, the 99th percentile as wrk writes it, and what went wrong.
fn load(address: SocketAddr, clients: usize) -> (f64, String, String) {
    let url = format!("http://{address}/unicorns");
    let arguments =
        [format!("-t{}", clients.min(2)), format!("-c{clients}"), "-d4s".into(), "--latency".into(), url];
    let out = Command::new("wrk").args(arguments).output().expect("wrk runs").stdout;
    let text = String::from_utf8_lossy(&out);
    let after = |mark: &str| {
        text.lines()
            .find_map(|l| l.trim().strip_prefix(mark))
            .map(|l| l.trim().to_owned())
            .unwrap_or_default()
    };
    let errors = text.lines().filter(|l| l.contains("errors") || l.contains("Non-2xx")).collect::<String>();
    let errors = if errors.is_empty() { "none".to_owned() } else { errors };
    (after("Requests/sec:").parse().unwrap_or(0.0), after("99%"), errors)
}
