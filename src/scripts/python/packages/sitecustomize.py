"""Runs before the program does.

It gives back the environment that the script set, lets the standard library win over modules of the repo, so that nothing is
asked of the repo for its sake, and reports everything that the program wants and that is not here: by asking for a path in
a folder of ours, where `interpreter.ts` hears it.
"""

import os
import sys
import types
from importlib.machinery import PathFinder

from lanekeeper_host import HERE, say

BUNDLED = [HERE + "/library.zip", HERE + "/packages.zip"]
# The library's module wants a part in C that this Python lacks.
OURS_FIRST = BUNDLED[::-1]
# Where the standard library was compiled.
OURS = (HERE, "/tmp/stdlib/", "<frozen")
PROCESSES = ("os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn")
NETWORK = ("socket.", "urllib.Request", "http.client.", "ftplib.", "smtplib.", "imaplib.", "poplib.")
# They come with Python, but not whole: importing one fails here, and a program may go on without it.
INCOMPLETE = ("ctypes", "curses", "lzma", "pydoc", "ssl", "zoneinfo")
# They tell of the Python that is installed, and of what is beside it.
INSTALLED = ("importlib.metadata", "pkgutil", "sysconfig", "ensurepip", "venv")
# Parts in C without which their modules fail only when they are used.
ESSENTIAL = ("_multiprocessing", "_posixshmem")
THREADS = ("_thread.start_new_thread", "_thread.start_joinable_thread")
# Modules in which ours is put in the place of some functions once they are loaded.
furnished = set()


def refuse(what):
    say(what)
    raise PermissionError(1, "Operation not permitted")


def is_ours(file):
    return file.startswith(OURS)


def is_asked_by_program():
    """Whether the import that is going on stands in the program, and not in a module that comes with Python."""
    frame = sys._getframe(2)
    while frame and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None and not frame.f_code.co_filename.startswith(OURS)


class Bundled:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in INSTALLED and is_asked_by_program():
            say("the Python of the machine")
        if path is not None:
            return None
        spec = PathFinder.find_spec(name, OURS_FIRST if name == "sqlite3" else BUNDLED)
        if name in INCOMPLETE and is_asked_by_program():
            say("the Python module " + name)
        if spec is None and not is_asked_by_program():
            if name in ESSENTIAL:
                say("the Python module " + name)
            # Nobody asks the repo for what a module of Python would like to have.
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if spec and spec.loader and name in furnished:
            spec.loader = Furnishing(spec.loader)
        return spec


class Furnishing:
    """Loads a module of Python and puts ours in the place of some of its functions."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        self.loader.exec_module(module)
        furnish_machine(module)
        if module.__name__ in FURNISH:
            FURNISH[module.__name__](module)


class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if is_asked_by_program():
            say("the Python module " + name)


def note_source(name):
    """A module of the repo is about to run: what it can ask for in silence is told by its words, as with the program itself."""
    path = os.fsdecode(name) if isinstance(name, (str, bytes)) else ""
    if path and not path.startswith(OURS) and not path.startswith("<"):
        say("runs " + os.path.abspath(path))


def watch(event, args):
    if event in PROCESSES:
        refuse("a process that Python starts")
    elif event.startswith(NETWORK):
        refuse("the network, from Python")
    elif event in THREADS:
        say("threads, in Python")
    elif event.startswith("ctypes."):
        say("native code, from Python")
    elif event == "open":
        note_open(args[0], args[2])
    elif event == "compile":
        note_source(args[1])
    elif event == "exec" and not is_ours(args[0].co_filename) and lanekeeper_chance.makes_sets(args[0]):
        say(lanekeeper_chance.LEANS)


def restore_settings():
    """Takes the variables away by which Python was set up here, and gives back what the script had set instead."""
    for name in os.environ.pop("LANEKEEPER_SETTINGS", "").split():
        os.environ.pop(name, None)
        given = os.environ.pop("LANEKEEPER_" + name, None)
        if given is None:
            continue
        os.environ[name] = given
        if name == "PYTHONPATH":
            sys.path[:0] = [place for place in given.split(":") if place]


# The standard library of Linux; what it cannot do here is refused where it is tried.
sys.platform = "linux"
sys.modules["_posixsubprocess"] = types.ModuleType("_posixsubprocess")
sys.modules["_posixsubprocess"].fork_exec = None
sys.path.clear()
sys.meta_path.insert(sys.meta_path.index(PathFinder), Bundled)
sys.meta_path.append(Absent)

import lanekeeper_chance  # found only now
import lanekeeper_files
import lanekeeper_machine
import lanekeeper_processes
import lanekeeper_sets
import lanekeeper_system
import lanekeeper_widths

SURROUNDINGS = os.environ.pop("LANEKEEPER_SURROUNDINGS").split()
os.system = lanekeeper_processes.system
restore_settings()
__import__("signal")
note_open = lanekeeper_files.install(say, is_ours)
furnish_machine = lanekeeper_machine.install(say, is_ours, SURROUNDINGS)
lanekeeper_sets.install(SURROUNDINGS[0])
FURNISH = {
    "subprocess": lambda module: lanekeeper_processes.install(module, say),
    **lanekeeper_widths.install(say, is_ours),
    "random": lanekeeper_chance.install(say, is_ours),
    "platform": lanekeeper_system.install(say, is_ours, SURROUNDINGS[0]),
}
furnished.update(lanekeeper_machine.FUNCTIONS, lanekeeper_machine.PARTIAL, FURNISH)
sys.addaudithook(watch)
say("ready")
