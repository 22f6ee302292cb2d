class Step:
    pass


class Trace:
    pass
