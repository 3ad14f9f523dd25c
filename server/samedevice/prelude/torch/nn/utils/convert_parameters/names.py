# The same names where they are also found.

parameters_to_vector = torch.nn.utils.parameters_to_vector
vector_to_parameters = torch.nn.utils.vector_to_parameters
