// Names that are an operation's type in AdjointCore and a layer in AdjointNN: whoever imports
// Adjoint writes networks, and means the layer.

/// The layer; see `AdjointNN.Hardsigmoid`.
public typealias Hardsigmoid = AdjointNN.Hardsigmoid
/// The layer; see `AdjointNN.Hardswish`.
public typealias Hardswish = AdjointNN.Hardswish
/// The layer; see `AdjointNN.Hardtanh`.
public typealias Hardtanh = AdjointNN.Hardtanh
/// The layer; see `AdjointNN.LogSigmoid`.
public typealias LogSigmoid = AdjointNN.LogSigmoid
/// The layer; see `AdjointNN.LogSoftmax`.
public typealias LogSoftmax = AdjointNN.LogSoftmax
/// The layer; see `AdjointNN.Mish`.
public typealias Mish = AdjointNN.Mish
/// The layer; see `AdjointNN.Softmax`.
public typealias Softmax = AdjointNN.Softmax
/// The layer; see `AdjointNN.Softplus`.
public typealias Softplus = AdjointNN.Softplus
/// The layer; see `AdjointNN.Unfold`.
public typealias Unfold = AdjointNN.Unfold
