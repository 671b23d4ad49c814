"""IX, VIII.D.2, end to end: a real browser, codes by mail, a real DNS door that opens and closes with signatures."""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.house import House, open_house

pytestmark = [pytest.mark.timeout(600)]
LAPTOP = "127.0.0.9"
HEADINGS = (
    "id,givenName,familyName,role,grade,school,class,className,teacher,email,guardianName,guardianEmail,relationship"
)
CLASS = "Lakeside School,lake-7,Grade 7 by the lake"
ROSTER = f"""{HEADINGS}
n-lund,Sara,Lund,teacher,,{CLASS},,lund@lakebirch.test,,,
n-ida,Ida,Nyberg,student,7,{CLASS},n-lund,ida@lakebirch.test,Eva Nyberg,eva@lakebirch.test,parent
"""
OFFICE = """
from homeroom.site.django_ready import wake; wake()
import contextlib, io, json, sys
from datetime import datetime, timedelta, UTC
from homeroom.base.actor import SYSTEM
from homeroom.access import actions as access, demo
from homeroom.people import actions as people, queries
from homeroom.people.models import Class, Enrolment, Person
def one(email): return Person.objects.get(email=email)
def link(person):
    return demo.entry_link(access.add_account(actor=SYSTEM, person=person, email=person.email, at=now))
for line in sys.stdin:
    now = datetime.now(UTC); today = queries.today(now)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(json.loads(line))
    print(json.dumps(said.getvalue().strip()), flush=True)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("signing") / "home", students=2) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed: sudo apt-get install chromium")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Office:
    """What somebody does in the office meanwhile, in a process of its own that stays."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.process = subprocess.Popen(
            [sys.executable, "-c", OFFICE], env=house.environment, text=True, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )

    def __call__(self, work: str) -> str:
        """Do it; what it printed."""
        self.process.stdin.write(json.dumps(work) + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        assert said, self.process.stderr.read()
        return json.loads(said)

    def missing(self) -> list[str]:
        """What the student still lacks."""
        said = self._house.homeroom("standing", self("print(one('ida@lakebirch.test').pk)"), "--json").stdout
        return re.findall(r'"code": "([^"]+)"', said)


@pytest.fixture(scope="module")
def office(house: House) -> Iterator[Office]:
    made = Office(house)
    yield made
    made.process.stdin.close()
    made.process.wait(20)


def answered(house: House) -> bool:
    """Whether the student's next question is answered."""
    said = house.dig("library.test", "-b", LAPTOP)
    assert "status:" in said, said
    return "EDE: 18" not in said and "status: NOERROR" in said


def within(house: House, wanted: bool, seconds: float = 30.0) -> None:
    """The door comes to say so; a machine with much to do takes its time."""
    deadline = time.monotonic() + seconds
    while answered(house) is not wanted:
        assert time.monotonic() < deadline, house.dig("library.test", "-b", LAPTOP)
        time.sleep(0.2)


def by_code(house: House, browser: Browser, address: str) -> Page:
    """Somebody signs in on a phone, with the code that came by mail."""
    page = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US").new_page()
    page.goto(f"{house.web}/code?next=/sign")
    page.get_by_role("button", name="English").click()
    page.fill("[name=address]", address)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/code/enter")
    page.fill("[name=code]", mailed(house, address))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign")
    return page


def mailed(house: House, address: str, seconds: float = 60.0) -> str:
    """The last code that went to an address; the demonstration's mail server keeps each letter in a file."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for path in sorted((house.home / "mail").glob("*.eml"), key=lambda each: each.stat().st_mtime, reverse=True):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = letter.get_body(("plain",))
            code = re.search(r"\b(\d{4} \d{4})\b", body.get_content() if body else "")
            if address in str(letter["To"]) and code:
                return code[1]
        time.sleep(0.3)
    raise AssertionError(f"no code came to {address}")


def sign(page: Page, name: str) -> None:
    """The whole sitting: language, the agreement to sign here, the words, the name."""
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="I agree to sign here").click()
    page.locator("input[name=means]").check()
    page.locator("input[name=name]").fill(name)
    page.get_by_role("button", name=re.compile("^Sign")).click()
    page.get_by_role("heading", name="Thank you").wait_for()


def sign_class(house: House, browser: Browser, link: str, name: str) -> None:
    """A teacher signs for the class in one sitting."""
    page = browser.new_context(locale="en-US").new_page()
    page.goto(link)
    page.goto(f"{house.web}/agreements/classes")
    page.get_by_role("link", name=re.compile("^Sign for")).first.click()
    for box in page.locator("input[name=students]").all():
        box.check()
    page.locator("input[name=means]").check()
    page.locator("input[name=name]").fill(name)
    page.get_by_role("button", name=re.compile("^Sign for those")).click()
    page.get_by_role("status").first.wait_for()


def test_signatures_a_new_teacher_and_a_parents_word_open_and_close_the_network(
    house: House, office: Office, browser: Browser
):
    # A class is imported, and its student has a laptop.
    (house.home / "class.csv").write_text(ROSTER, encoding="utf-8")
    taken = house.homeroom("roster", "import", str(house.home / "class.csv"), "--format", "plain", "--yes")
    assert taken.returncode == 0, taken.stdout + taken.stderr
    office(f"access.add_address(actor=SYSTEM, cidr='{LAPTOP}', person=one('ida@lakebirch.test').pk, at=now)")
    within(house, False)
    assert office.missing() == ["student-signature", "parent-signature", "teacher-signature", "notice"]

    # The office hands the newcomer the notice to users, as XI.A wants before first use.
    office(
        """
from homeroom.notices.actions import letters, open_notice
from homeroom.notices.models import Letter
told = open_notice(actor=SYSTEM, at=now, kind='users', about='newcomer', facts={}, channel='hand',
                   recipients=[one('ida@lakebirch.test').pk])
letters.hand_over(actor=SYSTEM, letter=Letter.objects.get(notice=told), on=today, at=now)
""",
    )
    assert office.missing() == ["student-signature", "parent-signature", "teacher-signature"]

    # The parent signs by code on a phone, then the student, then the teacher: the next question is answered.
    eva = by_code(house, browser, "eva@lakebirch.test")
    sign(eva, "Eva Nyberg")
    sign(by_code(house, browser, "ida@lakebirch.test"), "Ida Nyberg")
    assert office.missing() == ["teacher-signature"] and not answered(house)
    sign_class(house, browser, office("print(link(one('lund@lakebirch.test')))"), "Sara Lund")
    within(house, True)

    # The teacher is replaced: refused, with the reason.
    office(
        """
old = Enrolment.objects.get(person=one('lund@lakebirch.test'), role='teacher', last_day=None)
Enrolment.objects.filter(pk=old.pk).update(first_day=today - timedelta(days=9)); old.refresh_from_db()
people.end_enrolment(actor=SYSTEM, enrolment=old, last_day=today - timedelta(days=1), at=now, reason='On leave.')
people.enrol_all(actor=SYSTEM, places=[people.PlaceIn('olsen', old.group_id, 'teacher', today, primary=True)], at=now)
""",
    )
    within(house, False)
    assert office.missing() == ["new-teacher"]
    assert "El maestro que supervisa cambió" in block_page(house)

    # The new teacher signs, beside the original: answered again.
    sign_class(house, browser, house.entry("Maja Olsen"), "Maja Olsen")
    within(house, True)

    # The parent ends the account: refused.
    eva.goto(f"{house.web}/agreements/children")
    eva.get_by_role("link", name="End the account").click()
    eva.get_by_label("Yes, end this account today.").check()
    eva.get_by_role("button", name="End the account").click()
    within(house, False)
    assert office.missing() == ["ended-by-parent"]


def block_page(house: House) -> str:
    """What the student's browser shows in Spanish."""
    origin = f"http://library.test:{house.ports['ORIGIN']}/"
    return house.curl(origin, "--interface", LAPTOP, "-H", "Accept-Language: es").stdout
