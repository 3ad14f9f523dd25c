# `dict` as a base class: what an instance holds is the plain dict `_items`, which it has before `__init__` runs.


class dict:
    def __init__(self, *args, **kwargs):
        self._items.update(*args, **kwargs)

    def __getitem__(self, key):
        return self._items[key]

    def __setitem__(self, key, value):
        self._items[key] = value

    def __delitem__(self, key):
        del self._items[key]

    def __contains__(self, key):
        return key in self._items

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def keys(self):
        return self._items.keys()

    def values(self):
        return self._items.values()

    def items(self):
        return self._items.items()

    def get(self, key, default=None):
        return self._items.get(key, default)

    def pop(self, key, default=None):
        return self._items.pop(key, default)

    def setdefault(self, key, default=None):
        return self._items.setdefault(key, default)

    def update(self, *args, **kwargs):
        self._items.update(*args, **kwargs)

    def clear(self):
        self._items.clear()

    def copy(self):
        return self._items.copy()
