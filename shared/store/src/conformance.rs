//! The suite that every engine has to pass, in sentences.
//!
//! An engine's tests are one file: a [`Harness`] that makes an empty engine, and [`conformance_tests!`]. The engine is
//! asked first ([`engine`]), then the store over it ([`store`]). A sentence that is not kept panics.
//!
//! [`conformance_tests!`]: crate::conformance_tests

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a sentence that is not kept panics")]

mod counted_ids;
pub mod engine;
pub(crate) mod fixtures;
#[cfg(test)]
pub(crate) mod record;
pub(crate) mod recount;
pub(crate) mod sequencer;
pub(crate) mod sessions;
mod stage;
pub mod store;

pub use stage::{Harness, Stage};

/// One test per sentence of the suite, on a harness of its own: `conformance_tests!(MyHarness::fresh().await);`.
///
/// The crate needs `tokio` with `macros` and `rt`.
#[macro_export]
macro_rules! conformance_tests {
    ($harness:expr) => {
        $crate::conformance_tests! { @sentences $harness;
            engine::additions:
                an_addition_makes_the_item,
                additions_add_up,
                a_label_is_replaced,
                an_addition_changes_the_revision_and_leaves_the_rest,
                names_may_have_any_letters,
                a_refused_step_adds_nothing,
                a_repeated_step_counts_once,
                additions_of_many_all_count,
                an_item_that_counts_is_the_same_from_every_side,
                an_item_that_counts_is_put_over_and_deleted,
                what_does_not_count_is_left_as_it_is,
                an_addition_of_the_most_names_is_one_write;
            engine::guards:
                anything_may_be_overwritten_under_any,
                what_is_there_is_not_absent,
                only_the_revision_that_was_read_is_replaced,
                a_hold_lapses_at_its_last_millisecond_and_not_before,
                only_the_holder_is_let_through,
                a_deletion_is_guarded_too,
                deleting_nothing_is_no_error,
                a_check_writes_nothing_and_refuses_the_rest;
            engine::indexes:
                an_item_enters_moves_within_and_leaves_an_index,
                a_deleted_item_leaves_its_indexes,
                a_refused_write_enters_no_index,
                an_item_may_be_in_several_indexes,
                an_index_has_an_order_of_its_own;
            engine::limits:
                a_put_that_is_too_large_is_refused_whole,
                an_addition_that_grows_too_large_is_refused_whole,
                a_label_that_is_too_large_makes_nothing;
            engine::queries:
                rows_come_in_the_order_of_their_bytes,
                a_stretch_begins_with_from_and_ends_before_to,
                pages_follow_each_other_without_gap,
                the_last_page_says_so,
                partitions_are_apart,
                a_limit_counts_items_not_bytes,
                the_table_shows_what_was_just_written;
            engine::reads:
                an_item_comes_back_as_it_was_written,
                an_overwritten_item_has_nothing_left_of_the_old,
                a_large_body_comes_back_whole,
                a_read_answers_in_the_order_of_its_keys;
            engine::transactions:
                a_refused_part_refuses_all,
                refusals_name_their_positions_and_what_is_there,
                a_step_of_the_most_writes_is_one_step,
                a_thing_is_made_by_one_of_many,
                no_update_is_lost,
                steps_that_cross_do_not_block_each_other,
                two_things_move_together;
            store::accounts:
                an_account_is_let_in_with_its_key_and_connection,
                an_account_id_is_never_given_out_twice,
                an_account_is_made_by_one_of_many,
                a_deleted_account_takes_its_things_along,
                settings_and_logo_are_saved_together_or_not_at_all,
                a_link_key_is_kept_once,
                a_visitor_finds_account_connection_and_case_together,
                an_account_that_changed_is_not_deleted,
                the_same_request_makes_an_account_once,
                a_vendors_accounts_are_listed_in_pages;
            store::audit:
                a_trail_is_kept_as_it_was_linked,
                erased_details_are_gone_and_the_chain_holds,
                many_who_erase_undo_nothing_of_each_others;
            store::claims:
                a_claim_is_won_once,
                many_tickets_are_claimed_at_once,
                a_claimed_case_is_found_at_once,
                tickets_of_two_accounts_are_apart_though_their_ids_are_not,
                a_draining_connection_refuses_the_claim,
                a_held_ticket_is_named_before_a_connection_that_does_not_serve,
                a_lapsed_closing_reservation_is_free,
                a_closed_ticket_refuses_the_claim,
                the_same_request_claims_once,
                a_claim_is_remembered_only_if_it_was_won,
                a_claim_makes_the_account_due;
            store::device_sessions:
                a_device_has_one_session_at_a_time,
                a_device_and_a_ticket_of_one_name_are_apart,
                a_session_that_ends_lets_go_of_its_device,
                a_session_is_claimed_under_the_activation_that_was_read,
                a_session_without_a_code_is_kept_and_put_on_record;
            store::deletion:
                a_deleted_accounts_devices_go_in_its_turns;
            store::connections:
                a_first_connection_is_made_once,
                a_connection_saved_over_a_newer_one_is_lost,
                a_deleted_connection_is_gone,
                a_connection_that_serves_again_makes_the_account_due,
                a_template_is_kept_replaced_and_deleted;
            store::devices:
                a_device_is_kept_as_it_was_reported_last,
                many_devices_are_kept_at_once,
                devices_are_counted_as_they_come_change_and_go,
                the_same_devices_reported_at_once_are_counted_once,
                devices_are_listed_each_once_page_by_page,
                devices_are_filtered_by_platform_and_mode,
                a_readiness_answer_is_one_reading,
                an_activation_is_made_changed_and_removed,
                an_activation_stays_when_a_device_gets_the_host_meanwhile;
            store::due:
                a_journal_is_due_until_it_is_numbered,
                what_waits_for_its_numbers_hides_nothing,
                letters_do_not_hide_what_waits_for_its_numbers;
            store::endpoints:
                an_endpoint_is_made_with_its_lane,
                an_owner_has_no_more_endpoints_than_he_may_have,
                the_same_request_makes_an_endpoint_once,
                endpoints_are_told_of_what_gets_its_number,
                an_endpoint_made_while_somebody_numbers_misses_nothing,
                a_feed_is_followed_for_as_long_as_somebody_says_so,
                a_lane_is_let_go_only_if_the_feed_has_not_grown,
                a_lane_is_taken_by_one_of_many,
                retries_stand_by_their_time_and_what_was_given_up_by_number,
                lanes_and_outboxes_are_due,
                an_endpoint_is_changed_with_its_lane,
                an_endpoint_that_is_removed_takes_its_lane_along;
            store::feeds:
                a_feed_is_read_in_pages_from_any_number,
                another_accounts_feed_is_another,
                a_vendors_feed_has_the_events_of_all_its_accounts,
                a_vendors_feed_is_numbered_by_one_of_many,
                events_that_are_gone_leave_no_gap_within_a_page;
            store::figures:
                a_session_counts_where_it_belongs,
                a_session_counts_once,
                a_case_that_failed_counts_nowhere,
                a_session_that_a_claim_settles_counts,
                figures_of_any_days_are_what_their_records_come_to,
                sixty_four_endings_at_once_all_count,
                a_technician_is_called_as_he_was_last;
            store::help_requests:
                a_ticket_is_asked_for_once,
                who_asks_is_seen_at_once_and_told_of,
                who_asks_is_taken_once_and_by_who_can_help,
                a_request_holds_its_ticket_until_it_ends,
                the_same_request_asks_once;
            store::holds:
                a_free_ticket_is_taken_once,
                a_lapsed_reservation_is_taken_over,
                a_hold_is_replaced_by_whoever_knows_it,
                only_the_holder_lets_go,
                a_ticket_that_was_closed_beside_its_case_stays_closed_after_it;
            store::installation:
                an_installation_keeps_its_first_id,
                deliveries_are_held_and_let_go;
            store::journal:
                what_happens_to_a_case_is_left_by_the_step,
                what_a_claim_settles_is_left_by_the_claim,
                every_step_that_changes_an_account_leaves_its_entry,
                a_step_that_is_refused_leaves_nothing;
            store::keys:
                a_key_is_known_to_its_owner_only,
                a_key_is_deleted_once,
                the_same_request_makes_a_key_once;
            store::letters:
                what_is_due_comes_oldest_first,
                nothing_is_due_before_its_time,
                a_letter_is_leased_once,
                whoever_is_told_of_a_letter_learns_for_certain_whether_it_is_due,
                a_letter_that_is_done_is_not_due,
                a_letter_that_could_not_be_sent_is_due_again,
                a_letter_is_queued_once;
            store::lists:
                unsettled_cases_are_listed,
                unsettled_cases_for_certain_sees_a_case_just_claimed,
                unsettled_cases_for_certain_does_not_see_a_case_just_settled,
                unsettled_cases_for_certain_sees_a_case_that_was_left_lying,
                a_case_is_found_by_its_code,
                cases_come_newest_first_in_pages,
                cases_are_filtered,
                a_cursor_of_somebodys_own_making_is_refused;
            store::memories:
                the_same_idempotency_key_is_remembered_and_a_lapsed_one_is_not,
                the_first_memory_stays,
                another_request_is_not_remembered;
            store::numbering:
                what_waits_gets_its_numbers,
                what_waits_is_numbered_by_one_of_many,
                what_has_its_numbers_gets_no_others,
                no_number_is_given_twice,
                a_backlog_leaves_out_nothing_that_came_before,
                a_removed_accounts_journal_is_numbered_all_the_same,
                a_step_of_numbering_is_whole_or_nothing;
            store::rebuilding:
                a_sheet_shows_all_scopes_of_a_day,
                what_is_kept_of_a_scope_is_given_period_by_period,
                a_mark_tells_that_something_happened,
                what_is_counted_is_listed,
                figures_are_put_right_by_what_they_are_off,
                one_rebuilds_at_a_time,
                who_lost_the_right_to_rebuild_puts_nothing_right;
            store::record_changes:
                an_excluded_session_counts_apart_until_it_is_put_back,
                a_record_that_was_changed_meanwhile_is_read_again,
                a_note_leaves_the_figures_alone,
                a_session_that_counts_on_another_day_takes_its_figures_along;
            store::records:
                a_record_is_written_exactly_once,
                records_come_by_their_end_in_pages,
                a_span_of_records_begins_with_from_and_ends_before_to,
                a_record_is_found_by_its_code_when_its_case_is_gone;
            store::room:
                a_session_ends_though_its_month_has_no_room_for_its_values,
                a_session_is_excluded_though_its_month_has_no_room;
            store::settling:
                an_expired_hold_of_a_case_is_not_free_until_settled,
                a_claim_settles_the_case_that_ended_before_it,
                a_claim_that_settles_is_won_once,
                a_claim_over_a_case_that_moved_is_lost,
                a_claim_that_settles_takes_the_ticket_from_nobody_else,
                a_settled_case_lets_go_of_its_ticket_in_the_same_step,
                a_settled_case_leaves_a_ticket_alone_that_somebody_else_holds,
                a_case_whose_hold_is_gone_can_only_end,
                a_case_is_settled_once,
                many_cases_are_settled_at_once;
            store::sign_ins:
                a_link_signs_in_once;
            store::steps:
                a_step_takes_everything_along_that_belongs_to_it,
                a_worker_that_lost_the_revision_changes_nothing,
                the_same_request_steps_once,
                a_letter_that_moved_refuses_the_step,
                a_step_may_owe_a_letter_to_everybody;
            store::technician_sign_ins:
                a_technician_comes_back_from_teamviewer_once,
                a_sign_in_is_made_once_and_saved_over_what_was_read,
                one_of_many_takes_the_turn_to_renew,
                a_sign_in_that_is_gone_is_nobodys,
                a_sign_in_that_serves_again_makes_the_account_due,
                a_claim_by_a_sign_in_needs_no_connection,
                a_claim_by_a_sign_in_that_does_not_serve_is_refused,
                whose_sign_in_made_sessions_is_known_for_an_hour_after_their_time,
                everybody_who_signed_in_is_listed;
            store::ticks:
                play_during_a_tick_makes_it_due_again,
                a_turn_ends_with_notes_and_the_next_turn,
                a_last_turn_leaves_nothing_due,
                a_turn_that_nobody_ends_is_due_again,
                whoever_is_told_of_a_turn_learns_for_certain_whether_it_is_due;
        }
    };
    (@sentences $harness:expr; $($part:ident::$about:ident: $($sentence:ident),+;)+) => {
        $($(
            #[tokio::test]
            async fn $sentence() {
                let stage = $crate::conformance::Stage::of($harness);
                $crate::conformance::$part::$about::$sentence(&stage).await;
            }
        )+)+
    };
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    fn sources(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    #[test]
    fn every_sentence_is_in_the_list() {
        let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/conformance");
        let list = fs::read_to_string(suite.with_extension("rs")).unwrap();
        let mut sentences = 0;
        for source in ["engine", "store"].iter().flat_map(|part| sources(&suite.join(part))) {
            for line in fs::read_to_string(source).unwrap().lines() {
                let Some(rest) = line.strip_prefix("pub async fn ") else { continue };
                let sentence = rest.split('(').next().unwrap();
                let listed = |entry: &str| entry.trim().trim_end_matches([',', ';']) == sentence;
                assert!(list.lines().any(listed), "{sentence} is never asked");
                sentences += 1;
            }
        }
        assert!(sentences > 90);
    }
}
