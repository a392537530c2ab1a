"""What the law says, as far as it is certain; the sources are linked, a click away.

When the duties for high-risk systems apply has been changed since the Act came out, so no day is
given for them.
"""

ACT = "https://eur-lex.europa.eu/eli/reg/2024/1689/oj"
GDPR = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"

TEXT = f"""
In the European Union the [AI Act]({ACT}) (Regulation (EU) 2024/1689) speaks of systems that
identify or infer emotions or intentions from biometric data (Article 3(39)). The seven answers
here are names of emotions, so treat this app as one.

- **At work and in education: prohibited** since 2 February 2025. Inferring the emotions of people
  in the workplace or in educational institutions is forbidden, except for medical or safety
  reasons (Article 5(1)(f)).
- **Elsewhere: people must be told.** Whoever uses such a system, other than privately, informs the
  people exposed to it (Article 50(3), since 2 August 2026).
- **Emotion recognition counts as high-risk** (Annex III, point 1), with duties for makers and
  users that are being brought in step by step.
- **A photo that shows who somebody is, is personal data.** The [GDPR]({GDPR}) asks for a legal
  basis, such as consent, and gives people rights, such as to have it deleted. It leaves out purely
  personal use (Article 2(2)).
"""
CAUTION = (
    "This is no legal advice. Other countries have other laws, and laws change: read the present "
    "text, or ask somebody who knows it."
)
