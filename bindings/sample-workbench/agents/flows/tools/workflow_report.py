"""Lists workflows and the time of their last run."""


def report(workflows: list[dict[str, str]]) -> list[str]:
    return [f"{w['name']}: {w.get('last_run', 'never')}" for w in workflows]
