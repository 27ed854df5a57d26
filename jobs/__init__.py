"""How the stream runs: the Flink jobs."""
