# The same names where they are also found.

RNNBase = torch.nn.RNNBase
RNN = torch.nn.RNN
GRU = torch.nn.GRU
LSTM = torch.nn.LSTM
RNNCellBase = torch.nn.RNNCellBase
RNNCell = torch.nn.RNNCell
GRUCell = torch.nn.GRUCell
LSTMCell = torch.nn.LSTMCell
