"""What notices cost: letters on paper beside bare typst, 50,000 recipients, the look for whoever was forgotten.

    python -m tests.bench.notices [--readers 50000] [--letters 300] [--rows 100000]

Runs in a home of its own and prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

DAY = date(2026, 9, 1)
TRIAL = '#set document(title: "x")\n#set text(size: 10.5pt)\n= Notice\n' + "\n\n".join(["#lorem(60)"] * 12)


def main() -> None:
    """Measure, each part in a process of its own so that its memory is its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50_000)
    parser.add_argument("--letters", type=int, default=300)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--part", default="")
    parser.add_argument("--home", default="")
    said = parser.parse_args()
    if said.part:
        print(json.dumps(PARTS[said.part](said)))
        return
    with tempfile.TemporaryDirectory() as home:
        found = {}
        for part in PARTS:
            words = [f"--{name}={getattr(said, name)}" for name in ("readers", "letters", "rows")]
            command = [sys.executable, "-m", "tests.bench.notices", f"--part={part}", f"--home={home}", *words]
            done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "HOMEROOM_HOME": home})
            if done.returncode:
                sys.exit(done.stderr[-3000:])
            found[part] = json.loads(done.stdout.strip().splitlines()[-1])
            print(part, found[part], file=sys.stderr)
        print(json.dumps(found, indent=2))


def prepare(said: Any) -> dict[str, Any]:
    """The district: so many students with e-mail, words approved, a notice released."""
    _wake()
    from homeroom.base.actor import SYSTEM
    from homeroom.notices.actions import notices, templates
    from homeroom.people import actions as people
    from homeroom.people.models import Address, Person
    from homeroom.site import migrate

    at = datetime.now(UTC)
    migrate.bring_up_to_date()
    people.set_up_district(actor=SYSTEM, name="Lake", at=at)
    new = [
        Person(id=f"p{n:06}", given_name="P", family_name=str(n), email=f"p{n}@lake.test") for n in range(said.readers)
    ]
    people.add_people(actor=SYSTEM, people=new, at=at)
    people.add_roles(actor=SYSTEM, roles=[people.RoleOf(each.pk, "student", DAY) for each in new], at=at)
    Address.objects.bulk_create(
        Address(
            person=each, kind="home", street=f"{n} Oak", city="Lake", state="MN", postal_code=str(55400 + n % 90),
            first_day=DAY,
        )
        for n, each in enumerate(new[: said.letters])
    )  # fmt: skip
    template = templates.new_template(actor=SYSTEM, at=at, kind="users")
    templates.submit_template(actor=SYSTEM, at=at, template=template)
    today = at.date() - timedelta(days=1)
    templates.approve_template(
        actor=SYSTEM, at=at, template=template, approved_on=today, minutes="Item 1", effective_on=today
    )
    row = notices.draft_notice(actor=SYSTEM, at=at, kind="users", title="Yearly", who={"roles": ["student"]})
    notices.release_notice(actor=SYSTEM, at=at, notice=row)
    return {"readers": said.readers}


