"""Every address of the house, domain by domain."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

handler400 = "rathaus.core.views.bad_request"
handler403 = "rathaus.core.views.forbidden"
handler404 = "rathaus.core.views.not_found"
handler500 = "rathaus.core.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("rathaus.core.urls")),
    path("", include("rathaus.accounts.urls")),
    path("", include("rathaus.accounts.doors")),
    path("", include("rathaus.audit.urls")),
    path("", include("rathaus.cases.urls")),
    path("", include("rathaus.payments.urls")),
    path("", include("rathaus.appointments.urls")),
    path("", include("rathaus.services.urls")),
]

if settings.DEMO_SIGN_IN:
    urlpatterns.append(path("demo/", include("rathaus.demo.urls")))
