"""What the law says, as far as it is certain; the sources are linked, a click away.

Regulation (EU) 2024/1689 as amended in 2026: the duties for high-risk systems were moved, those of
Articles 5 and 50(3) were not.
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
  users. Most of them apply from 2 December 2027, later than first planned.
- **A photo that shows who somebody is, is personal data.** The [GDPR]({GDPR}) asks for a legal
  basis, such as consent, and gives people rights, such as to have it deleted. It leaves out purely
  personal use (Article 2(2)).
"""
CAUTION = (
    "This is no legal advice. Other countries have other laws, and laws change: read the present "
    "text, or ask somebody who knows it."
)
