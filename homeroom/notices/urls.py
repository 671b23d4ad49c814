"""The pages of notices, and the addresses that programs call."""

from django.urls import path

from homeroom.notices.views import clocks, letters, mine, notices, templates

app_name = "notices"
urlpatterns = [
    path("clocks", clocks.clocks, name="clocks"),
    path("clocks/feed", clocks.make_feed, name="feed-make"),
    path("clocks/feed/<str:secret>.ics", clocks.feed, name="feed"),
    path("clocks/<int:pk>", clocks.clock, name="clock"),
    path("closings", clocks.closings, name="closings"),
    path("closings/<int:pk>/withdraw", clocks.closing_withdraw, name="closing-withdraw"),
    path("notices", notices.notices, name="notices"),
    path("notices/add", notices.add, name="notice-add"),
    path("notices/unreached", notices.unreached, name="unreached"),
    path("notices/reports", notices.reports, name="reports"),
    path("notice-words", templates.templates, name="templates"),
    path("notice-words/new/<slug:kind>", templates.add, name="template-add"),
    path("notice-words/<int:pk>", templates.template, name="template"),
    path("notice-words/<int:pk>/submit", templates.submit, name="template-submit"),
    path("notice-words/<int:pk>/languages", templates.new_text, name="template-language"),
    path("notice-words/<int:pk>/in/<slug:language>", templates.text, name="template-text"),
    path("notice-words/<int:pk>/in/<slug:language>/check", templates.check, name="template-check"),
    path("notices/letters/<int:pk>", letters.letter, name="letter"),
    path("notices/letters/<int:pk>/proof", letters.proof, name="proof"),
    path("notices/print-files/<int:pk>/file", letters.run_file, name="run-file"),
    path("notices/print-files/<int:pk>/manifest", letters.manifest, name="manifest"),
    path("notices/print-files/<int:pk>/mailed", letters.mailed, name="run-mailed"),
    path("notices/print-files/<int:pk>/not-mailed", letters.unmailed, name="run-unmailed"),
    path("notices/print-files/<int:pk>/throw-away", letters.throw_away, name="run-throw-away"),
    path("notices/<int:pk>", notices.notice, name="notice"),
    path("notices/<int:pk>/release", notices.release, name="release"),
    path("notices/<int:pk>/stop", notices.stop, name="stop"),
    path("notices/<int:pk>/print", letters.make_run, name="run-make"),
    path("my/notices", mine.mine, name="mine"),
    path("my/notices/<int:pk>", mine.letter, name="my-letter"),
    path("mail/reports/<slug:service>/<str:secret>", letters.reported, name="reported"),
]
