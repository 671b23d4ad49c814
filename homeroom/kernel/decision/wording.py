"""What a block means, in plain words: one sentence per clause and kind, in English and Spanish.

Our own words, never the policy's; read by the block page and by the web application. A
clause that has no sentence of its own is explained by the nearest one above it in the
outline (V.A.1.a by V.A.1), so that no block ever goes without a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from homeroom.kernel.decision.decision import Kind

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español"}

Words = Mapping[str, str]  # language to sentence


def kind_heading(kind: Kind, language: str) -> str:
    """Who stands behind a block, in two to five words.

    >>> kind_heading(Kind.STATUTORY, "en"), kind_heading(Kind.DISTRICT, "es")
    ('Required by law', 'Decisión del distrito')
    """
    return _in(_HEADINGS[kind], language)


def meaning(clause: str, kind: Kind, language: str) -> str:
    """What a clause asks for, as a sentence for the person who was stopped.

    >>> meaning("VI.Alt3.A.cp", Kind.STATUTORY, "en")
    'Federal and state law ask the district to block images of child sexual abuse for everyone.'
    >>> meaning("V.A.4d", Kind.DISTRICT, "en") == meaning("V.A.4", Kind.DISTRICT, "en")
    False
    """
    for place in _upwards(clause):
        for key in ((place, kind), (place, None)):
            if key in _MEANINGS:
                return _in(_MEANINGS[key], language)
    return _in(_WITHOUT_CLAUSE[kind], language)


def correctable(kind: Kind, language: str) -> str:
    """What can still be changed about a block of this kind, and how, as a sentence or two."""
    return _in(_CORRECTABLE[kind], language)


def _in(words: Words, language: str) -> str:
    return words.get(language) or words["en"]


def _upwards(clause: str) -> list[str]:
    """The clause and every heading above it, nearest first.

    >>> _upwards("V.A.4d"), _upwards("VI.Alt3.A.htm")
    (['V.A.4d', 'V.A.4', 'V.A', 'V'], ['VI.Alt3.A.htm', 'VI.Alt3.A', 'VI.Alt3', 'VI'])
    """
    places = [clause]
    while True:
        shorter = re.sub(r"(?<=\d)[a-z]$", "", places[-1])
        if shorter == places[-1]:
            shorter = places[-1].rpartition(".")[0] or places[-1]
        if shorter == places[-1]:
            return places
        places.append(shorter)


_HEADINGS: Mapping[Kind, Words] = {
    Kind.STATUTORY: {"en": "Required by law", "es": "Lo exige la ley"},
    Kind.DISTRICT: {"en": "The district’s choice", "es": "Decisión del distrito"},
    Kind.STANDING: {"en": "Your access is closed for now", "es": "Su acceso está cerrado por ahora"},
    Kind.SAFETY: {"en": "The network protects itself", "es": "La red se protege"},
}

_CORRECTABLE: Mapping[Kind, Words] = {
    Kind.STATUTORY: {
        "en": "Nobody at school can switch this block off. A wrong listing can be corrected: "
        "if this page is not that kind of material, ask for a review and a person will look at it.",
        "es": "Nadie en la escuela puede quitar este bloqueo. Un error en la lista sí se puede corregir: "
        "si esta página no contiene ese material, pida una revisión y una persona la examinará.",
    },
    Kind.DISTRICT: {
        "en": "The district can change this. Ask for a review and a person will look at it and answer.",
        "es": "El distrito puede cambiarlo. Pida una revisión y una persona la examinará y le responderá.",
    },
    Kind.STANDING: {
        "en": "This is about your access and not about this page. Your school office can tell you what is missing. "
        "If you think it is a mistake, ask for a review.",
        "es": "Se trata de su acceso y no de esta página. La oficina de su escuela puede decirle qué falta. "
        "Si cree que es un error, pida una revisión.",
    },
    Kind.SAFETY: {
        "en": "If you think this is a mistake, ask for a review and a person will look at it.",
        "es": "Si cree que es un error, pida una revisión y una persona la examinará.",
    },
}

_WITHOUT_CLAUSE: Mapping[Kind, Words] = {
    Kind.STATUTORY: {
        "en": "The law asks the district to block this material.",
        "es": "La ley pide al distrito que bloquee este material.",
    },
    Kind.DISTRICT: {
        "en": "The district chose to block this.",
        "es": "El distrito decidió bloquear esto.",
    },
    Kind.STANDING: {
        "en": "You may not use the network at the moment.",
        "es": "Por el momento usted no puede usar la red.",
    },
    Kind.SAFETY: {
        "en": "This could harm your device or the network.",
        "es": "Esto podría dañar su dispositivo o la red.",
    },
}

_STUDENTS_THREE: Words = {
    "en": "State law asks schools to keep students away from material that is believed to be obscene, "
    "child pornography or harmful to minors.",
    "es": "La ley estatal pide a las escuelas que impidan a los estudiantes ver material que se considere obsceno, "
    "pornografía infantil o dañino para los menores.",
}
_ADULTS_TWO: Words = {
    "en": "State law asks the district to keep everyone, adults too, away from obscene material and child pornography.",
    "es": "La ley estatal pide al distrito que impida a todas las personas, también a los adultos, "
    "ver material obsceno y pornografía infantil.",
}

_MEANINGS: Mapping[tuple[str, Kind | None], Words] = {
    ("III.1", None): {
        "en": "The network is here for class work, research and getting ready for a job. "
        "The district decided that this falls outside of that.",
        "es": "La red está para el trabajo de clase, la investigación y la preparación para el trabajo. "
        "El distrito decidió que esto queda fuera de esos fines.",
    },
    ("III.2", None): {
        "en": "The district wants its network to be used in ways that fit its goals and rules, "
        "and it chose to block this.",
        "es": "El distrito quiere que su red se use de acuerdo con sus metas y sus reglas, y decidió bloquear esto.",
    },
    ("IV.1", None): {
        "en": "Using the network is a privilege for people who belong to the district. "
        "At the moment it is closed for you.",
        "es": "Usar la red es un privilegio de quienes pertenecen al distrito. "
        "Por el momento está cerrada para usted.",
    },
    ("IV.2", None): {
        "en": "Your use of the network was stopped for a time because a rule was broken.",
        "es": "Se suspendió por un tiempo su uso de la red porque no se cumplió una regla.",
    },
    ("V.A", None): {
        "en": "The district’s rules for using the network do not allow this.",
        "es": "Las reglas del distrito sobre el uso de la red no permiten esto.",
    },
    ("V.A.1", None): {
        "en": "The district’s rules do not allow material that is sexual, violent, hateful "
        "or otherwise does not belong in school.",
        "es": "Las reglas del distrito no permiten material sexual, violento, de odio "
        "o que por otra razón no corresponde a la escuela.",
    },
    ("V.A.1.a", None): {
        "en": "The district’s rules do not allow sexual material or pictures that are harmful to minors.",
        "es": "Las reglas del distrito no permiten material sexual ni imágenes dañinas para los menores.",
    },
    ("V.A.1.c", None): {
        "en": "The district decided that this does not belong in school.",
        "es": "El distrito decidió que esto no corresponde a la escuela.",
    },
    ("V.A.1.d", None): {
        "en": "The district’s rules do not allow material that could put people or the school in danger.",
        "es": "Las reglas del distrito no permiten material que pueda poner en peligro a las personas o a la escuela.",
    },
    ("V.A.1.e", None): {
        "en": "The district’s rules do not allow material that calls for violence or discrimination.",
        "es": "Las reglas del distrito no permiten material que promueva la violencia o la discriminación.",
    },
    ("V.A.3", None): {
        "en": "The district’s rules do not allow the network to be used for anything that breaks the law.",
        "es": "Las reglas del distrito no permiten usar la red para nada que viole la ley.",
    },
    ("V.A.4", None): {
        "en": "The district’s rules protect the network and the people who share it. This could harm them.",
        "es": "Las reglas del distrito protegen la red y a quienes la comparten. Esto podría dañarlos.",
    },
    ("V.A.4b", None): {
        "en": "This site is known for viruses, fraud or other things that harm devices and people.",
        "es": "Se sabe que este sitio contiene virus, fraudes u otras cosas que dañan dispositivos y personas.",
    },
    ("V.A.4d", None): {
        "en": "This is a way around the filter, and the district’s rules do not allow going around it.",
        "es": "Esto es una manera de evitar el filtro, y las reglas del distrito no permiten evitarlo.",
    },
    ("V.A.4e", None): {
        "en": "This takes up so much of the network that others cannot do their work.",
        "es": "Esto ocupa tanto de la red que otras personas no pueden trabajar.",
    },
    ("V.A.5", None): {
        "en": "The district’s rules do not allow breaking into computers, accounts or files.",
        "es": "Las reglas del distrito no permiten entrar sin permiso en computadoras, cuentas o archivos.",
    },
    ("V.A.6", None): {
        "en": "The district’s rules protect private information about you and about others.",
        "es": "Las reglas del distrito protegen la información privada, la suya y la de otras personas.",
    },
    ("V.A.6.c", None): {
        "en": "The district chose to keep social networks off its network, "
        "to protect private information about you and about others.",
        "es": "El distrito decidió no permitir redes sociales en su red, "
        "para proteger la información privada, la suya y la de otras personas.",
    },
    ("V.A.7", None): {
        "en": "The district’s rules protect accounts and passwords. This could put them at risk.",
        "es": "Las reglas del distrito protegen las cuentas y las contraseñas. Esto podría ponerlas en peligro.",
    },
    ("V.A.8", None): {
        "en": "The district’s rules do not allow copying what belongs to others without their permission.",
        "es": "Las reglas del distrito no permiten copiar lo que es de otras personas sin su permiso.",
    },
    ("V.A.8c", None): {
        "en": "The district’s rules do not allow handing in work that somebody else has done.",
        "es": "Las reglas del distrito no permiten entregar trabajos hechos por otra persona.",
    },
    ("V.A.9", None): {
        "en": "The district’s network is not for personal buying, selling or advertising.",
        "es": "La red del distrito no es para compras personales, ventas ni publicidad.",
    },
    ("V.A.10", None): {
        "en": "The district’s rules do not allow bullying, online or anywhere else.",
        "es": "Las reglas del distrito no permiten el acoso, ni en línea ni en ningún otro lugar.",
    },
    ("VI", Kind.STATUTORY): _STUDENTS_THREE,
    ("VI", Kind.DISTRICT): {
        "en": "The school board’s policy goes further than the law here and blocks this as well.",
        "es": "En este punto la política de la junta escolar va más allá de la ley y bloquea también esto.",
    },
    ("VI.note2", Kind.STATUTORY): _ADULTS_TWO,
    ("VI.Alt2.B", Kind.STATUTORY): _ADULTS_TWO,
    ("VI.Alt3.A.obscene", Kind.STATUTORY): {
        "en": "Federal and state law ask the district to block obscene images for everyone.",
        "es": "Las leyes federales y estatales piden al distrito que bloquee para todas las personas "
        "las imágenes obscenas.",
    },
    ("VI.Alt3.A.cp", Kind.STATUTORY): {
        "en": "Federal and state law ask the district to block images of child sexual abuse for everyone.",
        "es": "Las leyes federales y estatales piden al distrito que bloquee para todas las personas "
        "las imágenes de abuso sexual infantil.",
    },
    ("VI.Alt3.A.htm", Kind.STATUTORY): {
        "en": "Federal and state law ask the district to block images that are harmful to minors.",
        "es": "Las leyes federales y estatales piden al distrito que bloquee las imágenes dañinas para los menores.",
    },
    ("IX", None): {
        "en": "Before you can use the network, an agreement has to be signed or a permission given.",
        "es": "Antes de usar la red hay que firmar un acuerdo o recibir un permiso.",
    },
}  # fmt: skip
