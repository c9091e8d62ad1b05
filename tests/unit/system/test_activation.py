import os
import socket
import subprocess
import sys
import textwrap

from otpbroker.system.activation import inherited

CHILD = textwrap.dedent(
    """
    import os, socket, sys
    from pathlib import Path
    os.dup2(int(sys.argv[1]), 3)
    os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
    from otpbroker.ipc import address
    listener = address.listen(Path("/nonexistent/elsewhere"))
    print(listener.getsockname(), "LISTEN_PID" in os.environ, os.get_inheritable(listener.fileno()))
    """
)


def test_a_socket_that_systemd_holds_is_taken_as_it_is(tmp_path):
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(str(tmp_path / "sock"))
        held.listen()
        argv = [sys.executable, "-c", CHILD, str(held.fileno())]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            argv, check=False, pass_fds=[held.fileno()], capture_output=True, text=True, env=environment
        )
    assert done.stdout.split() == [str(tmp_path / "sock"), "False", "False"], done.stderr


def test_what_was_meant_for_another_process_is_not_ours():
    for given in ({}, {"LISTEN_PID": "1", "LISTEN_FDS": "1"}, {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2"}):
        assert inherited(environment=given) is None
        assert not given


def test_of_several_each_finds_its_own():
    """As systemd hands them over: in order, from descriptor 3 on, those without a name called like their unit."""
    made = ("one.socket:other", ["", "other", "", "other"])
    done = told(*made)
    assert done.stdout.split() == ["3", "4", "None", "None", "{}"], done.stderr


def told(names, asked):
    text = """
import os, sys
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": sys.argv[1]}
from otpbroker.system.activation import inherited
found = [inherited(name) for name in sys.argv[2:]]
print(*(each and each.fileno() for each in found), {name: 1 for name in os.environ if name.startswith("LISTEN_")})
"""
    argv = [sys.executable, "-c", text, names, *asked]
    pair = socket.socketpair()
    with pair[0], pair[1]:
        spare = [os.dup(each.fileno()) for each in pair]
        try:
            return subprocess.run(
                ["bash", "-c", f'exec 3<&{spare[0]} 4<&{spare[1]} "$@"', "x", *argv],  # noqa: S607 - any shell
                check=False,
                pass_fds=spare,
                capture_output=True,
                text=True,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            )
        finally:
            for each in spare:
                os.close(each)
