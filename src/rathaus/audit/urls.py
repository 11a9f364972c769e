"""Addresses of the audit domain."""

from django.urls import URLPattern, URLResolver, path

from rathaus.audit import views

app_name = "audit"

urlpatterns: list[URLPattern | URLResolver] = [
    path("audit/", views.public, name="public"),
    path("audit/wurzeln.json", views.roots, name="roots"),
    path("audit/zuwachs/<int:old>-<int:new>.json", views.growth, name="growth"),
    path("audit/verify.py", views.verifier, name="verifier"),
    path("konto/einsicht/", views.mine, name="mine"),
    path("konto/einsicht/einsicht.csv", views.mine_as_table, name="mine_as_table"),
    path("konto/einsicht/<int:seq>/beweis.json", views.proof, name="proof"),
    path("amt/protokoll/", views.records, name="records"),
    path("amt/protokoll/export.jsonl", views.export, name="export"),
]
