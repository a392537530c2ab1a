"""System calls of a process by strace: files opened for writing, addresses, programs.

strace follows every thread and child. Only the calls below are traced, so the app stays fast.
"""

import re
from pathlib import Path

FILES = (
    "open,openat,openat2,creat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,"
    "symlinkat,mkdir,mkdirat,mknod,mknodat,truncate,memfd_create"
)
NETWORK = "socket,bind,connect,sendto,sendmsg,sendmmsg"
PROGRAMS = "execve,execveat"
#: Flags of calls that write; reads do not matter here.
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE")
_OPEN = re.compile(r"^(open|openat|openat2)\(")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FAMILY = re.compile(r"sa_family=(AF_\w+)")
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


def command(out: Path) -> list[str]:
    """Command prefix to trace a program into `out`.

    With -D the program is a direct child of this process, so that it receives its signals.
    """
    calls = f"trace={FILES},{NETWORK},{PROGRAMS}"
    return ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-o", str(out), "-e", calls]


def calls(text: str) -> list[str]:
    """The calls of a trace without process ids; interrupted calls are joined."""
    unfinished: dict[str, str] = {}
    complete = []
    for line in text.splitlines():
        process, _, call = line.partition(" ")
        call = call.strip()
        if call.endswith("<unfinished ...>"):
            unfinished[process] = call.removesuffix("<unfinished ...>").strip()
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", call):
            call = unfinished.pop(process, "") + resumed[1]
        complete.append(call)
    return complete + list(unfinished.values())


def written(calls: list[str]) -> list[str]:
    """Paths opened for writing, created, renamed or removed; `memfd:NAME` for anonymous files."""
    paths = []
    for call in calls:
        name = call.partition("(")[0]
        if name not in FILES.split(",") or (_OPEN.match(call) and not _WRITES.search(call)):
            continue
        names = _PATH.findall(call)
        paths += [f"memfd:{n}" for n in names] if name == "memfd_create" else names[-1:]
    return paths


def called(calls: list[str]) -> list[str]:
    """Addresses of other machines that were connected or sent to, by any protocol."""
    addresses = []
    for call in calls:
        if call.partition("(")[0] not in ("bind", "connect", "sendto", "sendmsg", "sendmmsg"):
            continue
        family = _FAMILY.search(call)
        if family is None:  # on an open connection, counted when it was made
            continue
        if family[1] in ("AF_INET", "AF_INET6"):
            address = _ADDRESS.search(call)
            ip = (address[1] or address[2]) if address else "?"
            if not (ip.startswith("127.") or ip == "::1"):
                addresses.append(ip)
        elif family[1] not in ("AF_UNIX", "AF_NETLINK"):  # neither leaves the machine
            addresses.append(family[1])
    return addresses


def started(calls: list[str]) -> list[str]:
    """Paths of the programs that were started."""
    return [_PATH.findall(call)[0] for call in calls if call.startswith("execve") and "= 0" in call]
