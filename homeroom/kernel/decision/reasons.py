"""Why the network is closed to somebody: each reason by its code, what is missing and what to do, in two languages.

A roll carries codes, never names: "suspended 2026-12-04". Sentences are written so that the person concerned,
a parent and an official can all read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

Words = Mapping[str, tuple[str, str]]  # language to (what is missing, what to do)


def known(code: str) -> bool:
    """Whether a text is a reason's code, with or without its value."""
    return code.partition(" ")[0] in REASONS


def signable(code: str) -> bool:
    """Whether signing mends it.

    >>> signable("parent-signature"), signable("lapsed 2026-06-30"), signable("no-teacher")
    (True, True, False)
    """
    name = code.partition(" ")[0]
    return name in ("lapsed", "other-parent", "new-teacher") or name.endswith(("-signature", "-again"))


def for_others(code: str) -> str:
    """IV.2a: what a teacher or clerk needs to know of a reason: that the school decided, not what for or how long.

    >>> for_others("suspended 2026-12-04"), for_others("parent-signature")
    ('school-decision', 'parent-signature')
    """
    return "school-decision" if code.partition(" ")[0] in ("suspended", "cancelled") else code


def sentence(code: str, language: str = "en") -> str:
    """What is missing, as a sentence; a text that is no code is its own sentence.

    >>> sentence("parent-signature")
    'The parent or guardian has not signed the agreement yet.'
    >>> sentence("suspended 2026-12-04")
    'Use of the network is suspended up to and including December 4, 2026.'
    """
    return _said(code, language, 0)


def step(code: str, language: str = "en") -> str:
    """What to do about it, as a sentence; "" where nothing is known.

    >>> step("no-teacher")
    'The school office can enter who supervises.'
    """
    return _said(code, language, 1) if known(code) else ""


def _said(code: str, language: str, which: int) -> str:
    name, _, value = code.partition(" ")
    if name not in REASONS:
        return code
    words = REASONS[name]
    return (words.get(language) or words["en"])[which].format(day=_day(value, language))


