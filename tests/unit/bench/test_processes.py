import subprocess
import sys

from bench.processes import program

SAYS_THAT_IT_RUNS = "print(flush=True); input()"


def name_of(*words):
    with subprocess.Popen(
        [sys.executable, "-c", SAYS_THAT_IT_RUNS, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        name = program(process.pid)
        process.communicate(b"\n")
    return name


def test_a_process_is_named_after_its_module_and_its_door():
    assert name_of().startswith("python")
    assert name_of("-m", "services.feeder", "--root", "/", "--door", "amqp") == "services.feeder amqp"
    assert name_of("-m", "services.api", "--root", "/") == "services.api"
