"""What the product says with the data as they are."""

from tests.support import snapshot

HOW = "look at each; where it is meant: python -m tests.support.snapshot"


def test_the_product_says_what_it_said_of_the_same_data():
    changed = list(snapshot.differences(snapshot.read(), snapshot.snapshot()))
    assert not changed, f"{len(changed)} figures changed ({HOW}):\n" + "\n".join(changed)


def test_every_difference_of_two_snapshots_is_named_with_both_values():
    before = {"rows": {"runs.csv": 2}, "estimates": {"a": "1 … 2 … 3", "gone": "1"}}
    after = {"rows": {"runs.csv": 3}, "estimates": {"a": "1 … 2 … 3", "new": "2"}}
    assert list(snapshot.differences(before, after)) == [
        'estimates/gone: "1" → "nothing"',
        'estimates/new: "nothing" → "2"',
        "rows/runs.csv: 2 → 3",
    ]
