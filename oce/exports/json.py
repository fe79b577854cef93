"""Estimates as JSON, for machines; :mod:`oce.importers.saved_scenarios` reads their scenarios back."""

import json

from oce.estimation import Named


def to_json(named: Named) -> str:
    """One estimate as a JSON object, several as an object with a list of them; each with its name."""
    objects = [{"name": name, **result.to_dict()} for name, result in named]
    content = objects[0] if len(objects) == 1 else {"estimates": objects}
    return json.dumps(content, indent=2, ensure_ascii=False)
