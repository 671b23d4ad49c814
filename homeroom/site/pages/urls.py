"""The house's own pages."""

from django.urls import path

from homeroom.site.pages import metrics, views

urlpatterns = [
    path("", views.home, name="home"),
    path("about", views.about, name="about"),
    path("healthz", views.health, name="health"),
    path("metrics", metrics.metrics, name="metrics"),
]
