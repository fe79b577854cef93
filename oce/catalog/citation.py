"""How to cite the tool, with the versions that gave a number, and the paper whose method it follows."""

from oce.catalog.data_package import data_version
from oce.version import VERSION

TOOL_TITLE = "OpenCarbonEval explorer"
TOOL_AUTHORS = "The OpenCarbonEval explorer developers"

BIBTEX_OF_PAPER = """@misc{yu2024opencarboneval,
  title = {{OpenCarbonEval}: A Unified Carbon Emission Estimation Framework in Large-Scale {AI} Models},
  author = {Yu, Zhaojian and Wu, Yinghao and Deng, Zhuotao and Tang, Yansong and Zhang, Xiao-Ping},
  year = {2024},
  eprint = {2405.12843},
  archivePrefix = {arXiv},
  url = {https://arxiv.org/abs/2405.12843},
}"""


def bibtex_of_tool() -> str:
    """How to cite this tool, with the versions of method and data."""
    data = data_version()
    return f"""@software{{opencarboneval_explorer,
  title = {{{{{TOOL_TITLE}}}}},
  author = {{{{{TOOL_AUTHORS}}}}},
  year = {{{data.partition(".")[0]}}},
  version = {{{VERSION}}},
  license = {{Apache-2.0}},
  note = {{Version {VERSION}, data version {data}}},
}}"""
