"""What a token may be bound to do. There is no action to ask for, approve or record a hold, a notice or a transfer."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """One kind of thing that a program does; a token names those it may."""

    READ = "read"
    RECEIVE = "receive"
    CUSTODY = "custody"
    SEARCH = "search"
    WITHDRAW = "withdraw"
    RELEASE = "release"
    HOOKS = "hooks"


SAYS = {
    Action.READ: "read the state, the clock and the answer of requests",
    Action.RECEIVE: "enter a request and the papers that came with it",
    Action.CUSTODY: "state custody, arrest and the moment of release",
    Action.SEARCH: "state what the criminal-history search showed",
    Action.WITHDRAW: "record that a request was taken back",
    Action.RELEASE: "record that the person was released",
    Action.HOOKS: "say where to be told of what is recorded",
}
