//! How long practice CloudFormation takes for a large template, and for the question every client
//! asks again and again. Prints milliseconds and microseconds; no harness.

use std::fmt::Write as _;
use std::time::Instant;

use bytes::Bytes;
use ground::clock::Moment;
use http::{HeaderMap, Method};
use practice::call::{Call, Reply, RequestId, Service};
use practice::scenario::Scenario;
use practice::wire::{Params, Protocol};
use practice::world::World;
use practice::{advance, answer, time};

const RESOURCES: usize = 500;
const ROUNDS: u32 = 20;
const QUESTIONS: u32 = 200_000;

fn main() {
    let template = template();
    let mut times: Vec<f64> = (0..ROUNDS).map(|seed| end_to_end(&template, u64::from(seed))).collect();
    times.sort_by(f64::total_cmp);
    println!(
        "engine: {RESOURCES} resources created and deleted: median {:.2} ms, slowest {:.2} ms",
        times[times.len() / 2],
        times[times.len() - 1]
    );
    println!("engine: DescribeStacks of a complete stack: {:.2} µs", question(&template));
}

fn template() -> String {
    let mut text = String::from("Resources:\n");
    for i in 0..RESOURCES {
        let _ = writeln!(text, "  R{i}:\n    Type: AWS::SNS::Topic\n    Properties:");
        match i {
            0 => _ = writeln!(text, "      DisplayName: first"),
            _ => _ = writeln!(text, "      DisplayName: !Sub '${{R{}}}'", i / 2),
        }
    }
    text
}

fn end_to_end(template: &str, seed: u64) -> f64 {
    let start = Moment(1_800_000_000_000);
    let mut world = World::new(seed, Scenario::default(), start);
    let begun = Instant::now();
    ask(&mut world, "CreateStack", &[("StackName", "s"), ("TemplateBody", template)]);
    run(&mut world);
    ask(&mut world, "DeleteStack", &[("StackName", "s")]);
    run(&mut world);
    begun.elapsed().as_secs_f64() * 1000.0
}

fn run(world: &mut World) {
    while let Some(due) = time::next_due(world) {
        advance(world, due);
    }
}

fn question(template: &str) -> f64 {
    let mut world = World::new(1, Scenario::default(), Moment(1_800_000_000_000));
    ask(&mut world, "CreateStack", &[("StackName", "s"), ("TemplateBody", template)]);
    run(&mut world);
    let begun = Instant::now();
    for _ in 0..QUESTIONS {
        std::hint::black_box(ask(&mut world, "DescribeStacks", &[("StackName", "s")]));
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(QUESTIONS)
}

fn ask(world: &mut World, action: &str, params: &[(&str, &str)]) -> Reply {
    let call = Call {
        service: Service::CloudFormation,
        protocol: Protocol::Query,
        region: "us-east-1",
        caller: practice::call::Caller::Account,
        action: action.to_owned(),
        now: world.now,
        method: &Method::POST,
        path: "/",
        query: "",
        headers: &HeaderMap::new(),
        body: &Bytes::new(),
        host: "localhost",
        params: params.iter().copied().collect::<Params>(),
        request_id: RequestId(1),
    };
    match answer(world, &call) {
        Ok(reply) => reply,
        Err(error) => panic!("{action}: {} {}", error.code, error.message),
    }
}
