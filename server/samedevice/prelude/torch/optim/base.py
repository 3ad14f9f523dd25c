# The base of all optimizers. The first parameter of a group that is trained stands for all of the group.


class Optimizer:
    # Names of the tensors that a step keeps for a parameter, each like the parameter.
    _state_names = ()

    def __init__(self, params, defaults):
        self.defaults = defaults
        self.state = collections.defaultdict(dict)
        self.param_groups = []
        # What `state` has of each group.
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
            if known(param) and not param.is_leaf:
                refuse("ARGUMENT", "ValueError: can't optimize a non-leaf Tensor", param)
        group = {"params": params, **self.defaults, **param_group}
        group["params"] = params
        self.param_groups.append(group)
        self._entries.append({})
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
            for group, entry in zip(self.param_groups, self._entries):
                param = self._trained(group)
                if param is not None:
                    self._advance(param, group, entry)
        return loss

    def _trained(self, group):
        for param in group["params"]:
            if param.requires_grad:
                return param
        return None

    def _device_now(self):
        for group in self.param_groups:
            param = self._trained(group)
            if param is not None:
                return param.device
        return None

    def _advance(self, param, group, entry):
        if not entry:
            self._fill(param, group, entry)
            return
        for name in self._names(group):
            # The gradient is where its parameter is: this is where stale state clashes.
            state = entry[name]
            state.add_(param)

    def _fill(self, param, group, entry):
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
        with torch.no_grad():
            for group, entry in zip(self.param_groups, self._entries):
                param = self._trained(group)
                if param is not None:
                    self._fill(param, group, entry)

    def register_step_pre_hook(self, hook):
        return unknown()

    def register_step_post_hook(self, hook):
        return unknown()
