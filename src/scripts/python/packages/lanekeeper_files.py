"""Tells when a program looks at what a checkout does not say of its files: times, owners, numbers of the disk.

Each record of a file is one of ours, which knows which of its parts are asked for, and by whom.
"""

import builtins
import os
import posix
import stat
import sys

TIMES = "times of files"
DISK = "what only a disk knows of a file"
PERMISSIONS = "permissions of files"
FIELDS = (None, DISK, DISK, DISK, DISK, DISK, None, TIMES, TIMES, TIMES)
KNOWN = ("st_mode", "st_size")
# Modules of Python that look, and whose answers do not depend on what they see.
HARMLESS = ("/filecmp.py", "/linecache.py", "/shutil.py", "/tokenize.py")
IMPORTING = ("<frozen importlib", "<frozen zipimport")
SAME_FILE = ("samestat", "samefile", "sameopenfile", "ismount")
GROUP_AND_OTHERS = 0o066
LISTING = "leans listing"
# Who looks into a folder and does not depend on the order.
ORDERLESS = ("/shutil.py", "/tempfile.py", "/filecmp.py")
# Where everybody puts files: what is missing here may be there where the program runs for real.
SHARED = ("/tmp", "/var/tmp")


def is_shared(path):
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    return os.path.dirname(os.path.abspath(os.fsdecode(path))) in SHARED


def install(say, is_ours):
    find = os.lstat

    def note_open(path, flags):
        if isinstance(flags, int) and not flags & os.O_CREAT and is_shared(path):
            try:
                find(path)
            except FileNotFoundError:
                say("whether there is " + os.fsdecode(path))

    def tell(what, depth=2):
        code = sys._getframe(depth).f_code
        file = code.co_filename
        is_harmless = file.endswith(HARMLESS) or code.co_name in SAME_FILE or file.startswith(IMPORTING)
        if not (is_ours(file) and is_harmless):
            say(what)

    def is_heard():
        """Whether the order of a folder gets to the program."""
        return not sys._getframe(2).f_code.co_filename.startswith(IMPORTING) and not is_let_off(sys._getframe(2))

    def is_let_off(frame):
        file = frame.f_code.co_filename
        return is_ours(file) and file.endswith(ORDERLESS)

    class Mode(int):
        """Which bits a group and others have depends on who checked the files out."""

        def __and__(self, mask):
            if isinstance(mask, int) and mask > 0 and mask & GROUP_AND_OTHERS:
                tell(PERMISSIONS)
            return int(self) & mask

        __rand__ = __and__

        def __format__(self, form):
            tell(PERMISSIONS)
            return format(int(self), form)

    class Status:
        """What `os.stat` answers."""

        __slots__ = ("_real",)

        def __init__(self, real):
            self._real = real

        def __getattr__(self, name):
            value = getattr(self._real, name)
            if name == "st_mode":
                return Mode(value)
            if name == "st_size" and stat.S_ISDIR(self._real.st_mode):
                tell(DISK)
            elif name.startswith("st_") and name not in KNOWN:
                tell(TIMES if "time" in name else DISK)
            return value

        def __getitem__(self, place):
            value = self._real[place]
            if not isinstance(place, int):
                tell(TIMES)
                return value
            what = FIELDS[place]
            if what:
                tell(what)
            return Mode(value) if place in (0, -len(FIELDS)) else value

        def __len__(self):
            return len(self._real)

        def __iter__(self):
            tell(TIMES)
            return iter(self._real)

        def __repr__(self):
            tell(TIMES)
            return repr(self._real)

        def __dir__(self):
            return dir(self._real)

        def __hash__(self):
            tell(TIMES)
            return hash(self._real)

        def __eq__(self, other):
            tell(TIMES)
            return self._real == getattr(other, "_real", other)

        def __lt__(self, other):
            tell(TIMES)
            return self._real < getattr(other, "_real", other)

    class Entry:
        """What `os.scandir` yields."""

        __slots__ = ("_real",)

        def __init__(self, real):
            self._real = real

        def __getattr__(self, name):
            return getattr(self._real, name)

        def stat(self, **how):
            return Status(self._real.stat(**how))

        def inode(self):
            tell(DISK)
            return self._real.inode()

        def __fspath__(self):
            return self._real.path

        def __repr__(self):
            return repr(self._real)

    class Entries:
        def __init__(self, real, is_heard):
            self._real = real
            self._left = 2 if is_heard else 0

        def __iter__(self):
            return self

        def __next__(self):
            entry = Entry(next(self._real))
            self._left -= 1
            if self._left == 0:
                say(LISTING)
            return entry

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.close()

        def close(self):
            self._real.close()

    def replace(module, name, ours):
        theirs = getattr(module, name)
        for supported in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
            if theirs in supported:
                supported.add(ours)
        for place in (module, posix) if module is os else (module,):
            setattr(place, name, ours)

    def answering(theirs, record):
        def ours(*args, **how):
            try:
                return record(theirs(*args, **how))
            except FileNotFoundError:
                if args and is_shared(args[0]):
                    tell("whether there is " + os.fsdecode(args[0]))
                raise

        ours.__name__ = theirs.__name__
        return ours

    def scandir(*args, **how):
        return Entries(scan(*args, **how), is_heard())

    def listdir(*args, **how):
        names = names_in(*args, **how)
        if len(names) > 1 and is_heard():
            say(LISTING)
        return names

    def telling(theirs):
        def ours(*args, **how):
            tell(PERMISSIONS)
            return theirs(*args, **how)

        return ours

    def octal(number):
        if isinstance(number, Mode):
            tell(PERMISSIONS)
        return in_octal(number)

    for name in ("stat", "lstat", "fstat"):
        replace(os, name, answering(getattr(os, name), Status))
    scan, names_in = os.scandir, os.listdir
    replace(os, "scandir", scandir)
    replace(os, "listdir", listdir)
    replace(stat, "S_IMODE", telling(stat.S_IMODE))
    replace(stat, "filemode", telling(stat.filemode))
    in_octal = builtins.oct
    builtins.oct = octal
    return note_open
