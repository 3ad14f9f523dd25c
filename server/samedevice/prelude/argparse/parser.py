# Prelude of argparse: what parse_args gives, from the declared options.


class ArgumentParser:
    def __init__(self, *args, **kwargs):
        self.options = []

    def add_argument(self, *names, action=None, default=None, type=None, dest=None, nargs=None, const=None, **rest):
        name = dest
        if name is None:
            for given in names:
                if given.startswith("--"):
                    name = given[2:].replace("-", "_")
                    break
            else:
                name = names[0].lstrip("-").replace("-", "_")
        if action == "store_true" and default is None:
            default = False
        if action == "store_false" and default is None:
            default = True
        if action == "store_const":
            type = None
        self.options.append((name, names, action, default, type, nargs, const))
        return names

    def add_argument_group(self, *args, **kwargs):
        return self

    def add_mutually_exclusive_group(self, *args, **kwargs):
        return self

    def set_defaults(self, **kwargs):
        for key, value in kwargs.items():
            self.options.append((key, (), None, value, None, None, None))

    def add_subparsers(self, *args, **kwargs):
        return unknown()

    def parse_args(self, args=None, namespace=None):
        values = argparse.Namespace()
        if args is None:
            for name, names, action, default, type, nargs, const in self.options:
                setattr(values, name, option(name, action, default, type))
            return values
        for name, names, action, default, type, nargs, const in self.options:
            if isinstance(default, str) and type is not None:
                default = type(default)
            setattr(values, name, default)
        words = list(args)
        while words:
            word = words.pop(0)
            attached = None
            if word.startswith("--") and "=" in word:
                word, attached = word.split("=", 1)
            for name, names, action, default, type, nargs, const in self.options:
                if word in names:
                    if action == "store_true":
                        setattr(values, name, True)
                    elif action == "store_false":
                        setattr(values, name, False)
                    elif action == "store_const":
                        setattr(values, name, const)
                    else:
                        if attached is None:
                            attached = words.pop(0)
                        setattr(values, name, attached if type is None else type(attached))
                    break
        return values

    def parse_known_args(self, args=None, namespace=None):
        return self.parse_args(args), []

    def error(self, message):
        raise SystemExit(2)

    def print_help(self, *args):
        return None
