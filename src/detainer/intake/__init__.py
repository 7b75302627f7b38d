"""What comes in: papers, tables and payloads become requests in the record, each with the source it came from."""
