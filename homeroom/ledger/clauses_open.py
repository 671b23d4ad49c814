"""The clauses that Homeroom does not keep yet, said in public. A clause leaves this list when an app claims it."""

from __future__ import annotations

from homeroom.kernel.policytext.claims import Claim, How


def _open(sentence: str, ids: str) -> Claim:
    return Claim(tuple(ids.split()), How.OPEN, sentence)


CLAIMS = (
    _open("What the policy is for is not explained to its users yet.", "I"),
    _open("How use belongs to teaching is not kept yet.", "II.2 II.3"),
    _open("Consequences other than those for access are not kept yet.", "IV.2 IV.2b IV.2c IV.2d"),
    _open(
        "Reports, findings and consequences of such uses are not kept yet.",
        """
        V.A.0 V.A.1.verbs V.A.1.a V.A.1.b V.A.1.c V.A.1.d V.A.1.e V.A.2a V.A.2b V.A.3 V.A.4a V.A.4b V.A.4c
        V.A.4e V.A.5b V.A.6.1 V.A.6.2 V.A.6.3 V.A.6.4 V.A.6.a.1 V.A.6.a.2 V.A.6.b.0 V.A.6.b(1) V.A.6.b(2)
        V.A.6.b.approval V.A.6.c V.A.7.5 V.A.8a V.A.8b V.A.8c V.A.9.1 V.A.9.2 V.A.9.3
        V.A.10.1 V.A.10.2
        """,
    ),
    _open("Reports about what happens off the premises are not kept yet.", "V.B.1 V.B.2 V.B.3 V.B.4"),
    _open("Exceptions asked for and answered in writing are not kept yet.", "V.C.2 V.C.3 V.C.4 V.C.5"),
    _open(
        "The choices and findings around Article VI are not all kept yet.",
        """
        VI.note1.a VI.Alt1.note2.a VI.Alt1.note2.b VI.Alt3.D VI.Alt3.E.1 VI.Alt3.E.2 VI.Alt3.E.3
        """,
    ),
    _open(
        "Notices to parents are not written, checked and sent yet.",
        """
        XII.B.3 XII.B.4
        """,
    ),
    _open("Rules about phones are not kept yet.", "XV.1 XV.2 XV.3 XV.note.a XV.note.b XV.note.c XV.note.d"),
    _open("Sessions at screens of the youngest are not kept yet.", "XVI.1 XVI.2"),
    _open("The register of statutes and policies is not kept yet.", "REF.cross"),
)
