# The second generation; most names do what the first ones do.

ToPILImage = torchvision.transforms.ToPILImage
ConvertImageDtype = torchvision.transforms.ConvertImageDtype
Normalize = torchvision.transforms.Normalize
Resize = torchvision.transforms.Resize
CenterCrop = torchvision.transforms.CenterCrop
RandomCrop = torchvision.transforms.RandomCrop
RandomResizedCrop = torchvision.transforms.RandomResizedCrop
Grayscale = torchvision.transforms.Grayscale
Lambda = torchvision.transforms.Lambda
RandomApply = torchvision.transforms.RandomApply
RandomChoice = torchvision.transforms.RandomChoice
RandomOrder = torchvision.transforms.RandomOrder
FiveCrop = torchvision.transforms.FiveCrop
TenCrop = torchvision.transforms.TenCrop
RandomHorizontalFlip = torchvision.transforms.RandomHorizontalFlip
RandomVerticalFlip = torchvision.transforms.RandomVerticalFlip
ColorJitter = torchvision.transforms.ColorJitter
RandomAffine = torchvision.transforms.RandomAffine
RandomPerspective = torchvision.transforms.RandomPerspective
RandomErasing = torchvision.transforms.RandomErasing
GaussianBlur = torchvision.transforms.GaussianBlur
RandomInvert = torchvision.transforms.RandomInvert
RandomPosterize = torchvision.transforms.RandomPosterize
RandomSolarize = torchvision.transforms.RandomSolarize
RandomAdjustSharpness = torchvision.transforms.RandomAdjustSharpness
RandomAutocontrast = torchvision.transforms.RandomAutocontrast
RandomEqualize = torchvision.transforms.RandomEqualize
AutoAugment = torchvision.transforms.AutoAugment
RandAugment = torchvision.transforms.RandAugment
TrivialAugmentWide = torchvision.transforms.TrivialAugmentWide
AugMix = torchvision.transforms.AugMix
RandomGrayscale = torchvision.transforms.RandomGrayscale
ElasticTransform = torchvision.transforms.ElasticTransform
RandomRotation = torchvision.transforms.RandomRotation
Pad = torchvision.transforms.Pad
RandomPhotometricDistort = torchvision.transforms._Same
RandomChannelPermutation = torchvision.transforms._Same
GaussianNoise = torchvision.transforms._Same
SanitizeBoundingBoxes = torchvision.transforms._Same
ClampBoundingBoxes = torchvision.transforms._Same
JPEG = torchvision.transforms._Same
RGB = torchvision.transforms._Same
RandomZoomOut = torchvision.transforms._Resized
RandomIoUCrop = torchvision.transforms._Resized
ScaleJitter = torchvision.transforms._Resized
RandomShortestSize = torchvision.transforms._Resized
RandomResize = torchvision.transforms._Resized
InterpolationMode = torchvision.transforms.InterpolationMode


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, *inputs):
        for transform in self.transforms:
            inputs = transform(*inputs)
            if not isinstance(inputs, tuple):
                inputs = (inputs,)
        return inputs if len(inputs) > 1 else inputs[0]


class ToTensor(torch.nn.Module):
    def forward(self, pic):
        return torchvision.transforms.functional.to_tensor(pic)


class PILToTensor(torch.nn.Module):
    def forward(self, pic):
        return torchvision.transforms.functional.pil_to_tensor(pic)


class ToImage(torch.nn.Module):
    def forward(self, inpt):
        if isinstance(inpt, torch.Tensor):
            return inpt
        if isinstance(inpt, numpy.ndarray):
            return torch.from_numpy(inpt).permute(2, 0, 1)
        return torch.empty((3, int(unknown()), int(unknown())), dtype=torch.uint8, device="cpu")


class ToDtype(torch.nn.Module):
    def __init__(self, dtype, scale=False):
        super().__init__()
        self.dtype = dtype
        self.scale = scale

    def forward(self, inpt):
        if not isinstance(inpt, torch.Tensor):
            return inpt
        return inpt.to(self.dtype)


class ToPureTensor(torch.nn.Module):
    def forward(self, inpt):
        return inpt


class Identity(torch.nn.Module):
    def forward(self, inpt):
        return inpt


class MixUp(torch.nn.Module):
    def __init__(self, *, alpha=1.0, num_classes=None, labels_getter="default"):
        super().__init__()

    def forward(self, images, labels):
        return images, unknown()


class CutMix(MixUp):
    pass
