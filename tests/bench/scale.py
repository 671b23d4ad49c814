"""What the district scale costs: `./run bench scale PART`, one command and one table each.

    dns      dnsdist with our tables beside its limit and beside resolvers with rules
    squid    Squid with our helper beside Squid alone, dstdomain, squidGuard, e2guardian
    swap     from "published" to "in force" at dnsdist
    nodes    from "published" to "in force" at twenty nodes, each in a network of its own (needs root)
    intake   activity into PostgreSQL for each second, and the pages over a hundred million rows
    cost     cores and memory for each 1,000 students

Servers run on core 0, who asks on core 1. What a part needs it says by name when it is missing.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

PARTS = ("dns", "squid", "swap", "nodes", "intake", "cost")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--names", default="real", help="“real”, or how many names in all")
    parser.add_argument("--seconds", type=int, default=3, help="of load for each figure")
    parser.add_argument(
        "--fill", type=int, default=60, help="dns: seconds in which each server may be asked everything"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32, help="squid: at the same time")
    parser.add_argument("--changes", type=int, default=40, help="swap, nodes: how many rules to publish")
    parser.add_argument("--nodes", type=int, default=20, help="nodes: how many")
    parser.add_argument("--rows", type=int, default=0, help="intake: how many rows; 0 for what fits into --minutes")
    parser.add_argument("--minutes", type=float, default=5.0, help="intake: how long rows may be made")
    parser.add_argument("--students", default="1000,10000,100000", help="cost: for how many")
    parser.add_argument("--keep", type=Path, help="dns: a folder for names and compiled lists")
    parser.add_argument("--only", nargs="*", help="dns: servers to measure")
    chosen = parser.parse_args()
    import_module(f"tests.bench.scale_{chosen.part}").run(chosen)


if __name__ == "__main__":
    main()
