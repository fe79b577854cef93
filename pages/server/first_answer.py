"""What a page and a link answer, before any script has run: for the first response, for link previews, for crawlers.

A pure function of page and query: no session, no server. Texts are those of the page itself (its content function).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from oce import descriptions, units
from oce.errors import InputError, Problem
from oce.estimation import Estimate
from oce.scenario import Scenario
from pages.server import preview
from pages.session import browser_title, link, preview_query, site
from pages.session.current_estimate import cached_estimate, cached_swings, heading, refusal, remark, warnings
from pages.session.link import Fields
from pages.views import explore
from pages.widgets.view import Figure, View

MOST_CHARACTERS = 12_000  # of a query: six scenarios with every field take 2,000
MOST_PARAMETERS = 100  # there are half as many
MOST_SHOWN, MOST_IN_WARNING = 10, 400  # warnings about a link, and characters of each
ANSWERING = ("explore", "compare", "plan", "lifetime")  # pages whose heading is a sentence about the scenario
DATA_HEADLINE = "Every number here has a source"


@dataclass(frozen=True)
class FirstAnswer:
    """What a page says of a link, as texts, none of them escaped yet but the paragraphs.

    Attributes:
        page: The address of the page.
        title: The browser's title.
        description: What the link says, in a sentence or two.
        headline: The heading of the page.
        warnings: What of the link cannot be used, or why there is no estimate.
        remark: What of the link was taken for what.
        view: What the page's content function made; only its figures, paragraphs and tables are for here.
        figures: The four figures of the scenario, with their intervals.
        strip: What the scenario's estimate rests on most, as HTML.
        query: The scenario as the query of a link, for the links to other pages.
    """

    page: str
    title: str
    description: str
    headline: str
    warnings: tuple[str, ...] = ()
    remark: str = ""
    view: View | None = None
    figures: tuple[Figure, ...] = ()
    strip: str = ""
    query: str = ""


def first_answer(page: str, query: str) -> FirstAnswer:
    """What a page says of a link.

    Args:
        page: The address of the page, of :data:`pages.session.site.PAGES`.
        query: The query of the link, as in the address.

    Returns:
        The answer; of what cannot be used in the link, what the page says of it. Nothing in a link raises.
    """
    if len(query) > MOST_CHARACTERS:
        length = f"The link has {len(query):,} characters; at most {MOST_CHARACTERS:,} are read."
        return without_estimate(page, [length])
    try:
        parameters = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
    except ValueError:
        return without_estimate(page, [f"The link has more than {MOST_PARAMETERS} parameters."])
    fields, problems = link.from_parameters(preview_query.scenario_of(parameters))
    said = [_cut(one) for one in warnings(problems[:MOST_SHOWN], fields)]
    try:
        result = cached_estimate(Scenario(**fields))
    except InputError as error:
        return without_estimate(
            page, [*said, *(_cut(units.typeset(str(one))) for one in error.problems)], refusal(error)
        )
    answer = of_estimate(page, result, fields, problems)
    try:
        view = _view(page, fields, parameters)
    except InputError as error:  # something of the page's own: the page keeps what it can of it
        of_page = [_cut(units.typeset(f"In the link, {one}.")) for one in error.problems[:MOST_SHOWN]]
        return replace(answer, warnings=(*said, *of_page))
    sentence = heading(view.headline, problems) if page in ANSWERING else ""
    return replace(
        answer,
        title=browser_title.of_page(page, sentence, fields),
        headline=sentence or view.headline,
        description=f"{sentence.rstrip('.')}. {answer.description}" if page in ANSWERING[1:] else answer.description,
        warnings=tuple(said),
        remark=_cut(remark(link.notes_of(parameters))) if parameters else "",
        view=replace(view, charts={}),
    )


def of_estimate(page: str, result: Estimate, fields: Fields, problems: Sequence[Problem] = ()) -> FirstAnswer:
    """What any page says of a scenario: its sentence, its figures, and what they rest on."""
    sentence = descriptions.headline(result, explore.name_of(link.model_of(fields)))
    figures = explore.figures(result)
    return FirstAnswer(
        page=page,
        title=browser_title.of_page(page, "", fields),
        description=" ".join([heading(sentence, problems), *map(_in_words, figures[1:])]),
        headline=site.PAGES[page],
        figures=figures,
        strip=explore.strip(result, cached_swings(result)),
        query=urlencode(link.to_parameters(fields)),
    )


def without_estimate(page: str, said: Sequence[str], headline: str = "") -> FirstAnswer:
    """What a page says of a link that has no estimate."""
    title = f"{site.PAGES[page]} · {site.NAME}"
    return FirstAnswer(page, title, site.ABOUT, headline or site.PAGES[page], warnings=tuple(said))


def _in_words(one: Figure) -> str:
    return f"{one.label}: {f'{one.value} {one.unit}'.strip()} ({one.beneath.strip()})."


def _cut(text: str) -> str:
    return text if len(text) <= MOST_IN_WARNING else f"{text[: MOST_IN_WARNING - 1]}…"


def _view(page: str, fields: Fields, parameters: Mapping[str, str]) -> View:
    if page in preview_query.PAGES:
        return preview.view_of(page)(fields, parameters)
    return View(headline=DATA_HEADLINE)  # whose page is the same for every scenario
