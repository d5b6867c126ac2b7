//! The diagram follows the facts, at every size, in both languages.

use super::*;
use crate::cloud::facts::*;

fn stack(name: &str, kinds: &[&str], status: &str) -> Stack {
    let resource = |kind: &&str| Resource {
        logical_id: kind.rsplit("::").next().unwrap_or_default().to_owned(),
        kind: (*kind).to_owned(),
        status: status.into(),
        ..Resource::default()
    };
    Stack {
        name: name.to_owned(),
        status: status.into(),
        resources: kinds.iter().map(resource).collect(),
        ..Stack::default()
    }
}

const KINDS: &[&str] = &[
    "AWS::S3::Bucket",
    "AWS::ApiGateway::RestApi",
    "AWS::Lambda::Function",
    "AWS::EC2::Instance",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
];

fn member(role: Role, writer: bool) -> DatabaseMember {
    DatabaseMember {
        arn: format!("arn:aws:rds:{}:123456789012:cluster:unishop", role.region()),
        region: role.region().to_owned(),
        writer,
        forwarding: if writer { ForwardingStatus::default() } else { ForwardingStatus::Enabled },
        synchronization: SynchronizationStatus::Connected,
    }
}

fn joined_facts() -> Facts {
    let mut facts = Facts::default();
    let primary =
        stack("unishop-primary", &[KINDS, &["AWS::DynamoDB::GlobalTable"]].concat(), "CREATE_COMPLETE");
    facts.primary.stacks.push(primary);
    facts.standby.stacks.push(stack("unishop-standby", KINDS, "CREATE_COMPLETE"));
    facts.database = Some(GlobalDatabase {
        members: vec![member(Role::Primary, true), member(Role::Standby, false)],
        lag_ms: Some(120),
        ..GlobalDatabase::default()
    });
    facts.table = Some(Table {
        status: TableStatus::Active,
        replicas: vec![Replica { region: "us-west-1".into(), status: TableStatus::Active, percent: None }],
        ..Table::default()
    });
    facts.edge = Some(Edge {
        domain: "d111111abcdef8.cloudfront.net".into(),
        status: DistributionStatus::Deployed,
        served_by: Some("us-east-1".into()),
        last_code: Some(200),
        ..Edge::default()
    });
    facts
}

fn failed_over_facts() -> Facts {
    let mut facts = joined_facts();
    facts.primary.health = Health::Impaired { symptom: "403 AccessDenied".into() };
    facts.primary.bucket = Some(Bucket { blocked: true, ..Bucket::default() });
    facts.edge.as_mut().unwrap().served_by = Some("us-west-1".into());
    facts.database.as_mut().unwrap().members =
        vec![member(Role::Primary, false), member(Role::Standby, true)];
    facts
}

fn draw_text(facts: &Facts, lang: Lang, width: u16, height: u16) -> String {
    draw(facts, lang, width, height, Charset::Unicode).text()
}

#[test]
fn the_file_reads_and_every_layout_keeps_within_its_size() {
    for layout in &plan::hot_standby().layouts {
        let (w, h) = layout.size;
        for frame in &layout.frames {
            assert!(frame.at.0 + frame.size.0 <= w && frame.at.1 + frame.size.1 <= h, "{}", layout.id);
        }
        for node in &layout.nodes {
            assert!(node.at.0 + node.width <= w, "{} {:?}", layout.id, node.node);
            assert!(plan::hot_standby().node(node.node).is_some());
        }
        for (x, y) in layout.links.iter().flat_map(|l| &l.path) {
            assert!(*x < w && *y < h, "{}", layout.id);
        }
    }
}

