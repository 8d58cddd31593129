"""Sign-in by a proxy in front: it names the person in a header, which is believed from its own address alone."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dashboard.door import outside
from bot.dashboard.markup import tag
from bot.dashboard.words import word
from bot.settings import PREFIX, Settings, SettingsError


class ByProxy:
    """The door that opens for whom the proxy names. Raises SettingsError for an address that is none."""

    def __init__(self, settings: Settings) -> None:
        self._header = str(settings.dashboard_proxy_header)
        self._believed = networks(settings.dashboard_proxies)

    def hang(self, app: Sanic) -> None:
        """No route: the proxy signs people in."""

    def knows(self, request: Request) -> bool:
        """A header that is there twice may have been sent by the person as well as by the proxy: not believed."""
        named = request.headers.getall(self._header, [])
        return len(named) == 1 and bool(named[0].strip()) and is_from(request.ip, self._believed)

    async def ask(self, request: Request, to: str) -> HTTPResponse:
        return outside(request, tag("p", word("sign_in.by_proxy"), class_="lead"), 401)

    def leave(self, request: Request, answer: HTTPResponse) -> None:
        """The session is the proxy's."""


def networks(texts: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as error:
        expected = "expected addresses such as 10.0.0.4 or networks such as 10.0.0.0/24"
        raise SettingsError(f"{PREFIX}DASHBOARD_PROXIES: {error}; {expected}") from error


def is_from(peer: str, believed: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether the other end of the connection lies in one of these, whatever a header says of it."""
    try:
        address = ip_address(peer)
    except ValueError:  # a Unix socket has no address
        return False
    mapped = getattr(address, "ipv4_mapped", None)  # how IPv4 looks on a socket that listens for both
    return any((mapped or address) in network for network in believed)
