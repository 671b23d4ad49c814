"""The pages about people."""

from django.urls import path

from homeroom.people.views import people, roster

app_name = "people"
urlpatterns = [
    path("people", people.people, name="people"),
    path("roster", roster.roster, name="roster"),
    path("roster/<int:pk>", roster.run, name="roster-run"),
    path("roster/<int:pk>/take-in", roster.take_in, name="roster-take-in"),
    path("roster/<int:pk>/columns", roster.columns, name="roster-columns"),
    path("roster/<int:pk>/let-go", roster.let_go, name="roster-let-go"),
    path("roster/connections/add", roster.connection_add, name="roster-connection-add"),
    path("roster/connections/<int:pk>/fetch", roster.connection_fetch, name="roster-connection-fetch"),
    path("roster/connections/<int:pk>/end", roster.connection_end, name="roster-connection-end"),
]
