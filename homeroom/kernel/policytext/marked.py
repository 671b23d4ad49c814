"""Two wordings of one clause with the words marked that differ, so that a board sees them at a glance."""

from __future__ import annotations

from difflib import SequenceMatcher

from homeroom.kernel.policytext.clauses import bare

MOST = 3_000  # words; what is longer is shown unmarked, since comparing takes the square of it

Parts = tuple[tuple[str, bool], ...]  # pieces of a wording in their order, each with whether it differs


def marked(before: str, after: str) -> tuple[Parts, Parts]:
    """Both wordings in pieces; the shape of quotes, case and white space make no difference.

    >>> marked("Told within 72 hours.", "Told within 24 hours.")[1]
    (('Told within', False), ('24', True), ('hours.', False))
    """
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > MOST:
        return _plain(before), _plain(after)
    match = SequenceMatcher(None, [bare(each) for each in old], [bare(each) for each in new], autojunk=False)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for kind, first, last, begin, end in match.get_opcodes():
        left += [(" ".join(old[first:last]), kind != "equal")] if last > first else []
        right += [(" ".join(new[begin:end]), kind != "equal")] if end > begin else []
    return tuple(left), tuple(right)


def _plain(words: str) -> Parts:
    return ((words, False),) if words.strip() else ()
