"""Addresses of the cases domain."""

from django.urls import URLPattern, URLResolver, include, path

from rathaus.cases.views import citizen, clerk, deciding, files, workspace

app_name = "cases"

staff: list[URLPattern | URLResolver] = [
    path("", clerk.case_page, name="case"),
    path("uebernehmen/", clerk.take, name="take"),
    path("zuteilen/", clerk.assign, name="assign"),
    path("weiterleiten/", clerk.forward, name="forward"),
    path("status/", clerk.set_state, name="set_state"),
    path("notiz/", clerk.write_note, name="write_note"),
    path("nachricht/", clerk.send_message, name="send_message"),
    path("ergaenzung/", clerk.request_correction, name="request_correction"),
    path("ergaenzung/erstrecken/", clerk.extend_correction, name="extend_correction"),
    path("entscheidung/", deciding.decide, name="decide"),
    path("entscheidung/vorschau/", deciding.preview, name="preview"),
    path("entscheidung/erlassen/", deciding.issue, name="issue"),
    path("entscheidung/vorlegen/", deciding.submit_draft, name="submit_draft"),
    path("entscheidung/zurueckgeben/", deciding.return_draft, name="return_draft"),
    path("abschliessen/", clerk.close, name="close"),
    path("dateien/<int:file>/", files.staff_file, name="staff_file"),
]
own: list[URLPattern | URLResolver] = [
    path("", citizen.own_case, name="own_case"),
    path("nachricht/", citizen.write, name="write"),
    path("ergaenzung/", citizen.answer, name="answer"),
    path("zurueckziehen/", citizen.withdraw, name="withdraw"),
    path("dateien/<int:file>/", files.own_file, name="own_file"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("amt/", workspace.dashboard, name="dashboard"),
    path("amt/faelle/", workspace.inbox, name="inbox"),
    path("amt/faelle/<uuid:case>/", include(staff)),
    path("meine-anliegen/", citizen.mine, name="mine"),
    path("meine-anliegen/<uuid:case>/", include(own)),
]
