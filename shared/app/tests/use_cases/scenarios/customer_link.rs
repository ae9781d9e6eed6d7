//! Links to the account's own page: made again by whoever has the account's key, recognised by anybody.

use casebridge_app::accounts::change_account;
use casebridge_app::customer_page::{Standing, let_in};
use casebridge_app::invitation::invite_again;
use casebridge_app::open_case::{Opened, Request, open_case};
use casebridge_domain::ServiceCase;
use casebridge_domain::branding::CustomerLink;
use chrono::TimeDelta;
use futures::future::join;

use crate::world::{TestWorld, acme, play_of, unkeyed};

impl TestWorld {
    /// The secret of a case's link, as whoever has the account's key makes it.
    async fn secret_of(&self, case: &ServiceCase) -> Option<String> {
        let link = self.desk(&acme()).await.customer_link(case).await.unwrap()?;
        let page = link.as_str().strip_prefix(&format!("https://help.acme.example/c/acme/{}/", case.id()))?;
        Some(page.to_owned())
    }

    async fn is_let_in(&self, case: &ServiceCase, secret: &str) -> bool {
        let visitor = let_in(&self.app, &acme(), case.id(), secret).await.unwrap();
        visitor.is_some_and(|visitor| matches!(visitor.standing(), Standing::Ready(_)))
    }
}

#[tokio::test(start_paused = true)]
async fn two_first_cases_at_once_have_links_of_one_key() {
    let world = TestWorld::connected().await;
    let choose = async |link| {
        change_account(&world.desk(&acme()).await, |account| account.customer_link = link).await.unwrap();
    };
    // The group is made by a case before.
    choose(CustomerLink::Direct).await;
    assert_eq!(world.opened("T0").await.link(), None);
    choose(CustomerLink::Page).await;
    // Both were let in before there was a key.
    let desk = world.desk(&acme()).await;
    assert!(desk.account().link_key.is_none());
    let play = async |ticket| world.patiently(open_case(&desk, unkeyed(play_of(ticket)))).await.unwrap();
    let (one, two) = join(play("T1"), play("T2")).await;
    for opened in [one, two] {
        let Opened::New(case) = opened else { panic!("{opened:?}") };
        let secret = world.secret_of(&case).await.unwrap();
        assert!(
            desk.customer_link(&case).await.unwrap().unwrap().as_str().ends_with(&secret),
            "who was let in before too"
        );
        assert!(world.is_let_in(&case, &secret).await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_letter_has_its_link_until_it_left_and_no_longer() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let secret = world.secret_of(&case).await.unwrap();
    let letter = async || {
        let letter = world.store().letter(&acme(), case.invitation().unwrap().letter).await.unwrap().unwrap();
        letter.value.link
    };
    assert!(letter().await.unwrap().as_str().ends_with(&secret));
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    assert!(world.mailbox.posts()[0].words.text.contains(&secret));
    assert_eq!(letter().await, None);
}

#[tokio::test(start_paused = true)]
async fn links_that_were_mailed_still_work_when_the_key_is_lost_and_new_ones_lead_to_teamviewer() {
    let world = TestWorld::connected().await;
    let case = world.opened("T1").await;
    let secret = world.secret_of(&case).await.unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    let direct = case.session().unwrap().customer_link.as_str();
    let mailed = || world.mailbox.posts().iter().filter(|post| post.words.text.contains(direct)).count();
    assert_eq!(mailed(), 0);
    // As a build does that does not know of it, when it saves the settings.
    let lose = |account: &mut casebridge_domain::Account| {
        account.link_key = None;
        account.name = casebridge_domain::Text::parse("Acme again").unwrap();
    };
    change_account(&world.desk(&acme()).await, lose).await.unwrap();
    assert!(world.is_let_in(&case, &secret).await);
    assert_eq!(world.secret_of(&case).await, None);

    // Another key does not make the old secret, and says so rather than a link that opens nothing.
    let newer = world.opened("T2").await;
    assert!(world.is_let_in(&newer, &world.secret_of(&newer).await.unwrap()).await);
    assert_eq!(world.secret_of(&case).await, None);
    invite_again(&world.desk(&acme()).await, case.id(), Request { wish: (), memory: None }).await.unwrap();
    world.work_through(TimeDelta::minutes(1), TimeDelta::seconds(10)).await;
    assert_eq!(mailed(), 1);
}
