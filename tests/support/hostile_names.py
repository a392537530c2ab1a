"""Photo file names that try to make a page misbehave."""

NAMES = {
    "html": '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>.png',
    "attribute": "\" onmouseover='window.hacked=1' x=\"><b>bold</b>.png",
    "entity": "&lt;b&gt;&amp;&#x3C;i&#x3E;.png",
    "markdown link": "[click](https://elsewhere.example/a) ![p](https://elsewhere.example/p.png).png",
    "markdown": "**bold** _slanted_ ~~gone~~ `code` # head | cell.png",
    "list": "- one 1. two > quoted.png",
    "bare address": "https://elsewhere.example/a.png",
    "www": "see www.elsewhere.example now.png",
    "mail": "mail somebody@elsewhere.example.png",
    "maths": "$\\frac{1}{2}$ and $$x^2$$.png",
    "directive": ":material/home: :red[red] :blue-badge[badge] :small[s].png",
    "emoji": ":smile: :+1: :streamlit:.png",
    "arrows": "a -> b <- c -- d >= e <= f ~= g.png",
    "turned around": "gnp.\u202eexe\u202c \u2066x\u2069 \u200f\u200e\u061c.png",
    "control": "a\x00b\x07c\x1b[31md\x7f\x85e.png",
    "lines": "one\ntwo\r\nthree\u2028four\ttabbed.png",
    "long": "long " + 5000 * "x" + ".png",
    "formula": "=HYPERLINK(\"https://elsewhere.example\";\"click\").png",
    "spaced formula": "  @SUM(A1:A9).png",
    "path": "../../../etc/passwd.png",
    "drive": "C:\\Windows\\system32\\a.png",
    "lone surrogate": "a\ud800b.png",
    "comma and quote": 'a,"b";c.png',
    "template": "{{7*7}} ${7*7} %(a)s {0}.png",
    "marks on marks": "z" + 60 * "\u0336\u0310" + ".png",
    "nothing": "\u202e\x00",
}  # fmt: skip
#: Parts of these names that occur in no text of the app itself.
SIGNS = (
    "elsewhere.example", "hacked", "frac{", "-badge", "somebody", "passwd", "system32", "SUM(",
    "xxxxx", "slanted", "smile", "7*7",
)  # fmt: skip
