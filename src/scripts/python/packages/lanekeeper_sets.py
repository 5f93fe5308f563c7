"""Turns the sets of a program round, for the second look: where two texts of a set come in the one order, they come in the other then.

Another seed for their hashes would do that only every other time.
"""

import builtins
from importlib.machinery import SourceFileLoader

import lanekeeper_chance

OPERATIONS = "union intersection difference symmetric_difference copy"
OPERATORS = "and rand or ror sub rsub xor rxor"


class Kind(type):
    def __instancecheck__(self, value):
        return isinstance(value, self.plain)

    def __subclasscheck__(self, other):
        return issubclass(other, self.plain)


def turned_round(plain):
    class Turned(plain, metaclass=Kind):
        def __iter__(self):
            return reversed([*plain.__iter__(self)])

        def __repr__(self):
            inner = ", ".join(map(repr, self))
            if plain is set and inner:
                return "{" + inner + "}"
            return plain.__name__ + ("({" + inner + "})" if inner else "()")

    def turning(theirs):
        def ours(self, *others):
            result = theirs(self, *others)
            return result if result is NotImplemented else Turned(result)

        return ours

    Turned.plain = plain
    Turned.__name__ = Turned.__qualname__ = plain.__name__
    for name in [*OPERATIONS.split(), *(f"__{name}__" for name in OPERATORS.split())]:
        setattr(Turned, name, turning(getattr(plain, name)))
    return Turned


def pop(self):
    for item in self:
        self.remove(item)
        return item
    raise KeyError("pop from an empty set")


OURS = {"set": turned_round(set), "frozenset": turned_round(frozenset)}
OURS["set"].pop = pop


def turn(value):
    return OURS["set"](value) if type(value) is set else value


def turn_round(source, name):
    """Compiles a program so that the sets it makes are turned round."""
    import ast

    tree = ast.parse(source, name)
    nodes = [*ast.walk(tree)]
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    stored.update(node.arg for node in nodes if isinstance(node, ast.arg))
    has_views = any(isinstance(node, ast.Attribute) and node.attr in ("keys", "items") for node in nodes)

    def call(function, argument, node):
        called = ast.Call(ast.Name("_lanekeeper_" + function, ast.Load()), [argument], [])
        return ast.fix_missing_locations(ast.copy_location(called, node))

    class Turn(ast.NodeTransformer):
        def visit_Set(self, node):
            self.generic_visit(node)
            return call("set", ast.copy_location(ast.List(node.elts, ast.Load()), node), node)

        def visit_SetComp(self, node):
            self.generic_visit(node)
            return call("set", ast.copy_location(ast.ListComp(node.elt, node.generators), node), node)

        def visit_Compare(self, node):
            # Nobody hears the order of what is only looked into.
            looked = [isinstance(op, (ast.In, ast.NotIn)) for op in node.ops]
            node.left = self.visit(node.left)
            node.comparators = [
                other if is_looked and isinstance(other, ast.Set) else self.visit(other)
                for is_looked, other in zip(looked, node.comparators)
            ]
            return node

        def visit_BinOp(self, node):
            self.generic_visit(node)
            is_of_sets = isinstance(node.op, (ast.Sub, ast.BitAnd, ast.BitOr, ast.BitXor))
            return call("turn", node, node) if has_views and is_of_sets else node

        def visit_Name(self, node):
            if node.id in OURS and node.id not in stored and isinstance(node.ctx, ast.Load):
                node.id = "_lanekeeper_" + node.id
            return node

    return compile(Turn().visit(tree), name, "exec", dont_inherit=True)


def compiled(source, name):
    """Compiles a program; where it makes sets, they are turned round in the second look."""
    code = compile(source, name, "exec", dont_inherit=True)
    return turn_round(source, name) if is_second and lanekeeper_chance.makes_sets(code) else code


def source_to_code(self, data, path, *, _optimization=-1):
    return compiled(data, path)


def install(system):
    global is_second
    is_second = system != "Linux"
    if not is_second:
        return
    for name, ours in {**OURS, "turn": turn}.items():
        setattr(builtins, "_lanekeeper_" + name, ours)
    SourceFileLoader.source_to_code = source_to_code
    plain = builtins.hash

    def hashed(value):
        number = plain(value)
        return number ^ 0x2A5A5A5A if isinstance(value, (str, bytes)) else number

    builtins.hash = hashed


is_second = False
