"""What a process asked of the system, by strace: files it opens for writing, addresses it calls.

strace follows every thread and child. Only the calls below are stopped at, so the app stays quick.
"""

import re
from pathlib import Path

FILES = (
    "open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,"
    "symlinkat,mkdir,mkdirat,mknod,mknodat,truncate,memfd_create"
)
NETWORK = "socket,bind,connect,sendto,sendmsg,sendmmsg"
PROGRAMS = "execve,execveat"
#: Reading is no matter here, nor is a call that failed because there was nothing.
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE")
_OPEN = re.compile(r"^(open|openat|openat2)\(")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FAMILY = re.compile(r"sa_family=(AF_\w+)")
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


def command(out: Path) -> list[str]:
    """The words to start a program under; what it does is written to `out`.

    With -D the program is this process's own child, so that it gets the signals sent to it.
    """
    calls = f"trace={FILES},{NETWORK},{PROGRAMS}"
    return ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-o", str(out), "-e", calls]


def calls(text: str) -> list[str]:
    """The calls of a trace, those cut in two by another thread joined; without process numbers."""
    begun: dict[str, str] = {}
    found = []
    for line in text.splitlines():
        who, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            begun[who] = call.removesuffix("<unfinished ...>").strip()
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", call):
            call = begun.pop(who, "") + resumed[1]
        found.append(call)
    return found + list(begun.values())


def written(calls: list[str]) -> list[str]:
    """Paths that were opened for writing, made, renamed or removed; `memfd:` and a name for memory
    that passes for a file."""
    paths = []
    for call in calls:
        name = call.partition("(")[0]
        if name not in FILES.split(",") or (_OPEN.match(call) and not _WRITES.search(call)):
            continue
        names = _PATH.findall(call)
        paths += [f"memfd:{n}" for n in names] if name == "memfd_create" else names[-1:]
    return paths


def called(calls: list[str]) -> list[str]:
    """Addresses other than this machine's own that were connected or sent to, by any protocol."""
    away = []
    for call in calls:
        if call.partition("(")[0] not in ("bind", "connect", "sendto", "sendmsg", "sendmmsg"):
            continue
        family = _FAMILY.search(call)
        if family is None:  # on a connection that stands, so one counted when it was made
            continue
        if family[1] in ("AF_INET", "AF_INET6"):
            address = _ADDRESS.search(call)
            ip = (address[1] or address[2]) if address else "?"
            if not (ip.startswith("127.") or ip == "::1"):
                away.append(ip)
        elif family[1] not in ("AF_UNIX", "AF_NETLINK"):  # neither leaves the machine
            away.append(family[1])
    return away


def started(calls: list[str]) -> list[str]:
    """Programs that were started."""
    return [_PATH.findall(call)[0] for call in calls if call.startswith("execve") and "= 0" in call]
