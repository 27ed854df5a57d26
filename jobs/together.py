"""Submit several jobs with one client, each as its own module would.

flink run ... -py jobs/together.py '{"detect_patterns": {}, "record_vitals": {}}'

A client starts Java and warms the planner before it plans anything, which costs
more than the plan itself. The argument names the jobs, in order, and the Flink
options of each.
"""

import sys
from importlib import import_module

import orjson


def main() -> None:
    """Submit the jobs that the first argument names."""
    for module, options in orjson.loads(sys.argv[1]).items():
        import_module(f"jobs.{module}").main(options)


if __name__ == "__main__":
    main()
