# Networks with `features` and a `classifier`; those inside `features` are stood for by one convolution.


class AlexNet(torch.nn.Module):
    def __init__(self, num_classes=1000, dropout=0.5):
        super().__init__()
        self.features = torch.nn.Sequential(
            torch.nn.Conv2d(3, 64, 11, 4, 2),
            torch.nn.ReLU(inplace=True),
            torch.nn.MaxPool2d(3, 2),
            torch.nn.Conv2d(64, 192, 5, padding=2),
            torch.nn.ReLU(inplace=True),
            torch.nn.MaxPool2d(3, 2),
            torch.nn.Conv2d(192, 384, 3, padding=1),
            torch.nn.ReLU(inplace=True),
            torch.nn.Conv2d(384, 256, 3, padding=1),
            torch.nn.ReLU(inplace=True),
            torch.nn.Conv2d(256, 256, 3, padding=1),
            torch.nn.ReLU(inplace=True),
            torch.nn.MaxPool2d(3, 2),
        )
        self.avgpool = torch.nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = torch.nn.Sequential(
            torch.nn.Dropout(dropout),
            torch.nn.Linear(256 * 6 * 6, 4096),
            torch.nn.ReLU(inplace=True),
            torch.nn.Dropout(dropout),
            torch.nn.Linear(4096, 4096),
            torch.nn.ReLU(inplace=True),
            torch.nn.Linear(4096, num_classes),
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def alexnet(weights=None, progress=True, num_classes=1000, **kwargs):
    return AlexNet(num_classes)


class VGG(torch.nn.Module):
    def __init__(self, plan, batch_norm=False, num_classes=1000):
        super().__init__()
        layers = []
        channels = 3
        for size in plan:
            if size == "M":
                layers.append(torch.nn.MaxPool2d(2, 2))
            else:
                layers.append(torch.nn.Conv2d(channels, size, 3, padding=1))
                if batch_norm:
                    layers.append(torch.nn.BatchNorm2d(size))
                layers.append(torch.nn.ReLU(inplace=True))
                channels = size
        self.features = torch.nn.Sequential(*layers)
        self.avgpool = torch.nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = torch.nn.Sequential(
            torch.nn.Linear(512 * 7 * 7, 4096),
            torch.nn.ReLU(True),
            torch.nn.Dropout(),
            torch.nn.Linear(4096, 4096),
            torch.nn.ReLU(True),
            torch.nn.Dropout(),
            torch.nn.Linear(4096, num_classes),
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def vgg11(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG([64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"], False, num_classes)


def vgg11_bn(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG([64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"], True, num_classes)


def vgg13(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG([64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"], False, num_classes)


def vgg13_bn(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG([64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"], True, num_classes)


def vgg16(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG(
        [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"], False, num_classes
    )


def vgg16_bn(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG(
        [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"], True, num_classes
    )


def vgg19(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG(
        [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
        False,
        num_classes,
    )


def vgg19_bn(weights=None, progress=True, num_classes=1000, **kwargs):
    return VGG(
        [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
        True,
        num_classes,
    )


class _Features(torch.nn.Module):
    # One convolution that brings 224 x 224 to 7 x 7.
    def __init__(self, channels):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, channels, 32, 32)

    def forward(self, x):
        return self.conv(x)


class _Network(torch.nn.Module):
    def __init__(self, channels, classifier):
        super().__init__()
        self.features = torch.nn.Sequential(_Features(channels))
        self.avgpool = torch.nn.AdaptiveAvgPool2d(1)
        self.classifier = classifier

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


def mobilenet_v2(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1280, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1280, num_classes)))


def efficientnet_b0(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1280, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1280, num_classes)))


def efficientnet_b1(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1280, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1280, num_classes)))


def efficientnet_b2(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1408, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1408, num_classes)))


def efficientnet_b3(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1536, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1536, num_classes)))


def efficientnet_b4(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1792, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1792, num_classes)))


def efficientnet_b5(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(2048, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(2048, num_classes)))


def efficientnet_b6(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(2304, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(2304, num_classes)))


def efficientnet_b7(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(2560, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(2560, num_classes)))


def efficientnet_v2_s(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1280, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1280, num_classes)))


def efficientnet_v2_m(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1280, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1280, num_classes)))


def efficientnet_v2_l(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1280, torch.nn.Sequential(torch.nn.Dropout(0.2), torch.nn.Linear(1280, num_classes)))


def densenet121(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1024, torch.nn.Linear(1024, num_classes))


def densenet161(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(2208, torch.nn.Linear(2208, num_classes))


def densenet169(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1664, torch.nn.Linear(1664, num_classes))


def densenet201(weights=None, progress=True, num_classes=1000, **kwargs):
    return _Network(1920, torch.nn.Linear(1920, num_classes))


def mobilenet_v3_large(weights=None, progress=True, num_classes=1000, **kwargs):
    classifier = torch.nn.Sequential(
        torch.nn.Linear(960, 1280),
        torch.nn.Hardswish(inplace=True),
        torch.nn.Dropout(0.2),
        torch.nn.Linear(1280, num_classes),
    )
    return _Network(960, classifier)


def mobilenet_v3_small(weights=None, progress=True, num_classes=1000, **kwargs):
    classifier = torch.nn.Sequential(
        torch.nn.Linear(576, 1024),
        torch.nn.Hardswish(inplace=True),
        torch.nn.Dropout(0.2),
        torch.nn.Linear(1024, num_classes),
    )
    return _Network(576, classifier)


def convnext_tiny(weights=None, progress=True, num_classes=1000, **kwargs):
    classifier = torch.nn.Sequential(torch.nn.LayerNorm(768), torch.nn.Flatten(1), torch.nn.Linear(768, num_classes))
    return _Network(768, classifier)


def convnext_small(weights=None, progress=True, num_classes=1000, **kwargs):
    classifier = torch.nn.Sequential(torch.nn.LayerNorm(768), torch.nn.Flatten(1), torch.nn.Linear(768, num_classes))
    return _Network(768, classifier)


def convnext_base(weights=None, progress=True, num_classes=1000, **kwargs):
    classifier = torch.nn.Sequential(torch.nn.LayerNorm(1024), torch.nn.Flatten(1), torch.nn.Linear(1024, num_classes))
    return _Network(1024, classifier)


def convnext_large(weights=None, progress=True, num_classes=1000, **kwargs):
    classifier = torch.nn.Sequential(torch.nn.LayerNorm(1536), torch.nn.Flatten(1), torch.nn.Linear(1536, num_classes))
    return _Network(1536, classifier)


class _Headed(torch.nn.Module):
    # A network whose last layer has another name.
    def __init__(self, channels, name, head):
        super().__init__()
        self._features = _Features(channels)
        self._head_name = name
        setattr(self, name, head)

    def forward(self, x):
        return getattr(self, self._head_name)(self._features(x).mean((2, 3)))


def vit_b_16(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Sequential(collections.OrderedDict(head=torch.nn.Linear(768, num_classes)))
    return _Headed(768, "heads", head)


def vit_b_32(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Sequential(collections.OrderedDict(head=torch.nn.Linear(768, num_classes)))
    return _Headed(768, "heads", head)


def vit_l_16(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Sequential(collections.OrderedDict(head=torch.nn.Linear(1024, num_classes)))
    return _Headed(1024, "heads", head)


def swin_t(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Linear(768, num_classes)
    return _Headed(768, "head", head)


def swin_s(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Linear(768, num_classes)
    return _Headed(768, "head", head)


def swin_b(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Linear(1024, num_classes)
    return _Headed(1024, "head", head)


def shufflenet_v2_x1_0(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Linear(1024, num_classes)
    return _Headed(1024, "fc", head)


def regnet_y_400mf(weights=None, progress=True, num_classes=1000, **kwargs):
    head = torch.nn.Linear(440, num_classes)
    return _Headed(440, "fc", head)
