//! How long practice CloudFormation takes for a large template, and for the question every client
//! asks again and again. Prints milliseconds and microseconds; no harness.

use std::fmt::Write as _;
use std::time::Instant;

use practice::call::Reply;
use testbed::BareWorld;

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
    let mut world = BareWorld::seeded(seed);
    let begun = Instant::now();
    ask(&mut world, "CreateStack", &[("StackName", "s"), ("TemplateBody", template)]);
    world.settle();
    ask(&mut world, "DeleteStack", &[("StackName", "s")]);
    world.settle();
    begun.elapsed().as_secs_f64() * 1000.0
}

fn question(template: &str) -> f64 {
    let mut world = BareWorld::seeded(1);
    ask(&mut world, "CreateStack", &[("StackName", "s"), ("TemplateBody", template)]);
    world.settle();
    let begun = Instant::now();
    for _ in 0..QUESTIONS {
        std::hint::black_box(ask(&mut world, "DescribeStacks", &[("StackName", "s")]));
    }
    begun.elapsed().as_secs_f64() * 1e6 / f64::from(QUESTIONS)
}

fn ask(world: &mut BareWorld, action: &str, params: &[(&str, &str)]) -> Reply {
    match world.answer(action, params) {
        Ok(reply) => reply,
        Err(error) => panic!("{action}: {} {}", error.code, error.message),
    }
}
