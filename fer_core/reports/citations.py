"""What to cite, as BibTeX; the same works as in CITATION.cff."""

from dataclasses import dataclass

import fer_core
from fer_core.evaluation import study


@dataclass(frozen=True)
class Work:
    """One entry; `use` says what this project owes it."""

    key: str
    kind: str
    use: str
    fields: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """The title without BibTeX's braces."""
        return dict(self.fields)["title"].strip("{}")

    def bibtex(self) -> str:
        """The entry as BibTeX."""
        lines = [f"  {name} = {{{value}}}," for name, value in self.fields]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}"])


WORKS = (
    Work(
        "fer_explorer",
        "software",
        "This software: the app, the library and the weights.",
        (
            ("title", "{FER Explorer}"),
            ("author", "{The FER Explorer developers}"),
            ("version", fer_core.__version__),
            ("year", "2026"),
        ),
    ),
    Work(
        "assefa_fer",
        "misc",
        "The study whose models this software implements.",
        (
            ("title", study.TITLE),
            ("author", "Assefa, Ethan and Burrell, Thomas and Gomtsyan, Tatev"),
            ("note", "Slides"),
        ),
    ),
    Work(
        "goodfellow2013fer",
        "inproceedings",
        "FER2013, the data set of all training and scores.",
        (
            (
                "title",
                "Challenges in Representation Learning: A Report on Three Machine Learning "
                "Contests",
            ),
            ("author", "Goodfellow, Ian J. and Erhan, Dumitru and others"),
            ("booktitle", "Neural Information Processing (ICONIP)"),
            ("year", "2013"),
        ),
    ),
    Work(
        "barsoum2016fer",
        "inproceedings",
        "FER+, ten annotators' votes on each face of FER2013.",
        (
            (
                "title",
                "Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label "
                "Distribution",
            ),
            (
                "author",
                "Barsoum, Emad and Zhang, Cha and Canton Ferrer, Cristian and Zhang, Zhengyou",
            ),
            (
                "booktitle",
                "Proceedings of the 18th ACM International Conference on Multimodal Interaction "
                "(ICMI)",
            ),
            ("year", "2016"),
            ("doi", "10.1145/2993148.2993165"),
        ),
    ),
)


def bibtex() -> str:
    """All entries, one after the other."""
    return "\n\n".join(work.bibtex() for work in WORKS) + "\n"
