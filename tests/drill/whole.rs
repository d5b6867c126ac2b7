//! Drills from their first probe to their report.

use espera::cloud::Fault;
use espera::drill::Plan;
use espera::practice::scenario::Scenario;

use crate::world::World;

#[tokio::test]
async fn every_fault_of_this_world() {
    let folder = tempfile::tempdir().unwrap();
    let t = std::time::Instant::now();
    let mut scenario = Scenario::default();
    scenario.duration_scale = 0.25;
    let world = World::deployed(folder.path(), 4, scenario).await;
    eprintln!("deployed in {:?}", t.elapsed());
    for fault in world.stage.offers() {
        let t = std::time::Instant::now();
        let (report, events) = world.drill(Plan::failover(fault)).await;
        eprintln!(
            "{fault}: {:?} {} events\n{}",
            t.elapsed(),
            events.len(),
            serde_json::to_string_pretty(&report).unwrap()
        );
    }
    let t = std::time::Instant::now();
    let (report, events) = world.drill(Plan::switchover()).await;
    eprintln!(
        "planned {:?} {} events\n{}",
        t.elapsed(),
        events.len(),
        serde_json::to_string_pretty(&report).unwrap()
    );
    let _ = Fault::Api;
}
