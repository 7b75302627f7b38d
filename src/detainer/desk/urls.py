"""The addresses of the desk. No address carries a name, a file number or anything typed."""

from __future__ import annotations

from allauth.account.views import reauthenticate
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from detainer.desk.views.lists import audit, counsel, duplicates, exports, reports, requests, sealed, system, waiting
from detainer.desk.views.request import acts, entry, incoming, reply, request
from detainer.desk.views.signing_in import accounts, proposed, sessions, signing

urlpatterns = [
    path("", signing.home, name="home"),
    path("sign-in/", signing.SignIn.as_view(), name="login"),
    path("sign-in/", signing.SignIn.as_view(), name="account_login"),
    path("sign-in/provider/", signing.to_provider, name="provider"),
    path("sign-in/provider/back/", signing.from_provider, name="provider_callback"),
    path("sign-in/saml/answer/", signing.provider_answer, name="provider_answer"),
    path("sign-in/saml/back/", signing.provider_back, name="provider_back"),
    path("sign-in/saml/metadata/", signing.provider_metadata, name="provider_metadata"),
    path("sign-in/again/", reauthenticate, name="account_reauthenticate"),
    path("sign-in/password/", sessions.password, name="password"),
    path("sign-in/code/", sessions.code, name="opening"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", sessions.listing, name="sessions"),
    path("accounts/", accounts.listing, name="accounts"),
    path("accounts/proposed/", proposed.listing, name="proposed"),
    path("accounts/<int:number>/", accounts.one, name="account"),
    path("sign-out/", LogoutView.as_view(next_page="login"), name="logout"),
    path("sign-out/", LogoutView.as_view(next_page="login"), name="account_logout"),
    path("requests/", requests.listing, name="requests"),
    path("requests/new/", entry.new, name="new-request"),
    path("requests/<slug:request_id>/", request.page, name="request"),
    path("requests/<slug:request_id>/facts/", entry.facts, name="facts"),
    path("requests/<slug:request_id>/act/", acts.act, name="act"),
    path("requests/<slug:request_id>/reply/", reply.make, name="reply"),
    path("requests/<slug:request_id>/papers/<int:seq>.<str:form>", reply.download, name="paper"),
    path("incoming/", incoming.listing, name="incoming"),
    path("incoming/upload/", incoming.upload, name="upload"),
    path("incoming/<slug:draft_id>/", incoming.draft, name="draft"),
    path("incoming/<slug:draft_id>/pages/<int:number>.png", incoming.page, name="draft-page"),
    path("incoming/<slug:draft_id>/copy/", incoming.copy, name="draft-copy"),
    path("incoming/<slug:draft_id>/file/", incoming.original, name="draft-file"),
    path("requests/<slug:request_id>/seal/", sealed.settle, name="seal"),
    path("duplicates/", duplicates.listing, name="duplicates"),
    path("requests/<slug:request_id>/export/", exports.one, name="export"),
    path("exports/", exports.listing, name="exports"),
    path("system/", system.page, name="system"),
    path("sealed/", sealed.listing, name="sealed"),
    path("language/", set_language, name="set_language"),
    path("approvals/", waiting.listing, name="approvals"),
    path("audit/", audit.listing, name="audit"),
    path("counsel/", counsel.listing, name="counsel"),
    path("reports/", reports.listing, name="reports"),
    path("reports/<slug:agency>/<slug:name>/<slug:first>/<slug:last>/", reports.one, name="report"),
    path("reports/<slug:agency>/<slug:name>/<slug:first>/<slug:last>/settle/", reports.settle, name="settle-report"),
]
