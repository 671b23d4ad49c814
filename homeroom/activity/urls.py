"""The one page of activity: what the filter refused to one person, opened under a recorded ground."""

from django.urls import path

from homeroom.activity import views

app_name = "activity"
urlpatterns = [path("device-access/<int:pk>/filter-records", views.filter_records, name="open")]
