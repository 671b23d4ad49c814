"""The pages of the office, of teachers, parents, students and employees; `agreements.urls` takes them in."""

from django.urls import path

from homeroom.agreements.views import alternatives, choices, classes, endings, family, forms, instead, office, own

urlpatterns = [
    path("agreements", office.office, name="office"),
    path("agreements/classes", classes.classes, name="classes"),
    path("agreements/classes/<str:pk>", classes.one, name="class"),
    path("agreements/children", family.children, name="children"),
    path("agreements/children/<str:pk>/end", family.end, name="end-account"),
    path("agreements/children/<str:pk>/again", family.again, name="account-again"),
    path("agreements/children/<str:pk>/instead", family.instead, name="instead"),
    path("agreements/alternatives/<int:pk>/answer", family.answer, name="answer"),
    path("agreements/alternatives/<int:pk>/over", family.instead_over, name="instead-over"),
    path("agreements/mine", own.mine, name="mine"),
    path("agreements/forms", forms.forms, name="forms"),
    path("agreements/forms/add/<str:kind>", forms.add, name="form-add"),
    path("agreements/forms/<int:pk>", forms.version, name="form"),
    path("agreements/choices", choices.choices, name="choices"),
    path("agreements/choices/new", choices.choose, name="choose"),
    path("agreements/endings", endings.terminations, name="terminations"),
    path("agreements/endings/<int:pk>", endings.termination, name="termination"),
    path("agreements/endings/<int:pk>/overrule", endings.overrule, name="termination-overrule"),
    path("agreements/endings/for/<str:child>", endings.asked, name="termination-asked"),
    path("agreements/permission/<int:pk>", endings.permission, name="permission"),
    path("agreements/other-activities", instead.material, name="instead-material"),
    path("agreements/alternatives/for/<str:child>", instead.on_paper, name="instead-on-paper"),
    path("agreements/alternatives", alternatives.alternatives, name="alternatives"),
    path("agreements/alternatives/<int:pk>", alternatives.one, name="alternative"),
]
