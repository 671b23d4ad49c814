"""The pages about agreements."""

from homeroom.agreements.urls_pages import urlpatterns as pages
from homeroom.agreements.urls_signing import urlpatterns as signing

app_name = "agreements"
urlpatterns = [*signing, *pages]
