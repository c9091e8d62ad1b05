from otpbroker.modem.ladder import Ladder, Rung


def test_each_failure_climbs_and_the_end_begins_again_ever_more_slowly():
    ladder = Ladder(60, 200)
    seen = [(ladder.climb(), ladder.retry_s) for _ in range(11)]
    assert [rung for rung, _ in seen[:4]] == list(Rung)
    assert [rung for rung, _ in seen[4:7]] == [Rung.RESTART, Rung.USB_RESET, Rung.GIVE_UP]
    assert [retry for rung, retry in seen if rung is Rung.GIVE_UP] == [60, 120, 200]


def test_health_steps_down_to_the_floor():
    ladder = Ladder(60, 600)
    for _ in range(8):
        ladder.climb()
    assert ladder.climbed
    ladder.step_down()
    assert not ladder.climbed
    assert (ladder.climb(), ladder.retry_s) == (Rung.RE_INIT, 60)
