"""Pages that are pictures: made level, their print and boxes found and read on this machine alone.

Needs the extra `ocr`; nothing here is imported before a page needs it.
"""
