"""Makes this project's code see a Python like that on Windows.

A process with this folder in PYTHONPATH lacks the modules and the functions of `os` and `signal`
that only Unix has, but only for modules of this project: packages installed for Linux rely on them.
"""

import builtins
import os
import signal
import sys
from types import ModuleType
from typing import Any

OUR_PACKAGES = ("fer_core", "pages", "training")
MISSING_MODULES = ("fcntl", "grp", "pwd", "resource", "syslog", "termios")
MISSING_NAMES = {
    os: (
        "fork getegid geteuid getgid getgroups getloadavg getpgid getuid mkfifo nice posix_fadvise "
        "sched_getaffinity sched_setaffinity setsid setuid sync sysconf uname wait"
    ),
    signal: "SIGALRM SIGHUP SIGKILL SIGPIPE SIGUSR1 SIGUSR2 alarm pthread_kill setitimer",
}


def is_ours(module_name: object) -> bool:
    return str(module_name).split(".")[0] in OUR_PACKAGES


def hide(module: ModuleType, names: list[str]) -> None:
    """Hide names of a module from our packages."""
    hidden = {name: module.__dict__.pop(name) for name in names if name in module.__dict__}

    def get(name: str) -> Any:
        if name not in hidden or is_ours(sys._getframe(1).f_globals.get("__name__")):
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        return hidden[name]

    module.__getattr__ = get  # type: ignore[method-assign]


import_module = builtins.__import__


def import_as_on_windows(name: str, globals: Any = None, *rest: Any, **options: Any) -> Any:
    if name in MISSING_MODULES and is_ours((globals or {}).get("__name__")):
        raise ModuleNotFoundError(f"No module named {name!r}")
    return import_module(name, globals, *rest, **options)


for module, names in MISSING_NAMES.items():
    hide(module, names.split())
builtins.__import__ = import_as_on_windows
