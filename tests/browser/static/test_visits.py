"""What visitors do on the server they can do on the site: the server's own tests, run against it."""

from tests.browser import (
    test_chart,
    test_compare,
    test_data,
    test_evidence,
    test_explore,
    test_journeys,
    test_plan,
    test_slider,
    test_take_away,
)

ON_BOTH = (
    test_journeys.test_a_planner_with_a_deadline,
    test_journeys.test_a_teacher_with_a_class,
    test_journeys.test_a_reviewer_with_a_doubt,
    # links, back
    test_explore.test_a_link_reproduces_the_screen,
    test_explore.test_rubbish_in_a_link_is_named_and_the_rest_is_kept,
    test_explore.test_the_back_button_goes_back_to_the_scenario_before,
    test_explore.test_the_scenario_and_its_link_survive_a_change_of_page,
    test_compare.test_a_copied_link_opens_the_same_comparison,
    test_take_away.test_the_link_opens_the_same_screen,
    # sliders, entries, a table that is edited
    test_slider.test_the_answer_follows_the_thumb_and_the_address_waits_for_its_release,
    test_slider.test_on_a_page_without_a_preview_it_reports_while_it_is_dragged,
    test_slider.test_keys_take_one_step_a_tenth_and_the_ends,
    test_explore.test_a_preset_gives_the_number_of_the_library,
    test_plan.test_a_smaller_budget_allows_fewer_tokens,
    test_compare.test_any_option_is_edited_where_it_stands_again_and_again,
    # files
    test_evidence.test_past_runs_are_read_named_where_bad_used_everywhere_and_forgotten,
    test_evidence.test_past_runs_are_read_in_the_frame_of_another_site,
    test_evidence.test_a_file_that_is_no_table_is_refused_in_a_sentence,
    test_take_away.test_a_saved_json_brings_the_scenario_back,
    test_data.test_a_download_is_the_file_as_it_is,
    # charts, theme
    test_chart.test_a_change_is_drawn_on_the_same_node_without_a_moment_of_nothing,
    test_chart.test_a_chart_is_downloaded,
    test_chart.test_the_theme_changes_the_colours_without_another_run,
    test_explore.test_it_works_in_the_frame_of_a_space,
)
globals().update({test.__name__: test for test in ON_BOTH})
