"""Addresses of the accounts domain; the pages of allauth are in `doors`."""

from django.urls import URLPattern, URLResolver, path

from rathaus.accounts.views import account, people, providers, roles, sign_in, taking_over

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", account.account, name="account"),
    path("konto/telefon/", account.phone, name="phone"),
    path("konto/e-mail/", account.email, name="email"),
    path("konto/e-mail/code/", account.confirm_email, name="confirm_email"),
    path("konto/uebernehmen/", taking_over.address, name="take_over"),
    path("konto/uebernehmen/code/", taking_over.confirm_address, name="take_over_code"),
    path("konto/uebernehmen/auswahl/", taking_over.choose, name="take_over_choose"),
    path("konto/daten/", account.export, name="export"),
    path("konto/sitzungen/", account.citizen_sessions, name="sessions"),
    path("konto/anmelden/", sign_in.sign_in, name="sign_in"),
    path("konto/anmelden/id-austria/", providers.id_austria, name="id_austria"),
    path(
        "konto/anmelden/id-austria/zurueck/",
        providers.id_austria_callback,
        name="id_austria_callback",
    ),
    path("konto/abmelden/", sign_in.sign_out, name="sign_out"),
    path("amt/anmelden/", sign_in.staff_sign_in, name="staff_sign_in"),
    path("amt/anmelden/verzeichnis/", providers.staff_directory, name="staff_directory"),
    path(
        "amt/anmelden/verzeichnis/zurueck/",
        providers.staff_directory_callback,
        name="staff_directory_callback",
    ),
    path("amt/passwort/<str:key>/<str:token>/", sign_in.choose_password, name="choose_password"),
    path("amt/zugang/", account.own_access, name="own_access"),
    path("amt/sitzungen/", account.staff_sessions, name="staff_sessions"),
    path("amt/personen/", people.people, name="people"),
    path("amt/personen/einladen/", people.invite, name="invite"),
    path("amt/personen/<uuid:person>/", people.person, name="person"),
    path("amt/personen/<uuid:person>/rolle/", people.give_role, name="give_role"),
    path(
        "amt/personen/<uuid:person>/rolle/<int:membership>/nehmen/",
        people.take_role,
        name="take_role",
    ),
    path("amt/personen/<uuid:person>/<slug:deed>/", people.deed, name="person_deed"),
    path("amt/rollen/", roles.roles, name="roles"),
    path("amt/rollen/neu/", roles.add, name="add_role"),
    path("amt/rollen/gruppen/", roles.groups, name="groups"),
    path("amt/rollen/gruppen/<int:grant>/entziehen/", roles.withdraw, name="withdraw_group"),
    path("amt/rollen/rolle/<slug:slug>/", roles.role, name="role"),
]
