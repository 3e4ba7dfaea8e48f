"""The scenarios of this folder go into the package as `sim/examples`; pyproject.toml says everything else."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SCENARIOS = Path("scenarios")
NEEDED = ("**/*.yaml", "bank/week/arrivals.csv", "bank/week/staffing.csv")
"""What it takes to run them."""


class WithExamples(build_py):
    """Builds the package, and copies the scenarios into it."""

    def run(self) -> None:
        """Copy the scenarios too, unless the package is used where it stands, beside them."""
        super().run()
        if not self.editable_mode:
            for source, target in self._examples():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Return every file that is built."""
        return [*super().get_outputs(include_bytecode), *(str(target) for _, target in self._examples())]

    def _examples(self) -> list[tuple[Path, Path]]:
        folder = Path(self.build_lib, "sim", "examples")
        files = sorted(path for pattern in NEEDED for path in SCENARIOS.glob(pattern))
        return [(path, folder / path.relative_to(SCENARIOS)) for path in files]


setup(cmdclass={"build_py": WithExamples})
