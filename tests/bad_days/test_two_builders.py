"""Two builders at once, while somebody changes a rule: one waits for the other, and what is in force is whole."""

from __future__ import annotations

import json

from homeroom.doors import bundle_file
from tests.bad_days.test_killed_house import Home


def test_two_builders_at_once_leave_one_whole_bundle_with_everything(tmp_path):
    home = Home(tmp_path)
    for name in ("first", "second"):
        names = tmp_path / f"{name}.txt"
        names.write_text("".join(f"{name}{number}.example.test\n" for number in range(3_000)))
        home.run("lists", "add", name, "--format", "domains", "--category", "games", str(names))
    builders = [home.start("build", "--json") for _ in range(2)]
    home.run("rules", "add", "block", "wiki.test", "--reason", "Tried while lists are built.")
    said = [builder.communicate()[0] for builder in builders]
    assert [builder.returncode for builder in builders] == [0, 0], (tmp_path / "processes.log").read_text()
    runs = [json.loads(text) for text in said]
    assert [run["outcome"] for run in runs] == ["done", "done"], runs
    assert runs[0]["id"] != runs[1]["id"] and runs[0]["table"] == runs[1]["table"]
    bundle = bundle_file.open_bundle(tmp_path)
    assert bundle.table.mask("first7.example.test") and bundle.table.mask("second7.example.test")
    assert [rule.host for rule in bundle.overlay.rules] == ["wiki.test"]
    assert "nothing is wrong" in home.run("journal", "verify")
