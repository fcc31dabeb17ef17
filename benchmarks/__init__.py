"""How long the report takes to build, against the stock recipe and against bounds of its own."""
