"""Connections to addresses that a program named: never to this machine or the network that it stands in.

The name is looked up once and the connection goes to the very address that was judged, so that a name which points
elsewhere a moment later leads nowhere. DETAINER_WEBHOOK_NETWORKS names networks that may be reached all the same.
"""

from __future__ import annotations

import re
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from detainer.errors import UserError
from detainer.house import house

_SHAPE: Final = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?(/[!-~]*)?")
_TRANSLATED: Final = ip_network("64:ff9b::/96")
# All that is routed on the public network; the rest is somebody's own, or translated into it (RFC 4291, 8215).
_PUBLIC: Final = ip_network("2000::/3")


class NotReached(OSError):
    """An address that may not be reached, or did not take what was sent."""


def checked(address: str) -> str:
    """The address, if it may be told of anything; UserError says why not."""
    fix = "Give an address like https://booking.agency.example/detainer."
    parts = urlsplit(address) if _SHAPE.fullmatch(address) else None
    try:
        port = parts.port if parts else None
    except ValueError:
        parts = port = None
    if parts is None or parts.fragment or "@" in parts.netloc or not parts.hostname:
        raise UserError("the address is none that can be told", fix=fix)
    try:
        found = _judged(parts.hostname, port or 443, plain=parts.scheme == "http")
    except NotReached as error:
        raise UserError(str(error), fix=fix) from None
    if not found:
        raise UserError("the address is none that can be told", fix=fix)
    return address


def post(address: str, body: bytes, headers: dict[str, str], patience: float) -> None:
    """Send a body; NotReached where it may not go, or was answered with anything but 2xx. Follows no redirect."""
    parts = urlsplit(address)
    kind = _Secure if parts.scheme == "https" else _Plain
    link = kind(parts.hostname or "", parts.port, timeout=patience)
    try:
        link.request("POST", parts.path + (f"?{parts.query}" if parts.query else "") or "/", body, headers)
        status = link.getresponse().status
    except (HTTPException, ValueError) as error:
        raise NotReached(type(error).__name__) from None
    finally:
        link.close()
    if not 200 <= status < 300:
        raise NotReached(f"answered {status}")


def _judged(host: str, port: int, *, plain: bool) -> tuple[str, int]:
    """The address to connect to; NotReached unless every address of the name may be reached."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise NotReached("the name of the address is not known here") from None
    for one in found:
        if not _may(one, plain=plain):
            words = "is not encrypted" if plain and _may(one, plain=False) else "leads into this house's own network"
            raise NotReached(f"the address {words}")
    return found[0], port


def _may(text: str, *, plain: bool) -> bool:
    """Whether an address may be reached: a public one over https, or one of the networks that the house names."""
    address = _true(ip_address(text.partition("%")[0]))
    inside = any(address in ip_network(network) for network in house().webhook_networks)
    if inside:
        return not (plain and house().production)
    routed = isinstance(address, IPv4Address) or address in _PUBLIC
    return not plain and routed and address.is_global and not address.is_multicast


def _true(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The version 4 address that a version 6 one stands for."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address


class _Plain(HTTPConnection):
    def connect(self) -> None:
        """To the address that was judged."""
        self.sock = socket.create_connection(_judged(self.host, self.port, plain=True), self.timeout)


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        """To the address that was judged, whose certificate must be that of the name."""
        link = socket.create_connection(_judged(self.host, self.port, plain=False), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(link, server_hostname=self.host)
