"""Addresses below `/antrag/`: filling in, sending, coming back."""

from django.urls import URLPattern, path

from rathaus.services.views import application, resuming, submission

urlpatterns: list[URLPattern] = [
    path("", resuming.unfinished_drafts, name="drafts"),
    path("adressen/", resuming.addresses, name="addresses"),
    path("fortsetzen/<str:token>/", resuming.resume, name="resume"),
    path("aendern/<uuid:case>/", submission.amend, name="amend"),
    path("entwurf/<uuid:draft>/", application.go_on, name="draft"),
    path("entwurf/<uuid:draft>/seite/<str:page>/", application.page, name="page"),
    path("entwurf/<uuid:draft>/datei/<uuid:file>/", resuming.file, name="draft_file"),
    path("entwurf/<uuid:draft>/ende/<str:exit>/", submission.ended, name="exit"),
    path("entwurf/<uuid:draft>/pruefen/", submission.summary, name="summary"),
    path("entwurf/<uuid:draft>/spaeter/", resuming.later, name="later"),
    path("entwurf/<uuid:draft>/loeschen/", resuming.discard, name="discard"),
    path("entwurf/<uuid:draft>/abgesendet/", submission.submitted, name="submitted"),
    path("entwurf/<uuid:draft>/beleg/", submission.receipt, name="receipt"),
    path("<slug:form>/", application.start, name="start"),
    path("<slug:form>/fassungen/<int:number>/", resuming.version, name="form_version"),
]
