"""Makes fixtures/*.parquet, one for each compression: pip install pyarrow==26.0.1; python make.py"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = pathlib.Path(__file__).parent / "fixtures"
TABLE = pa.table(
    {
        "id": pa.array([1, 2, 3, 4, 5], pa.int64()),
        "text": [
            "A first text.",
            'A second text:\n"quoted", with ünïcödé 🌊.',
            None,
            "A first text.",
            "x",
        ],
        "title": ["One", "Two", "Three", None, "Five"],
        "bytes": pa.array([b"\xff\xd8", b"", b"a", b"b", b"c"], pa.binary()),
        "list": [["a"], ["b"], [], None, ["c"]],
    }
)
for name, compression in {"plain": "none", "snappy": "snappy", "gzip": "gzip", "zstd": "zstd"}.items():
    pq.write_table(TABLE, FOLDER / f"{name}.parquet", compression=compression, row_group_size=2)
