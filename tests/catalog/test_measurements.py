"""The measured contrasts: every row is read, says where it is from, and is of devices that there are."""

from oce import catalog
from oce.catalog import measurements

ROWS = measurements.contrasts()


def test_every_row_says_who_measured_where_it_was_read_and_under_which_licence():
    assert [one.id for one in ROWS if not (one.source and one.read_from and one.licence)] == []


def test_every_row_has_an_id_of_its_own():
    assert len({one.id for one in ROWS}) == len(ROWS)


def test_what_comes_from_logs_of_mlperf_says_so():
    of_mlperf = [one for one in ROWS if one.source.startswith("MLPerf")]
    assert of_mlperf
    assert [one.id for one in of_mlperf if "derived from logs" not in one.note] == []


def test_a_row_compares_two_devices_or_two_precisions():
    alike = [
        one.id
        for one in ROWS
        if (one.first_device, one.first_precision) == (one.second_device, one.second_precision)
    ]  # fmt: skip
    assert alike == []


def test_a_row_names_devices_that_are_not_counted_as_others():
    counted = {one.id for one in catalog.devices() if one.counted_as}
    assert [one.id for one in ROWS if {one.first_device, one.second_device} & counted] == []


def test_what_two_vendors_ran_is_never_called_one_stack():
    vendor = {one.id: one.vendor for one in catalog.devices()}
    two = [one for one in ROWS if one.evidence == "two vendors"]
    assert two
    assert [one.id for one in two if vendor[one.first_device] == vendor[one.second_device]] == []


def test_a_row_that_is_left_out_says_why_and_is_not_fitted():
    out = [one for one in ROWS if one.left_out]
    assert set(measurements.fitted(ROWS)).isdisjoint(out)
    assert len(measurements.fitted(ROWS)) + len(out) == len(ROWS)


def test_a_mixture_of_experts_has_fewer_active_parameters_than_parameters():
    dense = ROWS[0].replace(parameters=7e9, active_parameters=None)
    assert not dense.is_mixture
    assert not dense.replace(active_parameters=7e9).is_mixture
    assert dense.replace(active_parameters=1e9).is_mixture
    assert dense.replace(active_parameters=1e9).size == 1e9
    assert dense.size == 7e9
    assert [one.id for one in ROWS if (one.active_parameters or 0) > (one.parameters or float("inf"))] == []


def test_only_training_from_the_start_counts_as_a_language_model():
    assert ROWS[0].replace(kind="language pre-training").is_language
    assert not ROWS[0].replace(kind="language fine-tuning").is_language
    assert not ROWS[0].replace(kind="encoder pre-training").is_language
