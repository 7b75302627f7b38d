"""The law room: decides a case file. Pure: no Django, no database, no clock, no network.

book = LawBook.load()
answer = book.decide(Case.read(mapping))
print(answer.headline())
"""

from detainer.law import explain
from detainer.law.answer import Answer, Decision, Duty, FactNeeded, LayerAnswer, Question, Reason
from detainer.law.book import Agency, LawBook
from detainer.law.case import Case, read_cases
from detainer.law.vocabulary import DECISIONS, FACTS, MODALITIES, Fact, Unknown

__all__ = [
    "DECISIONS",
    "FACTS",
    "MODALITIES",
    "Agency",
    "Answer",
    "Case",
    "Decision",
    "Duty",
    "Fact",
    "FactNeeded",
    "LawBook",
    "LayerAnswer",
    "Question",
    "Reason",
    "Unknown",
    "explain",
    "read_cases",
]
