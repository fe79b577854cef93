"""What people import from the package: everything is there, says how it is used, and the examples do what they say."""

import doctest
import inspect

import pytest

import oce

FUNCTIONS = sorted(name for name in oce.__all__ if name != "InputError")


def test_what_can_be_imported_can_be_had():
    assert set(oce.__all__) <= set(dir(oce))
    with pytest.raises(AttributeError, match="no attribute 'footprint'"):
        oce.footprint  # noqa: B018


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_people_import_has_an_example_that_runs(name):
    wanted = getattr(oce, name)
    examples = doctest.DocTestFinder(recurse=False).find(wanted, name, globs={"oce": oce, name: wanted})
    assert sum(len(test.examples) for test in examples) > 0
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    said: list[str] = []
    for test in examples:
        runner.run(test, out=said.append)
    assert not runner.failures, "".join(said)


def test_the_example_of_the_package_runs():
    assert doctest.testmod(oce).failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_returns_and_raises(name):
    wanted = getattr(oce, name)
    text = inspect.getdoc(wanted) or ""
    if not inspect.isfunction(inspect.unwrap(wanted)):
        return
    sections = {"Returns:", "Raises:"} | ({"Args:"} if inspect.signature(wanted).parameters else set())
    assert {section for section in sections if section not in text} == set()
