"""Build the big table from all lists and publish the bundle."""

from __future__ import annotations

from datetime import datetime

from homeroom.base.actor import Actor
from homeroom.filtering.models import BuildRun


def ask_build(*, actor: Actor, at: datetime) -> None:
    """Ask the worker for a build; a page then polls `queries.builds.progress("build")`."""
    raise NotImplementedError


def build(*, actor: Actor, at: datetime) -> BuildRun:
    """Build from every version that is checked or live, install and publish.

    A second builder waits for the first. Never raises for bad lists or a full disk: the run then has the
    outcome "failed" and a sentence, and the last good bundle keeps serving.
    """
    raise NotImplementedError


def publish(*, at: datetime, roll: bool = True) -> str:
    """Publish overlay, policy and (if asked) roll as the database has them now; returns the bundle's id."""
    raise NotImplementedError
