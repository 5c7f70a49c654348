public import AdjointCore

/// What the three cells share: one step of a recurrent layer.
public class RecurrentCell: Module, @unchecked Sendable {
    /// The width of the input.
    public final let inputSize: Int
    /// The width of the state.
    public final let hiddenSize: Int
    private let kind: RecurrentKind
    private let weights: RecurrentWeights

    fileprivate init(
        _ kind: RecurrentKind, _ inputSize: Int, _ hiddenSize: Int, _ bias: Bool, _ dtype: DType
    ) {
        self.kind = kind
        self.inputSize = inputSize
        self.hiddenSize = hiddenSize
        weights = RecurrentWeights(
            kind, inputSize, hiddenSize, projection: 0, bias: bias, dtype)
    }

    public final var parts: [ModulePart] { weights.parts("") }

    /// The next state, h and for LSTM c.
    fileprivate final func step(_ x: Tensor, _ h: Tensor?, _ c: Tensor?) -> [Tensor] {
        var isLSTM: Bool { if case .lstm = kind { true } else { false } }
        return callWithHooks([x] + [h, c].compactMap { $0 }) { inputs in
            let (x, given) = (inputs[0], inputs.dropFirst())
            let poisoned = inputs.first { $0.isPoisoned }
            let lead = Array(x.shape.dropLast())
            let fits =
                (x.ndim == 1 || x.ndim == 2) && x.shape.last == inputSize
                && given.allSatisfy { $0.shape == lead + [hiddenSize] && $0.dtype == x.dtype }
            guard poisoned == nil, fits else {
                let none =
                    poisoned
                    ?? Failure.poison(
                        TensorError(
                            .shape,
                            "expected an input [\(inputSize)] or [batch, \(inputSize)] and states "
                                + "of \(hiddenSize) numbers like it, but got shapes "
                                + inputs.map { "\($0.shape) \($0.dtype)" }.joined(separator: ", "),
                            operation: kind.name + "Cell"))
                return [Tensor](repeating: none, count: isLSTM ? 2 : 1)
            }
            let isSample = x.ndim == 1
            var states = given.map { isSample ? $0.unsqueeze(0) : $0 }
            let rows = isSample ? x.unsqueeze(0) : x
            while states.count < 2 {
                states.append(
                    Tensor.zeros(
                        [rows.shape[0], hiddenSize], dtype: x.dtype, device: x.device))
            }
            let step = RecurrentStep(kind, weights, hiddenSize: hiddenSize)
            let (h, c) = step.next(step.inputGates(rows), states[0], states[1])
            return [h, c].compactMap { $0 }.map { isSample ? $0.squeeze(0) : $0 }
        }
    }
}

/// One step of `RNN`.
public final class RNNCell: RecurrentCell, @unchecked Sendable {
    /// Weights and biases start uniform in ±1/√hidden, as PyTorch's do.
    public init(
        _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true,
        nonlinearity: Nonlinearity = .tanh, dtype: DType = .float32
    ) {
        super.init(.rnn(nonlinearity), inputSize, hiddenSize, bias, dtype)
    }

    /// The state after `x`, [batch, input] or [input], from the state h, zeros unless given.
    ///
    /// - Errors: `.shape` where sizes or types do not fit.
    public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor { step(x, h, nil)[0] }
}

/// One step of `GRU`.
public final class GRUCell: RecurrentCell, @unchecked Sendable {
    /// Weights and biases start uniform in ±1/√hidden, as PyTorch's do.
    public init(
        _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true, dtype: DType = .float32
    ) {
        super.init(.gru, inputSize, hiddenSize, bias, dtype)
    }

    /// The state after `x`, [batch, input] or [input], from the state h, zeros unless given.
    ///
    /// - Errors: `.shape` where sizes or types do not fit.
    public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> Tensor { step(x, h, nil)[0] }
}

/// One step of `LSTM`.
public final class LSTMCell: RecurrentCell, @unchecked Sendable {
    /// Weights and biases start uniform in ±1/√hidden, as PyTorch's do.
    public init(
        _ inputSize: Int, _ hiddenSize: Int, bias: Bool = true, dtype: DType = .float32
    ) {
        super.init(.lstm, inputSize, hiddenSize, bias, dtype)
    }

    /// The state after `x`, [batch, input] or [input], from the state (h, c), zeros unless given.
    ///
    /// - Errors: `.shape` where sizes or types do not fit.
    public func callAsFunction(_ x: Tensor, _ state: (h: Tensor, c: Tensor)? = nil) -> (
        h: Tensor, c: Tensor
    ) {
        let results = step(x, state?.h, state?.c)
        return (results[0], results[1])
    }
}
