"""Hears when a program looks at the times of files. They are plain numbers of a plain record, so it is the program's steps that tell."""

import re
import sys
from collections import namedtuple

NAMES = re.compile(r"\b(?:st_[amc]time(?:_ns)?|get[amc]time)\b", re.IGNORECASE)
TOOL = sys.monitoring.OPTIMIZER_ID - 1
Watched = namedtuple("Watched", "code steps")

# Where each code has such a step. Codes that say the same in two files are equal, so it is their identity that tells them apart; the code is kept, so that no other takes it over.
watched = {}


def listen(say):
    def on_step(code, offset):
        if offset not in watched[id(code)].steps:
            return sys.monitoring.DISABLE
        say("times of files")

    sys.monitoring.use_tool_id(TOOL, "lanekeeper")
    sys.monitoring.register_callback(TOOL, sys.monitoring.events.INSTRUCTION, on_step)


def watch(code, say):
    """Watches a piece of the program that is about to run, and all that it defines. A text that holds such a name may become a step, or a command: it counts at once."""
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            watch(constant, say)
        elif NAMES.search(repr(constant)):
            say("times of files")
    if id(code) in watched or not any(NAMES.fullmatch(name) for name in code.co_names):
        return
    watched[id(code)] = Watched(code, steps_of(code))
    sys.monitoring.set_local_events(TOOL, code, sys.monitoring.events.INSTRUCTION)


def steps_of(code):
    import dis

    found = set()
    prefixes = []
    for step in dis.get_instructions(code):
        if step.opname == "EXTENDED_ARG":
            prefixes.append(step.offset)
            continue
        if isinstance(step.argval, str) and NAMES.fullmatch(step.argval):
            found.update(prefixes, [step.offset])
        prefixes = []
    return found
