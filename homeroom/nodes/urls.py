"""Where nodes knock (nodes/…), and what the director sees (filter-nodes…)."""

from django.urls import path

from homeroom.nodes.views import machines, pages

app_name = "nodes"
urlpatterns = [
    path("filter-nodes", pages.nodes, name="nodes"),
    path("filter-nodes/add", pages.add, name="add"),
    path("filter-nodes/key", pages.key, name="key"),
    path("filter-nodes/<int:pk>", pages.node, name="node"),
    path("filter-nodes/<int:pk>/end", pages.end, name="end"),
    path("nodes/enrol", machines.enrol, name="enrol"),
    path("nodes/bundle", machines.bundle, name="bundle"),
    path("nodes/leases", machines.leases, name="leases"),
    path("nodes/part/<str:name>", machines.part, name="part"),
    path("nodes/keys", machines.chain, name="keys"),
    path("nodes/spool/<str:name>", machines.spool, name="spool"),
    path("nodes/health", machines.health, name="health"),
]