def build_half(said: Any) -> dict[str, Any]:
    """Letters built and frozen up to the middle; then the process ends, as if it was killed."""
    return _build(said, said.readers // 2000)


def build_rest(said: Any) -> dict[str, Any]:
    """The rest, in a new process that finds out by itself what is missing."""
    found = _build(said, None)
    from homeroom.notices.models import Letter

    readers = Letter.objects.values("reader").distinct().count()
    return found | {"letters": Letter.objects.count(), "doubles": Letter.objects.count() - readers,
                    "gaps": said.readers - readers}  # fmt: skip


def queue(said: Any) -> dict[str, Any]:
    """Claiming and noting without a network: what the database allows."""
    _wake()
    from homeroom.notices.actions import sending

    class Nowhere:
        """A mail server that takes everything at once."""

        def open(self) -> None: ...
        def close(self) -> None: ...
        def send_messages(self, mails: list[Any]) -> int:
            return sum(len(mail.message().as_bytes()) > 0 for mail in mails)

    begun, used, sent = time.perf_counter(), time.process_time(), 0
    while sent < min(2000, said.readers // 2):
        sent += sending.send_batch(at=datetime.now(UTC), connection=Nowhere()).sent
    took = time.perf_counter() - begun
    used = time.process_time() - used
    return {"sent": sent, "per_second": round(sent / took), "per_second_of_processor": round(sent / used)}


def letters(said: Any) -> dict[str, Any]:
    """A print file, beside bare typst setting as many pages of one document each, and of all in one."""
    _wake()
    import typst

    from homeroom.base.actor import SYSTEM
    from homeroom.notices.actions import printing
    from homeroom.notices.models import Letter, Notice

    at = datetime.now(UTC)
    ids = list(Letter.objects.filter(reader__lt=f"p{said.letters:06}").values_list("pk", flat=True))
    Letter.objects.filter(pk__in=ids).update(channel="paper", state="queued", next_at=None)
    run = printing.make_run(actor=SYSTEM, notice=Notice.objects.get(), at=at)
    assert run is not None
    begun = time.perf_counter()
    made = printing.file_of(actor=SYSTEM, run=run, at=at)
    ours = run.pieces / (time.perf_counter() - begun)
    compiler = typst.Compiler()  # one for all, since finding fonts costs more than a letter
    compiler.compile(TRIAL.encode(), format="pdf", pdf_standards=["ua-1"])
    begun = time.perf_counter()
    for number in range(30):
        compiler.compile(f"{TRIAL}\n{number}".encode(), format="pdf", pdf_standards=["ua-1"])
    bare = 30 / (time.perf_counter() - begun)
    whole = "\n#pagebreak()\n".join([TRIAL.partition("\n")[2]] * run.pieces)
    begun = time.perf_counter()
    compiler.compile(f'#set document(title: "x")\n{whole}'.encode(), format="pdf", pdf_standards=["ua-1"])
    one = run.pieces / (time.perf_counter() - begun)
    return {"letters": run.pieces, "bytes": len(made), "per_second": round(ours, 1),
            "bare_typst_one_each": round(bare, 1), "bare_typst_all_in_one": round(one, 1),
            "ratio_to_one_each": round(ours / bare, 2),
            "ratio_to_all_in_one": round(ours / one, 2), "peak_mb": _memory()}  # fmt: skip


def reconcilers(said: Any) -> dict[str, Any]:
    """The look for whoever was forgotten, over many letters, with nothing wrong and with some."""
    _wake()
    from homeroom.base.actor import SYSTEM
    from homeroom.notices.actions import notices, reconciling
    from homeroom.notices.models import Letter, Notice

    at = datetime.now(UTC)
    while Letter.objects.count() < said.rows:
        row = notices.draft_notice(actor=SYSTEM, at=at, kind="users", title="More", who={"roles": ["student"]})
        notices.release_notice(actor=SYSTEM, at=at, notice=row)
        reconciling.reconcile(at=at)
    Notice.objects.update(follow=True, follow_until=at.date() + timedelta(days=30))
    begun = time.perf_counter()
    nothing = reconciling.reconcile(at=at)
    idle = time.perf_counter() - begun
    last = Notice.objects.latest("id")
    Letter.objects.filter(pk__in=list(Letter.objects.filter(notice=last).values_list("pk", flat=True)[:500])).delete()
    stuck = list(Letter.objects.filter(notice=last, state="queued").values_list("pk", flat=True)[:500])
    Letter.objects.filter(pk__in=stuck).update(next_at=None)
    begun = time.perf_counter()
    found = reconciling.reconcile(at=at)
    return {"rows": Letter.objects.count(), "seconds_nothing_wrong": round(idle, 2), "found_nothing": nothing.missing,
            "seconds_1000_wrong": round(time.perf_counter() - begun, 2), "missing": found.missing, "stuck": found.stuck,
            "peak_mb": _memory()}  # fmt: skip


def _build(said: Any, portions: int | None) -> dict[str, Any]:
    _wake()
    from homeroom.notices.actions import building
    from homeroom.notices.models import Notice

    begun, used = time.perf_counter(), time.process_time()
    made = building.build(at=datetime.now(UTC), notice=Notice.objects.get(), portions=portions)
    took, used = time.perf_counter() - begun, time.process_time() - used
    return {"made": made, "seconds": round(took, 2), "processor": round(used, 2), "per_second": round(made / took),
            "peak_mb": _memory()}  # fmt: skip


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _wake() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeroom.site.settings")
    sys.path.insert(0, str(Path(__file__).parents[2]))
    import django

    django.setup()


PARTS = {"prepare": prepare, "build_half": build_half, "build_rest": build_rest, "queue": queue, "letters": letters,
         "reconcilers": reconcilers}  # fmt: skip

if __name__ == "__main__":
    main()
