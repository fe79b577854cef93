"""The charts of Explore and Compare as static SVG, for a report that is printed: nothing is fetched, nothing runs.

What those eight charts ask of Plotly is drawn, by simpler rules than Plotly's; any other word of a figure is refused.
Lengths are pixels of the picture, from its top left corner.
"""

from pages.charts.svg.drawing import drawn

__all__ = ["drawn"]
