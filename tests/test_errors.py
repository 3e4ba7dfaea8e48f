"""What a message quotes of a file is safe to print."""

from __future__ import annotations

from sim.errors import Problem, shorten


def test_control_characters_are_written_as_escapes() -> None:
    """A file cannot colour or clear the terminal on which its error is read."""
    problem = Problem("a.yaml", 4, 7, "name", "\x1b[31mred\x00", "is not a name")
    assert str(problem) == r"a.yaml:4:7: name: is not a name (got \x1b[31mred\x00)"


def test_letters_of_other_languages_stay() -> None:
    """Only what cannot be printed is escaped."""
    assert shorten("Kündigung  €\n5") == "Kündigung € 5"
