"""What the app tells people to cite is what CITATION.cff says."""

import re
from pathlib import Path

import fer_core
from fer_core.reports import citations

CFF = Path(fer_core.__file__).parents[1] / "CITATION.cff"


def test_works_are_those_of_the_citation_file() -> None:
    text = " ".join(CFF.read_text(encoding="utf-8").split())
    titles = re.findall(r'(?<!collection-)title: "?([^"]+?)"? (?:authors|message|collection)', text)
    assert [work.title for work in citations.WORKS] == titles
    names = re.findall(r"family-names: (\w+(?: \w+)?) given-names", text)
    bibtex = citations.bibtex()
    assert names
    assert all(name in bibtex for name in names)
    assert f"version: {fer_core.__version__}" in text
    [doi] = re.findall(r"doi: (\S+)", text)
    assert doi in bibtex


def test_each_entry_is_balanced() -> None:
    for work in citations.WORKS:
        assert work.bibtex().count("{") == work.bibtex().count("}")
        assert work.bibtex().startswith(f"@{work.kind}{{{work.key},")
