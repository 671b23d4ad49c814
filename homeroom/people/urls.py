"""The pages about people."""

from django.urls import path

from homeroom.people import views

app_name = "people"
urlpatterns = [path("people", views.people, name="people")]
