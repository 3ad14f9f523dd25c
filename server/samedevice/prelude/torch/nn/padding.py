# Padding layers of torch.nn.


class _PadNd(torch.nn.Module):
    mode = "constant"

    def forward(self, input):
        return torch.nn.functional.pad(input, self.padding, self.mode)


class _ConstantPadNd(torch.nn.Module):
    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, input):
        return torch.nn.functional.pad(input, self.padding, "constant", self.value)


class CircularPad1d(_PadNd):
    mode = "circular"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 2)


class CircularPad2d(_PadNd):
    mode = "circular"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 4)


class CircularPad3d(_PadNd):
    mode = "circular"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 6)


class ReflectionPad1d(_PadNd):
    mode = "reflect"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 2)


class ReflectionPad2d(_PadNd):
    mode = "reflect"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 4)


class ReflectionPad3d(_PadNd):
    mode = "reflect"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 6)


class ReplicationPad1d(_PadNd):
    mode = "replicate"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 2)


class ReplicationPad2d(_PadNd):
    mode = "replicate"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 4)


class ReplicationPad3d(_PadNd):
    mode = "replicate"

    def __init__(self, padding):
        super().__init__()
        self.padding = _tuple_of(padding, 6)


class ConstantPad1d(_ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__(value)
        self.padding = _tuple_of(padding, 2)


class ZeroPad1d(ConstantPad1d):
    def __init__(self, padding):
        super().__init__(padding, 0.0)


class ConstantPad2d(_ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__(value)
        self.padding = _tuple_of(padding, 4)


class ZeroPad2d(ConstantPad2d):
    def __init__(self, padding):
        super().__init__(padding, 0.0)


class ConstantPad3d(_ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__(value)
        self.padding = _tuple_of(padding, 6)


class ZeroPad3d(ConstantPad3d):
    def __init__(self, padding):
        super().__init__(padding, 0.0)