def _day(value: str, language: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    months = _MONTHS.get(language) or _MONTHS["en"]
    month = months[day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{month} {day.day}, {day.year}"


_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip

_SIGN_EN = "It can be signed here in a few minutes, or on paper at the school office."
_SIGN_ES = "Se puede firmar aquí en pocos minutos, o en papel en la oficina de la escuela."
_TEACHER_EN = "The teacher can sign for the whole class at once; please remind them."
_TEACHER_ES = "El maestro puede firmar por toda la clase a la vez; recuérdeselo, por favor."
_TALK_EN = "The school office can say what is possible instead, without any penalty."
_TALK_ES = "La oficina de la escuela puede decir qué otras opciones hay, sin ninguna sanción."

REASONS: Mapping[str, Words] = {
    "no-role": {
        "en": ("You hold no role in the district today, so the network is closed.",
               "The school office can say whether the roster is right."),
        "es": ("Hoy usted no tiene ninguna función en el distrito, así que la red está cerrada.",
               "La oficina de la escuela puede decir si la lista está bien."),
    },
    "student-signature": {
        "en": ("The student has not signed the agreement yet.", _SIGN_EN),
        "es": ("El estudiante todavía no ha firmado el acuerdo.", _SIGN_ES),
    },
    "student-again": {
        "en": ("The agreement has changed since the student signed it, and must be signed again.", _SIGN_EN),
        "es": ("El acuerdo cambió desde que el estudiante lo firmó, y hay que firmarlo de nuevo.", _SIGN_ES),
    },
    "student-refused": {
        "en": ("The student has declined the agreement.", _TALK_EN),
        "es": ("El estudiante ha rechazado el acuerdo.", _TALK_ES),
    },
    "parent-signature": {
        "en": ("The parent or guardian has not signed the agreement yet.", _SIGN_EN),
        "es": ("El padre, la madre o el tutor todavía no ha firmado el acuerdo.", _SIGN_ES),
    },
    "parent-again": {
        "en": ("The agreement has changed since the parent or guardian signed it, and must be signed again.", _SIGN_EN),
        "es": ("El acuerdo cambió desde que el padre, la madre o el tutor lo firmó, y hay que firmarlo de nuevo.",
               _SIGN_ES),
    },
    "other-parent": {
        "en": ("One parent or guardian has signed the agreement; here all of them must.", _SIGN_EN),
        "es": ("Uno de los padres o tutores ha firmado el acuerdo; aquí deben firmar todos.", _SIGN_ES),
    },
    "parent-refused": {
        "en": ("A parent or guardian has declined the agreement.", _TALK_EN),
        "es": ("Uno de los padres o tutores ha rechazado el acuerdo.", _TALK_ES),
    },
    "no-parent": {
        "en": ("No parent or guardian who could sign the agreement is on record.",
               "The school office can enter who they are."),
        "es": ("No hay registrado ningún padre, madre o tutor que pueda firmar el acuerdo.",
               "La oficina de la escuela puede anotar quiénes son."),
    },
    "teacher-signature": {
        "en": ("The supervising teacher has not signed the agreement yet.", _TEACHER_EN),
        "es": ("El maestro que supervisa todavía no ha firmado el acuerdo.", _TEACHER_ES),
    },
    "new-teacher": {
        "en": ("The supervising teacher has changed, and the new one has not signed the agreement yet.", _TEACHER_EN),
        "es": ("El maestro que supervisa cambió, y el nuevo todavía no ha firmado el acuerdo.", _TEACHER_ES),
    },
    "teacher-again": {
        "en": ("The agreement has changed since the supervising teacher signed it, and must be signed again.",
               _TEACHER_EN),
        "es": ("El acuerdo cambió desde que el maestro que supervisa lo firmó, y hay que firmarlo de nuevo.",
               _TEACHER_ES),
    },
    "teacher-refused": {
        "en": ("The supervising teacher has declined the agreement.",
               "The school office can say why, and what is next."),
        "es": ("El maestro que supervisa ha rechazado el acuerdo.",
               "La oficina de la escuela puede decir por qué y qué sigue."),
    },
    "no-teacher": {
        "en": ("No supervising teacher is on record today.", "The school office can enter who supervises."),
        "es": ("Hoy no hay registrado ningún maestro que supervise.",
               "La oficina de la escuela puede anotar quién supervisa."),
    },
    "permission": {
        "en": ("The permission of the school’s staff is missing.",
               "The supervising teacher or the building administrator can give it."),
        "es": ("Falta el permiso del personal de la escuela.",
               "Puede darlo el maestro que supervisa o el administrador de la escuela."),
    },
    "employee-signature": {
        "en": ("The employee has not signed the agreement yet.", _SIGN_EN),
        "es": ("El empleado todavía no ha firmado el acuerdo.", _SIGN_ES),
    },
    "employee-again": {
        "en": ("The agreement has changed since the employee signed it, and must be signed again.", _SIGN_EN),
        "es": ("El acuerdo cambió desde que el empleado lo firmó, y hay que firmarlo de nuevo.", _SIGN_ES),
    },
    "employee-refused": {
        "en": ("The employee has declined the agreement.", "The school office can say what is next."),
        "es": ("El empleado ha rechazado el acuerdo.", "La oficina de la escuela puede decir qué sigue."),
    },
    "lapsed": {
        "en": ("The agreement ended on {day} and was not renewed.", _SIGN_EN),
        "es": ("El acuerdo terminó el {day} y no se renovó.", _SIGN_ES),
    },
    "suspended": {
        "en": ("Use of the network is suspended up to and including {day}.",
               "The school office can say who decided this, why, and how to appeal."),
        "es": ("El uso de la red está suspendido hasta el {day} inclusive.",
               "La oficina de la escuela puede decir quién lo decidió, por qué y cómo apelar."),
    },
    "cancelled": {
        "en": ("Use of the network was cancelled.",
               "The school office can say who decided this, why, and how to appeal."),
        "es": ("Se canceló el uso de la red.",
               "La oficina de la escuela puede decir quién lo decidió, por qué y cómo apelar."),
    },
    "school-decision": {
        "en": ("Closed by a decision of the school.", "The school office can say whom to ask."),
        "es": ("Cerrada por una decisión de la escuela.", "La oficina de la escuela puede decir a quién preguntar."),
    },
    "ended-by-parent": {
        "en": ("A parent or guardian asked to end this account, and it was ended.",
               "The parent or guardian can ask for it again; then the agreement is signed anew."),
        "es": ("El padre, la madre o el tutor pidió cerrar esta cuenta, y se cerró.",
               "El padre, la madre o el tutor puede pedirla de nuevo; entonces el acuerdo se firma otra vez."),
    },
    "alternative": {
        "en": ("Activities without the Internet are in effect, as the parent or guardian asked.",
               "Your teacher has the plan; it does not lower any grade."),
        "es": ("Están en efecto actividades sin Internet, como pidió el padre, la madre o el tutor.",
               "Su maestro tiene el plan; no baja ninguna calificación."),
    },
    "notice": {
        "en": ("The notice about how the network may be used has not been delivered yet.",
               "The school office can send it again."),
        "es": ("Todavía no se ha entregado el aviso sobre cómo se puede usar la red.",
               "La oficina de la escuela puede enviarlo otra vez."),
    },
}  # fmt: skip
