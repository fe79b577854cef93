"""What a link says and the app cannot use is told on the page, and stays in the address until something changes."""

from pages.session import link
from tests.support.app_test import opened
from tests.support.rules import for_every

FREE = {("landscape", "search")}  # any text can be searched for
NEEDS = {"against": {"view": "models"}, "unit": {"view": "era"}, "by": {"view": "era"}}


@for_every(
    ("page", "name"),
    [(page, name) for page, names in link.OF_PAGES.items() for name in names if (page, name) not in FREE],
)
def test_a_parameter_of_a_page_that_cannot_be_used_is_told_and_kept(page, name):
    app = opened(page, **{**NEEDS.get(name, {}), name: "zz9"})
    assert any("zz9" in said.value for said in (*app.warning, *app.error))
    assert app.query_params[name] == "zz9"


@for_every("page", ["explore", "compare", "plan", "lifetime"])
def test_a_field_that_cannot_be_used_is_told_on_every_page_and_stays_in_the_address(page):
    app = opened(page, device="H2000", pue="9", tokens="1,5T")
    said = " ".join(warning.value for warning in app.warning)
    assert "H2000" in said
    assert "pue" in said
    assert app.query_params["device"] == "H2000"
    assert app.query_params["pue"] == "9"
    assert app.query_params["tokens"] == "1.5e12"


def test_what_is_used_instead_is_said_as_people_write_it():
    said = " ".join(warning.value for warning in opened("explore", tokens="lots", region="Atlantis").warning)
    assert "; 15T is used" in said
    assert "; United States is used" in said


def test_what_cannot_be_used_leaves_the_address_when_the_visitor_changes_the_scenario():
    app = opened("explore", device="H2000")
    app.session_state["fields"] = {**app.session_state["fields"], "pue": 1.3}
    app.run()
    assert "device" not in app.query_params
    assert not app.warning


def test_what_is_for_another_page_is_said():
    app = opened("explore", view="era")
    assert any("view is for the page Landscape" in caption.value for caption in app.caption)
