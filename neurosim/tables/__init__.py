"""A person's own table: a CSV file with a header, read as columns, and what a model keeps of it.

`read_header` and `read_table` read; `Schema` says how columns become the numbers of a network's
inputs and outputs. ``net.table`` is the `Schema` of a network that was trained on a table, else
None; it is saved with the model, so that a new table is read as the training table was.
"""

from neurosim.tables.choice import inputs_of, require_categories, split
from neurosim.tables.columns import Column, NumberColumn, TextColumn
from neurosim.tables.reader import Table, read_header, read_table, require_no_model
from neurosim.tables.schema import Input, Schema, Target

__all__ = [
    "Column",
    "Input",
    "NumberColumn",
    "Schema",
    "Table",
    "Target",
    "TextColumn",
    "inputs_of",
    "read_header",
    "read_table",
    "require_categories",
    "require_no_model",
    "split",
]
