"""How the two engines write the same plain selects: DuckDB, which is embedded, and Spark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

# How a day may be written, and the same once every separator is a slash, for either engine.
PATTERNS: Final = {
    "MM/DD/YYYY": ("%m/%d/%Y", "M/d/yyyy"),
    "DD/MM/YYYY": ("%d/%m/%Y", "d/M/yyyy"),
    "DD.MM.YYYY": ("%d/%m/%Y", "d/M/yyyy"),
    "DD-MON-YYYY": ("%d/%b/%Y", "d/MMM/yyyy"),
}
# What stands where something was taken out, in small letters: (b)(6), b7c, b(7)(C); redacted; *** and other signs.
_SIGNS = "[^a-z0-9]*"
_EXEMPTION = f"[1-9]{_SIGNS}([a-f]{_SIGNS})?"
REDACTION: Final = (
    f"{_SIGNS}((redacted|withheld|exempt|removed){_SIGNS})*(b{_SIGNS}{_EXEMPTION}((b{_SIGNS})?{_EXEMPTION})*)?|x{{3,}}"
)
_ISO, _DIGITS, _SERIAL = "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "[0-9]{8}", "[0-9]{5}([.][0-9]+)?"
# A month by its name: 01SEP2023, 1-Sep-23, 01 September 2023 12:00; September 1, 2023, with the day of the week or not.
_DAY_FIRST = "([0-9]{1,2})[-/ .]?([A-Z]{3})[A-Z]*[-/ .,]*([0-9]{4}|[0-9]{2})([ :T].*)?"
_MONTH_FIRST = "([A-Z]+, *)?([A-Z]{3})[A-Z]*[. ]+([0-9]{1,2}),? +([0-9]{4})( .*)?"
_SHORT_YEAR = "([0-9]{1,2}/([A-Z]{3}|[0-9]{1,2}))/([0-9]{2})"  # of this century
_FIRST = "1899-12-30"  # the day 0 of a spreadsheet


class Duck:
    """The words of DuckDB."""

    name = "DuckDB"

    def text(self, value: str) -> str:
        """A text as it stands in a query."""
        return "'" + value.replace("'", "''") + "'"

    def empty(self, text: str, blank: Collection[str]) -> str:
        """The condition that a text is as good as empty: one of `blank`, as they are compared, or a redaction."""
        marks = ", ".join(self.text(one) for one in sorted(blank))
        plain = f"lower(trim(coalesce({text}, '')))"
        return f"({plain} IN ({marks}) OR {self.matches(plain, REDACTION)})"

    def one_of(self, value: str, values: Sequence[str]) -> str:
        """A text of a few, kept as a number while it is handed on."""
        return f"CAST({self.text(value)} AS ENUM({', '.join(map(self.text, dict.fromkeys(values)))}))"

    def column(self, name: str) -> str:
        """A column as it stands in a query."""
        return '"' + name.replace('"', '""') + '"'

    def scan(self, file: str) -> str:
        """A Parquet file, as what is selected from."""
        return f"read_parquet({self.text(file)})"

    def numbered(self, file: str) -> str:
        """The same with the number of each row in it, counted from 0, as `nth`."""
        return f"(SELECT *, file_row_number AS nth FROM read_parquet({self.text(file)}, file_row_number = true))"  # noqa: S608

    def day(self, written: str, order: str) -> str:
        """The day that a text writes in an order, whatever the separators and with or without an hour; NULL if none.

        A year of four digits in front, eight digits and the serial number of a spreadsheet's day are read in every
        order: they can be no other day, and spreadsheets hold them beside days that are texts.
        """
        alone = f"split_part(split_part(trim({written}), ' ', 1), 'T', 1)"
        even = f"translate({alone}, '-.', '//')"
        year_first = f"CASE WHEN {self.matches(even, _ISO)} THEN TRY_CAST(replace({even}, '/', '-') AS DATE) END"
        told = ""
        if order != "YYYY-MM-DD":
            if order == "DD-MON-YYYY":
                even = self.rewritten(f"upper(trim({written}))", _DAY_FIRST, "1/2/3")
                even = self.rewritten(even, _MONTH_FIRST, "3/2/4")
            told = f"{self.parsed(self.rewritten(even, _SHORT_YEAR, '1/203'), order)}, "
        serial = (
            f"CASE WHEN {self.matches(alone, _SERIAL)} THEN {self.later(_FIRST, f'CAST(left({alone}, 5) AS INT)')} END"
        )
        digits = f"left({alone}, 4) || '-' || substring({alone}, 5, 2) || '-' || substring({alone}, 7, 2)"
        eight = f"CASE WHEN {self.matches(alone, _DIGITS)} THEN TRY_CAST({digits} AS DATE) END"
        return f"coalesce({told}{year_first}, {serial}, {eight})"

    def matches(self, text: str, pattern: str) -> str:
        """The condition that the whole of a text has a form."""
        return f"regexp_full_match({text}, '{pattern}')"

    def rewritten(self, text: str, pattern: str, parts: str) -> str:
        """A text of a form put together anew from the parts of the form; any other as it is."""
        return f"regexp_replace({text}, '^{pattern}$', '{self._parts(parts, chr(92))}')"

    def _parts(self, parts: str, mark: str) -> str:
        """A part of a form is its number after a mark, and 20 stands for itself."""
        return "/".join("20" + mark + one[2:] if one.startswith("20") else mark + one for one in parts.split("/"))

    def parsed(self, text: str, order: str) -> str:
        """The day that a text with slashes writes."""
        return f"CAST(try_strptime({text}, '{PATTERNS[order][0]}') AS DATE)"

    def later(self, day: str, days: str) -> str:
        """So many days after a day."""
        return f"DATE '{day}' + {days}"


class Spark(Duck):
    """The words of Spark SQL where they differ."""

    name = "Spark"

    def text(self, value: str) -> str:
        """A text as it stands in a query."""
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def one_of(self, value: str, values: Sequence[str]) -> str:
        """A text as it stands in a query."""
        return self.text(value)

    def column(self, name: str) -> str:
        """A column as it stands in a query."""
        return "`" + name.replace("`", "``") + "`"

    def scan(self, file: str) -> str:
        """A Parquet file, as what is selected from."""
        return f"parquet.{self.column(file)}"

    def numbered(self, file: str) -> str:
        """The same with the number of each row in it, counted from 0, as `nth`."""
        return f"(SELECT *, _metadata.row_index AS nth FROM {self.scan(file)})"  # noqa: S608

    def matches(self, text: str, pattern: str) -> str:
        """The condition that the whole of a text has a form."""
        return f"{text} RLIKE '^({pattern})$'"

    def rewritten(self, text: str, pattern: str, parts: str) -> str:
        """A text of a form put together anew from the parts of the form; any other as it is."""
        return f"regexp_replace({text}, '^{pattern}$', '{self._parts(parts, '$')}')"

    def parsed(self, text: str, order: str) -> str:
        """The day that a text with slashes writes."""
        return f"CAST(try_to_timestamp(initcap({text}), '{PATTERNS[order][1]}') AS DATE)"

    def later(self, day: str, days: str) -> str:
        """So many days after a day."""
        return f"date_add(DATE '{day}', {days})"


DUCK: Final = Duck()
SPARK: Final = Spark()
