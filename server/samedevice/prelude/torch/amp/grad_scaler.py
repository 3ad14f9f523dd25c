# Gradient scaling: what it refuses, and the scale's device.


class GradScaler:
    def __init__(
        self,
        device="cuda",
        init_scale=65536.0,
        growth_factor=2.0,
        backoff_factor=0.5,
        growth_interval=2000,
        enabled=True,
    ):
        self._device = device
        self._enabled = enabled
        if device == "cuda" and not torch.cuda.is_available():
            self._enabled = False
        self._init_scale = init_scale
        self._scale = None
        # By position: the optimizers seen since the last update and how far each has come.
        self._optimizers = []
        self._stages = []

    def scale(self, outputs):
        if not self._enabled:
            return outputs
        if isinstance(outputs, torch.Tensor):
            if self._scale is None:
                self._scale = torch.full((), self._init_scale, dtype=torch.float32, device=outputs.device)
            return outputs * self._scale.to(device=outputs.device)
        return type(outputs)([self.scale(output) for output in outputs])

    def _index(self, optimizer):
        for index in range(len(self._optimizers)):
            if self._optimizers[index] is optimizer:
                return index
        self._optimizers.append(optimizer)
        self._stages.append("ready")
        return len(self._optimizers) - 1

    def unscale_(self, optimizer):
        if not self._enabled:
            return
        index = self._index(optimizer)
        if self._stages[index] == "unscaled":
            refuse(
                "ARGUMENT",
                "RuntimeError: unscale_() has already been called on this optimizer since the last update().",
                optimizer,
            )
        elif self._stages[index] == "stepped":
            refuse("ARGUMENT", "RuntimeError: unscale_() is being called after step().", optimizer)
        self._check_grads(optimizer)
        self._stages[index] = "unscaled"

    def _check_grads(self, optimizer):
        for group in optimizer.param_groups:
            for param in group["params"]:
                if param.requires_grad and param.dtype == torch.float16:
                    refuse("DTYPE", "ValueError: Attempting to unscale FP16 gradients.", param)
                    return

    def step(self, optimizer, *args, **kwargs):
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            refuse(
                "ARGUMENT", "RuntimeError: Closure use is not currently supported if GradScaler is enabled.", optimizer
            )
        index = self._index(optimizer)
        if self._stages[index] == "stepped":
            refuse("ARGUMENT", "RuntimeError: step() has already been called since the last update().", optimizer)
        if self._stages[index] == "ready":
            self._check_grads(optimizer)
        result = optimizer.step(*args, **kwargs)
        self._stages[index] = "stepped"
        return result

    def update(self, new_scale=None):
        self._optimizers = []
        self._stages = []

    def get_scale(self):
        return float(unknown()) if self._enabled else 1.0

    def get_growth_factor(self):
        return float(unknown())

    def set_growth_factor(self, new_factor):
        pass

    def get_backoff_factor(self):
        return float(unknown())

    def set_backoff_factor(self, new_factor):
        pass

    def get_growth_interval(self):
        return int(unknown())

    def set_growth_interval(self, new_interval):
        pass

    def is_enabled(self):
        return self._enabled

    def state_dict(self):
        return {"scale": float(unknown())} if self._enabled else {}

    def load_state_dict(self, state_dict):
        pass


def custom_fwd(fwd=None, *, device_type, cast_inputs=None):
    if fwd is None:
        return lambda function: custom_fwd(function, device_type=device_type, cast_inputs=cast_inputs)
    if cast_inputs is None:
        return fwd

    def decorated(ctx, *args):
        if not torch.is_autocast_enabled(device_type):
            return fwd(ctx, *args)
        with torch.autocast(device_type, enabled=False):
            return fwd(ctx, *[_cast(one, cast_inputs) for one in args])

    return decorated


def _cast(value, dtype):
    if isinstance(value, torch.Tensor) and value.is_floating_point() and value.dtype != torch.float64:
        return value.to(dtype)
    return value


def custom_bwd(bwd=None, *, device_type):
    return (lambda function: function) if bwd is None else bwd


def is_autocast_available(device_type):
    return True
