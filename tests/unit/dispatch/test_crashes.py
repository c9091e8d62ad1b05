from otpbroker.dispatch import crashes
from otpbroker.dispatch.crashes import Crashes


def test_what_was_begun_and_not_ended_is_counted_until_it_ends():
    book = Crashes()
    assert [book.begin("amqp", "a") for _ in range(3)] == [0, 1, 2]
    assert book.begin("websocket", "a") == 0
    book.end("amqp", "a")
    assert book.begin("amqp", "a") == 0
    book.end("amqp", "never begun")


def test_the_newest_are_remembered(monkeypatch):
    monkeypatch.setattr(crashes, "_MOST", 2)
    book = Crashes()
    for name in "abc":
        book.begin("amqp", name)
    assert [book.begin("amqp", name) for name in "cba"] == [1, 1, 0]
