# Transforms of images: tensors keep their device; images become CPU tensors in two of them.


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, img):
        for transform in self.transforms:
            img = transform(img)
        return img


class ToTensor:
    def __call__(self, pic):
        return torchvision.transforms.functional.to_tensor(pic)


class PILToTensor:
    def __call__(self, pic):
        return torchvision.transforms.functional.pil_to_tensor(pic)


class ToPILImage:
    def __init__(self, mode=None):
        self.mode = mode

    def __call__(self, pic):
        return torchvision.transforms.functional.to_pil_image(pic, self.mode)


class ConvertImageDtype(torch.nn.Module):
    def __init__(self, dtype):
        super().__init__()
        self.dtype = dtype

    def forward(self, image):
        return torchvision.transforms.functional.convert_image_dtype(image, self.dtype)


class Normalize(torch.nn.Module):
    def __init__(self, mean, std, inplace=False):
        super().__init__()
        self.mean = mean
        self.std = std
        self.inplace = inplace

    def forward(self, tensor):
        return torchvision.transforms.functional.normalize(tensor, self.mean, self.std, self.inplace)


class Resize(torch.nn.Module):
    def __init__(self, size, interpolation=None, max_size=None, antialias=True):
        super().__init__()
        self.size = size

    def forward(self, img):
        return torchvision.transforms.functional.resize(img, self.size)


class CenterCrop(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, img):
        return _sized(img, self.size)


class RandomCrop(torch.nn.Module):
    def __init__(self, size, padding=None, pad_if_needed=False, fill=0, padding_mode="constant"):
        super().__init__()
        self.size = size

    def forward(self, img):
        return _sized(img, self.size)


class RandomResizedCrop(torch.nn.Module):
    def __init__(self, size, scale=(0.08, 1.0), ratio=(3.0 / 4.0, 4.0 / 3.0), interpolation=None, antialias=True):
        super().__init__()
        self.size = size

    def forward(self, img):
        return _sized(img, self.size)


def _sized(img, size):
    # The last two sizes become `size`.
    if not known(img):
        return unknown()
    if not isinstance(img, torch.Tensor):
        return img
    if isinstance(size, int):
        size = (size, size)
    elif len(size) == 1:
        size = (size[0], size[0])
    return img[..., :1, :1].expand(*img.shape[:-2], *size)


class _Same(torch.nn.Module):
    # The result is like the input, but for its sizes perhaps.
    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, img, *rest):
        return (img, *rest) if rest else img


class _Resized(torch.nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, img, *rest):
        return (_any_size(img), *rest) if rest else _any_size(img)


def _any_size(img):
    if not known(img):
        return unknown()
    if not isinstance(img, torch.Tensor):
        return img
    return img[..., : int(unknown()), : int(unknown())]


class Grayscale(torch.nn.Module):
    def __init__(self, num_output_channels=1):
        super().__init__()
        self.num_output_channels = num_output_channels

    def forward(self, img):
        return torchvision.transforms.functional.rgb_to_grayscale(img, self.num_output_channels)


class Lambda:
    def __init__(self, lambd):
        self.lambd = lambd

    def __call__(self, img):
        return self.lambd(img)


class RandomApply(torch.nn.Module):
    def __init__(self, transforms, p=0.5):
        super().__init__()
        self.transforms = transforms
        self.p = p

    def forward(self, img):
        result = img
        for transform in self.transforms:
            result = transform(result)
        return any_of(img, result)


class RandomChoice(torch.nn.Module):
    def __init__(self, transforms, p=None):
        super().__init__()
        self.transforms = transforms

    def forward(self, *args):
        return self.transforms[0](*args)


class RandomOrder(torch.nn.Module):
    def __init__(self, transforms):
        super().__init__()
        self.transforms = transforms

    def forward(self, img):
        for transform in self.transforms:
            img = transform(img)
        return img


class FiveCrop(torch.nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, img):
        return (_sized(img, self.size),) * 5


class TenCrop(torch.nn.Module):
    def __init__(self, size, vertical_flip=False):
        super().__init__()
        self.size = size

    def forward(self, img):
        return (_sized(img, self.size),) * 10
