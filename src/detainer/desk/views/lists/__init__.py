"""The pages that list: requests, what waits, who has looked, reports, exports."""
