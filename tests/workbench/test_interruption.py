"""What an interruption ends, wherever Python is when it comes."""

import subprocess
import sys
from typing import Final

from stack.environment import ROOT
from stack.waiting import PATIENCE_S

IN_A_FINALIZER: Final = """
import os, signal, subprocess, weakref
from workbench.interruption import interrupted_with_java

class Proxy: pass

try:
    with interrupted_with_java():
        java = subprocess.Popen(["sleep", "1000"])
        proxy = Proxy()
        weakref.finalize(proxy, os.kill, os.getpid(), signal.SIGINT)
        del proxy
        java.wait()
        print("java ended")
except KeyboardInterrupt:
    print("interrupted")
"""
"""As py4j does, whose proxies tell Java when they go."""


def test_one_that_a_finalizer_swallows_counts_and_ends_the_children() -> None:
    done = subprocess.run(  # noqa: S603 - our own lines
        [sys.executable, "-c", IN_A_FINALIZER],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    assert done.stdout.splitlines() == ["java ended", "interrupted"]
    assert done.stderr == ""
