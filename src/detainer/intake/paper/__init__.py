"""Papers: a PDF, a scan or a fax becomes fields with the place on the page they came from. No Django in here.

Reading happens in a process of its own (`reading.read` starts it, `worker` is it); all else here runs inside that one.
"""
