"""What stands in for pyarrow in the browser describes a table as pyarrow does."""

import json

import pandas as pd
import pyarrow as pa
import pytest

from static.browser import pyarrow as ours


def texts(*values):
    """As pandas holds them in the browser, where there is no pyarrow."""
    return pd.Series(values, dtype=object)


FRAMES = {
    "texts and numbers": pd.DataFrame(
        {"a": texts("x", None), "b": [1.5, float("nan")], "c": [1, 2], "d": [True, False]}
    ),
    "with an index of texts": pd.DataFrame({"a": [1.0, 2.0]}, index=pd.Index(["one", "two"], dtype=object)),
    "with a named index": pd.DataFrame({"a": [1]}, index=pd.Index(["one"], dtype=object, name="which")),
}


def described(table):
    """What pandas' metadata say of the columns and the index of a table."""
    found = json.loads(table.schema.metadata[b"pandas"])
    return found["index_columns"], found["columns"], found["column_indexes"][0]["metadata"]


@pytest.mark.parametrize("name", FRAMES)
def test_a_table_is_described_as_pyarrow_does(name):
    frame = FRAMES[name]
    theirs, own = pa.Table.from_pandas(frame), ours.Table.from_pandas(frame)
    assert own.column_names == theirs.column_names
    assert own.num_rows == theirs.num_rows
    assert described(own) == described(theirs)
    assert [str(one.type) for one in own.schema] == [str(one.type) for one in theirs.schema]


def test_a_column_of_something_else_is_refused():
    with pytest.raises(ours.ArrowInvalid, match="a column of list"):
        ours.Table.from_pandas(pd.DataFrame({"a": [[1], [2]]}))
