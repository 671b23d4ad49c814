"""The clauses of model policy 524 that demand or forbid something, each with a short title of our own.

An id is the policy's own outline; a word or a figure after it tells duties apart that share one
place there. Tests and decisions cite these ids and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class BadClause(ValueError):
    """An id that names no clause, or more than one; the message says what to write instead."""


_TITLES = """
524.title-note   The policy itself must exist
I                What the policy is for
II.1             The district's mission weighed in each decision about access
II.2             Use blended into the curriculum
II.3             Guidance and instruction by teachers
III.1            Access serves a limited educational purpose
III.2            Personal and educational goals in keeping with the mission
III.3            School accounts are narrower than private ones
IV.1             Use is a privilege
IV.2             Consequence fits degree and history
IV.2a            Access suspended or cancelled
IV.2b            Damage paid for
IV.2c            Discipline under other policies
IV.2d            Civil or criminal liability
V.A.0            The list of uses is open-ended
V.A.1.verbs      Every way of handling material is covered
V.A.1.a          Sexual material
V.A.1.b          Abusive language
V.A.1.c          Language or images unfit for school
V.A.1.d          Information that endangers teaching
V.A.1.e          Violence, discrimination, harassment
V.A.2a           False or defamatory statements
V.A.2b           Harassment and personal attacks
V.A.3            Breaking the law
V.A.4a           Vandalism
V.A.4b           Degrading equipment or service
V.A.4c           Tampering
V.A.4d           Getting round the security system
V.A.4e           Disturbing other users' work
V.A.5a           Unauthorised access to resources
V.A.5b           Other people's files
V.A.6.1          Posting what is private to others
V.A.6.2          Posting contact details
V.A.6.3          Posting other identifying data
V.A.6.4          Reposting private messages
V.A.6.note       The board chooses among a, b and c
V.A.6.a.1        Employee contact details on district pages
V.A.6.a.2        Employees writing for educational reasons
V.A.6.b.0        Own contact details on own school pages
V.A.6.b(1)       Student data that is directory information
V.A.6.b(2)       Student data with written consent
V.A.6.b.approval The administrator approves the page first
V.A.6.c          Personal information on social networks
V.A.7.1          Accounts on file with an official
V.A.7.2          Attempts at unauthorised access
V.A.7.3          Another's account
V.A.7.4          Only what was assigned
V.A.7.5          Encryption only with permission
V.A.8a           Copyright and licences
V.A.8b           Others' property and software
V.A.8c           Plagiarism
V.A.9.1          Business on school systems
V.A.9.2          Selling and advertising
V.A.9.3          Purchases only when authorised
V.A.10.1         Bullying and cyberbullying
V.A.10.2         Bullying from off the premises
V.B.1            Speech elsewhere that disrupts school
V.B.2            The same uses off the premises
V.B.3            Looking into reports from private computers
V.B.4            Discipline for use elsewhere
V.C.1            Accidents are told at once
V.C.2            Employees tell their supervisor
V.C.3            Telling counts in one's favour
V.C.4            A teacher's exception for an assignment
V.C.5            An administrator's exception for an employee
VI.note1.a       The state's duty to restrict material
VI.note1.b       Funding that brings federal standards
VI.note1.c       The board picks one alternative
VI.note2         The floor for adults since 2025
VI.Alt1.note1    When alternative 1 may be picked
VI.Alt1.1        Students are shielded at every school site
VI.Alt1.2        Narrow tailoring, no viewpoint
VI.Alt1.note2.a  No filter bought at more than small cost
VI.Alt1.note2.b  Other methods where there is no filter
VI.Alt2.note     When alternative 2 may be picked
VI.Alt2.A        Students are shielded on every computer
VI.Alt2.B        Adults: obscenity and child pornography
VI.Alt2.C        Narrow tailoring, no viewpoint
VI.Alt3.note.a   Federal funds need a safety policy
VI.Alt3.note.b   Notice and hearing before it takes effect
VI.Alt3.note.c   No federal funds, no such need
VI.Alt3.A.1      Activities are monitored
VI.Alt3.A.2      Protection runs during any use
VI.Alt3.A.obscene  Obscene depictions are blocked
VI.Alt3.A.cp     Child pornography is blocked
VI.Alt3.A.htm    Depictions harmful to minors are blocked
VI.Alt3.B.1-3    What harmful to minors means
VI.Alt3.C        Narrow tailoring, no viewpoint
VI.Alt3.D        Opening the filter for an adult's research
VI.Alt3.E.1      Teaching conduct online
VI.Alt3.E.2      Teaching about networks and chats
VI.Alt3.E.3      Teaching about cyberbullying
VI.note-last     A stricter alternative by choice
VII              In keeping with other policies
VIII.A.1         Control over material is kept
VIII.A.2         Limited privacy in files
VIII.B           What maintenance may reveal
VIII.C.1         A search on reasonable suspicion
VIII.C.2         No search without it
VIII.D.1         A parent's look at a child's files
VIII.D.2         A parent closes a child's account
VIII.E.1         Review of employees' files
VIII.E.2         Employees know of review and disclosure
VIII.F           Working with authorities
IX.A             A joint responsibility
IX.B.1           Permission before use
IX.B.2           Supervision before and during use
IX.C.1           The student signs
IX.C.2           The parent signs
IX.C.3           The supervising teacher signs
IX.C.4           The employee signs
IX.C.5           The form is filed
IX.C.6           A new teacher's form is attached
X.1              Use at one's own risk
X.2              No liability for damage
X.3              No promise of accuracy
X.4              No unauthorised obligations
XI.A             All users are notified
XI.B.1           Notice: use depends on compliance
XI.B.2.a         Notice: stored information
XI.B.2.b         Notice: retrieved information
XI.B.2.c         Notice: private equipment
XI.B.2.d         Notice: unauthorised obligations
XI.B.3           Notice: privacy and its limits
XI.B.4           Notice: no protection is perfect
XI.B.5           Notice: purchases bind their maker
XI.B.6           Notice: which data policies apply
XI.B.7           Notice: what a violation may bring
XI.B.8           Notice: the law comes first
XII.A.1          Parents guide use at home
XII.A.2          Parents watch use from home
XII.B.0a         Parents are told of use
XII.B.0b         Parents may ask for other activities
XII.B.1          Parents get the student's notice
XII.B.2          Parents get their own duties described
XII.B.3          Parents get the form for other activities
XII.B.4          Parents are told who must sign
XII.B.5          Parents are told where the policy lies
XIII.A.1         Provider: supplies a device
XIII.A.2         Provider: holds educational data
XIII.B           Who counts as a parent
XIII.C.0         Yearly notice of providers
XIII.C.0m        The notice is sent directly
XIII.C.1         The notice names each provider
XIII.C.2         The notice names the data
XIII.C.3a        The notice tells how to inspect contracts
XIII.C.3b        The notice tells whom to ask
XIII.D           Contracts can be inspected whole
XIII.E.0         Contract: safeguards
XIII.E.1         Contract: authorised staff only
XIII.E.2         Contract: only where duty needs it
XIII.F           Data stays the district's
XIV.A            What a school-issued device is
XIV.B.1          No location tracking
XIV.B.2          No camera, microphone, recording
XIV.B.3          No watching of a student's interactions
XIV.C.0          Only on one of six grounds
XIV.C.1a         Ground 1: educational purpose
XIV.C.1b         Ground 1: told in advance
XIV.C.2          Ground 2: warrant
XIV.C.3          Ground 3: missing or stolen
XIV.C.4          Ground 4: imminent threat
XIV.C.5          Ground 5: the law demands it
XIV.C.6          Ground 6: funding demands it
XIV.D.1          Told within 72 hours
XIV.D.2          What that notice says
XIV.D.3          Put off while telling is itself a threat
XIV.D.4          Told within 72 hours after that threat
XV.1             Rules about phones
XV.2             What phone rules aim at
XV.3             Phone rules by building and grade
XV.note.a        The date by which phone rules were due
XV.note.b        The board may approve phone rules
XV.note.c        The board may set principles
XV.note.d        Practices to draw on
XVI.1            Screens for the youngest only together
XVI.2            Not for children with a plan
XVII.A.1         Forms and guidelines are drafted
XVII.A.2         Approved, they join the policy
XVII.B           Notices follow the guidelines
XVII.C           Open to everybody's review
XVII.D           The board's yearly review
REF.legal        Statutes and cases
REF.cross        Other policies
"""

TITLES: Mapping[str, str] = MappingProxyType(
    {id: title.strip() for id, _, title in (line.partition(" ") for line in _TITLES.strip().splitlines())}
)


def written(id: str) -> str:
    """An id as the catalogue writes it, however somebody typed its letters; what is none stays as it was typed.

    >>> written("xiv.c.4."), written("vi.alt3.d"), written("XIV.Z")
    ('XIV.C.4', 'VI.Alt3.D', 'XIV.Z')
    """
    typed = id.strip().rstrip(".").casefold()
    return next((known for known in TITLES if known.casefold() == typed), id)


def check(id: str) -> str:
    """The id itself; raises BadClause for one that does not exist or is too coarse.

    >>> check("XIV.C.4")
    'XIV.C.4'
    >>> check("XIV.C")
    Traceback (most recent call last):
    homeroom.kernel.clauses.BadClause: Clause XIV.C is too coarse; cite one of XIV.C.0, XIV.C.1a, XIV.C.1b, …
    """
    if id in TITLES:
        return id
    finer = [known for known in TITLES if known.startswith(id)] if id else []
    if finer:
        few = ", ".join(finer[:3])
        raise BadClause(f"Clause {id} is too coarse; cite one of {few}{', …' if len(finer) > 3 else ''}")
    raise BadClause(f"There is no clause {id or '(empty)'}; “homeroom ledger” lists them all.")
