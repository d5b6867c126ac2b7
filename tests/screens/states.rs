//! The states of the workshop that the screens are tested in, built by hand so that their words and
//! times never change.

use std::sync::Arc;
use std::time::Duration;

use espera::app::{
    Appearance, InitialState, Keymap, Model, Msg, Overlay, Pace, Running, Seat, World, update,
};
use espera::cloud::facts::*;
use espera::cloud::{ActionId, Fault};
use espera::course::Course;
use espera::progress::Progress;
use ground::clock::{Moment, Speed};
use ground::lang::Lang;
use lessons::Library;

/// The moment all screens show.
pub const NOW: Moment = Moment(1_795_000_000_000);

fn ago(seconds: u64) -> Moment {
    Moment(NOW.0 - seconds * 1000)
}

/// A session at `step` that has passed the steps before it, with nothing in the cloud.
pub fn at_step(lang: Lang, step: usize) -> Model {
    let course = Arc::new(Course::parse(include_str!("course.toml")).unwrap_or_else(|e| panic!("{e}")));
    let library = Library::of_texts([
        ("standby.es.md", include_str!("standby.es.md")),
        ("standby.en.md", include_str!("standby.en.md")),
        (
            "primary.es.md",
            "+++\ntitle = \"Primaria\"\nweight = 2\n+++\n## La Región primaria\n\nUn párrafo.\n",
        ),
        (
            "primary.en.md",
            "+++\ntitle = \"Primary\"\nweight = 2\n+++\n## The primary Region\n\nA paragraph.\n",
        ),
    ]);
    let passed = course.steps.iter().take(step).flat_map(|s| &s.checks).map(|c| c.id.clone()).collect();
    let mut model = Model::new(InitialState {
        lang,
        world: World::Practice {
            speed: Speed::Times(20.0),
            pace: Pace::Running,
            endpoint: Some("http://127.0.0.1:4566".to_owned()),
        },
        look: Appearance::default(),
        seat: Seat::Learner,
        keymap: Arc::new(Keymap::embedded().unwrap_or_else(|e| panic!("{e}"))),
        course,
        library: Arc::new(library),
        progress: Progress { step, passed, ..Progress::default() },
        faults: Fault::ALL.to_vec(),
        size: (120, 40),
        now: NOW,
    });
    model.elapsed = Duration::from_secs(761);
    model
}

/// `model` after it has seen `facts`; what it said about them is taken away again.
fn seeing(mut model: Model, mut facts: Facts) -> Model {
    facts.at = NOW;
    Role::ALL.into_iter().for_each(|role| facts.region_mut(role).heard = true);
    update(&mut model, Msg::Facts(Arc::new(facts)));
    model.message = None;
    model.log.clear();
    model
}

const PARTS: &[(&str, &str)] = &[
    ("Network", "AWS::EC2::VPC"),
    ("PagesBucket", "AWS::S3::Bucket"),
    ("BasketRole", "AWS::IAM::Role"),
    ("BasketFunction", "AWS::Lambda::Function"),
    ("ShopApi", "AWS::ApiGateway::RestApi"),
    ("DatabaseCluster", "AWS::RDS::DBCluster"),
    ("DatabaseInstance", "AWS::RDS::DBInstance"),
    ("ShopInstance", "AWS::EC2::Instance"),
];

/// A stack of which the first `done` parts are complete, `moving` after them under way, the rest waiting.
fn stack(name: &str, region: &str, status: &str, done: usize, moving: usize) -> Stack {
    let verb = if status.starts_with("ROLLBACK") { "DELETE" } else { "CREATE" };
    let part = |(i, (id, kind)): (usize, &(&str, &str))| {
        let (status, ended) = match i {
            i if i < done => (format!("{verb}_COMPLETE"), Some(ago(300 - i as u64 * 30))),
            i if i < done + moving => (format!("{verb}_IN_PROGRESS"), None),
            _ => (String::new(), None),
        };
        Resource {
            logical_id: (*id).to_owned(),
            physical_id: Some(format!("{name}-{}", id.to_lowercase())),
            kind: (*kind).to_owned(),
            status: Status(status),
            reason: None,
            began: ago(320 - i as u64 * 27),
            ended,
        }
    };
    let running = status.ends_with("_IN_PROGRESS");
    Stack {
        name: name.to_owned(),
        id: format!("arn:aws:cloudformation:{region}:123456789012:stack/{name}/5f3d"),
        status: status.into(),
        began: ago(if running { 320 } else { 2000 }),
        ended: (!running).then(|| ago(550)),
        resources: PARTS.iter().enumerate().map(part).collect(),
        expected: PARTS.len(),
        left: running.then(|| Duration::from_secs(250)),
        ..Stack::default()
    }
}

fn primary() -> Stack {
    let mut stack = stack("unishop-primary", "us-east-1", "CREATE_COMPLETE", PARTS.len(), 0);
    stack.resources.push(Resource {
        logical_id: "BasketTable".to_owned(),
        kind: "AWS::DynamoDB::GlobalTable".to_owned(),
        status: "CREATE_COMPLETE".into(),
        began: ago(1000),
        ended: Some(ago(980)),
        ..Resource::default()
    });
    stack.expected += 1;
    stack
}

fn member(role: Role, writer: bool) -> DatabaseMember {
    DatabaseMember {
        arn: format!("arn:aws:rds:{}:123456789012:cluster:unishop", role.region()),
        region: role.region().to_owned(),
        writer,
        forwarding: if writer { ForwardingStatus::Disabled } else { ForwardingStatus::Enabled },
        synchronization: SynchronizationStatus::Connected,
    }
}

