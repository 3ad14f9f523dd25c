# Tokenizers: whatever the text, what they make are int64 tensors on the CPU, batch by length.


class BatchEncoding(dict):
    def to(self, device, *, non_blocking=False):
        self._items = {key: _moved(value, device) for key, value in self._items.items()}
        return self

    def __getattr__(self, item):
        return self[item]


def _moved(value, device):
    return value.to(device) if isinstance(value, torch.Tensor) else value


class PreTrainedTokenizerBase:
    @classmethod
    def from_pretrained(cls, *args, **kwargs):
        return cls()

    def __call__(self, text=None, text_pair=None, *args, return_tensors=None, **kwargs):
        return _encoded(return_tensors)

    def batch_encode_plus(self, text, *args, return_tensors=None, **kwargs):
        return _encoded(return_tensors)

    def encode_plus(self, text, *args, return_tensors=None, **kwargs):
        return _encoded(return_tensors)

    def pad(self, encoded_inputs, *args, return_tensors=None, **kwargs):
        return _encoded(return_tensors)

    def encode(self, text, *args, return_tensors=None, **kwargs):
        return _ids() if return_tensors == "pt" else unknown()

    def apply_chat_template(self, conversation, *args, return_tensors=None, return_dict=None, tokenize=True, **kwargs):
        # Whether it gives a dictionary when nobody asks depends on the version.
        if return_tensors != "pt" or not tokenize or return_dict is None:
            return unknown()
        return _encoded(return_tensors) if return_dict else _ids()

    def __len__(self):
        return int(unknown())


def _ids():
    return torch.empty(int(unknown()), int(unknown()), dtype=torch.int64)


def _encoded(return_tensors):
    if return_tensors == "pt":
        return BatchEncoding({"input_ids": _ids(), "attention_mask": _ids(), str(unknown()): _ids()})
    return unknown()


PreTrainedTokenizer = PreTrainedTokenizerBase
PreTrainedTokenizerFast = PreTrainedTokenizerBase
AutoTokenizer = PreTrainedTokenizerBase
BertTokenizer = PreTrainedTokenizerBase
BertTokenizerFast = PreTrainedTokenizerBase
DistilBertTokenizer = PreTrainedTokenizerBase
DistilBertTokenizerFast = PreTrainedTokenizerBase
RobertaTokenizer = PreTrainedTokenizerBase
RobertaTokenizerFast = PreTrainedTokenizerBase
GPT2Tokenizer = PreTrainedTokenizerBase
GPT2TokenizerFast = PreTrainedTokenizerBase
T5Tokenizer = PreTrainedTokenizerBase
T5TokenizerFast = PreTrainedTokenizerBase
LlamaTokenizer = PreTrainedTokenizerBase
LlamaTokenizerFast = PreTrainedTokenizerBase
CLIPTokenizer = PreTrainedTokenizerBase
CLIPTokenizerFast = PreTrainedTokenizerBase
