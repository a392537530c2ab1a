"""Texts of the page Responsible use: the law, photos, and lists of what is possible and fine."""

from collections.abc import Sequence

from markupsafe import Markup

from fer_core.registry import MODELS
from fer_core.reports.format import number_word
from pages.text.markup import tag

AI_ACT_URL = "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"
GDPR_URL = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"

#: The law, as far as it is certain. The date from which the duties for high-risk systems apply has
#: been changed since the Act was published, so none is given.
LAW = f"""
In the European Union the [AI Act]({AI_ACT_URL}) (Regulation (EU) 2024/1689) covers systems that
identify or infer emotions or intentions from biometric data (Article 3(39)). The seven answers
here are names of emotions, so treat this app as such a system.

- **At work and in education: prohibited** since 2 February 2025. Inferring the emotions of people
  in the workplace or in educational institutions is forbidden, except for medical or safety
  reasons (Article 5(1)(f)).
- **Elsewhere: people must be told.** Whoever uses such a system other than privately must inform
  the people exposed to it (Article 50(3), since 2 August 2026).
- **Emotion recognition counts as high-risk** (Annex III, point 1), with duties for providers and
  deployers that are being introduced step by step.
- **A photo in which somebody can be recognised is personal data.** The [GDPR]({GDPR_URL})
  requires a legal basis, such as consent, and gives people rights, such as the right to have it
  deleted. Purely personal use is exempt (Article 2(2)).
"""
LAW_CAUTION = (
    "This is not legal advice. Other countries have other laws, and laws change: read the current "
    "text or ask an expert."
)
CANNOT = (
    "What somebody feels, wants or thinks, or what they are like",
    "Whether a smile is sincere, or a feeling is hidden",
    "Anything about health, honesty, interest or performance",
    "The situation: what came before, who else is there, what is said",
)
FINE = (
    "Learning how such models work, and how they fail",
    "Your own photos, or photos of people who agreed",
    "Teaching and research with public data or with consent",
)
NOT_FINE = (
    "Monitoring staff, applicants, pupils or students: prohibited in the EU",
    "Deciding about anyone: jobs, grades, credit, insurance, asylum, police work",
    "Judging health or truthfulness",
    "Photos of people who don't know about it, above all of children",
)


def photo_handling(minutes: float) -> str:
    """What happens to photos, as Markdown; a session ends `minutes` after its tab was closed."""
    return (
        "- **Kept in memory only**, on the machine that runs the app. Nothing of a photo is "
        "written to its disk or its log or sent elsewhere, and your browser is told not to store "
        "it.\n"
        "- **Deleted** within a minute when you press Clear, or about "
        f"{minutes:g} minutes after you close the tab.\n"
        "- **Seen by** you. Whoever runs the machine could look into its memory, and anyone you "
        "give an image's address to, which cannot be guessed, could open it while it is on your "
        "screen.\n"
        "- **Location, camera and comments** in the file are dropped when it is read, and no image "
        "you download contains them. File names are in the CSV and JSON files.\n"
        "- **Never used for training**: the models are fixed."
    )


def in_class(minutes: float) -> str:
    """What teachers should know, as Markdown; a session ends `minutes` after its tab was closed."""
    return (
        "- **Use the sample photos**, or volunteers who want to, and whose parents agreed. The "
        "models differ on some samples, so nobody's face is needed for a lesson.\n"
        "- **Don't judge pupils with it**: not their attention, mood, effort or honesty. The "
        "models cannot tell, and in the European Union inferring emotions in educational "
        "institutions is prohibited (Article 5(1)(f), below). Whether a lesson about such models "
        "may use pupils' photos is a question for your school.\n"
        "- **Nothing is kept**: photos are in memory only, and forgotten within a minute of "
        f"Clear, or about {minutes:g} minutes after the tab is closed. Each visitor sees only "
        "their own. What somebody downloads stays on their device.\n"
        "- **Say that it guesses**: it names what strangers would call an expression, and is "
        "often wrong."
    )


def can_tell() -> tuple[str, ...]:
    """What the models can tell."""
    return (
        "What strangers would probably call the expression on a small grey image of a face",
        "How confident a model is, and how often it is right when it is that confident",
        f"Where {number_word(len(MODELS))} models differ, and on which faces they are wrong",
    )


def cards(level: int, yes: str, good: Sequence[str], no: str, bad: Sequence[str]) -> Markup:
    """HTML: two cards, one list with ticks and one with crosses.

    Args:
        level: Level of the cards' headings, 1 to 6.
        yes: Heading of the list with ticks.
        good: Items of the list with ticks.
        no: Heading of the list with crosses.
        bad: Items of the list with crosses.
    """
    sides = _card("yes", level, yes, good), _card("no", level, no, bad)
    return tag("div", *sides, class_="uses")


def _card(kind: str, level: int, title: str, items: Sequence[str]) -> Markup:
    rows = tag("ul", *(tag("li", item) for item in items))
    return tag("section", tag(f"h{level}", title), rows, class_=kind)
