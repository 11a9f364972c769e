"""Addresses of the services domain."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "services"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rathaus.services.urls_catalogue")),
    path("antrag/", include("rathaus.services.urls_application")),
]
