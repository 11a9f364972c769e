"""Addresses of the catalogue: for everybody, and below `/amt/katalog/` for its editors."""

from django.urls import URLPattern, path

from rathaus.services.views import budgets, catalogue, editing, form_versions

urlpatterns: list[URLPattern] = [
    path("", catalogue.home, name="home"),
    path("robots.txt", catalogue.robots, name="robots"),
    path("suche/", catalogue.search, name="search"),
    path("suche/vorschlaege/", catalogue.suggestions, name="suggestions"),
    path("leistungen/", catalogue.a_to_z, name="a_to_z"),
    path("leistungen/<slug:slug>/", catalogue.service, name="service"),
    path("lebenslagen/", catalogue.life_situations, name="life_situations"),
    path("lebenslagen/<slug:slug>/", catalogue.life_situation, name="life_situation"),
    path("aemter/", catalogue.offices, name="offices"),
    path("aemter/<slug:slug>/", catalogue.office, name="office"),
    path("amt/katalog/", editing.services, name="edit_services"),
    path("amt/katalog/leistung/<slug:slug>/", editing.show_service, name="show_service"),
    path("amt/katalog/ohne-treffer/", editing.misses, name="edit_misses"),
    path("amt/katalog/ohne-treffer/<int:miss>/", editing.settle_miss, name="settle_miss"),
    path("amt/katalog/foerdertoepfe/", budgets.budgets, name="edit_budgets"),
    path("amt/katalog/foerdertoepfe/<int:budget>/", budgets.change_budget, name="change_budget"),
    path("amt/katalog/formulare/", form_versions.forms, name="edit_forms"),
    path("amt/katalog/formulare/pruefen/", form_versions.check_form, name="check_form"),
    path("amt/katalog/formulare/veroeffentlichen/", form_versions.publish, name="publish_form"),
    path(
        "amt/katalog/formulare/<slug:form>/<int:number>/",
        form_versions.download_form,
        name="download_form",
    ),
    path("amt/katalog/woerter/", editing.synonyms, name="edit_synonyms"),
    path("amt/katalog/woerter/neu/", editing.new_synonyms, name="new_synonyms"),
    path("amt/katalog/woerter/<int:group>/", editing.change_synonyms, name="change_synonyms"),
]
