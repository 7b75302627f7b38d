"""The process that reads one file: its bytes on standard input, JSON on standard output, and no way out.

Started by `reading.read`. What it is given may be made by anyone, so before it looks at a byte it gives up memory,
time, files, children and the network.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import signal
import sys
import time
from typing import Any

MEMORY, MEMORY_OF_SCANS = 1 * 1024**3, 2 * 1024**3
SECONDS, SECONDS_OF_SCANS = 60, 400  # of the processor
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "urllib.",
    "ftplib.",
    "smtplib.",
)
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
PATIENCE = 60.0  # seconds that a scan waits for another, at most: a long one shall not hold up all others
_SIGNAL_WITH_PARENT = 1  # PR_SET_PDEATHSIG
TELLS = "READING_TELLS"  # names the descriptor on which the page that is being read is told


def confine(seconds: int = SECONDS) -> None:
    """Give up what reading a file does not need. Limits that a system does not know are passed over."""
    for what, limit, most in (
        (resource.RLIMIT_AS, MEMORY, MEMORY_OF_SCANS),
        (resource.RLIMIT_CPU, seconds, max(seconds, SECONDS_OF_SCANS)),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, most))
    with contextlib.suppress(OSError, AttributeError):  # a network with nothing in it, where the system allows one
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NET)
    sys.addaudithook(_refuse)


def widen() -> None:
    """Take as much memory and time as reading scans needs; called when the first scanned page is met."""
    for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        with contextlib.suppress(ValueError, OSError):
            most = resource.getrlimit(what)[1]
            resource.setrlimit(what, (most, most))


def take_turn(patience: float = PATIENCE) -> None:
    """Wait a while until no other process of this installation reads a scan: two at once take twice the memory.

    Page 0 is told as long as it waits. The lock, on this file itself, ends with the process.
    """
    with contextlib.suppress(OSError):  # a file system without locks: then it goes without
        kept, until = os.open(__file__, os.O_RDONLY), time.monotonic() + patience
        while time.monotonic() < until:
            try:
                fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _tell(0, 1)
                time.sleep(0.2)
            else:
                return


def step_back() -> None:
    """Let what people wait for go first, and end with whoever started this process, where the system knows how."""
    with contextlib.suppress(OSError):
        os.nice(5)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SIGNAL_WITH_PARENT, signal.SIGKILL)


def _before_scans() -> None:
    widen()
    take_turn()


def _tell(page: int, pages: int) -> None:
    """Say which page is being read; whoever started this process may not listen, or not any more."""
    if TELLS not in os.environ:
        return
    with contextlib.suppress(OSError):
        os.write(int(os.environ[TELLS]), f"{page} {pages}\n".encode())


def _refuse(event: str, arguments: Any) -> None:
    if event.startswith(_REFUSED):
        raise PermissionError(f"{event} is not for a process that reads papers")


def _asked(data: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    from detainer.intake.paper import picture, sheet

    if asked.get("sheet"):
        return sheet.read(data)
    return picture.copy(data, **asked) if "pages" in asked else picture.draw(data, **asked)


def main() -> None:
    """Read standard input as one file; `{"forms": […], "said": […]}` or `{"why": "…"}` on standard output.

    With an argument, which is JSON, the picture of one page (`picture.draw`), a copy of some (`picture.copy`) or
    the cells of a spreadsheet instead.
    """
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes where nobody reads
    data = sys.stdin.buffer.read()
    from detainer.intake.paper import whole

    asked = json.loads(sys.argv[1]) if len(sys.argv) > 1 else None
    if asked is None:
        step_back()
    confine()
    try:
        said = _asked(data, asked) if asked is not None else whole.read(data, before_scans=_before_scans, told=_tell)
    except whole.Unreadable as error:
        said = {"why": str(error)}
    except MemoryError:
        said = {"why": "needs more memory to open than any form does; it was left alone"}
    except Exception as error:  # noqa: BLE001  whatever a hostile file does to a library is one reason, without its words
        said = {"why": f"could not be read ({type(error).__name__})"}
    with os.fdopen(out, "wb") as stream:
        stream.write(json.dumps(said, ensure_ascii=True).encode())


if __name__ == "__main__":
    main()
