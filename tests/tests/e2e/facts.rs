//! What a vendor tells and asks about its cases while they run: newer facts, lists, found by code.

use casebridge_tests::{
    help_desk::{HelpDesk, usual_play},
    host::Host,
    notice::Notifier,
};
use serde_json::{Value, json};

use crate::run::{Outcome, SOON, on_every_host};

on_every_host![
    b7_the_technician_who_has_the_ticket_by_then_is_told,
    b9_a_case_that_ended_keeps_the_facts_it_ended_with,
    b11_cases_are_found_by_code_state_and_technician,
    b11_a_list_comes_in_pages_without_gaps_or_repetitions,
];

async fn b7_the_technician_who_has_the_ticket_by_then_is_told(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.new_case("T-1").await?;
    let mut facts = usual_play();
    facts.as_object_mut().unwrap().remove("requester");
    facts["ticket"]["title"] = json!("Printer still on fire");
    facts["technician"] = json!({ "id": "ben", "name": "Ben Okafor", "email": "ben@northwind.example" });
    let told = desk.tell_ticket("T-1", &facts).await?.expect(200)?;
    assert_eq!(told["case"]["id"], case["id"]);
    assert_eq!(desk.case("T-1").await?["technician"]["id"], "ben");
    Notifier::of(&desk).await?.customer_online(&case).await?.expect(204)?;
    let mail = host.kit().mail.arrive("ben@northwind.example", 1, SOON).await?.remove(0);
    assert!(mail["text"].as_str().unwrap().contains("Printer still on fire"), "{mail}");
    assert!(host.kit().mail.to(casebridge_tests::help_desk::ANNA).await?.is_empty());
    Ok(())
}

async fn b9_a_case_that_ended_keeps_the_facts_it_ended_with(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let case = desk.invited_case("T-1").await?;
    let closed = desk.stop(&case).await?.expect(200)?;
    let mut facts = json!({ "ticket": usual_play()["ticket"] });
    facts["technician"] = json!({ "id": "ben", "name": "Ben Okafor" });
    desk.tell_ticket("T-1", &facts).await?.expect(200)?;
    assert_eq!(desk.case("T-1").await?, closed);
    let without_case = desk.tell_ticket("T-2", &facts).await?.expect(200)?;
    assert_eq!(without_case, json!({ "ticket": "T-2" }));
    Ok(())
}

async fn b11_cases_are_found_by_code_state_and_technician(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let (one, two) = (desk.new_case("T-1").await?, desk.new_case("T-2").await?);
    desk.stop(&one).await?.expect(200)?;
    let mut bens = usual_play();
    bens["technician"] = json!({ "id": "ben", "name": "Ben Okafor" });
    let three = desk.play_with("T-3", &bens).await?.expect(201)?;

    let code = two["session_code"].as_str().unwrap();
    for written in [code.to_owned(), code.replace('-', ""), code.replace('-', "%20")] {
        assert_eq!(ids(&desk, &format!("?session_code={written}")).await?, [id(&two)]);
    }
    assert_eq!(ids(&desk, "").await?, [id(&three), id(&two), id(&one)], "newest first");
    assert_eq!(ids(&desk, "?state=live").await?, [id(&three), id(&two)]);
    assert_eq!(ids(&desk, "?state=closed").await?, [id(&one)]);
    assert_eq!(ids(&desk, "?technician=ben").await?, [id(&three)]);
    assert!(ids(&desk, "?technician=ben&state=closed").await?.is_empty());
    assert!(ids(&desk, "?session_code=s999-999-999").await?.is_empty());
    Ok(())
}

async fn b11_a_list_comes_in_pages_without_gaps_or_repetitions(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut expected = Vec::new();
    for number in 0..7 {
        expected.insert(0, id(&desk.new_case(&format!("T-{number}")).await?));
    }
    let (mut found, mut query) = (Vec::new(), "?limit=3".to_owned());
    for _page in 0..10 {
        let page = desk.reader.get(&desk.path(&format!("/cases{query}"))).await?.expect(200)?;
        found.extend(page["items"].as_array().unwrap().iter().map(id));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=3&cursor={}", casebridge_tests::api::segment(next));
    }
    assert_eq!(found, expected);
    Ok(())
}

fn id(case: &Value) -> String {
    case["id"].as_str().unwrap_or_default().to_owned()
}

async fn ids(desk: &HelpDesk, query: &str) -> anyhow::Result<Vec<String>> {
    Ok(desk.cases(query).await?.iter().map(id).collect())
}
