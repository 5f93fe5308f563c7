"""Runs a program as `python3` would, and ends without taking the interpreter down in order: this build fails at that now and then."""

import atexit
import gc
import os
import runpy
import sys

import lanekeeper_sets


def run():
    kind, *argv = sys.argv[1:]
    is_safe = kind.startswith("safe ")
    kind = kind.removeprefix("safe ")
    if sys.path[:1] == [""]:
        del sys.path[0]
    main = sys.modules["__main__"].__dict__
    try:
        if kind == "module":
            sys.argv = argv
            sys.path.insert(0, os.getcwd())
            runpy._run_module_as_main(argv[0])
        else:
            source, name = program(kind, argv, main)
            if is_safe:
                del sys.path[0]
            exec(lanekeeper_sets.compiled(source, name), main)
        status = 0
    except SystemExit as end:
        status = status_of(end.code)
    except BaseException as error:
        status = 130 if isinstance(error, KeyboardInterrupt) else 1
        # Our own frame is not the program's.
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        sys.excepthook(type(error), error.with_traceback(trace), trace)
    atexit._run_exitfuncs()
    let_go(main)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except (OSError, ValueError):
            status = status or 120
    os._exit(status)


def let_go(main):
    """Ends what the program still holds, as Python does: files are written then."""
    for name in reversed([*main]):
        if not name.startswith("__"):
            main[name] = None
    gc.collect()


def program(kind, argv, main):
    """The program's text and its name in tracebacks; puts its arguments and its folder where it looks for them."""
    if kind == "text":
        sys.argv = ["-c", *argv[1:]]
        sys.path.insert(0, "")
        return argv[0], "<string>"
    sys.argv = argv
    if kind == "stdin":
        sys.path.insert(0, "")
        main["__file__"] = "<stdin>"
        return sys.stdin.buffer.read(), "<stdin>"
    path = argv[0]
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        print(f"{sys.executable}: can't open file {os.path.abspath(path)!r}: [Errno {error.errno}] {error.strerror}", file=sys.stderr)
        raise SystemExit(2) from None
    main["__file__"] = path
    sys.path.insert(0, os.path.dirname(os.path.realpath(path)))
    return source, path


def status_of(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1
