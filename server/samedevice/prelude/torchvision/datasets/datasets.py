# Datasets that give an image and a class.


class VisionDataset(torch.utils.data.Dataset):
    def __init__(self, root=None, transforms=None, transform=None, target_transform=None):
        self.root = root
        self.transforms = transforms
        self.transform = transform
        self.target_transform = target_transform

    def _item(self, target):
        image = PIL.Image.Image()
        if self.transforms is not None:
            return self.transforms(image, target)
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def __getitem__(self, index):
        return self._item(int(unknown()))

    def __len__(self):
        return int(unknown())


class MNIST(VisionDataset):
    classes = unknown()

    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self.train = train
        self.data = torch.empty((60000 if train else 10000, 28, 28), dtype=torch.uint8, device="cpu")
        self.targets = torch.empty((60000 if train else 10000,), dtype=torch.int64, device="cpu")

    def __len__(self):
        return 60000 if self.train else 10000


class FashionMNIST(MNIST):
    pass


class KMNIST(MNIST):
    pass


class EMNIST(VisionDataset):
    def __init__(self, root, split, **kwargs):
        super().__init__(root, None, kwargs.get("transform"), kwargs.get("target_transform"))
        self.data = torch.empty((int(unknown()), 28, 28), dtype=torch.uint8, device="cpu")
        self.targets = torch.empty((int(unknown()),), dtype=torch.int64, device="cpu")


class CIFAR10(VisionDataset):
    classes = unknown()

    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self.train = train
        self.data = numpy.zeros((50000 if train else 10000, 32, 32, 3), dtype=numpy.uint8)
        self.targets = [int(unknown())] * (50000 if train else 10000)

    def __len__(self):
        return 50000 if self.train else 10000


class CIFAR100(CIFAR10):
    pass


class SVHN(VisionDataset):
    def __init__(self, root, split="train", transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)


class STL10(VisionDataset):
    def __init__(self, root, split="train", folds=None, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)


class ImageFolder(VisionDataset):
    def __init__(self, root, transform=None, target_transform=None, loader=None, is_valid_file=None, allow_empty=False):
        super().__init__(root, None, transform, target_transform)
        self.classes = unknown()
        self.class_to_idx = unknown()
        self.samples = unknown()
        self.imgs = unknown()
        self.targets = [int(unknown())] * int(unknown())


class ImageNet(ImageFolder):
    def __init__(self, root, split="train", **kwargs):
        super().__init__(root, kwargs.get("transform"), kwargs.get("target_transform"))


class FakeData(VisionDataset):
    def __init__(
        self,
        size=1000,
        image_size=(3, 224, 224),
        num_classes=10,
        transform=None,
        target_transform=None,
        random_offset=0,
    ):
        super().__init__(None, None, transform, target_transform)
        self.size = size

    def __len__(self):
        return self.size


class CelebA(VisionDataset):
    def __init__(self, root, split="train", target_type="attr", transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)

    def __getitem__(self, index):
        return self._item(unknown())


class VOCSegmentation(VisionDataset):
    def __init__(
        self,
        root,
        year="2012",
        image_set="train",
        download=False,
        transform=None,
        target_transform=None,
        transforms=None,
    ):
        super().__init__(root, transforms, transform, target_transform)

    def __getitem__(self, index):
        return self._item(PIL.Image.Image())


class VOCDetection(VisionDataset):
    def __init__(
        self,
        root,
        year="2012",
        image_set="train",
        download=False,
        transform=None,
        target_transform=None,
        transforms=None,
    ):
        super().__init__(root, transforms, transform, target_transform)

    def __getitem__(self, index):
        return self._item(unknown())


class CocoDetection(VisionDataset):
    def __init__(self, root, annFile, transform=None, target_transform=None, transforms=None):
        super().__init__(root, transforms, transform, target_transform)

    def __getitem__(self, index):
        return self._item(unknown())


class Flowers102(VisionDataset):
    def __init__(self, root, split="train", transform=None, target_transform=None, download=False, loader=None):
        super().__init__(root, None, transform, target_transform)


class Food101(VisionDataset):
    def __init__(self, root, split="train", transform=None, target_transform=None, download=False, loader=None):
        super().__init__(root, None, transform, target_transform)


class OxfordIIITPet(VisionDataset):
    def __init__(
        self,
        root,
        split="trainval",
        target_types="category",
        transforms=None,
        transform=None,
        target_transform=None,
        download=False,
    ):
        super().__init__(root, transforms, transform, target_transform)

    def __getitem__(self, index):
        return self._item(unknown())
