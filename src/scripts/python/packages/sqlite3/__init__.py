"""The part of `sqlite3` that programs use who keep a few tables; SQLite itself runs outside (`src/scripts/python/sqlite`).

Whatever else they ask for is reported: then nobody knows what the program would have said. A file is read when it is opened
and written when it is closed, so nobody else may look into it in between.
"""

import atexit
import os
import re
import sys
import weakref

from lanekeeper_host import ask, say

apilevel = "2.0"
paramstyle = "qmark"
threadsafety = 1
PARSE_DECLTYPES, PARSE_COLNAMES = 1, 2
Binary = memoryview

CHANGING = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE | re.DOTALL)
SELECT = re.compile(r"\s*SELECT\b", re.IGNORECASE)
PRAGMA = re.compile(r"\s*PRAGMA\b", re.IGNORECASE)
# What may stand in a statement besides its parameters, and those.
PIECES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|(\?\d*|[:@$]\w+)""", re.DOTALL)
numbers = iter(range(1_000_000))
connections = weakref.WeakSet()


class Warning(Exception):
    pass


class Error(Exception):
    pass


class InterfaceError(Error):
    pass


class DatabaseError(Error):
    pass


class InternalError(DatabaseError):
    pass


class OperationalError(DatabaseError):
    pass


class ProgrammingError(DatabaseError):
    pass


class IntegrityError(DatabaseError):
    pass


class DataError(DatabaseError):
    pass


class NotSupportedError(DatabaseError):
    pass


def beyond(what):
    say(f"{what}, of the Python module sqlite3")
    raise NotSupportedError(what)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    beyond(name)


def question(number, does, **more):
    answer = ask("database", {"number": number, "does": does, **more})
    if "error" in answer:
        raise error_of(answer["error"])
    return answer


def error_of(message):
    if re.search(r"constraint failed|datatype mismatch", message):
        return IntegrityError(message)
    if re.search(r"not a database|malformed", message):
        return DatabaseError(message)
    if not re.search(r"^no such |syntax error|already exists|has no column named|values for \d+ columns|^cannot (?:commit|rollback)", message):
        say("an unusual error of SQLite")
    return OperationalError(message)


def encoded(value):
    if value is None or type(value) is bool or type(value) is int and -(1 << 31) <= value < 1 << 31:
        return None if value is None else int(value)
    if type(value) is str and "\0" not in value:
        value.encode()
        return value
    if type(value) is float and not value.is_integer() and value - value == 0:
        return value
    if type(value) in (bytes, bytearray, memoryview):
        return {"b": bytes(value).hex()}
    beyond(f"a parameter such as {type(value).__name__}")


def decoded(value):
    if not isinstance(value, dict):
        return value
    (kind, text), = value.items()
    return {"i": int, "f": float, "b": bytes.fromhex}[kind](text)


def parameters_of(sql, given):
    names = [name for name in PIECES.findall(sql) if name]
    if isinstance(given, dict):
        if any(name.startswith("?") for name in names):
            beyond("parameters with and without names")
        try:
            return [encoded(given[name[1:]]) for name in dict.fromkeys(names)]
        except KeyError as error:
            raise ProgrammingError(f"You did not supply a value for binding parameter :{error.args[0]}.") from None
    if any(name != "?" for name in names):
        beyond("parameters with and without names")
    if not isinstance(given, (list, tuple)):
        beyond(f"parameters in {type(given).__name__}")
    if len(given) != len(names):
        raise ProgrammingError(
            f"Incorrect number of bindings supplied. The current statement uses {len(names)}, and there are {len(given)} supplied."
        )
    return [encoded(value) for value in given]


class Row:
    def __init__(self, cursor, values):
        self._names = tuple(column[0] for column in cursor.description)
        self._values = tuple(values)

    def keys(self):
        return list(self._names)

    def __getitem__(self, key):
        if not isinstance(key, str):
            return self._values[key]
        for name, value in zip(self._names, self._values):
            if name.lower() == key.lower():
                return value
        raise IndexError("No item with that key")

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter(self._values)

    def __hash__(self):
        return hash(self._names) ^ hash(self._values)

    def __eq__(self, other):
        if not isinstance(other, Row):
            return NotImplemented
        return self._names == other._names and self._values == other._values


class Cursor:
    def __init__(self, connection):
        self.connection = connection
        self.row_factory = connection.row_factory
        self.description = None
        self.rowcount = -1
        self.lastrowid = None
        self.arraysize = 1
        self._rows = iter(())
        self._left = 0
        connection._cursors.add(self)

    def __getattr__(self, name):
        beyond(f"Cursor.{name}")

    def _one(self, sql, parameters):
        connection = self.connection
        connection._must_be_open()
        if not isinstance(sql, str):
            raise TypeError("execute() argument 1 must be str")
        is_changing = CHANGING.match(sql) is not None
        self._rows, self._left = iter(()), 0
        answer = connection._ask("run", sql=sql, values=parameters_of(sql, parameters), begins=is_changing and connection.isolation_level is not None)
        if answer["more"]:
            raise ProgrammingError("You can only execute one statement at a time.")
        names = answer["columns"]
        if is_changing and names:
            beyond("rows of a statement that changes some")
        self.description = tuple((name, None, None, None, None, None, None) for name in names) or None
        self._rows = iter(answer["rows"])
        self._left = 0 if PRAGMA.match(sql) else len(answer["rows"])
        return answer, is_changing

    def execute(self, sql, parameters=(), /):
        self.rowcount = -1
        answer, is_changing = self._one(sql, parameters)
        self.rowcount = answer["changes"] if is_changing else -1
        self.lastrowid = int(answer["last"])
        return self

    def executemany(self, sql, parameters, /):
        if not CHANGING.match(sql):
            raise ProgrammingError("executemany() can only execute DML statements.")
        total = 0
        for each in parameters:
            total += self._one(sql, each)[0]["changes"]
        self.rowcount = total
        return self

    def executescript(self, script, /):
        self.connection.commit()
        self.connection._ask("script", sql=script)
        return self

    def __iter__(self):
        return self

    def __next__(self):
        self.connection._must_be_open()
        values = tuple(decoded(value) for value in next(self._rows))
        self._left = max(0, self._left - 1)
        return values if self.row_factory is None else self.row_factory(self, values)

    def fetchone(self):
        return next(self, None)

    def fetchmany(self, size=None):
        count = self.arraysize if size is None else size
        return [row for _, row in zip(range(count), self)]

    def fetchall(self):
        return list(self)

    def close(self):
        self._rows, self._left = iter(()), 0


class Connection:
    def __init__(self, database, timeout=5.0, detect_types=0, isolation_level="", check_same_thread=True, factory=None,
                 cached_statements=128, uri=False, **options):
        self._path = None
        self._cursors = weakref.WeakSet()
        self._number = None
        if detect_types or uri or factory or options or isolation_level not in ("", None, "DEFERRED", "IMMEDIATE", "EXCLUSIVE"):
            beyond("an option of connect()")
        name = os.fsdecode(database)
        if name in ("", ":memory:"):
            content = b""
        else:
            self._path = os.path.abspath(name)
            content = self._read()
        self.isolation_level = isolation_level
        self.row_factory = None
        number = next(numbers)
        question(number, "open", bytes=content.hex())
        self._number = number
        connections.add(self)

    def _read(self):
        if any(other._path == self._path for other in connections):
            beyond("a database that is opened twice at once")
        if os.path.exists(self._path + "-wal") or os.path.exists(self._path + "-journal"):
            beyond("a database with a journal beside it")
        try:
            with open(self._path, "ab"):
                pass
            with open(self._path, "rb") as file:
                return file.read()
        except OSError:
            raise OperationalError("unable to open database file") from None

    def __getattr__(self, name):
        beyond(f"Connection.{name}")

    def __setattr__(self, name, value):
        if name == "text_factory" or name == "isolation_level" and name in vars(self):
            beyond(f"Connection.{name}")
        object.__setattr__(self, name, value)

    def _must_be_open(self):
        if self._number is None:
            raise ProgrammingError("Cannot operate on a closed database.")

    def _ask(self, does, **more):
        self._must_be_open()
        if does != "state" and any(cursor._left for cursor in self._cursors):
            # SQLite hands rows out one after the other, and what changes meanwhile may be among them.
            if does != "run" or not SELECT.match(more["sql"]):
                beyond("a change while rows are read")
        journal = re.fullmatch(r"\s*PRAGMA\s+journal_mode\s*=\s*(WAL|DELETE)\s*;?\s*", more.get("sql", ""), re.IGNORECASE)
        if does == "run" and journal:
            # How it journals changes nothing for who is alone with it; here it lies in memory.
            mode = journal[1].lower() if self._path else "memory"
            return {"columns": ["journal_mode"], "rows": [[mode]], "changes": 0, "last": "0", "more": False}
        return question(self._number, does, **more)

    @property
    def in_transaction(self):
        return self._ask("state")["isInTransaction"]

    def cursor(self):
        self._must_be_open()
        return Cursor(self)

    def execute(self, sql, parameters=(), /):
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql, parameters, /):
        return self.cursor().executemany(sql, parameters)

    def executescript(self, script, /):
        return self.cursor().executescript(script)

    def commit(self):
        if self.in_transaction:
            self._ask("script", sql="COMMIT")

    def rollback(self):
        if self.in_transaction:
            self._ask("script", sql="ROLLBACK")

    def close(self):
        if self._number is None:
            return
        content = question(self._number, "close")["bytes"]
        self._number, path = None, self._path
        connections.discard(self)
        self._path = None
        if path and content is not None:
            with open(path, "wb") as file:
                file.write(bytes.fromhex(content))

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.commit()
        else:
            self.rollback()
        return False

    def __del__(self):
        self.close()


connect = Connection


@atexit.register
def close_all():
    for connection in list(connections):
        connection.close()


def watch(event, args):
    """Who looks into a database while it is open does not find there what has been written."""
    if event == "open" and isinstance(args[0], (str, bytes)) and connections:
        path = os.path.abspath(os.fsdecode(args[0]))
        if any(connection._path == path for connection in connections):
            say("a database that is read while it is open")


sys.addaudithook(watch)
