"""Tells when a program hears how wide numbers are: this Python counts in 32 bits, those of machines in 64. And of what it lacks by name."""

import array
import sys

WIDTHS = "numbers as wide as the machine's, in Python"
NATIVE = frozenset("lLPnN")


def install(say, is_ours):
    def is_program():
        return not is_ours(sys._getframe(2).f_code.co_filename)

    def is_native(form):
        text = form.decode("latin-1") if isinstance(form, bytes) else str(form)
        return text[:1] not in "<>=!" and not NATIVE.isdisjoint(text)

    def furnish_struct(struct):
        def telling(theirs):
            def ours(form, *args, **how):
                if is_native(form) and is_program():
                    say(WIDTHS)
                return theirs(form, *args, **how)

            return ours

        for name in ("calcsize", "pack", "pack_into", "unpack", "unpack_from", "iter_unpack", "Struct"):
            setattr(struct, name, telling(getattr(struct, name)))

    def furnish_hashlib(hashlib):
        def new(name, *args, **how):
            if name.lower() not in hashlib.algorithms_guaranteed:
                say("the hash " + name + ", in Python")
            return theirs(name, *args, **how)

        theirs, hashlib.new = hashlib.new, new

    def furnish_yaml(yaml):
        values = {"__version__": yaml.__version__, "__with_libyaml__": False}
        theirs = vars(yaml).get("__getattr__")
        for name in values:
            delattr(yaml, name)

        def ask(name):
            if name in values:
                say("the version of PyYAML")
                return values[name]
            if theirs:
                return theirs(name)
            raise AttributeError(f"module 'yaml' has no attribute {name!r}")

        yaml.__getattr__ = ask

    class Array(array.array):
        def __new__(cls, code, *items):
            if code in "lL" and is_program():
                say(WIDTHS)
            return super().__new__(cls, code, *items)

    def leave(*code):
        # Some versions of Python take a tuple for several arguments, and some for one.
        if code and isinstance(code[0], tuple):
            say("the Python of the machine")
        end(*code)

    Array.__name__ = Array.__qualname__ = "array"
    array.array = Array
    end, sys.exit = sys.exit, leave
    return {"struct": furnish_struct, "hashlib": furnish_hashlib, "yaml": furnish_yaml}
