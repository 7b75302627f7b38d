"""`tr`: a word that a table of the desk holds in English, in the reader's language."""

from __future__ import annotations

from django import template

from detainer.desk.wording import words

register = template.Library()
register.filter("tr", words.tr)
register.filter("sentences", words.sentences)
