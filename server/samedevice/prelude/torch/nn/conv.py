# Convolutions of torch.nn.


class _ConvNd(torch.nn.Module):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride,
        padding,
        dilation,
        transposed,
        output_padding,
        groups,
        bias,
        padding_mode,
        device=None,
        dtype=None,
    ):
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.transposed = transposed
        self.output_padding = output_padding
        self.groups = groups
        self.padding_mode = padding_mode
        if transposed:
            size = (in_channels, out_channels // groups, *kernel_size)
        else:
            size = (out_channels, in_channels // groups, *kernel_size)
        self.weight = torch.nn.Parameter(torch.empty(size, device=device, dtype=dtype))
        if bias:
            self.bias = torch.nn.Parameter(torch.empty(out_channels, device=device, dtype=dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        pass

    def _pads(self):
        if self.padding == "valid":
            return [0] * (2 * len(self.kernel_size))
        pads = []
        for i in range(len(self.kernel_size) - 1, -1, -1):
            if self.padding == "same":
                total = self.dilation[i] * (self.kernel_size[i] - 1)
                pads += [total // 2, total - total // 2]
            else:
                pads += [self.padding[i], self.padding[i]]
        return pads

    def _output_padding(self, input, output_size):
        if output_size is None:
            return self.output_padding
        n = len(self.kernel_size)
        extra = []
        for i in range(n):
            least = (
                (input.shape[i - n] - 1) * self.stride[i]
                - 2 * self.padding[i]
                + self.dilation[i] * (self.kernel_size[i] - 1)
                + 1
            )
            extra.append(output_size[i - n] - least)
        return tuple(extra)


class _ConvTransposeNd(_ConvNd):
    pass


class Conv1d(_ConvNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(
            in_channels,
            out_channels,
            _tuple_of(kernel_size, 1),
            _tuple_of(stride, 1),
            padding if isinstance(padding, str) else _tuple_of(padding, 1),
            _tuple_of(dilation, 1),
            False,
            (0,) * 1,
            groups,
            bias,
            padding_mode,
            device=device,
            dtype=dtype,
        )

    def forward(self, input):
        return self._conv_forward(input, self.weight, self.bias)

    def _conv_forward(self, input, weight, bias):
        if self.padding_mode != "zeros":
            input = torch.nn.functional.pad(input, self._pads(), mode=self.padding_mode)
            return torch.nn.functional.conv1d(input, weight, bias, self.stride, 0, self.dilation, self.groups)
        return torch.nn.functional.conv1d(input, weight, bias, self.stride, self.padding, self.dilation, self.groups)


class Conv2d(_ConvNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(
            in_channels,
            out_channels,
            _tuple_of(kernel_size, 2),
            _tuple_of(stride, 2),
            padding if isinstance(padding, str) else _tuple_of(padding, 2),
            _tuple_of(dilation, 2),
            False,
            (0,) * 2,
            groups,
            bias,
            padding_mode,
            device=device,
            dtype=dtype,
        )

    def forward(self, input):
        return self._conv_forward(input, self.weight, self.bias)

    def _conv_forward(self, input, weight, bias):
        if self.padding_mode != "zeros":
            input = torch.nn.functional.pad(input, self._pads(), mode=self.padding_mode)
            return torch.nn.functional.conv2d(input, weight, bias, self.stride, 0, self.dilation, self.groups)
        return torch.nn.functional.conv2d(input, weight, bias, self.stride, self.padding, self.dilation, self.groups)


class Conv3d(_ConvNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(
            in_channels,
            out_channels,
            _tuple_of(kernel_size, 3),
            _tuple_of(stride, 3),
            padding if isinstance(padding, str) else _tuple_of(padding, 3),
            _tuple_of(dilation, 3),
            False,
            (0,) * 3,
            groups,
            bias,
            padding_mode,
            device=device,
            dtype=dtype,
        )

    def forward(self, input):
        return self._conv_forward(input, self.weight, self.bias)

    def _conv_forward(self, input, weight, bias):
        if self.padding_mode != "zeros":
            input = torch.nn.functional.pad(input, self._pads(), mode=self.padding_mode)
            return torch.nn.functional.conv3d(input, weight, bias, self.stride, 0, self.dilation, self.groups)
        return torch.nn.functional.conv3d(input, weight, bias, self.stride, self.padding, self.dilation, self.groups)


class ConvTranspose1d(_ConvTransposeNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(
            in_channels,
            out_channels,
            _tuple_of(kernel_size, 1),
            _tuple_of(stride, 1),
            _tuple_of(padding, 1),
            _tuple_of(dilation, 1),
            True,
            _tuple_of(output_padding, 1),
            groups,
            bias,
            padding_mode,
            device=device,
            dtype=dtype,
        )

    def forward(self, input, output_size=None):
        return torch.nn.functional.conv_transpose1d(
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self._output_padding(input, output_size),
            self.groups,
            self.dilation,
        )


class ConvTranspose2d(_ConvTransposeNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(
            in_channels,
            out_channels,
            _tuple_of(kernel_size, 2),
            _tuple_of(stride, 2),
            _tuple_of(padding, 2),
            _tuple_of(dilation, 2),
            True,
            _tuple_of(output_padding, 2),
            groups,
            bias,
            padding_mode,
            device=device,
            dtype=dtype,
        )

    def forward(self, input, output_size=None):
        return torch.nn.functional.conv_transpose2d(
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self._output_padding(input, output_size),
            self.groups,
            self.dilation,
        )


class ConvTranspose3d(_ConvTransposeNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(
            in_channels,
            out_channels,
            _tuple_of(kernel_size, 3),
            _tuple_of(stride, 3),
            _tuple_of(padding, 3),
            _tuple_of(dilation, 3),
            True,
            _tuple_of(output_padding, 3),
            groups,
            bias,
            padding_mode,
            device=device,
            dtype=dtype,
        )

    def forward(self, input, output_size=None):
        return torch.nn.functional.conv_transpose3d(
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,
            self._output_padding(input, output_size),
            self.groups,
            self.dilation,
        )
