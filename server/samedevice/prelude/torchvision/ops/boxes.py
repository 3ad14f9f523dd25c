# Operations on boxes. The compiled ones check that their operands share a device.


def nms(boxes, scores, iou_threshold):
    keep = (boxes.sum(-1) + scores) > iou_threshold
    return keep.nonzero().squeeze(1)


def batched_nms(boxes, scores, idxs, iou_threshold):
    keep = (boxes.sum(-1) + scores + idxs) > iou_threshold
    return keep.nonzero().squeeze(1)


def box_area(boxes, fmt="xyxy"):
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def box_iou(boxes1, boxes2, fmt="xyxy"):
    inter = torch.min(boxes1[:, None, 2], boxes2[:, 2])
    return inter / (box_area(boxes1)[:, None] + box_area(boxes2))


def generalized_box_iou(boxes1, boxes2):
    return box_iou(boxes1, boxes2)


def distance_box_iou(boxes1, boxes2, eps=1e-7):
    return box_iou(boxes1, boxes2)


def complete_box_iou(boxes1, boxes2, eps=1e-7):
    return box_iou(boxes1, boxes2)


def box_convert(boxes, in_fmt, out_fmt):
    return boxes.clone()


def clip_boxes_to_image(boxes, size):
    return boxes.clone()


def remove_small_boxes(boxes, min_size):
    return (boxes[:, 2] >= min_size).nonzero().squeeze(1)


def _pooled(input, boxes, output_size):
    if isinstance(boxes, (list, tuple)):
        boxes = torch.cat(list(boxes), 0)
        boxes = torch.cat([boxes[:, :1], boxes], 1)
    if isinstance(output_size, int):
        output_size = (output_size, output_size)
    if input.dtype != boxes.dtype and not torch.is_autocast_enabled():
        refuse("DTYPE", "RuntimeError: expected input and rois to have the same type", input, boxes)
    # The regions' device meets the input's in the kernel.
    kept = input[:1, :, :1, :1].expand(boxes.shape[0], input.shape[1], *output_size)
    return kept + boxes[:, :1, None, None]


def roi_align(input, boxes, output_size, spatial_scale=1.0, sampling_ratio=-1, aligned=False):
    return _pooled(input, boxes, output_size)


def roi_pool(input, boxes, output_size, spatial_scale=1.0):
    return _pooled(input, boxes, output_size)


class RoIAlign(torch.nn.Module):
    def __init__(self, output_size, spatial_scale, sampling_ratio, aligned=False):
        super().__init__()
        self.output_size = output_size

    def forward(self, input, rois):
        return _pooled(input, rois, self.output_size)


class RoIPool(torch.nn.Module):
    def __init__(self, output_size, spatial_scale):
        super().__init__()
        self.output_size = output_size

    def forward(self, input, rois):
        return _pooled(input, rois, self.output_size)


def sigmoid_focal_loss(inputs, targets, alpha=0.25, gamma=2, reduction="none"):
    p = torch.sigmoid(inputs)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(inputs, targets, reduction="none")
    loss = loss * (p * targets + (1 - p) * (1 - targets))
    if reduction == "none":
        return loss
    return loss.mean() if reduction == "mean" else loss.sum()


def stochastic_depth(input, p, mode, training=True):
    return input


class StochasticDepth(torch.nn.Module):
    def __init__(self, p, mode):
        super().__init__()
        self.p = p
        self.mode = mode

    def forward(self, input):
        return input


class DropBlock2d(torch.nn.Module):
    def __init__(self, p, block_size, inplace=False, eps=1e-6):
        super().__init__()

    def forward(self, input):
        return input


class FrozenBatchNorm2d(torch.nn.Module):
    def __init__(self, num_features, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.register_buffer("weight", torch.ones(num_features))
        self.register_buffer("bias", torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        return x * self.weight.reshape(1, -1, 1, 1) + self.bias.reshape(1, -1, 1, 1)


class MLP(torch.nn.Sequential):
    def __init__(
        self,
        in_channels,
        hidden_channels,
        norm_layer=None,
        activation_layer=torch.nn.ReLU,
        inplace=None,
        bias=True,
        dropout=0.0,
    ):
        layers = []
        for size in hidden_channels[:-1]:
            layers.append(torch.nn.Linear(in_channels, size, bias=bias))
            if norm_layer is not None:
                layers.append(norm_layer(size))
            layers.append(activation_layer())
            layers.append(torch.nn.Dropout(dropout))
            in_channels = size
        layers.append(torch.nn.Linear(in_channels, hidden_channels[-1], bias=bias))
        layers.append(torch.nn.Dropout(dropout))
        super().__init__(*layers)
