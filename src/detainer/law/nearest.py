"""The nearest ways through a diagram: which few facts would have to be otherwise for another outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from itertools import count

from detainer.law.diagram import Diagrams

Price = Callable[[int, bool], float | None]
_WAYS = 40  # looked at for one decision; the first few are told
_STEPS = 20_000


def nearest(d: Diagrams, diagram: int, known: Mapping[int, bool], price: Price) -> list[dict[int, bool]]:
    """Ways of changing facts that lead to an outcome of the diagram, the cheapest first.

    `price` tells what it costs to have an atom so (None: impossible). Each way names only the atoms that it changes
    or that nobody had told, and costs at least one.
    """
    order = count()
    queue: list[tuple[float, int, int, dict[int, bool]]] = [(0.0, next(order), diagram, {})]
    found: list[dict[int, bool]] = []
    for _ in range(_STEPS):
        if not queue or len(found) == _WAYS:
            break
        cost, _, node, changed = heappop(queue)
        branch = d.branch(node)
        if branch is None:
            if cost >= 1 and changed not in found:
                found.append(changed)
            continue
        number, low, high = branch
        for value, below in ((False, low), (True, high)):
            extra = price(number, value)
            if extra is not None:
                way = changed if known.get(number) is value else {**changed, number: value}
                heappush(queue, (cost + extra, next(order), below, way))
    return found
