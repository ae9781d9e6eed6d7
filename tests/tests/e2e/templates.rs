//! Editing the mail template: B15.

use casebridge_tests::host::Host;
use serde_json::json;

use crate::run::{Outcome, on_every_host};

on_every_host![
    b15_there_is_a_template_in_five_languages,
    b15_a_template_is_kept_and_can_be_put_back,
    b15_an_unknown_parameter_is_refused_with_its_name_and_place,
    b15_the_preview_fills_in_and_escapes_and_keeps_nothing,
];

async fn b15_there_is_a_template_in_five_languages(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let mut subjects = Vec::new();
    for language in ["en", "pt", "es", "fr", "zh"] {
        let template = desk.admin.get(&desk.path(&format!("/mail-templates/{language}"))).await?.expect(200)?;
        assert_eq!(template["language"], language);
        assert_eq!(template["own"], false);
        let text = template["text"].as_str().unwrap();
        for parameter in ["teamviewer.customer_link", "ticket.title", "ticket.number", "ticket.technician.name"] {
            assert!(text.contains(&format!("{{{{{parameter}}}}}")), "{language} lacks {parameter}");
        }
        assert!(!subjects.contains(&template["subject"]), "{language} is not its own");
        subjects.push(template["subject"].clone());
    }
    desk.admin.get(&desk.path("/mail-templates/xx")).await?.expect_problem(404, "not-found")?;
    Ok(())
}

async fn b15_a_template_is_kept_and_can_be_put_back(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let path = desk.path("/mail-templates/es");
    let built_in = desk.admin.get(&path).await?.expect(200)?;
    let own = json!({ "subject": "Ayuda", "text": "Aquí: {{teamviewer.customer_link}}" });
    let kept = desk.admin.put(&path, &own).await?.expect(200)?;
    assert_eq!((kept["subject"].as_str(), kept["own"].as_bool()), (Some("Ayuda"), Some(true)));
    assert_eq!(desk.admin.get(&path).await?.expect(200)?, kept);
    desk.technician.put(&path, &own).await?.expect_problem(403, "forbidden")?;
    desk.admin.delete(&path).await?.expect(204)?;
    assert_eq!(desk.admin.get(&path).await?.expect(200)?, built_in);
    Ok(())
}

async fn b15_an_unknown_parameter_is_refused_with_its_name_and_place(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let path = desk.path("/mail-templates/en");
    let wrong =
        json!({ "subject": "{{ticket.nmber}}", "text": "Hello\nä {{ticket.titel}}\n{{teamviewer.customer_link}}" });
    let before = desk.admin.get(&path).await?.expect(200)?;
    let preview = desk.admin.post(&format!("{path}/preview"), &wrong).await?;
    for refused in [desk.admin.put(&path, &wrong).await?, preview] {
        let refused = refused.expect_problem(422, "invalid-fields")?;
        assert_eq!(refused.fields(), ["subject", "text"]);
        let said = |place: usize| refused["errors"][place]["message"].as_str().unwrap();
        assert!(said(0).starts_with("unknown parameter {{ticket.nmber}} at line 1, column 1"), "{refused}");
        assert!(said(1).starts_with("unknown parameter {{ticket.titel}} at line 2, column 3"), "{refused}");
    }
    assert_eq!(desk.admin.get(&path).await?.expect(200)?, before);
    Ok(())
}

async fn b15_the_preview_fills_in_and_escapes_and_keeps_nothing(host: &Host) -> Outcome {
    let desk = host.help_desk("acme").await?;
    let path = desk.path("/mail-templates/en");
    let before = desk.admin.get(&path).await?.expect(200)?;
    let wish =
        json!({ "subject": "About {{ticket.number}}", "text": "{{ticket.title}}\n{{teamviewer.customer_link}}" });
    let shown = desk.admin.post(&format!("{path}/preview"), &wish).await?.expect(200)?;
    assert_eq!(shown["subject"], "About INC-4711");
    let (text, html) = (shown["text"].as_str().unwrap(), shown["html"].as_str().unwrap());
    assert!(text.contains("Printer <3rd floor> & scanner \"don't\" work"), "{text}");
    assert!(html.contains("Printer &lt;3rd floor&gt; &amp; scanner"), "{html}");
    assert!(html.contains("https://get.teamviewer.com/v15/s123456789"), "{html}");
    assert_eq!(desk.admin.get(&path).await?.expect(200)?, before);
    assert!(host.kit().mail.all().await?.is_empty());
    Ok(())
}
