"""Links of every page whose slider has a preview, as tests try them: queries by page."""

LINKS: dict[str, list[dict[str, str]]] = {
    "explore": [{}, {"price_per_device_hour": "2"}],
    "compare": [{}, {"together": "sum"}, {"compare": "own~~region-FRA~pue-1.5", "baseline": "1"}],
    "plan": [
        {},
        {"deadline_days": "45", "carbon_budget_t": "200"},
        {"deadline_days": "0.01", "plan_devices": "v100~l4"},
        {"plan_devices": "none", "plan_levers": "none", "combine_devices": "none"},
        {"plan_basis": "direct", "plan_place": "US-CA", "combine_regions": "USA~US-CA", "combine_counts": "x1~4096"},
        {"price_per_device_hour": "2", "cost_budget": "1e6", "combine_against": "cost"},
    ],
    "lifetime": [{}, {"inference": "task", "years": "2"}, {"inference": "own", "water": "none"}],
    "scaling": [{}, {"grids": "own", "mmlu": "70"}],
    "landscape": [{}, {"against": "published"}, {"view": "energy"}, {"view": "era"}],
    "evidence": [{}],
    "learn": [{}, {"step": "5"}, {"step": "all"}, {"step": "2", "slides": "yes"}],
}
CASES = [(page, query) for page, queries in LINKS.items() for query in queries]
