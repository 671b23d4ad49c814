"""The tables of filtering, by subject."""

from homeroom.filtering.models.builds import BuildRun, Outcome, Progress, Published
from homeroom.filtering.models.choices import (
    AlternativeChoice,
    Audience,
    AudienceChoice,
    CategoryChoice,
    Essential,
    SensitiveDecision,
    YouTube,
)
from homeroom.filtering.models.lists import ListSource, ListVersion, VersionState
from homeroom.filtering.models.reviews import Answer, InadvertentAccess, ReviewRequest, ReviewState
from homeroom.filtering.models.rules import Effect, LocalRule, Scope
from homeroom.filtering.models.told import ToldAccident
from homeroom.filtering.models.viewpoint import FindingKind, ViewpointControl, ViewpointFinding, ViewpointReport

__all__ = [
    "AlternativeChoice",
    "Answer",
    "Audience",
    "AudienceChoice",
    "BuildRun",
    "CategoryChoice",
    "Effect",
    "Essential",
    "FindingKind",
    "InadvertentAccess",
    "ListSource",
    "ListVersion",
    "LocalRule",
    "Outcome",
    "Progress",
    "Published",
    "ReviewRequest",
    "ReviewState",
    "Scope",
    "SensitiveDecision",
    "ToldAccident",
    "VersionState",
    "ViewpointControl",
    "ViewpointFinding",
    "ViewpointReport",
    "YouTube",
]
