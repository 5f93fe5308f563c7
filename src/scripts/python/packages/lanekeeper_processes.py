"""Processes that a program starts: the script's own shell runs them, all at once, when the program asks for what they said."""

import io
import os

from lanekeeper_host import ask


def call(words, stdin, cwd, env, merges=False):
    """Runs a command to its end; returns its exit status, its output and its errors."""
    asked = {"words": words, "stdin": stdin.decode("utf-8", "surrogateescape"), "cwd": cwd, "env": env, "merges": merges}
    answer = ask("call", asked)
    return answer["status"], *(answer[name].encode("utf-8", "surrogateescape") for name in ("stdout", "stderr"))


def words_of(args, shell):
    if shell:
        return ["sh", "-c", *([args] if isinstance(args, (str, bytes)) else args)]
    return [os.fsdecode(word) for word in ([args] if isinstance(args, (str, bytes, os.PathLike)) else args)]


def environment():
    """All variables, without asking for them as the program would."""
    return {os.fsdecode(name): os.fsdecode(value) for name, value in os.environ._data.items()}


def system(command):
    status, output, errors = call(["sh", "-c", command], b"", os.getcwd(), environment())
    os.write(1, output)
    os.write(2, errors)
    return status << 8


def refuse_unstartable(program, cwd):
    """What the system says of a program by its path, before anything runs."""
    if not os.path.isdir(cwd):
        raise FileNotFoundError(2, "No such file or directory", cwd)
    path = os.path.join(cwd, program)
    if "/" not in program or path.startswith(("/bin/", "/usr/", "/sbin/", "/opt/")):
        return
    if not os.path.exists(path):
        raise FileNotFoundError(2, "No such file or directory", program)
    if os.path.isdir(path) or not os.access(path, os.X_OK):
        raise PermissionError(13, "Permission denied", program)


def kept(pipe):
    class Kept(pipe):
        """A pipe to a process: what was written is known when it is closed."""

        def close(self):
            if not self.closed:
                self.all = self.getvalue()
            super().close()

    return Kept


Text, Binary = kept(io.StringIO), kept(io.BytesIO)


def install(subprocess, say):
    class Popen:
        """The part of `subprocess.Popen` that programs use which only want to hear an answer."""

        def __init__(self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None, preexec_fn=None,
                     close_fds=True, shell=False, cwd=None, env=None, universal_newlines=None, *rest, encoding=None,
                     errors=None, text=None, **options):
            if executable is not None or preexec_fn is not None or rest or any(options.values()):
                say("an option of subprocess.Popen")
            self.args = args
            self.returncode = None
            self._place = (os.path.abspath(os.fsdecode(cwd or ".")), environment() if env is None else dict(env))
            self._words = words_of(args, shell)
            self._targets = (stdout, stderr)
            self._text = bool(text or universal_newlines or encoding or errors)
            self._encoding = encoding or "utf-8"
            self._errors = errors or "strict"
            self.stdin = None
            self._outputs = (None, None)
            if stdin == subprocess.PIPE:
                self.stdin = (Text if self._text else Binary)()
            else:
                self._run(self._inherited(stdin))

        def _pipe(self, data=b""):
            if not self._text:
                return io.BytesIO(data)
            # As a text file does by itself.
            lines = data.decode(self._encoding, self._errors).replace("\r\n", "\n").replace("\r", "\n")
            return io.StringIO(lines)

        def _inherited(self, stdin):
            if stdin in (None, subprocess.DEVNULL):
                return b""
            return stdin.read() if hasattr(stdin, "read") else os.read(stdin, 1 << 24)

        def _encoded(self, data):
            return data.encode(self._encoding, self._errors) if isinstance(data, str) else bytes(data)

        def _run(self, data):
            stdout, stderr = self._targets
            merges = stderr == subprocess.STDOUT
            refuse_unstartable(self._words[0], self._place[0])
            status, output, errors = call(self._words, self._encoded(data), *self._place, merges)
            missing = f"{self._words[0]}: command not found".encode()
            if status == 127 and missing in (output if merges else errors):
                raise FileNotFoundError(2, "No such file or directory", self._words[0])
            self._outputs = (self._deliver(stdout, output, 1), None if merges else self._deliver(stderr, errors, 2))
            self.returncode = status

        def _output(self, index):
            """A pipe of a process that waits for its input: it runs once all of that is written."""
            if self.returncode is None and self._targets[index] == subprocess.PIPE:
                if not self.stdin.closed:
                    say("a process that Python talks with")
                self._run(self._encoded(self._written()))
            return self._outputs[index]

        stdout = property(lambda self: self._output(0))
        stderr = property(lambda self: self._output(1))

        def _written(self):
            return self.stdin.all if self.stdin.closed else self.stdin.getvalue()

        def _deliver(self, target, data, number):
            if target == subprocess.PIPE:
                return self._pipe(data)
            if target is None:
                os.write(number, data)
            elif target != subprocess.DEVNULL:
                os.write(target if isinstance(target, int) else target.fileno(), data)
            return None

        def communicate(self, input=None, timeout=None):
            if self.returncode is None:
                self._run(self._encoded(self._written()) + self._encoded(input or b""))
            return tuple(None if pipe is None else pipe.read() for pipe in self._outputs)

        def wait(self, timeout=None):
            if self.returncode is None:
                self._run(self._encoded(self._written()))
            return self.returncode

        def poll(self):
            return self.wait()

        @property
        def pid(self):
            say("a process's number, in Python")
            return 2

        def kill(self):
            say("a signal, from Python")

        terminate = kill

        def send_signal(self, number):
            self.kill()

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.wait()

    subprocess.Popen = Popen
