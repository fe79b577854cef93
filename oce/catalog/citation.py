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


def credit() -> str:
    """Whose a picture of ours is, with the versions that gave its numbers and the licences of what it rests on."""
    return (
        f"Source: {TOOL_TITLE} {VERSION} (Apache-2.0), data {data_version()}: Ember and Our World in Data (CC BY 4.0), "
        "Epoch AI (CC BY 4.0), Electricity Maps (ODbL 1.0) and others; every row names its source and licence."
    )


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
