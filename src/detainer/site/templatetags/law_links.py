"""Links into the law's pages, for templates: `{% law_url law provision day %}`."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from detainer.site import law_links

register = template.Library()


@register.simple_tag
def law_url(law: str, provision: str = "", day: date | datetime | None = None) -> str:
    """The address of a provision's text as it stood on a day; "" where no law of that name is shipped."""
    return law_links.law_url(law, provision, day.date() if isinstance(day, datetime) else day)
