"""The pages of the journal."""

from django.urls import path

from homeroom.journal import views

app_name = "journal"
urlpatterns = [
    path("journal", views.journal, name="journal"),
    path("journal/verify", views.verify, name="verify"),
]
