"""Python on the pages names what there is: every import works, every attribute of `sim` is public."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).parents[2]
BLOCKS = [
    pytest.param(block, id=f"{page.stem}-{number}")
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_names_are_there(block):
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom):
            assert all(hasattr(import_module(node.module), alias.name) for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sim":
            assert node.attr in sim.__all__
