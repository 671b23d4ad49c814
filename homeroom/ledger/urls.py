"""The public page, and the officials' pages."""

from django.urls import path

from homeroom.ledger.views import officials, proofs, public

app_name = "ledger"
urlpatterns = [
    path("ledger", public.ledger, name="ledger"),
    path("ledger/text", public.whole_text, name="text"),
    path("ledger/oscal/<str:part>", public.as_oscal, name="oscal"),
    path("ledger/code/<path:named>", public.code, name="code"),
    path("ledger/<str:id>", public.clause, name="clause"),
    path("ledger/<str:id>/look", officials.look_again, name="look"),
    path("desk", officials.desk, name="desk"),
    path("board/review/packet", officials.the_packet, name="packet"),
    path("binder", officials.binders, name="binders"),
    path("lessons", proofs.lessons, name="lessons"),
    path("lessons/add", proofs.lesson_add, name="lesson-add"),
    path("lessons/<int:pk>/withdraw", proofs.withdraw, name="proof-withdraw"),
    path("binder/records", proofs.records, name="records"),
    path("binder/records/add/<str:kind>", proofs.record_add, name="record-add"),
    path("binder/records/<int:pk>/file", proofs.record_file, name="record-file"),
    path("binder/<int:pk>", officials.binder_file, name="binder-file"),
]
