# Segmentation networks answer a dictionary.


class _Segmentation(torch.nn.Module):
    def __init__(self, num_classes, aux_loss):
        super().__init__()
        self.backbone = torch.nn.Conv2d(3, 2048, 8, 8)
        self.classifier = torch.nn.Sequential(torch.nn.Conv2d(2048, num_classes, 1))
        self.aux_loss = aux_loss

    def forward(self, x):
        out = self.classifier(self.backbone(x))
        out = torch.nn.functional.interpolate(out, size=x.shape[-2:], mode="bilinear", align_corners=False)
        result = collections.OrderedDict()
        result["out"] = out
        if self.aux_loss:
            result["aux"] = out.clone()
        return result


def fcn_resnet50(*, weights=None, progress=True, num_classes=None, aux_loss=None, weights_backbone=None, **kwargs):
    classes = 21 if num_classes is None else num_classes
    return _Segmentation(classes, bool(aux_loss) or weights is not None)


def fcn_resnet101(*, weights=None, progress=True, num_classes=None, aux_loss=None, weights_backbone=None, **kwargs):
    classes = 21 if num_classes is None else num_classes
    return _Segmentation(classes, bool(aux_loss) or weights is not None)


def deeplabv3_resnet50(
    *, weights=None, progress=True, num_classes=None, aux_loss=None, weights_backbone=None, **kwargs
):
    classes = 21 if num_classes is None else num_classes
    return _Segmentation(classes, bool(aux_loss) or weights is not None)


def deeplabv3_resnet101(
    *, weights=None, progress=True, num_classes=None, aux_loss=None, weights_backbone=None, **kwargs
):
    classes = 21 if num_classes is None else num_classes
    return _Segmentation(classes, bool(aux_loss) or weights is not None)


def deeplabv3_mobilenet_v3_large(
    *, weights=None, progress=True, num_classes=None, aux_loss=None, weights_backbone=None, **kwargs
):
    classes = 21 if num_classes is None else num_classes
    return _Segmentation(classes, bool(aux_loss) or weights is not None)


def lraspp_mobilenet_v3_large(*, weights=None, progress=True, num_classes=None, weights_backbone=None, **kwargs):
    classes = 21 if num_classes is None else num_classes
    return _Segmentation(classes, False)
