"""What a reviewer asks of the report: where a number comes from."""
