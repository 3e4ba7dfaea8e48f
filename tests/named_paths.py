"""The paths that pages name in backticks: does each exist? `python -m tests.named_paths` prints those that do not."""

import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("sim", "tests", "docs", "scenarios", "results", "notebooks", "benchmarks", "backend")
CODE = re.compile(r"(`+)(.+?)\1")
FENCE = re.compile(r"\s*(?:```|~~~)")
PLACEHOLDER = re.compile(r"<[^<>]+>|(?<![A-Za-z0-9])[A-Z]{2,}(?![A-Za-z0-9])")
"""NAME and <name> stand for any name, unless a file is called so (README.md)."""
NOT_OURS = re.compile(r"results/(?!baselines\b|README\.md)|my[_-]")
"""Output folders, which commands make and git ignores; files of the reader's own."""


def pages(root: Path = ROOT) -> list[Path]:
    """The pages that are held to the tree. The changelog is not: it tells of files that have gone."""
    return [root / "CONTRIBUTING.md", root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def named_paths(text: str, root: Path = ROOT) -> Iterator[tuple[int, str]]:
    """Every path of the repository in backticks, with its line; blocks of code are passed over.

    A path begins with a folder of the repository or of `sim`, or it is a module (`plan.py`).
    """
    begins = tuple(f"{folder}/" for folder in (*FOLDERS, *(f.name for f in (root / "sim").iterdir() if f.is_dir())))
    in_block = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            in_block = not in_block
        elif not in_block:
            for word in (word for code in CODE.finditer(line) for word in code[2].split()):
                path = word.split("::")[0].strip("\"'(),;:")
                if (path.startswith(begins) or path.endswith(".py")) and not NOT_OURS.match(path):
                    yield number, path


def expanded(path: str) -> list[str]:
    """The paths that braces stand for: `a/{b,c}.py` is two."""
    choices = [part.strip("{}").split(",") for part in re.split(r"(\{[^{}]*\})", path)]
    return ["".join(choice) for choice in product(*choices)]


def exists(path: str, root: Path = ROOT) -> bool:
    """Whether there is such a file or folder; one at least for a pattern or a placeholder."""
    return all(_found(each.rstrip("/"), root) for each in expanded(path))


def _found(path: str, root: Path) -> bool:
    patterns = (path, PLACEHOLDER.sub("*", path))
    if f"{path}/".startswith(tuple(f"{folder}/" for folder in FOLDERS)):
        return any(any(root.glob(pattern)) for pattern in patterns)
    return any(any((root / folder).rglob(pattern)) for pattern in patterns for folder in FOLDERS)


def missing(page: Path, root: Path = ROOT) -> list[str]:
    """What a page names and the tree does not have, as `page:line: path`."""
    named = named_paths(page.read_text(encoding="utf-8"), root)
    return [f"{page.relative_to(root)}:{line}: {path}" for line, path in named if not exists(path, root)]


def main() -> int:
    """Print every path that is named and does not exist; 1 if there is any."""
    gone = [line for page in pages() for line in missing(page)]
    print(*gone, sep="\n", end="\n" if gone else "")
    return int(bool(gone))


if __name__ == "__main__":
    sys.exit(main())
