"""How values of the domain are said to people, in their language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from homeroom.site.pages import acts

KINDS = ("statutory", "district", "standing", "safety")


def kinds() -> dict[str, str]:
    """Who stands behind a block."""
    return {
        "statutory": _("Required by law"),
        "district": _("District’s choice"),
        "standing": _("Access closed"),
        "safety": _("Network safety"),
    }


def roles() -> dict[str, str]:
    """What somebody is in the district."""
    return {
        "student": _("Student"),
        "teacher": _("Teacher"),
        "clerk": _("Clerk"),
        "building_administrator": _("Building administrator"),
        "technology_director": _("Technology director"),
        "superintendent": _("Superintendent"),
        "board_clerk": _("Board clerk"),
        "employee": _("Employee"),
        "guardian": _("Parent or guardian"),
    }


def audiences() -> dict[str, str]:
    """For whom a filter profile is made."""
    return {"student": _("Students"), "adult": _("Adults"), "unknown": _("Unknown")}


def youtube() -> dict[str, str]:
    """How video sites answer an audience."""
    return {"off": _("as it is"), "moderate": _("moderate"), "strict": _("strict")}


def effects() -> dict[str, str]:
    """What a rule does."""
    return {"block": _("Blocks"), "allow": _("Allows"), "correct": _("Corrects a list")}


def verdicts() -> dict[str, str]:
    """What somebody is answered."""
    return {"allow": _("Open"), "block": _("Blocked"), "rewrite": _("Safe form")}


def answers() -> dict[str, str]:
    """What a review request was answered."""
    return {"allow": _("Opened"), "correct": _("The list was wrong"), "keep": _("Stays blocked")}


def version_states() -> dict[str, str]:
    """Where a version of a list stands."""
    return {
        "fetched": _("Fetched, not read yet"),
        "checked": _("Checked, goes live with the next build"),
        "held": _("Held for a person"),
        "live": _("Live"),
        "replaced": _("Replaced"),
        "refused": _("Refused"),
    }


def verbs() -> dict[str, str]:
    """Acts as the journal names them."""
    return {
        **acts.of_people(),
        **acts.of_access(),
        **acts.of_agreements(),
        "nodes.code.made": _("made a code for a filter node"),
        "nodes.key.renewed": _("changed the key that signs bundles"),
        "nodes.node.ended": _("ended a filter node"),
        "nodes.node.enrolled": _("enrolled as a filter node"),
        "access.record.seen": _("looked at a record"),
        "access.account.added": _("added an account"),
        "access.account.changed": _("changed an account"),
        "access.account.closed": _("closed an account"),
        "access.account.factors-reset": _("removed the second step of an account"),
        "access.account.password-set": _("set a password"),
        "access.account.signed-in": _("signed in"),
        "access.addresses.assigned": _("assigned addresses"),
        "access.code.guessed-at": _("somebody guessed at a sign-in code"),
        "access.identity.tied": _("signed in with the school account for the first time"),
        "access.identity.untied": _("untied a school account"),
        "access.sessions.ended": _("ended sessions"),
        "access.lease.begun": _("signed in at the network"),
        "access.lease.seen": _("looked at who is where"),
        "access.lease.ended": _("ended a lease of an address"),
        "access.radius.added": _("let a switch tell who signs in"),
        "access.radius.ended": _("a switch tells no more"),
        "access.letter.made": _("printed a code letter"),
        "access.demo.entered": _("signed in by a demonstration link"),
        "access.login.set": _("set a proxy login"),
        "access.salt.added": _("added a ChromeOS salt"),
        "access.tokens.issued": _("issued DoH tokens"),
        "activity.purged": _("deleted what was older than it may be kept"),
        "filtering.accident.disclosed": _("said it was an accident"),
        "filtering.alternative.chosen": _("chose the alternative of Article VI"),
        "filtering.audience.chosen": _("chose for an audience"),
        "filtering.build.asked": _("asked for a build"),
        "filtering.build.failed": _("failed to build"),
        "filtering.bundle.built": _("built and published a bundle"),
        "filtering.category.chosen": _("chose for a category"),
        "filtering.category.sensitive-decided": _("decided about a sensitive category"),
        "filtering.essential.added": _("added an essential name"),
        "filtering.essential.removed": _("removed an essential name"),
        "filtering.list.added": _("added a list"),
        "filtering.list.changed": _("changed a list"),
        "board.addendum.approved": _("wrote down that the board approved an addendum"),
        "board.addendum.drafted": _("drafted an addendum"),
        "board.addendum.ended": _("ended an addendum"),
        "board.addendum.returned": _("wrote down that the board returned an addendum"),
        "board.addendum.submitted": _("handed an addendum to the board"),
        "board.funding.answered": _("said which money is sought"),
        "board.parameter.set": _("set a parameter from a day on"),
        "board.reread": _("read a notice again after a change"),
        "board.review.held": _("wrote down the yearly review"),
        "board.review.opened": _("began the yearly review"),
        "board.source.checked": _("looked whether a source still says the same"),
        "board.text.chosen": _("chose the alternative and options of a text"),
        "board.text.corrected": _("corrected a text by hand"),
        "board.text.discarded": _("discarded a draft text"),
        "board.text.heard": _("wrote down the hearing on a text"),
        "board.text.noticed": _("wrote down the public notice of a text"),
        "ledger.binder.asked": _("asked for a binder"),
        "journal.list.taken": _("took a list of people as a file"),
        "ledger.binder.built": _("built a binder"),
        "ledger.binder.taken": _("took a binder along"),
        "ledger.proof.kept": _("wrote something down for the binder"),
        "ledger.proof.withdrawn": _("withdrew something written for the binder"),
        "ledger.probe.turned": _("saw a change in how a clause is kept"),
        "board.text.imported": _("read in a text of the policy"),
        "board.text.in-force": _("put a text of the policy in force"),
        "filtering.list.ended": _("stopped using a list"),
        "filtering.list.fetched": _("fetched a list"),
        "filtering.list.update-asked": _("asked for an update of a list"),
        "filtering.list.update-failed": _("failed to update a list"),
        "filtering.listing.corrected": _("corrected a listing"),
        "filtering.parameter.set": _("set a parameter"),
        "filtering.review.answered": _("answered a review request"),
        "filtering.review.asked": _("asked for a review"),
        "filtering.rule.added": _("made a rule"),
        "filtering.rule.ended": _("ended a rule"),
        "filtering.rule.kept": _("kept a rule"),
        "filtering.viewpoint.controls-loaded": _("loaded viewpoint controls"),
        "filtering.viewpoint.reported": _("made a viewpoint report"),
        "access.filter.asked-as": _("asked the filter as somebody"),
        "notices.clock.handed": _("handed a clock to somebody"),
        "notices.clock.late": _("told that a clock is late"),
        "notices.clock.met": _("did what a clock asked for"),
        "notices.clock.paused": _("paused a clock"),
        "notices.clock.reopened": _("opened a clock again"),
        "notices.clock.resumed": _("let a clock run on"),
        "notices.clock.started": _("started a clock"),
        "notices.clock.warned": _("warned before a clock runs out"),
        "notices.clock.withdrawn": _("withdrew a clock"),
        "notices.closings.entered": _("entered closings"),
        "notices.closings.withdrawn": _("withdrew a closing"),
        "notices.feed.made": _("made a calendar address"),
        "notices.letter.came-back": _("said that a letter came back"),
        "notices.letter.fell-back": _("moved a letter to another way"),
        "notices.letter.handed-over": _("handed a letter over in person"),
        "notices.letter.kept-back": _("decided that a held letter stays back"),
        "notices.letter.proved": _("made the proof of a letter"),
        "notices.letter.queued-again": _("tried a letter again"),
        "notices.letter.read": _("confirmed reading a letter"),
        "notices.letter.released": _("let a held letter go out"),
        "notices.letter.seen": _("looked at somebody’s letter"),
        "notices.letter.sent": _("sent a letter"),
        "notices.letters.made": _("wrote letters"),
        "notices.letters.set-going": _("set stuck letters going"),
        "notices.letters.settled": _("counted letters as delivered"),
        "notices.notice.drafted": _("planned a notice"),
        "notices.notice.released": _("released a notice"),
        "notices.notice.stopped": _("stopped a notice"),
        "notices.print-file.made": _("made a print file"),
        "notices.print-file.mailed": _("said that a print file was mailed"),
        "notices.print-file.taken": _("took a print file"),
        "notices.print-file.manifest-taken": _("took the addresses of a print file"),
        "notices.print-file.thrown-away": _("threw a print file away"),
        "notices.report.taken-in": _("took in a report about mail"),
        "notices.template.begun": _("began a version of a notice’s words"),
        "notices.template.checked": _("vouched for a translation"),
        "notices.template.submitted": _("handed words to the board"),
        "notices.template.written": _("wrote words of a notice"),
        "people.classes.added": _("added classes"),
        "people.district.set-up": _("set up the district"),
        "people.persons.added": _("added people"),
        "people.role.ended": _("ended a role"),
        "people.roles.added": _("added roles"),
        "people.school.added": _("added a school"),
        "people.schools.added": _("added schools"),
    }
