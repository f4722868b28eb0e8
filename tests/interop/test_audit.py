"""The audit log's example in docs/AUDIT.md, and what was done to it."""

import json
from pathlib import Path

import pytest
from checker import audit

TEXT = (Path(__file__).parents[2] / "docs/AUDIT.md").read_text("utf-8")
EXAMPLE = TEXT.split("```json\n")[1].split("```")[0].splitlines()
HEAD = TEXT.split("The head of this example is `")[1].split("`")[0]


def changed(place: int, **fields) -> list[str]:
    lines = list(EXAMPLE)
    lines[place] = json.dumps(json.loads(lines[place]) | fields)
    return lines


def test_the_example_is_intact():
    assert audit.verify(EXAMPLE, HEAD) == HEAD
    assert audit.verify(EXAMPLE[2:], start=audit.verify(EXAMPLE[:2])) == HEAD


@pytest.mark.parametrize("field", [name for name in json.loads(EXAMPLE[0]) if name != "seq"])
def test_a_change_of_any_field_is_found(field):
    with pytest.raises(ValueError, match=r"another hash|expected"):
        audit.verify(changed(2, **{field: "0" * 64}))


@pytest.mark.parametrize("lines", [EXAMPLE[:1] + EXAMPLE[2:], EXAMPLE[::-1], EXAMPLE + EXAMPLE[2:]])
def test_missing_moved_and_repeated_events_are_found(lines):
    with pytest.raises(ValueError, match="is expected"):
        audit.verify(lines)


def test_a_cut_chain_is_found_by_its_head_alone():
    assert audit.verify(EXAMPLE[:2])
    with pytest.raises(ValueError, match="never had the head"):
        audit.verify(EXAMPLE[:2], HEAD)
