//! Distributions through CloudFront's calls: deployed over time, changed under a tag, echoed exactly.

use practice::wire::Node;
use testbed::{Refused, World};

fn config(reference: &str, behavior: &str) -> String {
    let origin = |id: &str| {
        format!(
            "<Origin><Id>{id}</Id><DomainName>{id}.s3.us-east-1.amazonaws.com</DomainName><S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig></Origin>"
        )
    };
    format!(
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
         <CallerReference>{reference}</CallerReference>\
         <Origins><Quantity>2</Quantity><Items>{}{}</Items></Origins>\
         <OriginGroups><Quantity>1</Quantity><Items><OriginGroup><Id>g</Id><FailoverCriteria><StatusCodes><Quantity>2</Quantity>\
         <Items><StatusCode>403</StatusCode><StatusCode>503</StatusCode></Items></StatusCodes></FailoverCriteria>\
         <Members><Quantity>2</Quantity><Items><OriginGroupMember><OriginId>a</OriginId></OriginGroupMember>\
         <OriginGroupMember><OriginId>b</OriginId></OriginGroupMember></Items></Members></OriginGroup></Items></OriginGroups>\
         <DefaultCacheBehavior><TargetOriginId>g</TargetOriginId><ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>\
         <CachePolicyId>4135ea2d-6df8-44a3-9df3-4b5a84be39ad</CachePolicyId>{behavior}</DefaultCacheBehavior>\
         <Comment>caf&#233; &amp; &lt;tea&gt;</Comment><Enabled>true</Enabled></DistributionConfig>",
        origin("a"),
        origin("b")
    )
}

fn create(world: &World, body: &str) -> Result<(String, Node), Refused> {
    world.cloudfront("POST", "distribution", None, body)
}

#[test]
fn a_distribution_is_deployed_after_a_while_and_the_edge_knows_its_origins() {
    let world = World::seeded(2);
    let (_, made) = create(&world, &config("1", "")).unwrap();
    let id = made.at("Id").unwrap().to_owned();
    assert_eq!(made.at("Status"), Some("InProgress"));
    let domain = made.at("DomainName").unwrap().to_owned();
    let view = world.practice.inspect(|w| w.cloudfront.by_host(&domain).cloned()).unwrap();
    let (origins, codes) = view.route(&view.default_behavior.target);
    assert_eq!(origins.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((codes, view.deployed), ([403, 503].as_slice(), false));
    world.settle();
    let (_, now) = world.cloudfront("GET", &format!("distribution/{id}"), None, "").unwrap();
    assert_eq!(now.at("Status"), Some("Deployed"));
}

#[test]
fn a_configuration_comes_back_as_it_went_in() {
    let world = World::seeded(2);
    let (_, made) = create(&world, &config("1", "")).unwrap();
    let id = made.at("Id").unwrap().to_owned();
    let (tag, got) = world.cloudfront("GET", &format!("distribution/{id}/config"), None, "").unwrap();
    assert_eq!(got.at("Comment"), Some("café & <tea>"));
    let sent = Node::parse(config("1", "").as_bytes()).unwrap();
    for member in &sent.children {
        let kept = got.child(&member.name).unwrap();
        let same = kept == member || matches!(member.name.as_str(), "Origins" | "DefaultCacheBehavior");
        assert!(same, "{} changed", member.name);
    }
    let path = format!("distribution/{id}/config");
    assert_eq!(
        world.cloudfront("PUT", &path, None, &config("1", "")).unwrap_err().1,
        "InvalidIfMatchVersion"
    );
    assert_eq!(world.cloudfront("PUT", &path, Some("EOTHER"), &config("1", "")).unwrap_err().0, 412);
    let (next, _) = world.cloudfront("PUT", &path, Some(&tag), &config("1", "")).unwrap();
    assert_ne!(next, tag);
}

#[test]
fn only_a_distribution_that_is_off_can_be_deleted() {
    let world = World::seeded(2);
    let (tag, made) = create(&world, &config("1", "")).unwrap();
    let path = format!("distribution/{}", made.at("Id").unwrap());
    world.settle();
    assert_eq!(world.cloudfront("DELETE", &path, Some(&tag), "").unwrap_err().1, "DistributionNotDisabled");
    let off = config("1", "").replace("<Enabled>true", "<Enabled>false");
    let (tag, _) = world.cloudfront("PUT", &format!("{path}/config"), Some(&tag), &off).unwrap();
    assert_eq!(world.cloudfront("DELETE", &path, Some(&tag), "").unwrap_err().1, "DistributionNotDisabled");
    world.settle();
    world.cloudfront("DELETE", &path, Some(&tag), "").unwrap();
    assert_eq!(world.cloudfront("GET", &path, None, "").unwrap_err().1, "NoSuchDistribution");
}

#[test]
fn what_an_origin_group_cannot_do_is_refused() {
    let world = World::seeded(2);
    let methods = "<AllowedMethods><Quantity>3</Quantity><Items><Method>GET</Method><Method>HEAD</Method><Method>POST</Method></Items></AllowedMethods>";
    let refused = |body: &str| create(&world, body).unwrap_err();
    assert!(refused(&config("1", methods)).2.contains("associated with an origin group"));
    let teapot = config("1", "").replace("<StatusCode>403", "<StatusCode>418");
    assert!(refused(&teapot).2.contains("invalid failover status code"));
    let stranger = config("1", "").replace("<TargetOriginId>g", "<TargetOriginId>z");
    assert_eq!(refused(&stranger).1, "NoSuchOrigin");
    create(&world, &config("1", "")).unwrap();
    assert_eq!(refused(&config("1", "")).1, "DistributionAlreadyExists");
}
