"""The public page."""

from django.urls import path

from homeroom.ledger import views

app_name = "ledger"
urlpatterns = [
    path("ledger", views.ledger, name="ledger"),
    path("ledger/<str:id>", views.clause, name="clause"),
]
