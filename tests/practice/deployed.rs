//! The shop in both Regions of a world, joined and with an edge before them, and short ways to visit it.

use bytes::Bytes;
use espera::cloud::{Fault, Switchboard as _};
use espera::switchboard::PracticeSwitches;
use http::{Request, Response};
use practice::Unreached;
use serde_json::{Value, json};
use testbed::{EAST, Setup, WEST, World, templates};

/// A user's id, and a product's.
pub const ANA: &str = "6f1e9c1c-0000-4000-8000-000000000001";
const COMET: &str = "6f1e9c1c-0000-4000-8000-00000000000c";

/// A world with the shop in it: the hosts of both APIs and of the edge.
pub struct Shop {
    pub world: World,
    pub east: String,
    pub west: String,
    pub edge: String,
}

impl Shop {
    pub fn open(setup: Setup) -> Shop {
        let world = setup.open();
        let speed = world.clock().speed();
        let (first, second) = ("unishop-primary", "unishop-standby");
        world.create_stack(EAST, first, templates::UNISHOP, &[("Role", "primary")]);
        world.create_stack(WEST, second, templates::UNISHOP, &[("Role", "standby")]);
        let join = [("Role", "primary"), ("TableReplicaRegion", WEST), ("WriteForwarding", "enabled")];
        world.update_stack(EAST, first, templates::UNISHOP, &join);
        let join = [("Role", "standby"), ("WriteForwarding", "enabled")];
        world.update_stack(WEST, second, templates::UNISHOP, &join);
        let api = |region, name| world.output(region, name, "ApiUrl").replace("https://", "");
        let (east, west) = (api(EAST, first), api(WEST, second));
        let shop = Shop { edge: String::new(), east, west, world };
        let edge = shop.publish();
        assert_eq!(speed, shop.world.clock().speed());
        Shop { edge, ..shop }
    }

    /// Pages in both buckets and the edge before them.
    fn publish(&self) -> String {
        let mut domains = Vec::new();
        for (region, name, api) in
            [(EAST, "unishop-primary", &self.east), (WEST, "unishop-standby", &self.west)]
        {
            let bucket = self.world.output(region, name, "PagesBucket");
            let config = json!({"host": format!("https://{api}"), "region": region}).to_string();
            for (key, body) in [("index.html", "<h1>Unishop</h1>"), ("config.json", config.as_str())] {
                let path = format!("/{bucket}/{key}");
                assert_eq!(self.world.status("s3", region, "PUT", &path, body.to_owned()), 200);
            }
            domains.push(self.world.output(region, name, "PagesBucketDomain"));
        }
        let given =
            [("PrimaryBucketDomain", domains[0].as_str()), ("StandbyBucketDomain", domains[1].as_str())];
        self.world.create_stack(EAST, "unishop-edge", templates::EDGE, &given);
        self.world.output(EAST, "unishop-edge", "DistributionDomain")
    }

    pub async fn send(
        &self,
        method: &str,
        host: &str,
        path: &str,
        body: &str,
    ) -> Result<(u16, Value), Unreached> {
        let answer = self.ask(method, host, path, body).await?;
        Ok((answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default()))
    }

    /// Sends a request; gives the whole answer.
    pub async fn ask(
        &self,
        method: &str,
        host: &str,
        path: &str,
        body: &str,
    ) -> Result<Response<Bytes>, Unreached> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", host)
            .header("content-type", "application/json")
            .body(Bytes::copy_from_slice(body.as_bytes()));
        self.world.practice.reach(request.expect("a request")).await
    }

    pub async fn sign_up(&self, api: &str, email: &str) -> u16 {
        let body = json!({"email": email, "first_name": "A", "last_name": "B"}).to_string();
        self.send("POST", api, "/user", &body).await.expect("answers").0
    }

    pub async fn knows(&self, api: &str, email: &str) -> bool {
        let (status, _) = self
            .send("POST", api, "/user/login", &json!({"email": email}).to_string())
            .await
            .expect("answers");
        assert!(matches!(status, 200 | 404), "{status}");
        status == 200
    }

    pub fn wait(&self, seconds: u64) {
        self.world.wait(seconds);
    }

    pub async fn turn(&self, fault: Fault, on: bool) {
        let switches = PracticeSwitches::of(&self.world.practice);
        let done = if on { switches.apply(fault) } else { switches.undo(fault) };
        done.await.expect("offered");
    }

    /// Whether a request gets an answer at all, on a clock that only the test moves.
    pub async fn is_silent(&self, host: &str, path: &str) -> bool {
        let asked = self.send("GET", host, path, "");
        tokio::select! {
            biased;
            _ = asked => false,
            () = tokio::task::yield_now() => true,
        }
    }

    pub async fn put_in_basket(&self, api: &str) -> u16 {
        let body = json!({"uuid": ANA, "unicorns": [{"uuid": COMET}]}).to_string();
        self.send("POST", api, "/unicorns/basket", &body).await.expect("answers").0
    }

    pub async fn basket(&self, api: &str) -> usize {
        let (status, found) =
            self.send("GET", api, &format!("/unicorns/basket/{ANA}"), "").await.expect("answers");
        assert_eq!(status, 200, "{found}");
        found["unicorns"].as_array().expect("a list").len()
    }

    /// Fails over to the standby, or with `planned` switches over.
    pub fn promote_west(&self, planned: bool) {
        let west = self.world.output(WEST, "unishop-standby", "DatabaseClusterArn");
        let action = if planned { "SwitchoverGlobalCluster" } else { "FailoverGlobalCluster" };
        let mut pairs =
            vec![("GlobalClusterIdentifier", "unishop-global"), ("TargetDbClusterIdentifier", west.as_str())];
        if !planned {
            pairs.push(("AllowDataLoss", "true"));
        }
        self.world.query("rds", WEST, action, &pairs).expect("begun");
    }

    /// The primary's server.
    pub fn instance(&self) -> String {
        self.world.output(EAST, "unishop-primary", "InstanceId")
    }

    pub async fn products(&self, api: &str) -> u16 {
        self.send("GET", api, "/unicorns", "").await.expect("answers").0
    }
}
