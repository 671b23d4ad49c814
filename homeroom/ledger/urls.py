"""The public page, and the officials' pages."""

from django.urls import path

from homeroom.ledger.views import officials, public

app_name = "ledger"
urlpatterns = [
    path("ledger", public.ledger, name="ledger"),
    path("ledger/oscal/<str:part>", public.as_oscal, name="oscal"),
    path("ledger/code/<path:named>", public.code, name="code"),
    path("ledger/<str:id>", public.clause, name="clause"),
    path("desk", officials.desk, name="desk"),
    path("board/review/packet", officials.the_packet, name="packet"),
    path("binder", officials.binders, name="binders"),
    path("binder/<int:pk>", officials.binder_file, name="binder-file"),
]
