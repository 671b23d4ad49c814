"""The pages of requests for records."""

from django.urls import path

from homeroom.requests.views import desk, mine, others

app_name = "requests"
urlpatterns = [
    path("my-records", mine.mine, name="mine"),
    path("my-records/ask", mine.ask, name="ask"),
    path("data-requests", desk.desk, name="desk"),
    path("data-requests/enter", desk.enter, name="enter"),
    path("data-requests/<int:pk>", desk.case, name="case"),
    path("data-requests/<int:pk>/check", desk.check, name="check"),
    path("data-requests/<int:pk>/part/<slug:kind>", desk.part, name="part"),
    path("data-requests/<int:pk>/answer", desk.close, name="close"),
    path("data-requests/<int:pk>/refuse", desk.refuse, name="refuse"),
    path("staff-reviews", others.reviews, name="reviews"),
    path("staff-reviews/add", others.review_add, name="review-add"),
    path("staff-reviews/<int:pk>/end", others.review_end, name="review-end"),
    path("authority-requests", others.authorities, name="authorities"),
    path("authority-requests/add", others.authority_add, name="authority-add"),
    path("authority-requests/<int:pk>", others.authority_answer, name="authority"),
]
