"""§ 14-154(b) written for four other engines, each in its own idiom, over the same eight conditions.

The conditions: D the request is a detainer, J a federal judge's warrant came with it, S searched at release, C a
conviction within five years, E a conviction at any time, R an illegal re-entry, W a watch-list match, O the 48 hours
are over. A condition that nobody knows is left out of the input, as each engine's documentation has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

CONDITIONS = "DJSCERWO"
DAY = "2026-11-24"
Facts = Mapping[str, bool]  # the known conditions
Decide = Callable[[Facts], str]


def plain(facts: Facts) -> str:
    """The answer for facts that are all known: what every engine is asked to say."""
    d, j, s, c, e, r, w, o = (facts[name] for name in CONDITIONS)
    if not d:
        return "silent"
    if j and s and (c or w):
        return "may"
    return "may" if s and ((e and r) or w) and not j and not o else "must_not"


def zen() -> Decide:
    """A decision table of the ZEN engine, first hit, with its trace."""
    import zen as engine

    columns = [{"id": name, "name": name, "field": name, "type": "expression"} for name in CONDITIONS]
    rows = [
        ({"D": "false"}, "silent"),
        ({"J": "true", "S": "true", "C": "true"}, "may"),
        ({"J": "true", "S": "true", "W": "true"}, "may"),
        ({"S": "true", "E": "true", "R": "true", "J": "false", "O": "false"}, "may"),
        ({"S": "true", "W": "true", "J": "false", "O": "false"}, "may"),
        ({}, "must_not"),
    ]
    table = {
        "hitPolicy": "first",
        "inputs": columns,
        "outputs": [{"id": "out", "name": "hold", "field": "hold", "type": "expression"}],
        "rules": [
            {"_id": str(number), **{name: when.get(name, "") for name in CONDITIONS}, "out": f'"{answer}"'}
            for number, (when, answer) in enumerate(rows)
        ],
    }
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "table",
                "type": "decisionTableNode",
                "name": "hold",
                "position": {"x": 1, "y": 0},
                "content": table,
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
    decision = engine.ZenEngine().create_decision(json.dumps(graph))
    return lambda facts: str(decision.evaluate(dict(facts), {"trace": True})["result"]["hold"])


def cedar() -> Decide:
    """Policies of Cedar: forbid unless a permit applies; a missing attribute is an error that skips its policy."""
    import cedarpy

    policies = """
    permit(principal, action == Action::"hold", resource) when { context.J && context.S && (context.C || context.W) };
    permit(principal, action == Action::"hold", resource)
      when { context.S && ((context.E && context.R) || context.W) && !context.J && !context.O };
    permit(principal, action == Action::"speaks", resource) when { context.D };
    """

    def ask(action: str, facts: Facts) -> bool:
        asked = {
            "principal": 'User::"officer"',
            "action": f'Action::"{action}"',
            "resource": 'Request::"one"',
            "context": dict(facts),
        }
        return bool(cedarpy.is_authorized(asked, policies, []).allowed)

    def decide(facts: Facts) -> str:
        if not ask("speaks", facts):
            return "silent"
        return "may" if ask("hold", facts) else "must_not"

    return decide


def json_logic() -> Decide:
    """JsonLogic: a missing variable is null, and null is false."""
    from json_logic import jsonLogic

    def var(name: str) -> dict[str, Any]:
        return {"var": name}

    route = {"and": [var("J"), var("S"), {"or": [var("C"), var("W")]}]}
    hold = {"or": [{"and": [var("E"), var("R")]}, var("W")]}
    hours = {"and": [var("S"), hold, {"!": [var("J")]}, {"!": [var("O")]}]}
    rule = {"if": [{"!": [var("D")]}, "silent", {"or": [route, hours]}, "may", "must_not"]}
    return lambda facts: str(jsonLogic(rule, dict(facts)))


def openfisca() -> Decide:
    """Variables of OpenFisca with their formulas, calculated with the trace on; what is not given is the default."""
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulation_builder import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    person = build_entity(key="person", plural="persons", label="A person", is_person=True)
    system = TaxBenefitSystem([person])
    shared = {"value_type": bool, "entity": person, "definition_period": DateUnit.DAY}
    for name in CONDITIONS:
        system.add_variable(type(f"cond_{name}", (Variable,), dict(shared)))

    def route(persons: Any, _period: Any) -> Any:
        value = {name: persons(f"cond_{name}", _period) for name in CONDITIONS}
        first = value["J"] * value["S"] * (value["C"] + value["W"])
        second = value["S"] * (value["E"] * value["R"] + value["W"]) * ~value["J"] * ~value["O"]
        return first + second

    system.add_variable(type("may_hold", (Variable,), {**shared, "formula": route}))
    builder = SimulationBuilder()

    def decide(facts: Facts) -> str:
        given = {f"cond_{name}": {DAY: value} for name, value in facts.items()}
        simulation = builder.build_from_entities(system, {"persons": {"one": given}})
        simulation.trace = True
        if not simulation.calculate("cond_D", DAY)[0]:
            return "silent"
        return "may" if simulation.calculate("may_hold", DAY)[0] else "must_not"

    return decide


PEERS: dict[str, Callable[[], Decide]] = {
    "zen-engine, decision table, trace": zen,
    "openfisca-core, trace": openfisca,
    "cedarpy": cedar,
    "panzi-json-logic": json_logic,
}
