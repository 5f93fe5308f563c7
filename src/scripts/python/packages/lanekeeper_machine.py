"""Tells when a program asks for what lies with the machine, by whatever name it has for the function that it calls."""

import builtins
import os
import sys
import types

MACHINE = "the machine itself, from Python"
CHANCE = "chance, in Python"
LOCALES = "locales, in Python"
DURATION = "how long something takes, in Python"
# Functions that are told of when the program calls them, and not when a module of Python does.
FUNCTIONS = {
    "os": {
        MACHINE: "getpid getppid getlogin uname cpu_count process_cpu_count getloadavg sysconf confstr pathconf statvfs fstatvfs "
        "times getuid getgid getgroups getpriority sched_getaffinity ttyname umask kill killpg getpgid getpgrp getsid",
        CHANCE: "urandom getrandom",
    },
    "platform": {
        MACHINE: "system node machine release version platform uname processor architecture mac_ver libc_ver "
        "freedesktop_os_release python_version python_version_tuple python_build python_compiler",
    },
    "socket": {MACHINE: "gethostname getfqdn if_nameindex"},
    "getpass": {MACHINE: "getuser"},
    "shutil": {MACHINE: "disk_usage"},
    "locale": {LOCALES: "setlocale strcoll strxfrm getlocale getdefaultlocale"},
    "time": {DURATION: "perf_counter perf_counter_ns monotonic monotonic_ns process_time process_time_ns thread_time"},
    "timeit": {DURATION: "timeit repeat default_timer"},
    "random": {
        CHANCE: "Random SystemRandom random uniform triangular randint choice randrange sample shuffle choices normalvariate "
        "gauss betavariate expovariate gammavariate getrandbits randbytes binomialvariate",
    },
    "secrets": {CHANCE: "choice randbelow randbits token_bytes token_hex token_urlsafe SystemRandom"},
    "uuid": {MACHINE: "getnode", CHANCE: "uuid1 uuid4"},
    "tempfile": {CHANCE: "mktemp"},
}
# This build lacks these, and modules of Python call them for the program.
ACCOUNTS = {"pwd": "getpwall getpwnam getpwuid", "grp": "getgrall getgrnam getgrgid"}
# What another system's Python has and this one does not.
PARTIAL = ("os", "signal", "socket", "time")


def install(say, is_ours):
    def is_program(depth):
        return not is_ours(sys._getframe(depth).f_code.co_filename)

    def telling(theirs, what):
        def ours(*args, **how):
            if is_program(2):
                say(what)
            return theirs(*args, **how)

        if not isinstance(theirs, type):
            return ours

        class Telling(theirs):
            def __new__(cls, *args, **how):
                if is_program(2):
                    say(what)
                return theirs.__new__(cls, *args, **how)

        Telling.__name__ = Telling.__qualname__ = theirs.__name__
        return Telling

    def absent(module):
        def ask(name):
            if not name.startswith("__") and is_program(2):
                say(f"{module.__name__}.{name}, in Python")
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

        return ask

    def furnish(module):
        for what, names in FUNCTIONS.get(module.__name__, {}).items():
            for name in names.split():
                if hasattr(module, name):
                    setattr(module, name, telling(getattr(module, name), what))
        if module.__name__ in PARTIAL:
            module.__getattr__ = absent(module)

    def hashed(value):
        if isinstance(value, (str, bytes)) and is_program(2):
            say(CHANCE)
        return plain(value)

    def look_up(self, name):
        try:
            return known(self, name)
        except KeyError:
            say("variable " + os.fsdecode(name))
            raise

    def account(*args):
        say(MACHINE)
        raise KeyError(*args)

    for module, names in ACCOUNTS.items():
        sys.modules[module] = types.ModuleType(module)
        for name in names.split():
            setattr(sys.modules[module], name, account)
    plain = builtins.hash
    builtins.hash = hashed
    known = os._Environ.__getitem__
    os._Environ.__getitem__ = look_up
    for name in {*FUNCTIONS, *PARTIAL}:
        if name in sys.modules:
            furnish(sys.modules[name])
    return furnish
