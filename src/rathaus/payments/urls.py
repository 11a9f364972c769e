"""Addresses of the payments domain."""

from django.urls import URLPattern, path

from rathaus.payments import views

app_name = "payments"

urlpatterns: list[URLPattern] = [
    path("amt/forderungen/<str:reference>/", views.claims, name="claims"),
]
