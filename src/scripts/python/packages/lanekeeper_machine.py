"""Tells when a program asks for what lies with the machine, by whatever name it has for the function that it calls.

What begins with `leans` is answered as the surroundings have it, and the script runs again in others; all else makes it blind.
"""

import os
import posix
import sys
import types

MACHINE = "the machine itself, from Python"
CHANCE = "chance, in Python"
LOCALES = "locales, in Python"
DURATION = "leans time"
NAMES = "leans names"
USER = "leans user"
CHANCE_NAMES = "leans chance"
ZONE = "leans zone"
ENVIRONMENT = "leans environment"
PROGRAMS = "leans programs"
# Functions that are told of when the program calls them, and not when a module of Python does.
FUNCTIONS = {
    "os": {
        MACHINE: "cpu_count process_cpu_count getloadavg sysconf confstr pathconf statvfs fstatvfs times getgroups getpriority "
        "sched_getaffinity ttyname umask kill killpg getpgid getpgrp getsid",
        NAMES: "getpid getppid",
        USER: "getuid geteuid getgid getegid getlogin",
        CHANCE_NAMES: "urandom getrandom",
    },
    "platform": {
        MACHINE: "node release version platform processor architecture mac_ver libc_ver freedesktop_os_release python_build "
        "python_compiler",
    },
    "socket": {MACHINE: "gethostname getfqdn if_nameindex"},
    "getpass": {USER: "getuser"},
    "shutil": {MACHINE: "disk_usage"},
    "locale": {LOCALES: "setlocale strcoll strxfrm getlocale getdefaultlocale"},
    "time": {DURATION: "perf_counter perf_counter_ns monotonic monotonic_ns process_time process_time_ns thread_time"},
    "timeit": {DURATION: "timeit repeat default_timer"},
    "secrets": {CHANCE: "choice randbelow randbits SystemRandom", CHANCE_NAMES: "token_bytes token_hex token_urlsafe"},
    "uuid": {MACHINE: "getnode uuid1", CHANCE_NAMES: "uuid4"},
    "tempfile": {NAMES: "mktemp mkstemp mkdtemp NamedTemporaryFile TemporaryDirectory"},
}
# This build lacks these, and modules of Python call them for the program.
ACCOUNTS = {"pwd": "getpwall getpwnam getpwuid", "grp": "getgrall getgrnam getgrgid"}
# What another system's Python has and this one does not.
PARTIAL = ("os", "signal", "socket", "time")
USERS = ("USER", "LOGNAME")
# Modules of Python ask for these at every turn.
SIZES = ("COLUMNS", "LINES")
# Values of `time` that are the machine's.
ZONES = ("timezone", "altzone", "daylight", "tzname")
# A variable that other machines have besides.
MORE = "XPC_SERVICE_NAME"


def install(say, is_ours, surroundings):
    system, user, login, seed = surroundings
    number, process = int(user), int(seed)
    answers = {
        "getpid": lambda: process,
        "getppid": lambda: process - 1,
        **dict.fromkeys(("getuid", "geteuid", "getgid", "getegid"), lambda: number),
        **dict.fromkeys(("getlogin", "getuser"), lambda: login),
    }

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
            def __init__(self, *args, **how):
                if is_program(2):
                    say(what)
                super().__init__(*args, **how)

        Telling.__name__ = Telling.__qualname__ = theirs.__name__
        return Telling

    def absent(module):
        zones = {}
        if module.__name__ == "time":
            for name in ZONES:
                zones[name] = getattr(module, name)
                delattr(module, name)

        def ask(name):
            if name in zones:
                if is_program(2):
                    say(ZONE)
                return zones[name]
            if not name.startswith("__") and is_program(2):
                say(f"{module.__name__}.{name}, in Python")
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

        return ask

    def furnish(module):
        for what, names in FUNCTIONS.get(module.__name__, {}).items():
            for name in names.split():
                if hasattr(module, name):
                    put(module, name, telling(answers.get(name, getattr(module, name)), what))
        if module.__name__ in PARTIAL:
            module.__getattr__ = absent(module)

    def put(module, name, ours):
        setattr(module, name, ours)
        if module is os and hasattr(posix, name):
            setattr(posix, name, ours)

    def look_up(self, name):
        try:
            if name in USERS:
                say(USER)
            if name == "PATH":
                say(PROGRAMS)
            return known(self, name)
        except KeyError:
            if name not in SIZES or is_program(2):
                say("variable " + os.fsdecode(name))
            raise

    def every(self):
        say(USER)
        say(ENVIRONMENT)
        return names(self)

    def count(self):
        say(USER)
        say(ENVIRONMENT)
        return length(self)

    def account(*args):
        say(MACHINE)
        raise KeyError(*args)

    for module, names in ACCOUNTS.items():
        sys.modules[module] = types.ModuleType(module)
        for name in names.split():
            setattr(sys.modules[module], name, account)
    known = os._Environ.__getitem__
    names = os._Environ.__iter__
    length = os._Environ.__len__
    os._Environ.__getitem__ = look_up
    os._Environ.__iter__ = every
    os._Environ.__len__ = count
    if system != "Linux":
        os.environ[MORE] = "0"
        for variable in USERS:
            if variable in os.environ:
                os.environ[variable] = login
    for name in {*FUNCTIONS, *PARTIAL}:
        if name in sys.modules:
            furnish(sys.modules[name])
    return furnish
