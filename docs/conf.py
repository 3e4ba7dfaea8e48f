"""How Sphinx makes a site of the pages (`make docs`): it needs no network, and reads the repository as it is."""

import re
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

import sim

_ROOT = Path(__file__).parent.parent
_PROJECT = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# The source folder is the root of the repository, so that links to the README or to a scenario work as they do there.
project = "ccsim"
author = "The ccsim authors"
copyright = author
version = release = _PROJECT["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
root_doc = "docs/index"
include_patterns = ["docs/**", "*.md", "scenarios/README.md", "scenarios/*/README.md"]
exclude_patterns = ["docs/_templates", "build", ".venv"]
templates_path = [str(Path(__file__).parent / "_templates")]
myst_heading_anchors = 4

# What is public in Python is `sim.__all__`: no list of names is kept here.
autosummary_generate = True
autosummary_ignore_module_all = False
autosummary_imported_members = True
autosummary_filename_map = {f"sim.{name}": f"sim.class-{name}" for name in sim.__all__ if name[0].isupper()}
"""Pages by object. Some file systems cannot tell `sim.Bridge` from `sim.bridge`."""
autodoc_class_signature = "mixed"
autodoc_preserve_defaults = True
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
maximum_signature_line_length = 90
python_use_unqualified_type_names = True
add_module_names = False
napoleon_google_docstring = False
napoleon_attr_annotations = False
napoleon_custom_sections = [("Attributes", "returns_style")]

html_theme = "furo"
html_title = f"ccsim {release}"
html_additional_pages = {"index": "start.html"}

_SECTION = re.compile(r"^(?:Parameters|Attributes)\n-+\n(?:.+\n?)+", re.MULTILINE)
_MEANING = re.compile(r"^([\w, ]+) : (.+)$(?!\n    [A-Z])", re.MULTILINE)
_CODE = re.compile(r"(?<![:`])`([^`]+)`(?!`)")


def read_docstring(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Turn a docstring of ours into one that Sphinx understands.

    Docstrings here say what a parameter means right after its name, where numpydoc expects its type; types stand in
    the signature. So the meaning goes to a line of its own. A type all the same ("tuple of Problem", with a sentence
    below it) stays where it is. Single backticks are code, and a link where they hold a public name.
    """
    text = _SECTION.sub(lambda section: _MEANING.sub(r"\1\n    \2", section[0]), "\n".join(lines))
    lines[:] = _CODE.sub(_linked, text).split("\n")
    if what == "property":
        lines[0] = lines[0].replace(": ", " – ", 1)  # napoleon takes what stands before a colon for a type


def _linked(code: re.Match[str]) -> str:
    name = code[1].removeprefix("sim.")
    public = name in sim.__all__ and (name != code[1] or name[0].isupper())
    return f":py:obj:`{code[1]} <sim.{name}>`" if public else f"``{code[1]}``"


def leave_out_signature(
    app: Sphinx, what: str, name: str, thing: object, options: object, signature: str | None, returned: str | None
) -> tuple[str | None, str | None] | None:
    """Leave out the signature of a section of the scenario: files make it, and their reference describes it."""
    return ("", None) if hasattr(thing, "model_fields") else None


def setup(app: Sphinx) -> None:
    """Read docstrings before napoleon does."""
    app.connect("autodoc-process-docstring", read_docstring, priority=100)
    app.connect("autodoc-process-signature", leave_out_signature)
