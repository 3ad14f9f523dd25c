# The functional forms.


def to_tensor(pic):
    if not known(pic):
        # An image gives floats, an array its own dtype.
        return _from_image(unknown())
    if isinstance(pic, torch.Tensor):
        refuse("ARGUMENT", "TypeError: pic should be PIL Image or ndarray. Got <class 'torch.Tensor'>", pic)
        return pic
    if isinstance(pic, numpy.ndarray):
        # Only uint8 is scaled and made float; every other dtype stays as it is.
        image = pic[:, :, None] if pic.ndim == 2 else pic
        tensor = torch.from_numpy(image.transpose((2, 0, 1)))
        if tensor.dtype == torch.uint8:
            return tensor.to(dtype=torch.get_default_dtype()).div(255)
        return tensor
    return _from_image(torch.get_default_dtype())


def _from_image(dtype):
    return torch.empty((int(unknown()), int(unknown()), int(unknown())), dtype=dtype, device="cpu")


def pil_to_tensor(pic):
    return _from_image(torch.uint8)


def to_pil_image(pic, mode=None):
    if isinstance(pic, torch.Tensor):
        # The image is made by way of numpy.
        pic = (pic.mul(255).byte() if pic.is_floating_point() else pic).numpy()
    return PIL.Image.Image()


def convert_image_dtype(image, dtype=torch.float32):
    return image.to(dtype)


def normalize(tensor, mean, std, inplace=False):
    if not known(tensor):
        return unknown()
    if not isinstance(tensor, torch.Tensor):
        if isinstance(tensor, (PIL.Image.Image, numpy.ndarray)):
            refuse("ARGUMENT", f"TypeError: img should be Tensor Image. Got {type(tensor)}", tensor)
        return unknown()
    if not tensor.is_floating_point():
        refuse("FLOAT_NEEDED", f"TypeError: Input tensor should be a float tensor. Got {tensor.dtype}.", tensor)
    mean = torch.as_tensor(mean, dtype=tensor.dtype, device=tensor.device).view(-1, 1, 1)
    std = torch.as_tensor(std, dtype=tensor.dtype, device=tensor.device).view(-1, 1, 1)
    return (tensor - mean) / std


def resize(img, size, interpolation=None, max_size=None, antialias=True):
    if isinstance(size, (tuple, list)) and len(size) == 2:
        return torchvision.transforms._sized(img, size)
    return torchvision.transforms._any_size(img)


def center_crop(img, output_size):
    return torchvision.transforms._sized(img, output_size)


def crop(img, top, left, height, width):
    return torchvision.transforms._sized(img, (height, width))


def resized_crop(img, top, left, height, width, size, interpolation=None, antialias=True):
    return torchvision.transforms._sized(img, size)


def pad(img, padding, fill=0, padding_mode="constant"):
    return torchvision.transforms._any_size(img)


def rotate(img, angle, interpolation=None, expand=False, center=None, fill=None):
    return torchvision.transforms._any_size(img)


def rgb_to_grayscale(img, num_output_channels=1):
    if not isinstance(img, torch.Tensor):
        return img
    return img[..., :1, :, :].expand(*img.shape[:-3], num_output_channels, *img.shape[-2:])


def to_grayscale(img, num_output_channels=1):
    return img


def hflip(img):
    return img


def vflip(img):
    return img


def adjust_brightness(img, brightness_factor):
    return img


def adjust_contrast(img, contrast_factor):
    return img


def adjust_saturation(img, saturation_factor):
    return img


def adjust_hue(img, hue_factor):
    return img


def adjust_gamma(img, gamma, gain=1):
    return img


def adjust_sharpness(img, sharpness_factor):
    return img


def gaussian_blur(img, kernel_size, sigma=None):
    return img


def invert(img):
    return img


def equalize(img):
    return img


def autocontrast(img):
    return img


def affine(img, angle, translate, scale, shear, interpolation=None, fill=None, center=None):
    return img


def perspective(img, startpoints, endpoints, interpolation=None, fill=None):
    return img


def erase(img, i, j, h, w, v, inplace=False):
    return img
