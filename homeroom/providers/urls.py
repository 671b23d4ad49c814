"""The pages about providers: those for everybody, and the register."""

from django.urls import path

from homeroom.providers.views import contracts, public, register, wishes

app_name = "providers"
urlpatterns = [
    path("providers", public.providers, name="providers"),
    path("providers/<slug:slug>", public.provider, name="provider"),
    path("providers/<slug:slug>/files/<int:pk>", public.file, name="file"),
    path("providers/<slug:slug>/ask", public.ask, name="ask"),
    path("providers/<slug:slug>/advertising", public.advertising, name="advertising"),
    path("register", register.register, name="register"),
    path("register/add", register.add, name="add"),
    path("register/load", register.load, name="load"),
    path("register/notice", register.plan, name="plan"),
    path("register/requests", wishes.inspections, name="inspections"),
    path("register/requests/enter", wishes.enter, name="enter"),
    path("register/requests/<int:pk>", register.inspection, name="inspection"),
    path("register/breaches/<int:pk>", register.breach_close, name="breach-close"),
    path("register/contracts/<int:pk>", contracts.contract, name="contract"),
    path("register/contracts/<int:pk>/no-advertising", wishes.opt_outs, name="opt-outs"),
    path("register/contracts/<int:pk>/no-advertising/enter", wishes.opt_out, name="opt-out"),
    path("register/contracts/<int:pk>/<slug:name>", contracts.act, name="act"),
    path("register/contracts/<int:pk>/terms/<slug:term>", contracts.finding, name="finding"),
    path("register/contracts/<int:pk>/files/<int:file>/redact", contracts.redact, name="redact"),
    path("register/contracts/<int:pk>/files/<int:file>/whole", contracts.show_whole, name="show-whole"),
    path("register/of/<slug:slug>", register.record, name="record"),
    path("register/of/<slug:slug>/classify", register.classify, name="classify"),
    path("register/of/<slug:slug>/contracts/add", register.contract_add, name="contract-add"),
    path("register/of/<slug:slug>/breaches/add", register.breach_add, name="breach-add"),
]
