"""What may be said to a requester, and what a person is told of the agency's intent: pure, and no word more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from detainer.errors import UserError

ACTS = {"hold": "held", "notify": "told", "transfer": "transferred"}
REQUESTERS = ("ice", "cbp", "other_federal", "other")


def answers(
    asks: Sequence[str],
    decisions: Mapping[str, Mapping[str, Any]],
    done: Iterable[str],
    declined: Iterable[str],
    *,
    intends: bool = False,
) -> list[tuple[str, bool]]:
    """Yes or no to each thing that was asked, in the order of the request.

    `done` are the acts on record, `declined` the decisions declined. What the law forbids and what leaves nothing to
    answer is a no like any other: a no that could be told apart would disclose custody. What was neither done, nor
    declined, nor forbidden has no answer yet: UserError, for a paper must not run ahead of the people who decide. With
    `intends`, a command of the law is a yes before it is carried out.
    """
    acts, no, found = set(done), set(declined), []
    for name in asks:
        modality = decisions.get(name, {}).get("modality", "undetermined")
        if ACTS.get(name) in acts:
            found.append((name, True))
        elif name in no or modality in ("must_not", "not_applicable"):
            found.append((name, False))
        elif intends and modality == "must":
            found.append((name, True))
        else:
            raise UserError(
                "nothing is decided yet about what was asked ({decision})",
                fix="Record that it was declined or, with a second person's approval, done.",
                decision=name,
            )
    return found


def cites(
    said: Sequence[tuple[str, bool]],
    decisions: Mapping[str, Mapping[str, Any]],
    laws: Sequence[str],
    of: Mapping[str, str],
) -> list[str]:
    """The citations that answers rest on, for each the law nearest to the agency.

    A yes cites the provisions. A no cites the law as a whole, in force or permitting: which provision decided could
    tell what a search has found. `laws` are the agency's, widest first; `of` says how each is cited.
    """
    found: list[str] = []
    for name, yes in said:
        reasons = decisions.get(name, {}).get("reasons", ())
        nearest = max((laws.index(reason["law"]) for reason in reasons if reason["law"] in laws), default=-1)
        if not yes:
            found.append(of[_speaking(laws, of)])
            continue
        found += [
            reason["cite"] for reason in reasons if reason["law"] in laws and laws.index(reason["law"]) == nearest
        ]
    return list(dict.fromkeys(found))


def _speaking(laws: Sequence[str], of: Mapping[str, str]) -> str:
    """The narrowest law that is a law: an agency's own policy is a fact of the case."""
    return [law for law in laws if law in of and law != "us-local-policy"][-1]


def sender(code: str) -> str:
    """The word for the requester."""
    return code if code in REQUESTERS else "other"
