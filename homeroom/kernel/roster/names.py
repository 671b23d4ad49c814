"""Which written name of a file or column is meant: the same but for case and punctuation, or close to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

SECRET = ("password", "passwd", "passwort", "pwd", "passphrase", "contrasena", "socialsecurity")
_CLOSE = 0.82
_NEAR_A_SECRET = 0.8


def bare(text: str) -> str:
    """A name without case and punctuation.

    >>> bare(" Sourced_ID "), bare("birthDate")
    ('sourcedid', 'birthdate')
    """
    return re.sub(r"[\W_]+", "", text).casefold()


def secret(text: str) -> bool:
    """Whether a column holds passwords or Social Security numbers, however it is spelt.

    >>> [secret(each) for each in ("password", "Pass Word", "pasword", "Default_Password", "email")]
    [True, True, True, True, False]
    """
    name = bare(text)
    return (
        name == "ssn"
        or any(each in name for each in SECRET)
        or bool(get_close_matches(name, SECRET[:1], 1, _NEAR_A_SECRET))
    )


def match(
    written: Iterable[str], known: Mapping[str, Iterable[str]], *, ours: Iterable[str] = ()
) -> tuple[dict[int, str], dict[int, str]]:
    """Which known name each written one is: (surely, perhaps), by place.

    `known` maps a name to its other spellings. What is a known spelling is sure; what is close to a
    name that nothing else claimed is perhaps. `ours` are names that are known and left as they are.

    >>> match(["SOURCEDID", "givenNmae", "shoeSize"], {"sourcedId": (), "givenName": ("first",)})
    ({0: 'sourcedId'}, {1: 'givenName'})
    """
    spelt = {bare(each): name for name, others in known.items() for each in (name, *others)}
    left_alone = {bare(each) for each in ours}
    surely: dict[int, str] = {}
    places = list(enumerate(written))
    for place, text in places:
        name = spelt.get(bare(text))
        if name and name not in surely.values():
            surely[place] = name
    free = {spelling: name for spelling, name in spelt.items() if name not in surely.values()}
    perhaps: dict[int, str] = {}
    for place, text in places:
        small = bare(text)
        if place in surely or not small or small in spelt or small in left_alone or secret(text):
            continue
        near = get_close_matches(small, [each for each in free if free[each] not in perhaps.values()], 1, _CLOSE)
        if near:
            perhaps[place] = free[near[0]]
    return surely, perhaps
