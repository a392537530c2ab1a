"""What the page says at length: the law, and what is possible and right, in two lists each."""

from collections.abc import Sequence

from markupsafe import Markup

from fer_core.registry import MODELS
from pages.text.counting import number_word
from pages.text.markup import tag

AI_ACT_URL = "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"
GDPR_URL = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"

#: What the law says, as far as it is certain. When the duties for high-risk systems apply has been
#: changed since the Act came out, so no day is given for them.
LAW = f"""
In the European Union the [AI Act]({AI_ACT_URL}) (Regulation (EU) 2024/1689) speaks of systems that
identify or infer emotions or intentions from biometric data (Article 3(39)). The seven answers
here are names of emotions, so treat this app as one.

- **At work and in education: prohibited** since 2 February 2025. Inferring the emotions of people
  in the workplace or in educational institutions is forbidden, except for medical or safety
  reasons (Article 5(1)(f)).
- **Elsewhere: people must be told.** Whoever uses such a system, other than privately, informs the
  people exposed to it (Article 50(3), since 2 August 2026).
- **Emotion recognition counts as high-risk** (Annex III, point 1), with duties for makers and
  users that are being brought in step by step.
- **A photo that shows who somebody is, is personal data.** The [GDPR]({GDPR_URL}) asks for a legal
  basis, such as consent, and gives people rights, such as to have it deleted. It leaves out purely
  personal use (Article 2(2)).
"""
LAW_CAUTION = (
    "This is no legal advice. Other countries have other laws, and laws change: read the present "
    "text, or ask somebody who knows it."
)
CANNOT = (
    "What somebody feels, wants, thinks or is like",
    "Whether a smile is meant, or a feeling is hidden",
    "Anything about health, honesty, interest or performance",
    "The situation: what came before, who else is there, what is said",
)
FINE = (
    "Learning how such models work, and how they fail",
    "Your own photos, or photos of people who said yes",
    "Teaching and research with public data or with consent",
)
NOT_FINE = (
    "Watching staff, applicants, pupils or students: in the EU it is prohibited",
    "Deciding about anyone: jobs, marks, credit, insurance, asylum, police work",
    "Guessing at health or at truthfulness",
    "Photos of people who don't know of it, children above all",
)


def photo_handling(minutes: float) -> str:
    """What becomes of photos; a session ends `minutes` after its tab was closed."""
    return (
        "- **Kept in memory only**, on the machine that runs the app. Nothing of a photo is "
        "written to its disk or its log or sent on, and your browser is told not to store it.\n"
        f"- **Forgotten** within a minute when you press Clear, or about {minutes:g} minutes after "
        "you close the tab.\n"
        "- **Seen by** you. Whoever runs the machine could look into its memory, and whoever gets "
        "a picture's address from you, which cannot be guessed, could open it while you have it on "
        "show.\n"
        "- **Position, camera and comments** in the file are dropped as it is read, and are in no "
        "picture you take away. File names stand in the CSV and JSON files.\n"
        "- **It learns nothing** from photos: the models are finished before you come."
    )


def can_tell() -> tuple[str, ...]:
    """What the models can tell."""
    return (
        "What strangers would probably call the expression on a small grey picture of a face",
        "How sure a model is of that, and how often it is right when it is as sure",
        f"Where {number_word(len(MODELS))} models differ, and on which faces they go wrong",
    )


def cards(level: int, yes: str, good: Sequence[str], no: str, bad: Sequence[str]) -> Markup:
    """HTML: what is on the left with ticks, what is on the right with crosses; the cards' headings
    are of that level."""
    sides = _card("yes", level, yes, good), _card("no", level, no, bad)
    return tag("div", *sides, class_="uses")


def _card(kind: str, level: int, title: str, items: Sequence[str]) -> Markup:
    rows = tag("ul", *(tag("li", item) for item in items))
    return tag("section", tag(f"h{level}", title), rows, class_=kind)
