"""Learn: why? From a model to its carbon in eight steps, each with a live chart, one control and a question."""

import html
from collections.abc import Mapping
from typing import Any

import streamlit as st

from oce import catalog, descriptions
from oce.errors import InputError, Problem
from oce.estimation import Estimate
from oce.scenario import Scenario
from pages import charts
from pages.sections import lessons
from pages.sections.lessons import Control, Lesson
from pages.session import after_run, controls, keys, link, state
from pages.session.current_estimate import cached_estimate, shown_estimate
from pages.session.link import Fields
from pages.widgets import chart_tables, style, view
from pages.widgets.text import as_html
from pages.widgets.view import View

STEPS = {
    "1": ("Compute", "What does a token cost?"),
    "2": ("Throughput", "How fast does a device train?"),
    "3": ("Time", "How long does it take?"),
    "4": ("Energy", "How much energy is that?"),
    "5": ("Grid", "How much carbon is that?"),
    "6": ("Uncertainty", "How sure is the answer?"),
    "7": ("Making", "And the devices themselves?"),
    "8": ("Your turn", "What would you do?"),
}
ALL = "all"
SLIDES = "yes"


def content(result: Estimate, whose: str, taught: Mapping[str, Lesson], slides: bool) -> View:
    """What Learn says and draws in these steps of an estimate; the charts are larger on slides."""
    steps = list(taught)
    paragraphs = {"scenario": html.escape(f"Your scenario: training {whose} {descriptions.where(result)}.")}
    for step, lesson in taught.items():
        paragraphs |= {
            f"words-{step}": as_html(lesson.words),
            f"source-{step}": as_html(lesson.source),
            f"question-{step}": as_html(f"**Think first:** {lesson.question}"),
            f"answer-{step}": as_html(lesson.answer),
        }
    return View(
        paragraphs=paragraphs,
        headline=heading(steps[0]) if len(steps) == 1 else "From a model to its carbon, in eight steps",
        charts={
            f"learn-{step}": charts.enlarged(lesson.chart) if slides else lesson.chart
            for step, lesson in taught.items()
        },
    )


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    step, slides = query.get("step") or "1", query.get("slides", "")
    if step not in (*STEPS, ALL) or slides not in ("", SLIDES):
        raise InputError([Problem("step", f"{step} {slides}", ", ".join((*STEPS, ALL)))])

    def choose(control: Control) -> Any:
        held = query.get(f"control_{control.name[0]}")
        return next((option for option in control.options if str(option) == held), control.default)

    result = cached_estimate(Scenario(**fields))
    taught = {key: lessons.STEPS[key](result, choose) for key in steps_of(step)}
    return content(result, name_of(link.model_of(fields)), taught, slides == SLIDES)


def name_of(model: catalog.Model | None) -> str:
    return model.name if model else "your model"


def heading(step: str) -> str:
    """The number and the question of a step."""
    return f"{step} · {STEPS[step][1]}"


def steps_of(chosen: str) -> list[str]:
    return list(STEPS) if chosen == ALL else [chosen]


def held(control: Control) -> Any:
    """What a control stands at; one that the scenario no longer has goes back to the scenario's own."""
    key = keys.learn_control(control.name)
    if key.get() not in control.options:
        key.set(control.default)
    return key.get()


def adopt(control: Control, offer: lessons.Offer) -> None:
    """Makes what the control of a step shows part of the scenario."""
    state.change(offer.remove, **offer.changes)
    keys.learn_control(control.name).set(control.default)


def show() -> None:
    result = shown_estimate()
    chosen, keep_step = controls.keep_in_link("step", "1", (*STEPS, ALL))
    slides = state.extra("slides") == SLIDES
    if state.extra("slides") not in ("", SLIDES):
        state.refuse("slides", SLIDES, "the page")
    controls.show(keys.SLIDES_SHOWN.name, slides)
    taught = {step: lessons.STEPS[step](result, held) for step in steps_of(chosen)}
    keys.PREVIEWED.set(
        {f"control_{step}": keys.learn_control(lesson.control.name).name for step, lesson in taught.items()}
    )
    shown = content(result, name_of(state.model()), taught, slides)
    if slides:
        style.give_slides_the_window()
    with st.container(key="slides" if slides else "learn"):
        show_navigation(chosen, slides, keep_step)
        if chosen == ALL:
            st.title(shown.headline, anchor=False)
        view.show_paragraph(shown, "scenario", "remark")
        for step, lesson in taught.items():
            show_lesson(shown, step, lesson, chosen == ALL, slides)
        if chosen != ALL:
            with st.container(horizontal=True, key="learn_end"):
                show_ways(chosen, slides, "end")
        if not slides:
            chart_tables.show(shown.charts.values(), "learn")
    after_run.show()


def go_to(step: str) -> None:
    """Leads to a step, and to its beginning."""
    state.keep_extra("step", step)
    after_run.ask(after_run.TOP)


def show_ways(chosen: str, slides: bool, place: str) -> None:
    """The way back and on, at the top and at the end of a step; by the keys of a clicker and by arrows on slides."""
    order = list(STEPS)
    shortcuts = {"top": ("PageUp", "PageDown"), "end": ("Left", "Right")}[place]
    for label, way, key in zip(("Previous", "Next"), (-1, 1), shortcuts, strict=True):
        at = order.index(chosen) + way if chosen in order else -1
        possible = 0 <= at < len(order)
        if place == "end" and not possible:
            continue
        st.button(
            label if place == "top" else f"{label}: {STEPS[order[at]][0]}",
            key=f"learn_{label.lower()}_{place}", disabled=not possible,
            on_click=go_to, args=(order[at] if at > 0 and possible else "",),
            shortcut=key if slides and possible else None,
        )  # fmt: skip


def show_navigation(chosen: str, slides: bool, keep_step: controls.Keep) -> None:
    """The choice of a step, the way back and on, and the slides."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Step", [*STEPS, ALL], key="step", on_change=keep_step, required=True, label_visibility="collapsed",
            format_func=lambda step: "All" if step == ALL else step if slides else f"{step} {STEPS[step][0]}",
        )  # fmt: skip
        show_ways(chosen, slides, "top")

        def keep() -> None:
            state.keep_extra("slides", SLIDES if keys.SLIDES_SHOWN.get() else "")

        st.toggle("Show as slides", key=keys.SLIDES_SHOWN.name, on_change=keep)


def show_lesson(shown: View, step: str, lesson: Lesson, among_others: bool, slides: bool) -> None:
    """A step: its words, its chart, and beneath them its control and question."""
    with st.container(key=f"lesson-{step}"):
        with st.container():
            (st.header if among_others else st.title)(heading(step), anchor=False)
            view.show_paragraph(shown, f"words-{step}", "text")
            view.show_paragraph(shown, f"source-{step}", "remark")
        picture, below = st.container(), st.container()
    control = lesson.control
    key, words = keys.learn_control(control.name).name, control.texts.__getitem__
    with below:
        if control.is_slider:
            st.select_slider(control.label, control.options, key=key, help=control.hint, format_func=words)
        else:
            st.segmented_control(control.label, control.options, key=key, required=True, format_func=words)
        if lesson.offer and not slides:  # there is nothing to take on a slide
            st.button(
                "Use this in your scenario", key=f"learn_use_{step}",
                on_click=adopt, args=(control, lesson.offer), disabled=not lesson.offer.is_change,
            )  # fmt: skip
        view.show_paragraph(shown, f"question-{step}", "text")
        with st.expander("The answer"):
            view.show_paragraph(shown, f"answer-{step}", "text")
    with picture:
        view.show_chart(shown, f"learn-{step}")


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
