"""A network between the application and PostgreSQL that can be cut: a proxy on 127.0.0.1 before the server's socket."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path


class Wire:
    """Hands bytes on between each caller and the server's socket until it is cut."""

    def __init__(self, server: Path) -> None:
        self._server, self._ends = server, list[socket.socket]()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> int:
        """Break every connection at once, whatever is on its way; how many there were."""
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        return len(ends) // 2

    def close(self) -> None:
        """Take no more callers and break what there is."""
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self._server))
            except OSError:
                server.close()
                caller.close()
                continue
            self._ends += [caller, server]
            for one, other in ((caller, server), (server, caller)):
                threading.Thread(target=_hand_on, args=(one, other), daemon=True).start()


def _hand_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := one.recv(65536):
            other.sendall(said)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_RDWR)
    one.close()
