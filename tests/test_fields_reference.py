"""What is told of the fields is what the code does."""

from __future__ import annotations

from pathlib import Path

from broadsheet.extract import fields

from . import fields_reference


def test_the_page_is_what_the_code_says():
    """After a change of a rule: python -m tests.fields_reference"""
    assert fields_reference.rendered() == fields_reference.PAGE.read_text(encoding="utf-8")


def test_every_file_of_a_field_is_on_the_page():
    """A field without a documented rule would be one that nobody can check."""
    files = {file.stem for file in Path(fields.__file__).parent.glob("[a-z]*")}

    assert files == {module.__name__.rsplit(".", 1)[-1] for _, _, module, _ in fields_reference.RULES}
