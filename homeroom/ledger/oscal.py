"""The ledger as OSCAL 1.1 (NIST): catalog, profile, component definition and assessment results as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from homeroom import __version__
from homeroom.kernel.policytext.claims import name
from homeroom.ledger.queries import Entry, Ledger, State, of

VERSION = "1.1.2"
OURS = "urn:homeroom:ledger"  # OSCAL has a list of names for properties; others need a namespace of their own
STATES = {State.KEPT: "satisfied", State.BROKEN: "not-satisfied"}


def catalog(found: Ledger, at: datetime) -> dict[str, Any]:
    """Each clause as a control, in groups by article."""
    articles = dict.fromkeys(entry.article for entry in found.entries)
    groups = [
        {
            # Some articles are one clause and bear its id; a group's must be another one.
            "id": f"article-{_token(article)}", "title": f"Article {article}",
            "controls": [_control(each) for each in found.entries if each.article == article],
        }
        for article in articles
    ]  # fmt: skip
    return {"catalog": {"uuid": _id("catalog"), **_metadata("Clauses of the policy", at), "groups": groups}}


def profile(found: Ledger, at: datetime) -> dict[str, Any]:
    """The clauses that hold here: of alternatives and optional paragraphs only what the board chose."""
    ids = [_token(each.id) for each in found.entries if each.holds]
    imported = {"href": "catalog.json", "include-controls": [{"with-ids": ids}]}
    return {"profile": {"uuid": _id("profile"), **_metadata("Clauses in force", at), "imports": [imported]}}


def component(found: Ledger, at: datetime) -> dict[str, Any]:
    """How Homeroom keeps each clause, by which functions."""
    requirements = [
        {
            "uuid": _id(f"requirement {each.id}"), "control-id": _token(each.id),
            "description": " ".join((each.claim.sentence, each.claim.missing)).strip(),
            "props": [_own("how", each.how), *(_own("function", name(act)) for act in each.claim.actions)],
        }
        for each in found.entries
    ]  # fmt: skip
    homeroom = {
        "uuid": _id("component"), "type": "software", "title": "Homeroom", "description": "Carries out the policy.",
        "control-implementations": [
            {
                "uuid": _id("implementation"), "source": "catalog.json", "description": "As claimed by each part.",
                "implemented-requirements": requirements,
            }
        ],
    }  # fmt: skip
    head = _metadata("How Homeroom keeps the policy", at)
    return {"component-definition": {"uuid": _id("components"), **head, "components": [homeroom]}}


def results(found: Ledger, at: datetime) -> dict[str, Any]:
    """What was seen: an observation for each look with the day until which it is good, a finding for each clause."""
    entries = [each for each in found.entries if each.holds]  # nobody is held to what the board did not choose
    looks = {each.pk: each for entry in entries for each in entry.seen}
    observations = [
        {
            "uuid": _id(f"observation {each.pk}"), "title": each.probe,
            "description": f"{' of '.join(of(each.broken, each.looked_at))} not as it should be.",
            "methods": ["TEST"], "collected": each.at.isoformat(), "expires": each.good_until.isoformat(),
        }
        for each in looks.values()
    ]  # fmt: skip
    chosen = [{"control-id": _token(each.id)} for each in entries]
    result = {
        "uuid": _id(f"result {at.isoformat()}"), "title": "Nightly looks", "description": "Probes look for breaches.",
        "start": at.isoformat(), "reviewed-controls": {"control-selections": [{"include-controls": chosen}]},
        **_some("observations", observations), "findings": list(_findings(entries)),
    }  # fmt: skip
    head = _metadata("What was seen", at)
    return {
        "assessment-results": {
            "uuid": _id(f"results {at.isoformat()}"), **head, "import-ap": {"href": "#"}, "results": [result]
        }
    }  # fmt: skip


PARTS = {"catalog": catalog, "profile": profile, "component-definition": component, "assessment-results": results}


def _control(each: Entry) -> dict[str, Any]:
    said = {"id": _statement(each.id), "name": "statement", "prose": each.duty.what}
    return {
        "id": _token(each.id), "title": each.title, "props": [_prop("label", each.id), _own("who", each.duty.who)],
        "parts": [said],
    }  # fmt: skip


def _findings(entries: Iterable[Entry]) -> Iterable[dict[str, Any]]:
    for each in entries:
        status = {"state": STATES.get(each.state, "not-satisfied"), "reason": str(each.state)}
        related = [{"observation-uuid": _id(f"observation {seen.pk}")} for seen in each.seen]
        yield {
            "uuid": _id(f"finding {each.id}"), "title": each.title, "description": each.claim.sentence,
            "target": {"type": "statement-id", "target-id": _statement(each.id), "status": status},
            **_some("related-observations", related),
        }  # fmt: skip


def _metadata(title: str, at: datetime) -> dict[str, Any]:
    return {
        "metadata": {
            "title": title, "last-modified": at.isoformat(), "version": __version__, "oscal-version": VERSION,
        }
    }  # fmt: skip


def _some(key: str, values: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """A list under its key; OSCAL has no empty lists, so none is left out."""
    return {key: values} if values else {}


def _prop(key: str, value: str) -> dict[str, str]:
    return {"name": key, "value": value}


def _own(key: str, value: str) -> dict[str, str]:
    return {**_prop(key, value), "ns": OURS}


def _token(id: str) -> str:
    """An id that OSCAL takes: letters first, no brackets.

    >>> _token("V.A.6.b(1)"), _token("524.title-note")
    ('c-V.A.6.b.1', 'c-524.title-note')
    """
    return "c-" + id.replace("(", ".").replace(")", "")


def _statement(id: str) -> str:
    return f"{_token(id)}_smt"


def _id(what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"homeroom:{what}"))
