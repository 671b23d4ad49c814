"""Who somebody is, and what they are to a child, in the words of rosters."""

from __future__ import annotations

from homeroom.kernel.roster.names import bare

_TEACHER = (
    "teacher professor faculty instructor lecturer adjunct homeroomteacher leadteacher coteacher substitute "
    "classroomteacher teacherofrecord"
)
_EMPLOYEE = (
    "employee staff aide counselor proctor paraprofessional paraeducator coach nurse librarian secretary other "
    "chair districtadministrator systemadministrator sysadmin technology"
)
_HEAD = "administrator principal siteadministrator assistantprincipal schooladmin buildingadministrator"
_STUDENT = "student pupil learner"
_GUARDIAN = "guardian parent relative parentguardian family"
ROLES = {
    **dict.fromkeys(_STUDENT.split(), "student"),
    **dict.fromkeys(_TEACHER.split(), "teacher"),
    **dict.fromkeys(_EMPLOYEE.split(), "employee"),
    **dict.fromkeys(_HEAD.split(), "building_administrator"),
    **dict.fromkeys(_GUARDIAN.split(), "guardian"),
    "clerk": "clerk",
}
# XIII.B: a natural parent, a guardian, or who acts as parent in their absence. The others have no say.
_RELATIONSHIPS = {
    "parent": "mother father parent naturalparent biologicalparent mom dad adoptiveparent madre padre",
    "guardian": "guardian legalguardian parentguardian custodian",
    "acting_as_parent": "actingasparent inlocoparentis fosterparent foster kinshipcaregiver caregiver hostparent "
    "surrogate stepmother stepfather stepparent",
    "emergency": "emergencycontact emergency doctor physician",
    "relative": "relative grandmother grandfather grandparent aunt uncle sibling brother sister cousin",
}
RELATIONSHIPS = {word: kind for kind, words in _RELATIONSHIPS.items() for word in words.split()}
PARENTS = ("parent", "guardian", "acting_as_parent")
FLAGS = {
    "iep": "iep", "individualizededucationprogram": "iep", "specialeducation": "iep", "sped": "iep",
    "504": "section504", "section504": "section504", "504plan": "section504",
    "ifsp": "ifsp", "individualizedfamilyserviceplan": "ifsp",
}  # fmt: skip
CHANNELS = {
    "email": "email", "mail": "letter", "letter": "letter", "usmail": "letter", "post": "letter",
    "sms": "sms", "text": "sms", "textmessage": "sms",
}  # fmt: skip
_ABOVE_SCHOOLS = {
    "district", "local", "localeducationagency", "national", "state", "ministryofeducation", "region", "county",
    "stateeducationagency", "educationserviceagency", "federal",
}  # fmt: skip
_INSIDE_SCHOOLS = {"department", "program", "programme", "division", "grade"}


def role(text: str) -> str:
    """A role of Homeroom, "" for a word nobody knows.

    A roster never makes anybody technology director: whoever runs the district's systems gets that by hand.

    >>> role("Teacher"), role("systemAdministrator"), role("wizard")
    ('teacher', 'employee', '')
    """
    return ROLES.get(bare(text), "")


def relationship(text: str) -> str:
    """XIII.B: what an adult is to a child; "other" for words nobody knows.

    >>> relationship("Mother"), relationship("acting as parent"), relationship("neighbor")
    ('parent', 'acting_as_parent', 'other')
    """
    return RELATIONSHIPS.get(bare(text), "other")


def level(kind: str) -> str:
    """Whether an organisation is a "school", stands "above" schools, or is "inside" one.

    >>> level("school"), level("district"), level("department")
    ('school', 'above', 'inside')
    """
    small = bare(kind)
    return "above" if small in _ABOVE_SCHOOLS else "inside" if small in _INSIDE_SCHOOLS else "school"
