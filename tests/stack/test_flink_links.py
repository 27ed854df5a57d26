"""By a plain link Flink changes nothing but what is known to: jobs, for YARN."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyflink
import pytest
from pyflink.java_gateway import get_gateway

pytestmark = pytest.mark.flink


def test_flinks_links_that_answer_nothing_are_those_that_need_the_key() -> None:
    """What a GET changes cannot be seen; but whoever reads wants an answer."""
    assert set(_links_without_an_answer()) == {
        "/jobs/:jobid/yarn-cancel",
        "/jobs/:jobid/yarn-stop",
    }


def _links_without_an_answer() -> Iterator[str]:
    """Yield the path of each GET of Flink's that is said to give no data, no file."""
    gateway = get_gateway()
    reflection, rest = gateway.jvm.java.lang.reflect, "org.apache.flink.runtime.rest"
    specification, data, file = (
        gateway.jvm.java.lang.Class.forName(f"{rest}.{name}")
        for name in (
            "handler.RestHandlerSpecification",
            "messages.MessageHeaders",
            "messages.UntypedResponseMessageHeaders",
        )
    )
    for name in _headers():
        found = gateway.jvm.java.lang.Class.forName(name)
        is_one = specification.isAssignableFrom(found)
        if not is_one or reflection.Modifier.isAbstract(found.getModifiers()):
            continue
        constructor = found.getDeclaredConstructor(_no(gateway, "Class"))
        constructor.setAccessible(True)
        made = constructor.newInstance(_no(gateway, "Object"))
        answers_nothing = not file.isAssignableFrom(found) and (
            not data.isAssignableFrom(found)
            or made.getResponseClass().getSimpleName() == "EmptyResponseBody"
        )
        if made.getHttpMethod().toString() == "GET" and answers_nothing:
            yield made.getTargetRestEndpointURL()


def _headers() -> list[str]:
    """Return the classes by which Flink describes what its interface is asked."""
    (dist,) = Path(pyflink.__path__[0]).glob("lib/flink-dist-*.jar")
    names = (name.replace("/", ".") for name in zipfile.ZipFile(dist).namelist())
    ours = re.compile(r"(org\.apache\.flink\.runtime\..*Headers)\.class")
    found = [match.group(1) for match in map(ours.fullmatch, names) if match]
    assert len(found) > 80
    return found


def _no(gateway: Any, kind: str) -> Any:  # noqa: ANN401 - Java's
    return gateway.new_array(getattr(gateway.jvm.java.lang, kind), 0)
