"""What waits for people: requests by urgency, counsel's questions, duplicates, exports, and the state of the system."""
