//! A case changes hands: P2.

use casebridge_tests::{help_desk::ANNA, host::Host, notice::Notifier};
use serde_json::{Value, json};

use crate::run::{Outcome, SOON, on_every_host};

on_every_host![
    p2_the_technician_who_gets_a_case_is_told_that_the_customer_comes,
    p2_who_gets_a_case_whose_customer_is_there_is_told_at_once,
    p2_of_all_who_take_a_case_from_the_queue_the_first_has_it,
];

crate::run::stack![p2_of_all_who_take_a_case_from_the_queue_the_first_has_it];

fn ben() -> Value {
    json!({ "id": "ben", "name": "Ben Okafor", "email": "ben@northwind.example" })
}

async fn p2_the_technician_who_gets_a_case_is_told_that_the_customer_comes(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let handed = desk.hand_over(&case, &json!({ "technician": ben() })).await?.expect(200)?;
    assert_eq!(handed["technician"], ben());
    Notifier::of(&desk).await?.customer_online(&case).await?.expect(204)?;
    host.kit().mail.arrive("ben@northwind.example", 1, SOON).await?;
    assert!(host.kit().mail.to(ANNA).await?.is_empty());
    let closed = desk.stop(&case).await?.expect(200)?;
    assert_eq!(closed["technician"]["id"], "ben");
    desk.hand_over(&case, &json!({ "technician": null })).await?.expect_problem(409, "case-ended")?;
    Ok(())
}

async fn p2_who_gets_a_case_whose_customer_is_there_is_told_at_once(host: &Host) -> Outcome {
    let queue = json!({ "told": { "without_technician": ["queue@northwind.example"] } });
    let desk = host.help_desk_with("acme", &queue).await?;
    let case = desk.new_case("T-1").await?;
    host.kit().sandbox.customer_online(case["session_code"].as_str().unwrap(), true).await?;
    host.kit().mail.arrive(ANNA, 1, SOON).await?;
    desk.hand_over(&case, &json!({ "technician": null })).await?.expect(200)?;
    host.kit().mail.arrive("queue@northwind.example", 1, SOON).await?;
    desk.hand_over(&case, &json!({ "technician": ben() })).await?.expect(200)?;
    host.kit().mail.arrive("ben@northwind.example", 1, SOON).await?;
    assert_eq!(host.kit().mail.to(ANNA).await?.len(), 1);
    Ok(())
}

async fn p2_of_all_who_take_a_case_from_the_queue_the_first_has_it(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    assert!(desk.cases("?unassigned=true").await?.is_empty());
    desk.hand_over(&case, &json!({ "technician": null })).await?.expect(200)?;
    assert_eq!(desk.cases("?unassigned=true").await?.len(), 1);

    let at_once = ["ben", "kim", "lou", "mia"].map(async |name| {
        let wish = json!({ "technician": { "id": name, "name": name }, "if_unassigned": true });
        desk.hand_over(&case, &wish).await
    });
    let answers = futures::future::join_all(at_once).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let has_it = desk.case("T-1").await?["technician"].clone();
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for late in answers.into_iter().filter(|answer| answer.status != 200) {
        assert_eq!(late.expect_problem(409, "case-taken")?["technician"], has_it);
    }
    assert!(desk.cases("?unassigned=true").await?.is_empty());
    Ok(())
}
