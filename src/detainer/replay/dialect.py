"""How the two engines write the same plain selects: DuckDB, which is embedded, and Spark."""

from __future__ import annotations

from typing import Final

# How a day may be written, and the same once every separator is a slash, for either engine.
PATTERNS: Final = {
    "MM/DD/YYYY": ("%m/%d/%Y", "M/d/yyyy"),
    "DD/MM/YYYY": ("%d/%m/%Y", "d/M/yyyy"),
    "DD.MM.YYYY": ("%d/%m/%Y", "d/M/yyyy"),
    "DD-MON-YYYY": ("%d/%b/%Y", "d/MMM/yyyy"),
}
_ISO, _DIGITS, _SERIAL = "[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "[0-9]{8}", "[0-9]{5}([.][0-9]+)?"
_FIRST = "1899-12-30"  # the day 0 of a spreadsheet


class Duck:
    """The words of DuckDB."""

    name = "DuckDB"

    def text(self, value: str) -> str:
        """A text as it stands in a query."""
        return "'" + value.replace("'", "''") + "'"

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

        Eight digits and the serial number of a spreadsheet's day are read in every order: no day is written so.
        """
        alone = f"split_part(split_part(trim({written}), ' ', 1), 'T', 1)"
        if order == "DD-MON-YYYY":
            alone = f"split_part(trim({written}), ' ', 1)"  # OCT has a T
        even = f"translate({alone}, '-.', '//')"
        if order == "YYYY-MM-DD":
            told = f"CASE WHEN {self.matches(even, _ISO)} THEN TRY_CAST(replace({even}, '/', '-') AS DATE) END"
        else:
            told = self.parsed(even, order)
        serial = (
            f"CASE WHEN {self.matches(alone, _SERIAL)} THEN {self.later(_FIRST, f'CAST(left({alone}, 5) AS INT)')} END"
        )
        digits = f"left({alone}, 4) || '-' || substring({alone}, 5, 2) || '-' || substring({alone}, 7, 2)"
        eight = f"CASE WHEN {self.matches(alone, _DIGITS)} THEN TRY_CAST({digits} AS DATE) END"
        return f"coalesce({told}, {serial}, {eight})"

    def matches(self, text: str, pattern: str) -> str:
        """The condition that the whole of a text has a form."""
        return f"regexp_full_match({text}, '{pattern}')"

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
        return f"{text} RLIKE '^{pattern}$'"

    def parsed(self, text: str, order: str) -> str:
        """The day that a text with slashes writes."""
        return f"CAST(try_to_timestamp(initcap({text}), '{PATTERNS[order][1]}') AS DATE)"

    def later(self, day: str, days: str) -> str:
        """So many days after a day."""
        return f"date_add(DATE '{day}', {days})"


DUCK: Final = Duck()
SPARK: Final = Spark()
