"""The agency's identity provider, as the settings name it: one, or none."""

from __future__ import annotations

from detainer.desk.signing_in.identity import IdentityProvider
from detainer.desk.signing_in.oidc import OpenIDConnect
from detainer.desk.signing_in.saml import Saml
from detainer.house import house


def provider() -> IdentityProvider | None:
    """It; None where accounts sign in with a password alone."""
    here = house()
    if here.saml_metadata is not None:
        return Saml()
    return OpenIDConnect() if here.oidc_issuer else None
