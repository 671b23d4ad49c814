"""Sign-in and out. Of allauth's many pages only those named here exist."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import include, path

from homeroom.access.views import codes, letters, network, network_signin, person, signin, ways
from homeroom.base.needs import needs, public

door = public("Whoever wants to sign in is not signed in yet.")
own = needs(first=True, whole=True)
later = needs(whole=True)

pages = (
    [
        path("account/second-factor", signin.second_factor, name="second-factor"),
        path("account/ways", ways.devices, name="devices"),
        path("account/ways/sessions", ways.end_sessions, name="end-sessions"),
        path("account/ways/token/<int:pk>", ways.end_token, name="end-own-token"),
        path("people/identity/<int:pk>/untie", ways.untie, name="untie"),
        path("people/<str:id>/sessions", ways.end_sessions_of, name="end-sessions-of"),
        path("people/<str:id>", person.person, name="person"),
        path("people/<str:id>/restrict", person.restrict, name="restrict"),
        path("restrictions/mine", person.decisions, name="decisions"),
        path("restrictions/<int:pk>/lift", person.lift, name="lift"),
        path("restrictions/<int:pk>/appeal", person.appeal, name="appeal"),
        path("network", network_signin.signin, name="signin"),
        path("network/desk", network.network, name="network"),
        path("network/desk/ranges", network.ranges, name="ranges"),
        path("network/desk/tokens", network.tokens, name="tokens"),
        path("network/desk/logins", network.logins, name="logins"),
        path("network/desk/salts", network.salts, name="salts"),
        path("network/desk/radius", network.radius, name="radius"),
        path("network/desk/configs", network.configs, name="configs"),
        path("network/desk/configs/<str:name>", network.config, name="config"),
        path("network/desk/end/<str:kind>/<int:pk>", network.end, name="end"),
        path("network/leave", network_signin.leave, name="leave"),
        path("code", codes.language, name="code"),
        path("code/ask", codes.ask, name="code-ask"),
        path("code/enter", codes.enter, name="code-enter"),
        path("code/who", codes.who, name="code-who"),
        path("code/letter", codes.letter, name="code-letter"),
        path("letters", letters.letters, name="letters"),
        path("demo/enter/<str:ticket>", signin.demo_enter, name="demo-enter"),
    ],
    "access",
)

urlpatterns = [
    path("", include(pages)),
    path("account/sign-in", door(account.login), name="account_login"),
    path("account/sign-out", public("Signing out must always work.")(account.logout), name="account_logout"),
    path("account/closed", door(account.account_inactive), name="account_inactive"),
    path("account/with/<str:provider_id>", door(oidc.login), name="openid_connect_login"),
    path("account/with/<str:provider_id>/back", door(oidc.callback), name="openid_connect_callback"),
    path("account/again", own(account.reauthenticate), name="account_reauthenticate"),
    path("account/password", later(account.password_change), name="account_change_password"),
    path("account/password/first", later(account.password_set), name="account_set_password"),
    path("account/factors", own(mfa.index), name="mfa_index"),
    path("account/code", door(mfa.authenticate), name="mfa_authenticate"),
    path("account/again/code", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/app/add", own(totp.activate_totp), name="mfa_activate_totp"),
    path("account/app/remove", later(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/passkeys", own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/passkeys/add", own(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkeys/sign-in", door(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("account/again/passkey", own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/passkeys/<int:pk>/remove", later(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/passkeys/<int:pk>/name", later(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("account/recovery", own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/recovery/new", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/recovery/file", own(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
