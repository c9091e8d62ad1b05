from otpbroker.apply.units import show_argv, unit_of, words

SHOWN = """\
Id=otpb-api.service
ActiveState=active
StatusErrno=0
StatusText=

Id=otpb-feeder@amqp.service
ActiveState=active
StatusErrno=22
StatusText=amqp.host: a host is needed

Id=otpb-mail.service
ActiveState=reloading
StatusErrno=0
StatusText=

Id=otpb-dispatch.service
ActiveState=failed
StatusErrno=0
StatusText=
"""


def test_a_feeder_is_an_instance_of_one_template():
    assert unit_of("feeder-amqp") == "otpb-feeder@amqp.service"
    assert unit_of("dispatch") == "otpb-dispatch.service"


def test_what_systemd_shows_becomes_a_word_of_each_service():
    services = ("api", "feeder-amqp", "mail", "dispatch", "notifier")
    told = words({unit_of(service): service for service in services}, SHOWN)
    assert {word.service: word.state for word in told} == {
        "api": "reloaded",
        "feeder-amqp": "refused",
        "mail": "silent",
        "dispatch": "down",
        "notifier": "down",
    }
    assert told[1].text == "amqp.host: a host is needed"


def test_it_is_asked_by_an_argument_list():
    assert show_argv(["otpb-api.service"])[-1] == "otpb-api.service"
