"""The quantile that is to hold a share of a new group's cases."""

import numpy as np

from oce.method import conformal


def test_organisations_weigh_the_same_and_one_more_may_err_by_any_amount():
    """Three organisations: errors 1 and 4; 2; 3. Up to each lies 0.5, 1.5, 2.5 and 3, of 4 with one more."""
    found = conformal.residuals_of(np.array([1.0, -4.0, 2.0, -3.0]), np.array(["a", "a", "b", "c"]))
    assert found.groups == 3
    expected = {0.1: 1, 0.125: 1, 0.13: 2, 0.375: 2, 0.38: 3, 0.625: 3, 0.63: 4, 0.75: 4, 0.99: 4}
    assert {level: float(found.quantile(level)) for level in expected} == expected


def test_a_higher_level_has_a_quantile_as_large_or_larger():
    random = np.random.default_rng(3)
    found = conformal.residuals_of(random.normal(size=60), random.choice(["a", "b", "c", "d", "e"], 60))
    assert np.all(np.diff(found.quantile(np.linspace(0.01, 0.99, 99))) >= 0)


def test_an_organisation_that_reports_a_run_twice_weighs_no_more():
    z, groups = np.array([0.5, 1.0, 2.0, 3.0, 0.1]), np.array(["a", "b", "c", "d", "e"])
    twice = conformal.residuals_of(np.append(z, 3.0), np.append(groups, "d"))
    levels = np.linspace(0.05, 0.95, 19)
    assert twice.quantile(levels).tolist() == conformal.residuals_of(z, groups).quantile(levels).tolist()


def test_the_quantile_does_not_depend_on_the_order_of_the_runs():
    random = np.random.default_rng(4)
    z, groups = np.round(random.normal(size=40), 1), random.choice(["a", "b", "c", "d"], 40)
    levels = np.linspace(0.05, 0.95, 19)
    for _ in range(5):
        order = random.permutation(40)
        again = conformal.residuals_of(z[order], groups[order])
        assert again.quantile(levels).tolist() == conformal.residuals_of(z, groups).quantile(levels).tolist()


def test_the_quantile_holds_the_share_that_it_names_of_a_new_organisations_runs():
    """Nineteen organisations of one to eight runs that are alike within each, and one more."""
    random = np.random.default_rng(11)
    held = []
    for _ in range(3000):
        own = random.normal(0, 1, 20)
        groups = np.repeat(np.arange(19), random.integers(1, 9, 19))
        z = own[groups] + random.normal(0, 0.5, len(groups))
        new = own[19] + random.normal(0, 0.5)
        held.append(np.abs(new) <= conformal.residuals_of(z, groups.astype(str)).quantile([0.5, 0.8]))
    for share, level in zip(np.mean(held, axis=0), (0.5, 0.8), strict=True):
        assert level - 0.02 <= share <= level + 1 / 20 + 0.02  # the correction for one more errs on the safe side