#[test]
fn every_node_has_a_place_of_its_own_in_every_layout() {
    let plan = plan::hot_standby();
    for layout in &plan.layouts {
        for node in plan.nodes.iter().filter(|node| node.id != plan::NodeId::Edge) {
            for role in Role::ALL {
                let here = layout.nodes.iter().filter(|n| n.node == node.id && n.region == Some(role));
                assert_eq!(here.count(), 1, "{}: {:?} in {role:?}", layout.id, node.id);
            }
        }
        let rows = |form| if form == plan::Form::Box { 3 } else { 1 };
        let overlap = |a: &plan::Placed, b: &plan::Placed| {
            let ((ax, ay), (bx, by)) = (a.at, b.at);
            ax < bx + b.width && bx < ax + a.width && ay < by + rows(b.form) && by < ay + rows(a.form)
        };
        for (i, a) in layout.nodes.iter().enumerate() {
            for b in &layout.nodes[..i] {
                assert!(!overlap(a, b), "{}: {:?} and {:?} lie on each other", layout.id, a.node, b.node);
            }
        }
    }
}

#[test]
fn the_writer_is_a_word_and_data_flows_from_it() {
    for (width, height) in [(100, 15), (60, 10), (56, 9)] {
        let before = draw_text(&joined_facts(), Lang::Es, width, height);
        let line = before.lines().find(|l| l.contains("escritor")).unwrap();
        assert!(line.contains('▶') && !line.contains('◀') || width == 100, "{line}");
        assert!(line.contains("120 ms"), "{line}");
        assert!(line.find("escritor") < line.find("reenvía"), "{line}");

        let after = draw_text(&failed_over_facts(), Lang::Es, width, height);
        let line = after.lines().find(|l| l.contains("escritor")).unwrap();
        assert!(line.contains('◀'), "{line}");
        assert!(line.find("reenvía") < line.find("escritor"), "{line}");
        assert!(after.contains("averiada"), "{after}");
    }
}

#[test]
fn the_edge_points_at_the_region_that_serves() {
    let inks = |f: &Facts| draw(f, Lang::En, 60, 10, Charset::Unicode).inks();
    let arrow = |s: &str| s.lines().next().unwrap().find('>').unwrap();
    assert!(arrow(&inks(&joined_facts())) < 20);
    assert!(arrow(&inks(&failed_over_facts())) > 35);
    assert!(draw_text(&joined_facts(), Lang::En, 20, 2).contains("us-east-1"));
}

#[test]
fn what_is_being_created_shows_as_such() {
    let mut facts = Facts::default();
    facts.standby.stacks.push(stack("unishop-standby", KINDS, "CREATE_IN_PROGRESS"));
    let drawn = draw_text(&facts, Lang::En, 60, 10);
    assert!(drawn.contains("… building"), "{drawn}");
    assert!(drawn.contains("… EC2 creating"), "{drawn}");
    assert!(drawn.contains("○ S3"), "the primary is absent: {drawn}");
}

#[test]
fn ascii_pictures_hold_no_sign_beyond_ascii() {
    for lang in Lang::ALL {
        for (w, h) in [(100, 15), (60, 10), (56, 9), (30, 5)] {
            let text = draw(&failed_over_facts(), lang, w, h, Charset::Ascii).text();
            assert!(text.chars().all(|c| c.is_ascii() || c.is_alphabetic()), "{text}");
        }
    }
}

#[test]
fn no_size_is_too_small() {
    for w in 0..=110 {
        for h in 0..=16 {
            let picture = draw(&failed_over_facts(), Lang::Es, w, h, Charset::Unicode);
            assert!(picture.width() <= w && picture.height() <= h.max(1));
        }
    }
}

#[test]
#[ignore = "prints the pictures for a person to look at"]
fn look() {
    for (w, h) in [(100, 15), (60, 10), (56, 9), (40, 5)] {
        for facts in [&Facts::default(), &joined_facts(), &failed_over_facts()] {
            println!("{}", draw(facts, Lang::Es, w, h, Charset::Unicode).text());
        }
        println!("{}", draw(&joined_facts(), Lang::En, w, h, Charset::Ascii).text());
        println!("{}", draw(&joined_facts(), Lang::En, w, h, Charset::Ascii).inks());
    }
}
