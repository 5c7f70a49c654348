@_exported public import AdjointCore
@_exported public import AdjointData
@_exported public import AdjointNN
@_exported public import AdjointOptim
@_exported public import AdjointTrace
@_exported public import AdjointTrainer
