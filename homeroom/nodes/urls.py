"""Where nodes knock."""

from django.urls import path

from homeroom.nodes import views

app_name = "nodes"
urlpatterns = [
    path("nodes/enrol", views.enrol, name="enrol"),
    path("nodes/bundle", views.bundle, name="bundle"),
    path("nodes/leases", views.leases, name="leases"),
    path("nodes/part/<str:name>", views.part, name="part"),
    path("nodes/keys", views.chain, name="keys"),
    path("nodes/spool/<str:name>", views.spool, name="spool"),
    path("nodes/health", views.health, name="health"),
]
