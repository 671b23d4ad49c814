"""The clauses that Homeroom does not keep yet, said in public. A clause leaves this list when an app claims it."""

from __future__ import annotations

from homeroom.kernel.policytext.claims import Claim, How


def _open(sentence: str, ids: str) -> Claim:
    return Claim(tuple(ids.split()), How.OPEN, sentence)


CLAIMS = (
    _open(
        "People weigh how bad it was and how often before; only the loss of access is kept here yet.",
        "IV.2 IV.2b IV.2c IV.2d",
    ),
    _open(
        "Such use is for a person to report and to judge; Homeroom keeps no reports and findings yet. What the filter "
        "can do about it stands under Article VI.",
        """
        V.A.0 V.A.1.verbs V.A.1.a V.A.1.b V.A.1.c V.A.1.d V.A.1.e V.A.2a V.A.2b V.A.3 V.A.4a V.A.4b V.A.4c
        V.A.4e V.A.5b
        """,
    ),
    _open(
        "Homeroom does not see what people post; the check before a page goes up is not built yet.",
        "V.A.6.1 V.A.6.2 V.A.6.3 V.A.6.4 V.A.6.b(1) V.A.6.b(2) V.A.6.b.approval",
    ),
    _open("There is no register of permissions to encrypt yet.", "V.A.7.5"),
    _open(
        "No program can tell copying, trade or a purchase from honest work; a person must, and Homeroom keeps no "
        "reports and permissions of that kind yet.",
        "V.A.8a V.A.8b V.A.8c V.A.9.1 V.A.9.2 V.A.9.3",
    ),
    _open(
        "Reports of bullying, and the days until somebody looks into them, are not kept yet; the school's own "
        "procedure holds.",
        "V.A.10.1 V.A.10.2",
    ),
    _open(
        "What happens off the premises is reported to people; Homeroom does not keep these reports yet.",
        "V.B.1 V.B.2 V.B.3 V.B.4",
    ),
    _open("What a told accident counted for in a later case is not kept yet.", "V.C.3"),
    _open(
        "The district's rules about phones stand elsewhere; Homeroom does not keep them yet.",
        "XV.1 XV.2 XV.3 XV.note.a XV.note.b XV.note.c XV.note.d",
    ),
    _open("Who sat with the youngest at a screen is not written down here yet.", "XVI.1 XVI.2"),
)
