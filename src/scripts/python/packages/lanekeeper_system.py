"""Answers who asks which system and which Python this is, as the surroundings have it; the modules of Python hear of Linux."""

import os
import sys
import types

LEANS = "leans system"
INSTALLED = "the Python of the machine"
MACHINE = "the machine itself, from Python"
MACHINES = {"Linux": "x86_64", "Darwin": "arm64"}
# What Debian 12 has: a program that hangs on a newer one is not certain of its verdict.
OTHER_VERSION = (3, 11, 2, "final", 0)
# They lie with the installation, so that nobody can answer.
PLACES = ("version", "executable", "prefix", "base_prefix", "exec_prefix", "base_exec_prefix", "platlibdir")


class VersionInfo(tuple):
    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])
    micro = property(lambda self: self[2])
    releaselevel = property(lambda self: self[3])
    serial = property(lambda self: self[4])

    def __repr__(self):
        return "sys.version_info(major=%r, minor=%r, micro=%r, releaselevel=%r, serial=%r)" % self


def install(say, is_ours, system):
    is_usual = system == "Linux"

    def is_program():
        return not is_ours(sys._getframe(2).f_code.co_filename)

    def value(name, theirs):
        """A plain value of `sys` that a program hears another way than Python's own modules."""

        def ask(self):
            if not is_program():
                return vars(self)[name]
            say(LEANS)
            return theirs

        def put(self, given):
            vars(self)[name] = given

        return property(ask, put)

    def place(name):
        def ask(self):
            if is_program():
                say(INSTALLED)
            return vars(self)[name]

        def put(self, given):
            vars(self)[name] = given

        return property(ask, put)

    def answering(answer):
        def ask(*args, **how):
            say(LEANS)
            return answer

        return ask

    class Uname(tuple):
        """What `uname` says: of the system, or of this one machine."""

        def _part(self, index):
            say(LEANS if index in (0, 4) else MACHINE)
            return tuple.__getitem__(self, index)

        def __getitem__(self, index):
            if isinstance(index, int):
                return self._part(index % len(self))
            say(MACHINE)
            return tuple(self)[index]

        def __iter__(self):
            say(MACHINE)
            return super().__iter__()

        def __repr__(self):
            say(MACHINE)
            return super().__repr__()

        system = sysname = property(lambda self: self._part(0))
        node = nodename = property(lambda self: self._part(1))
        release = property(lambda self: self._part(2))
        version = property(lambda self: self._part(3))
        machine = property(lambda self: self._part(4))
        processor = property(lambda self: self._part(2) and "")

    def uname():
        return Uname((system, "localhost", "0", "0", MACHINES[system]))

    def furnish(module):
        module.system = answering(system)
        module.machine = answering(MACHINES[system])
        module.uname = uname
        version = sys.version_info if is_usual else OTHER_VERSION
        module.python_version = answering("%d.%d.%d" % version[:3])
        module.python_version_tuple = answering(tuple(str(part) for part in version[:3]))

    class System(types.ModuleType):
        platform = value("platform", "linux" if is_usual else "darwin")
        version_info = value("version_info", sys.version_info if is_usual else VersionInfo(OTHER_VERSION))
        hexversion = value("hexversion", sys.hexversion if is_usual else 0x030B02F0)
        # This Python counts in 32 bits, and none of a machine does.
        maxsize = property(lambda self: vars(self)["maxsize"] if not is_program() else 2**63 - 1)

    for name in PLACES:
        setattr(System, name, place(name))
    sys.__class__ = System
    os.uname = uname
    return furnish
