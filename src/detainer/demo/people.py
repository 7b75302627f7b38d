"""Made-up people. Their names are made up too, of no language and no country; nothing else is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

GIVEN = """
    Abrel Anvo Belto Brindo Cavel Corvin Dalmo Dervo Elvra Embry Falto Fenro Galdo Grevin Halvo Hestra Ilvo Immer Jastro
    Jelmo Kalvi Kestro Lombry Luvra Malto Mervo Nalbry Nestro Olvra Ombrel Palvo Prenzo Quelmo Ralvi Rembro Salvro
    Sembry Talvo Tembrel Ulmo Valbry Vestro Wembry Zalvo
"""
FAMILY = """
    Ambrosk Arvenal Baltorre Bremvik Calvandor Corvelund Dalbruck Demvari Elmquarrie Estrevald Falmbridge Forvanto
    Galbrenn Grenvolt Halmstrand Hervadine Imbrosso Irvendell Jalvanter Jorvessen Kalmbrook Kervanti Lambresk Lorvento
    Malbrandt Mervanko Nalmgarde Norvessi Olmbrand Orvantes Palmbrick Pervaldi Quorvane Ralmbert Rorvandel Salmbrook
    Sorvanti Talmbreck Torvessen Ulmbrandt Valmgren Vorvandi Walmbrick Zorvento
"""


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    name: str
    date_of_birth: date


def person(draw: Random, on: date) -> Person:
    """The next made-up person, between 18 and 60 years old on that day."""
    age = timedelta(days=draw.randint(18 * 366, 60 * 365))
    return Person(f"{draw.choice(GIVEN.split())} {draw.choice(FAMILY.split())}", on - age)
