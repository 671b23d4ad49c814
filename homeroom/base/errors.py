"""What an action says when it cannot do what was asked."""

from __future__ import annotations


class Refused(ValueError):
    """An act that cannot be done; the message is a sentence for people, with a next step.

    The command line prints it, views show it, nobody sees a traceback.
    """
