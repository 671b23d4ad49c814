"""The pages of activity: one person's records under a recorded ground, and tools asked for without a contract."""

from django.urls import path

from homeroom.activity import views

app_name = "activity"
urlpatterns = [
    path("device-access/<int:pk>/filter-records", views.filter_records, name="open"),
    path("tools-without-contract", views.tools_without_contract, name="tools"),
]
