"""Records the digests of data/ in data/datapackage.json: `python -m tools.data_digest [--same-version]`.

A file of a version that is out must not change under it: raise data/VERSION first. ``--same-version`` is for further
changes before that version is out.
"""

import sys

from oce.catalog import data_package, reader


def main(arguments: list[str]) -> int:
    """Records them; 1 where the files changed and the version did not."""
    recorded = reader.json_file(data_package.FILE)["version"]
    changed = [
        resource["path"]
        for resource in data_package.resources()
        if data_package.digest(reader.content(resource["path"]), resource["path"])["hash"] != resource["hash"]
    ]
    if changed and data_package.data_version() == recorded and "--same-version" not in arguments:
        print(f"{', '.join(changed)} changed: raise data/VERSION, which is {recorded}", file=sys.stderr)
        return 1
    data_package.record()
    print(f"data/{data_package.FILE}: version {data_package.data_version()}; new: {', '.join(changed) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