fn one_region() -> Facts {
    let mut facts = Facts {
        identity: Some(Identity {
            account: "123456789012".to_owned(),
            arn: "arn:aws:iam::123456789012:user/practice".to_owned(),
            alias: None,
        }),
        ..Facts::default()
    };
    facts.primary.stacks.push(primary());
    facts.primary.health = Health::Serving;
    facts.primary.bucket = Some(Bucket {
        name: "unishop-pages-123456789012".to_owned(),
        objects: 9,
        published: true,
        blocked: false,
    });
    facts.database = Some(GlobalDatabase {
        id: "unishop-global".to_owned(),
        status: "available".to_owned(),
        members: vec![member(Role::Primary, true)],
        ..GlobalDatabase::default()
    });
    facts.table =
        Some(Table { name: "unishop-basket".to_owned(), status: TableStatus::Active, replicas: Vec::new() });
    facts
}

/// Facts of both Regions joined and behind the edge.
pub fn joined_facts() -> Facts {
    let mut facts = one_region();
    facts.standby.stacks.push(stack("unishop-standby", "us-west-1", "CREATE_COMPLETE", PARTS.len(), 0));
    facts.standby.health = Health::Serving;
    facts.standby.bucket = facts.primary.bucket.clone();
    let mut edge = stack("unishop-edge", "us-east-1", "CREATE_COMPLETE", 0, 0);
    edge.resources = vec![Resource {
        logical_id: "Distribution".to_owned(),
        kind: "AWS::CloudFront::Distribution".to_owned(),
        status: "CREATE_COMPLETE".into(),
        began: ago(600),
        ended: Some(ago(400)),
        ..Resource::default()
    }];
    edge.expected = 1;
    facts.primary.stacks.push(edge);
    if let Some(database) = &mut facts.database {
        database.members.push(member(Role::Standby, false));
        database.lag_ms = Some(120);
    }
    if let Some(table) = &mut facts.table {
        table.replicas =
            vec![Replica { region: "us-west-1".into(), status: TableStatus::Active, percent: None }];
    }
    facts.edge = Some(Edge {
        id: "E1ESPERA".to_owned(),
        domain: "d111111abcdef8.cloudfront.net".to_owned(),
        status: DistributionStatus::Deployed,
        served_by: Some("us-east-1".to_owned()),
        last_code: Some(200),
    });
    facts
}

/// Nothing done yet, at the introduction.
pub fn fresh(lang: Lang) -> Model {
    at_step(lang, 0)
}

/// The standby is being created.
pub fn deploying(lang: Lang) -> Model {
    let mut facts = one_region();
    facts.standby.stacks.push(stack("unishop-standby", "us-west-1", "CREATE_IN_PROGRESS", 4, 2));
    let mut model = seeing(at_step(lang, 3), facts);
    model.running = Some(Running { action: ActionId::DeployStandby.into(), began: ago(325) });
    model
}

/// The standby failed and goes back.
pub fn failed(lang: Lang) -> Model {
    let mut facts = one_region();
    let mut stack = stack("unishop-standby", "us-west-1", "ROLLBACK_IN_PROGRESS", 5, 0);
    let reason = "Resource handler returned message: \"The DB instance class db.r5.large is not available in \
                  us-west-1 (Service: Rds, Status Code: 400, Request ID: 5f3d)\" (HandlerErrorCode: InvalidRequest)";
    stack.first_error =
        Some(StackError { logical_id: "DatabaseInstance".to_owned(), reason: reason.to_owned() });
    for (resource, status) in
        stack.resources.iter_mut().rev().zip(["CREATE_FAILED", "CREATE_FAILED", "DELETE_IN_PROGRESS"])
    {
        resource.status = status.into();
    }
    facts.standby.stacks.push(stack);
    seeing(at_step(lang, 3), facts)
}

/// Both Regions joined, the edge in front.
pub fn joined(lang: Lang) -> Model {
    seeing(at_step(lang, 5), joined_facts())
}

/// The primary Region has just been broken.
pub fn broken(lang: Lang) -> Model {
    let mut facts = joined_facts();
    facts.primary.health = Health::Impaired { symptom: "403 AccessDenied".to_owned() };
    if let Some(bucket) = &mut facts.primary.bucket {
        bucket.blocked = true;
    }
    if let Some(edge) = &mut facts.edge {
        edge.served_by = Some("us-west-1".to_owned());
    }
    seeing(at_step(lang, 6), facts)
}

/// The writer has moved to the standby.
pub fn failed_over(lang: Lang) -> Model {
    let mut facts = (*broken(lang).facts).clone();
    if let Some(database) = &mut facts.database {
        database.members = vec![member(Role::Primary, false), member(Role::Standby, true)];
    }
    seeing(at_step(lang, 6), facts)
}

/// Every main state by its name.
pub fn all(lang: Lang) -> Vec<(&'static str, Model)> {
    vec![
        ("fresh", fresh(lang)),
        ("deploying", deploying(lang)),
        ("failed", failed(lang)),
        ("joined", joined(lang)),
        ("broken", broken(lang)),
        ("failed-over", failed_over(lang)),
    ]
}

/// The state in which an overlay is shown, with it open.
pub fn with(mut model: Model, overlay: Overlay) -> Model {
    model.overlay = Some(overlay);
    model
}
