"""The tables of notices: words, sendings, letters to one person each, clocks, and the days that do not count."""

from homeroom.notices.models.clocks import Clock, Feed
from homeroom.notices.models.days import Closing
from homeroom.notices.models.letters import Attempt, Channel, Correction, Letter, LetterChild, LetterState
from homeroom.notices.models.notices import Content, Notice, NoticeState
from homeroom.notices.models.post import Bounce, PrintRun
from homeroom.notices.models.templates import Template, Text

__all__ = [
    "Attempt",
    "Bounce",
    "Channel",
    "Clock",
    "Closing",
    "Content",
    "Correction",
    "Feed",
    "Letter",
    "LetterChild",
    "LetterState",
    "Notice",
    "NoticeState",
    "PrintRun",
    "Template",
    "Text",
]
