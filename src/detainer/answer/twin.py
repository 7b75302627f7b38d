"""The HTML twin of a paper: one file, readable without a script or a style, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detainer.law.markup import Markup, join, tag

_STYLE = (
    "body{font:1.1rem/1.5 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:1.8rem}dt{font-weight:bold}dd{margin:0 0 .5rem 1rem}"
    ".notice{border:1px solid;padding:.5rem;font-weight:bold}.strong{font-size:1.15rem;font-weight:bold}"
    "table{border-collapse:collapse;font-size:.85rem}th,td{border:1px solid #767676;padding:.3rem;text-align:start;"
    "vertical-align:top}footer{border-top:1px solid #767676;margin-top:2rem}"
)


def html(data: Mapping[str, Any]) -> bytes:
    """The paper as one HTML file in UTF-8."""
    head = join(
        [
            Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
            tag("title", f"{data['title']} · {data['number']}"),
            Markup(f"<style>{_STYLE}</style>"),
        ]
    )
    blocks = [_block(part) for part in data["blocks"]]
    notice = [tag("p", data["notice"], class_="notice")] if data["notice"] else []
    main = tag("main", *notice, tag("p", tag("strong", data["agency"])), *blocks)
    body = tag("body", main, tag("footer", tag("p", data["number"])))
    page = tag("html", tag("head", head), body, lang=data["lang"], dir=data["direction"])
    return f"<!doctype html>\n{page}\n".encode()


def _block(part: Mapping[str, Any]) -> Markup:
    match part["type"]:
        case "heading":
            return tag(f"h{part['level']}", part["text"])
        case "terms":
            return tag("dl", *(join([tag("dt", term), tag("dd", said, dir="auto")]) for term, said in part["rows"]))
        case "list":
            return tag("ul", *(tag("li", item) for item in part["items"]))
        case "table":
            head = tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in part["head"])))
            rows = (tag("tr", *(tag("td", cell, dir="auto") for cell in row)) for row in part["rows"])
            return tag("table", head, tag("tbody", *rows))
    return tag("p", part["text"], lang=part["lang"], class_="strong" if part["type"] == "strong" else "")
