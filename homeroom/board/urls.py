"""The board's pages."""

from django.urls import path

from homeroom.board.views import addenda, adopting, numbers, reviews, texts

app_name = "board"
urlpatterns = [
    path("board/texts", texts.texts, name="texts"),
    path("board/texts/add", texts.add, name="text-add"),
    path("board/texts/compare", texts.compare, name="compare"),
    path("board/texts/<int:pk>", texts.text, name="text"),
    path("board/texts/<int:pk>/discard", texts.discard, name="text-discard"),
    path("board/texts/<int:pk>/choose", adopting.choose, name="text-choose"),
    path("board/texts/<int:pk>/notice", adopting.notice, name="text-notice"),
    path("board/texts/<int:pk>/hearing", adopting.hearing, name="text-hearing"),
    path("board/texts/<int:pk>/open-again", adopting.open_again, name="text-open-again"),
    path("board/texts/<int:pk>/in-force", adopting.in_force, name="text-in-force"),
    path("board/texts/<int:pk>/take-back", adopting.take_day_back, name="text-take-back"),
    path("board/texts/<int:pk>/clauses/<int:place>", texts.correct, name="clause"),
    path("board/texts/<int:pk>/clauses/<int:place>/add", texts.insert, name="clause-add"),
    path("board/texts/<int:pk>/clauses/<int:place>/remove", texts.remove, name="clause-remove"),
    path("board/texts/<int:pk>/lines/<int:line>", texts.aside, name="line"),
    path("board/funding", adopting.funding, name="funding"),
    path("board/addenda", addenda.addenda, name="addenda"),
    path("board/addenda/add", addenda.add, name="addendum-add"),
    path("board/addenda/<int:pk>", addenda.addendum, name="addendum"),
    path("board/addenda/<int:pk>/submit", addenda.submit, name="addendum-submit"),
    path("board/addenda/<int:pk>/approve", addenda.approve, name="addendum-approve"),
    path("board/addenda/<int:pk>/return", addenda.give_back, name="addendum-return"),
    path("board/addenda/<int:pk>/end", addenda.end, name="addendum-end"),
    path("board/addenda/<int:pk>/reread/<str:change_id>", addenda.reread, name="reread"),
    path("board/parameters", numbers.parameters, name="parameters"),
    path("board/parameters/<str:name>", numbers.parameter, name="parameter"),
    path("board/parameters/<str:name>/set", numbers.set_value, name="parameter-set"),
    path("board/sources", numbers.sources, name="sources"),
    path("board/sources/<int:pk>", numbers.check, name="source"),
    path("board/review", reviews.review, name="review"),
    path("board/review/begin", reviews.begin, name="review-begin"),
    path("board/review/<int:pk>/close", reviews.close, name="review-close"),
]
