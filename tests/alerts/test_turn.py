"""Nobody who asks later writes earlier."""

from threading import Thread

import pytest

from alerts.turn import Turn
from stack.waiting import until


def test_they_are_let_in_in_the_order_of_asking() -> None:
    turn, order = Turn(), list[int]()

    def ask(number: int) -> None:
        with turn:
            order.append(number)

    threads = [Thread(target=ask, args=(number,)) for number in range(5)]
    with turn:
        for number, thread in enumerate(threads):
            thread.start()
            until(
                lambda n=number: turn._asked == n + 2,  # type: ignore[misc]  # noqa: SLF001 - when it waits
                otherwise=lambda: "it does not ask",
            )
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]


def test_an_error_inside_lets_the_next_one_in() -> None:
    turn = Turn()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turn:
            assert 1 // 0
