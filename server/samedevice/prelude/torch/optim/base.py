# The base of all optimizers.


class Optimizer:
    # Names of the per-parameter tensors that a step makes, each like its parameter.
    _state_names = ()

    def __init__(self, params, defaults):
        self.defaults = defaults
        self.state = {}
        self.param_groups = []
        # The entries of `state` in the order of the parameters.
        self._entries = []
        # Where the parameters were when they were last stepped.
        self._stepped_on = None
        if isinstance(params, torch.Tensor):
            refuse(
                "ARGUMENT",
                "TypeError: params argument given to the optimizer should be an iterable of Tensors or dicts, "
                "but got " + params.type(),
                params,
            )
        groups = list(params)
        # An empty list is refused too, but a network whose parameters are not known looks like that.
        if len(groups) > 0 and not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group):
        params = param_group["params"]
        if isinstance(params, torch.Tensor):
            params = [params]
        params = list(params)
        if len(params) > 0 and isinstance(params[0], tuple):
            params = [param for name, param in params]
        for param in params:
            if not param.is_leaf:
                refuse("ARGUMENT", "ValueError: can't optimize a non-leaf Tensor", param)
            self._entries.append({})
        group = {"params": params, **self.defaults, **param_group}
        group["params"] = params
        self.param_groups.append(group)
        self._stepped_on = None

    def zero_grad(self, set_to_none=True):
        pass

    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        # A second step on the same device tells nothing new.
        now = self._device_now()
        if self._stepped_on is not None and self._stepped_on == now:
            return loss
        self._stepped_on = now
        with torch.no_grad():
            index = 0
            for group in self.param_groups:
                for param in group["params"]:
                    if param.requires_grad:
                        self._advance(param, group, index)
                    index += 1
        return loss

    def _device_now(self):
        for group in self.param_groups:
            for param in group["params"]:
                return param.device
        return None

    def _advance(self, param, group, index):
        entry = self._entries[index]
        if entry:
            for name in self._names(group):
                # The gradient is where its parameter is: this is where stale state clashes.
                state = entry[name]
                state.add_(param)
        else:
            self._fill(param, group, index)

    def _fill(self, param, group, index):
        entry = self._entries[index]
        for name in self._names(group):
            entry[name] = torch.zeros_like(param)
        if self._names(group):
            entry["step"] = torch.tensor(0.0, device="cpu")
            self.state[param] = entry

    def _names(self, group):
        return self._state_names

    def state_dict(self):
        return {
            "state": dict(enumerate(self._entries)),
            "param_groups": [{**group, "params": list(range(len(group["params"])))} for group in self.param_groups],
        }

    def load_state_dict(self, state_dict):
        # Loaded state is cast to the device and dtype that its parameter has now, whatever the file says.
        self._stepped_on = None
        index = 0
        with torch.no_grad():
            for group in self.param_groups:
                for param in group["params"]:
                    if param.requires_grad:
                        self._fill(param, group, index)
                    index += 1

    def register_step_pre_hook(self, hook):
        return unknown()

    def register_step_post_hook(self, hook):
        return unknown()
