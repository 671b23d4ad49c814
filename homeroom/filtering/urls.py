"""The pages of filtering, and the two that a block page leads to."""

from django.urls import path

from homeroom.filtering.views import accidents, categories, choices, lists, public, reviews, rules, viewpoint, why

app_name = "filtering"
urlpatterns = [
    path("why", why.why, name="why"),
    path("rules", rules.rules, name="rules"),
    path("rules/add", rules.add, name="rule-add"),
    path("rules/correct", rules.correct, name="correct"),
    path("rules/<int:pk>", rules.rule, name="rule"),
    path("rules/<int:pk>/end", rules.end, name="rule-end"),
    path("rules/<int:pk>/keep", rules.keep, name="rule-keep"),
    path("lists", lists.lists, name="lists"),
    path("lists/add", lists.add, name="list-add"),
    path("lists/build", lists.build, name="build"),
    path("lists/progress/<str:subject>", lists.progress, name="progress"),
    path("lists/versions/<int:pk>", lists.version, name="version"),
    path("lists/versions/<int:pk>/accept", lists.accept, name="version-accept"),
    path("lists/versions/<int:pk>/refuse", lists.refuse_version, name="version-refuse"),
    path("lists/of/<slug:name>", lists.source, name="list"),
    path("lists/of/<slug:name>/update", lists.update, name="list-update"),
    path("lists/of/<slug:name>/end", lists.end, name="list-end"),
    path("categories", categories.categories, name="categories"),
    path("categories/<slug:category>/allow-choice", categories.decide, name="category-decide"),
    path("categories/<slug:category>/<slug:audience>", categories.choose, name="category"),
    path("choices", choices.choices, name="choices"),
    path("choices/alternative", choices.alternative, name="alternative"),
    path("choices/audience/<slug:audience>", choices.audience, name="audience"),
    path("choices/essentials/add", choices.essential_add, name="essential-add"),
    path("choices/essentials/<str:host>/remove", choices.essential_remove, name="essential-remove"),
    path("choices/numbers/<slug:name>", choices.parameter, name="parameter"),
    path("viewpoint", viewpoint.reports, name="viewpoint"),
    path("viewpoint/new", viewpoint.make, name="viewpoint-make"),
    path("viewpoint/<int:pk>", viewpoint.report, name="viewpoint-report"),
    path("reviews", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>", reviews.request, name="review"),
    path("accidents", accidents.accidents, name="accidents"),
    path("accidents/tell", accidents.tell, name="accident-tell"),
    path("accidents/<slug:told>/<int:pk>", accidents.accident, name="accident"),
    path("blocked/<str:ticket>/review", public.review, name="blocked-review"),
    path("blocked/<str:ticket>/accident", public.accident, name="blocked-accident"),
]
