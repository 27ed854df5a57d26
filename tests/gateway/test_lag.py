"""A reader that does not go on is noticed, whatever the client says of it."""

from gateway.lag import FAR_BEHIND, STUCK_S, Lag

ONE, OTHER = ("alarms", 0), ("alarms", 1)


def test_what_was_not_read_is_counted() -> None:
    lag = Lag()
    lag.look({ONE: 3, OTHER: 5}, {ONE: 10, OTHER: 5}, 0.0)
    assert (lag.messages, lag.trouble) == (7, "")


def test_a_partition_that_stands_still_is_named_although_others_go_on() -> None:
    lag = Lag()
    lag.look({ONE: 3, OTHER: 5}, {ONE: 10, OTHER: 9}, 0.0)
    lag.look({ONE: 3, OTHER: 9}, {ONE: 11, OTHER: 12}, STUCK_S - 0.1)
    assert lag.trouble == ""
    lag.look({ONE: 3, OTHER: 12}, {ONE: 12, OTHER: 13}, STUCK_S)
    assert lag.trouble.startswith("Nothing can be read of alarms/0:")
    lag.look({ONE: 4, OTHER: 13}, {ONE: 12, OTHER: 13}, STUCK_S + 1)
    assert lag.trouble == ""


def test_a_quiet_partition_stands_still_and_is_no_trouble() -> None:
    lag = Lag()
    for now_s in (0.0, STUCK_S, 10 * STUCK_S):
        lag.look({ONE: 3}, {ONE: 3}, now_s)
    lag.look({ONE: 3}, {ONE: 4}, 10 * STUCK_S + 1)
    assert (lag.messages, lag.trouble) == (1, "")


def test_one_that_goes_on_but_is_far_behind_says_so() -> None:
    lag = Lag()
    lag.look({ONE: 0}, {ONE: FAR_BEHIND}, 0.0)
    assert lag.trouble == ""
    lag.look({ONE: 10}, {ONE: 10 + FAR_BEHIND + 1}, 1.0)
    assert f"{FAR_BEHIND + 1} messages behind" in lag.trouble
