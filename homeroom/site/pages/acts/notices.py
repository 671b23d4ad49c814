"""Acts about letters, notices and the clocks that run."""

from __future__ import annotations

from django.utils.translation import gettext as _


def of_notices() -> dict[str, str]:
    """Acts about letters, notices and the clocks that run."""
    return {
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
        "notices.letter.hand-taken-back": _("took back that a letter was handed over"),
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
        "notices.print-file.mailing-taken-back": _("took back that a print file was mailed"),
        "notices.print-file.manifest-taken": _("took the addresses of a print file"),
        "notices.print-file.taken": _("took a print file"),
        "notices.print-file.thrown-away": _("threw a print file away"),
        "notices.purged": _("deleted print files and addresses of returned mail, whose time was over"),
        "notices.report.looked-at": _("looked at a report about mail that names no message of ours"),
        "notices.report.taken-in": _("took in a report about mail"),
        "notices.template.begun": _("began a version of a notice’s words"),
        "notices.template.checked": _("vouched for a translation"),
        "notices.template.submitted": _("handed words to the board"),
        "notices.template.written": _("wrote words of a notice"),
    }
