"""Bars: those that lie side by side on a base, and the steps of a waterfall."""

from __future__ import annotations

from dataclasses import dataclass

from pages.charts.svg.elements import Spec

MEASURES = ("absolute", "relative", "total")


@dataclass(frozen=True, slots=True)
class Bar:
    """From where to where it goes, and at which name it stands."""

    at: str
    foot: float
    head: float
    colour: str
    text: str = ""


def of(trace: Spec) -> list[Bar]:
    """The bars of a trace; a step of a waterfall begins where the one before ends."""
    if trace["type"] == "bar":
        base, colour = float(trace.get("base", 0.0)), trace["marker"]["color"]
        return [Bar(at, base, base + value, colour) for at, value in zip(trace["y"], trace["x"], strict=True)]
    found, level = [], 0.0
    for at, change, measure, text in zip(trace["x"], trace["y"], trace["measure"], trace["text"], strict=True):
        foot = level if measure == "relative" else 0.0
        level = level if measure == "total" else foot + change
        kind = "totals" if measure != "relative" else "increasing" if change >= 0 else "decreasing"
        found.append(Bar(at, foot, level, trace[kind]["marker"]["color"], text))
    return found
