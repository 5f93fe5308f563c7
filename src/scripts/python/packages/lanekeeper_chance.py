"""Tells when a program hears of chance, and of the order of sets, which hangs on the hashes of texts.

What names a thing that is new (`uuid4`, `token_hex`) is answered, and differs between the surroundings. What a program draws
to decide by is not: two draws that agree say little about the next one. With a seed, it is the same on every machine.
"""

import builtins
import sys
from opcode import opmap

CHANCE = "chance, in Python"
LEANS = "leans chance"
# Methods that give the same on every Python 3 once the generator has a seed, and those of which that is not known.
STEADY = "random uniform randint randrange choice choices shuffle sample getrandbits randbytes".split()
UNSTEADY = (
    "triangular normalvariate gauss lognormvariate betavariate expovariate gammavariate paretovariate vonmisesvariate "
    "weibullvariate binomialvariate getstate"
).split()
SEEDS = (int, bool, str, bytes, bytearray)
MAKES_SET = {opmap[name] for name in ("BUILD_SET", "SET_ADD", "SET_UPDATE")}
SET_NAMES = {"set", "frozenset", "intersection", "union", "difference", "symmetric_difference"}
SET_OPERATIONS = {1, 7, 10, 12, 14, 20, 23, 25}


def makes_sets(code):
    """Whether a program may hold a set whose order it can hear."""
    steps = code.co_code
    names = set(code.co_names)
    has_views = "keys" in names or "items" in names
    for at in range(0, len(steps), 2):
        step, argument = steps[at], steps[at + 1]
        if step in MAKES_SET or (has_views and step == opmap["BINARY_OP"] and argument in SET_OPERATIONS):
            return True
        if step == opmap["GET_ITER"] and at and steps[at - 2] == opmap["LOAD_CONST"]:
            if isinstance(code.co_consts[steps[at - 1]], frozenset):
                return True
    if not names.isdisjoint(SET_NAMES):
        return True
    return any(makes_sets(inner) for inner in code.co_consts if hasattr(inner, "co_code"))


def install(say, is_ours):
    def is_program():
        return not is_ours(sys._getframe(2).f_code.co_filename)

    def hashed(value):
        if is_program():
            if isinstance(value, (str, bytes)):
                say(LEANS)
            elif not isinstance(value, int) or abs(value) >= 2**31 - 1:
                say("numbers as wide as this machine's, in Python")
        return plain(value)

    def furnish(random):
        """Hears who draws from a generator that has no seed."""

        def draw(name, is_steady):
            theirs = getattr(random.Random, name)

            def ours(self, *args, **how):
                if is_program() and not (is_steady and getattr(self, "_has_seed", False)):
                    say(CHANCE)
                return theirs(self, *args, **how)

            ours.__name__ = name
            return ours

        def seed(self, a=None, version=2):
            self._has_seed = type(a) in SEEDS and type(self) is random.Random
            return begin(self, a, version)

        def setstate(self, state):
            self._has_seed = False
            return restore(self, state)

        class SystemRandom(random.SystemRandom):
            def __init__(self, *args):
                if is_program():
                    say(CHANCE)
                super().__init__(*args)

        begin, restore = random.Random.seed, random.Random.setstate
        ours = {name: draw(name, name in STEADY) for name in STEADY + UNSTEADY if hasattr(random.Random, name)}
        for name, method in {**ours, "seed": seed, "setstate": setstate}.items():
            setattr(random.Random, name, method)
            setattr(random, name, getattr(random._inst, name))
        random.SystemRandom = SystemRandom

    plain = builtins.hash
    builtins.hash = hashed
    return furnish
