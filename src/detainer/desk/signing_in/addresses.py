"""Where a request came from, behind proxies that are known and nowhere else."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.http import HttpRequest

from detainer.house import house


def address_of(request: HttpRequest) -> str:
    """The sender's address.

    `X-Forwarded-For` is read from its end, each entry only as far as the one who wrote it is a proxy that the setting
    names: what a stranger writes into it says nothing.
    """
    found = str(request.META.get("REMOTE_ADDR", ""))
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    while told and _trusted(found):
        before = _clean(told.pop())
        if not before:
            break
        found = before
    return _clean(found) or "0.0.0.0"  # noqa: S104  # nosec B104  a test's or a socket's request has no address


def _trusted(address: str) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in ip_network(network) for network in house().trusted_proxies)


def _clean(address: str) -> str:
    try:
        return str(ip_address(address.strip("[]")))
    except ValueError:
        return ""
