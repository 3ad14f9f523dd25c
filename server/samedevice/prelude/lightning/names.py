# The same names where they are also found.

LightningModule = pytorch_lightning.LightningModule
seed_everything = pytorch_lightning.seed_everything
