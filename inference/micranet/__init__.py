"""MICRA-Net: from yes/no answers per patch to masks. Pure torch and numpy, no Django.

Import the submodules by name (``inference.micranet.train``, ``.segment``, ``.model_io``,
``.preprocess``): this file imports nothing, so that a process that only needs a name does not load
torch.
"""
