# Wrappers that run a network on several devices.


class DataParallel(torch.nn.Module):
    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module
        if not torch.cuda.is_available():
            self.device_ids = []
            return
        if device_ids is None:
            device_ids = list(range(torch.cuda.device_count()))
        if output_device is None and len(device_ids) > 0:
            output_device = device_ids[0]
        self.dim = dim
        self.device_ids = device_ids
        self.output_device = output_device
        first = device_ids[0] if len(device_ids) > 0 else 0
        self.src_device_obj = torch.device("cuda", first) if isinstance(first, int) else torch.device(first)
        if len(device_ids) == 1:
            self.module.to(self.src_device_obj)

    def forward(self, *inputs, **kwargs):
        if not self.device_ids:
            return self.module(*inputs, **kwargs)
        if len(self.device_ids) > 1:
            self._check_source()
            # A replica gets the registered tensors on its own device; plain attributes stay where they are.
            second = self.device_ids[1]
            device = torch.device("cuda", second) if isinstance(second, int) else torch.device(second)
            self._run(copy.deepcopy(self.module).to(device), device, inputs, kwargs)
        return _gathered(self._run(self.module, self.src_device_obj, inputs, kwargs), len(self.device_ids))

    def _run(self, module, device, inputs, kwargs):
        # Inputs are scattered from wherever they are.
        parts = len(self.device_ids)
        inputs = tuple(_scattered(value, device, parts) for value in inputs)
        return module(*inputs, **{key: _scattered(value, device, parts) for key, value in kwargs.items()})

    def _check_source(self):
        for tensor in list(self.module.parameters()) + list(self.module.buffers()):
            if tensor.device != self.src_device_obj:
                refuse(
                    "DEVICE",
                    "RuntimeError: module must have its parameters and buffers on device "
                    f"{self.src_device_obj} (device_ids[0]) but found one of them on device: {tensor.device}",
                    tensor,
                )
                return


def _scattered(value, device, parts):
    if isinstance(value, torch.Tensor):
        return value.to(device).chunk(parts)[0]
    if isinstance(value, dict):
        return {key: _scattered(item, device, parts) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_scattered(item, device, parts) for item in value)
    if isinstance(value, list):
        return [_scattered(item, device, parts) for item in value]
    return value


def _gathered(value, parts):
    if isinstance(value, torch.Tensor) and value.dim() > 0:
        return torch.cat([value] * parts)
    if isinstance(value, tuple):
        return tuple(_gathered(item, parts) for item in value)
    if isinstance(value, dict):
        return {key: _gathered(item, parts) for key, item in value.items()}
    return value


def data_parallel(module, inputs, device_ids=None, output_device=None, dim=0, module_kwargs=None):
    wrapper = DataParallel(module, device_ids, output_device, dim)
    if not isinstance(inputs, tuple):
        inputs = (inputs,)
    return wrapper(*inputs, **({} if module_kwargs is None else module_kwargs))


class DistributedDataParallel(torch.nn.Module):
    def __init__(
        self,
        module,
        device_ids=None,
        output_device=None,
        dim=0,
        broadcast_buffers=None,
        init_sync=True,
        process_group=None,
        bucket_cap_mb=None,
        find_unused_parameters=False,
        check_reduction=False,
        gradient_as_bucket_view=False,
        static_graph=False,
        delay_all_reduce_named_params=None,
        param_to_hook_all_reduce=None,
        mixed_precision=None,
        device_mesh=None,
        skip_all_reduce_unused_params=False,
        bucket_cap_mb_list=None,
        batched_grad_copy=False,
        forward_sync_buffers=None,
    ):
        super().__init__()
        self.module = module
        self.device_ids = device_ids

    def forward(self, *inputs, **kwargs):
        if self.device_ids:
            device = torch.device("cuda", self.device_ids[0])
            if isinstance(self.device_ids[0], (torch.device, str)):
                device = torch.device(self.device_ids[0])
            inputs = tuple(_scattered(value, device) for value in inputs)
            kwargs = {key: _scattered(value, device) for key, value in kwargs.items()}
        return self.module(*inputs, **kwargs)

    def no_sync(self):
        return torch.enable_grad()

    def join(self, *args, **kwargs):
        return torch.enable_grad()
