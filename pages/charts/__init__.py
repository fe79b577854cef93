"""Plotly figures as plain dictionaries: pure functions of estimates.

Each chart comes with the sentence that says what it shows, its title and its text alternative, and with its numbers.
"""

from pages.charts.bridge import FIGURES as BRIDGED
from pages.charts.bridge import bridge, change
from pages.charts.chart import Chart, Table, enlarged, table
from pages.charts.compare import throughput_curves, times_by_devices, totals, waterfall
from pages.charts.energy_sources import scenario_on_each, survey_sources
from pages.charts.equipment_era import alpha_against_peak, by_device, runs_over
from pages.charts.evidence import (
    coverage_curve,
    energy_said_against_metered,
    error_by_group,
    predicted_against_reported,
    said_against_measured,
)
from pages.charts.explore import carbon_parts, throughput_curve, time_by_devices, tornado
from pages.charts.learn_areas import (
    alpha_text,
    carbon_area,
    compute_area,
    energy_area,
    operational,
    throughput_area,
    time_area,
)
from pages.charts.learn_intervals import intervals
from pages.charts.lifetime import (
    energy_of_a_query,
    parity_with_training,
    parts_of_life,
    shares_of_life,
    training_against_inference,
)
from pages.charts.milestones import Key, keys, timeline
from pages.charts.plan_front import front, front_of_cost, no_front
from pages.charts.plan_levers import lever_steps
from pages.charts.plan_places import ranking, unit_of, world_map
from pages.charts.scaling import accuracy_against_carbon, price_by_year
from pages.charts.stages import timeline_of
from pages.charts.theme import device_colour
