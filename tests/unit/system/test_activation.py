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
        assert inherited(given) is None
        assert not given
