"""What data/calibration.json holds."""

import json

from oce.method import calibration_file
from oce.method.calibration_file import committed


def test_a_calibration_comes_back_from_json():
    again = calibration_file.to_json(
        calibration_file.from_json(json.loads(json.dumps(calibration_file.to_json(committed()))))
    )
    assert again == calibration_file.to_json(committed())
