public import AdjointCore

/// What RNN, LSTM and GRU share: weights by layer and direction, and the walk over the steps.
public class RecurrentLayer: Module, @unchecked Sendable {
    /// The width of each step's input.
    public final let inputSize: Int
    /// The width of the state.
    public final let hiddenSize: Int
    /// How many layers stand on each other.
    public final let numLayers: Int
    /// Whether sequences are [batch, length, input] rather than [length, batch, input].
    public final let batchFirst: Bool
    /// The probability with which an output of a layer but the last becomes 0 in training.
    public final let dropout: Double
    /// Whether a second walk goes from the last step to the first, its output beside the other's.
    public final let bidirectional: Bool
    /// The size of the output of an LSTM with projections (Sak, Senior and Beaufays, 2014), else 0.
    public final let projSize: Int
    private let kind: RecurrentKind
    /// Layer by layer, forward before backward.
    private let weights: [RecurrentWeights]
    private let optionError: TensorError?

    fileprivate init(
        _ kind: RecurrentKind, _ inputSize: Int, _ hiddenSize: Int, numLayers: Int, bias: Bool,
        batchFirst: Bool, dropout: Double, bidirectional: Bool, projSize: Int, dtype: DType
    ) {
        self.kind = kind
        self.inputSize = inputSize
        self.hiddenSize = hiddenSize
        self.numLayers = numLayers
        self.batchFirst = batchFirst
        self.dropout = dropout
        self.bidirectional = bidirectional
        self.projSize = projSize
        let ways = bidirectional ? 2 : 1
        optionError =
            hiddenSize < 1 || inputSize < 0 || numLayers < 1 || numLayers > 1 << 16 || projSize < 0
                || projSize >= hiddenSize || !(0...1).contains(dropout)
            ? TensorError(
                .argument,
                "expected sizes above 0, at most 65,536 layers, a projSize below hiddenSize and a dropout between 0 and "
                    + "1, but got inputSize \(inputSize), hiddenSize \(hiddenSize), numLayers "
                    + "\(numLayers), projSize \(projSize) and dropout \(dropout)",
                operation: kind.name) : nil
        if let optionError {
            Failure.raise(optionError)
            weights = []
            return
        }
        let width = ways &* (projSize > 0 ? projSize : hiddenSize)
        weights = (0..<numLayers * ways).map { i in
            RecurrentWeights(
                kind, i < ways ? inputSize : width, hiddenSize, projection: projSize, bias: bias,
                dtype)
        }
    }

    public final var parts: [ModulePart] {
        let ways = bidirectional ? 2 : 1
        return weights.enumerated().flatMap { i, weights in
            weights.parts("_l\(i / ways)" + (i % ways == 1 ? "_reverse" : ""))
        }
    }

    /// The outputs of the last layer, and the last states of all: h of
    /// [layers · directions, batch, output], and c for LSTM.
    fileprivate final func run(_ x: Tensor, _ h: Tensor?, _ c: Tensor?) -> [Tensor] {
        let inputs = [x] + [h, c].compactMap { $0 }
        return callWithHooks(inputs) { inputs in
            do throws(TensorError) {
                if let optionError { throw optionError }
                return try walk(
                    inputs[0], inputs.count > 1 ? inputs[1] : nil,
                    inputs.count > 2 ? inputs[2] : nil)
            } catch {
                let none = Failure.poison(
                    TensorError(error.kind, error.message, operation: kind.name))
                return isLSTM ? [none, none, none] : [none, none]
            }
        }
    }

    private var isLSTM: Bool { if case .lstm = kind { true } else { false } }

    private func walk(_ given: Tensor, _ h: Tensor?, _ c: Tensor?) throws(TensorError) -> [Tensor] {
        if given.isPoisoned || h?.isPoisoned == true || c?.isPoisoned == true {
            return [Tensor](repeating: given.isPoisoned ? given : h ?? given, count: isLSTM ? 3 : 2)
        }
        guard given.ndim == 2 || given.ndim == 3, given.shape.last == inputSize else {
            throw TensorError(
                .shape,
                "expected a sequence of \(inputSize) numbers a step, [length, \(inputSize)] or "
                    + "with a batch, but got shape \(given.shape)")
        }
        let isSample = given.ndim == 2
        var x = isSample ? given.unsqueeze(1) : batchFirst ? given.transpose(0, 1) : given
        let batch = x.shape[1]
        if x.shape[0] == 0 { throw TensorError(.shape, "a sequence needs at least one step") }
        let width = projSize > 0 ? projSize : hiddenSize
        let states = try state(h, "h", width, batch, isSample, x)
        let cells = isLSTM ? try state(c, "c", hiddenSize, batch, isSample, x) : []

        var (lastH, lastC): ([Tensor], [Tensor]) = ([], [])
        let ways = bidirectional ? 2 : 1
        for layer in 0..<numLayers {
            var outputs: [Tensor] = []
            for way in 0..<ways {
                let i = layer * ways + way
                let step = RecurrentStep(kind, weights[i], hiddenSize: hiddenSize)
                let gates = step.inputGates(x)
                var (h, c) = (states[i], isLSTM ? cells[i] : nil)
                if let walk = step.walk(gates, h, c, isReversed: way == 1) {
                    outputs.append(walk.output)
                    (h, c) = (walk.h, walk.c)
                } else {
                    let given = gates.unbind(dim: 0)
                    var steps = [Tensor](repeating: h, count: given.count)
                    for t in way == 0 ? Array(given.indices) : given.indices.reversed() {
                        (h, c) = step.next(given[t], h, c)
                        steps[t] = h
                    }
                    outputs.append(Tensor.stack(steps, dim: 0))
                }
                lastH.append(h)
                if let c { lastC.append(c) }
            }
            x = ways == 1 ? outputs[0] : Tensor.cat(outputs, dim: 2)
            if layer < numLayers - 1 {
                x = AdjointCore.dropout(x, p: dropout, training: isTraining)
            }
        }
        func joined(_ states: [Tensor]) -> Tensor {
            isSample ? Tensor.cat(states, dim: 0) : Tensor.stack(states, dim: 0)
        }
        let output = isSample ? x.squeeze(1) : batchFirst ? x.transpose(0, 1) : x
        return isLSTM ? [output, joined(lastH), joined(lastC)] : [output, joined(lastH)]
    }

    /// The first state of each layer and direction, [batch, size]; zeros where none is given.
    private func state(
        _ given: Tensor?, _ name: String, _ size: Int, _ batch: Int, _ isSample: Bool, _ x: Tensor
    ) throws(TensorError) -> [Tensor] {
        guard let given else {
            let zeros = Tensor.zeros([batch, size], dtype: x.dtype, device: x.device)
            return [Tensor](repeating: zeros, count: weights.count)
        }
        let wanted = isSample ? [weights.count, size] : [weights.count, batch, size]
        if given.shape != wanted {
            throw TensorError(
                .shape,
                "expected a state \(name) of shape \(wanted), but got \(given.shape)")
        }
        if given.dtype != x.dtype {
            throw TensorError(
                .dtype,
                "the state \(name) is \(given.dtype) and the input \(x.dtype); convert one with "
                    + "to(_:)")
        }
        return (isSample ? given.unsqueeze(1) : given).unbind(dim: 0)
    }
}

/// Steps h' = tanh(W x + b + V h + c), or relu, over sequences (Elman, 1990).
public final class RNN: RecurrentLayer, @unchecked Sendable {
    /// Weights start uniform in ±1/√hidden; their names are PyTorch's, such as "weight_ih_l0".
    public init(
        _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1,
        nonlinearity: Nonlinearity = .tanh, bias: Bool = true, batchFirst: Bool = false,
        dropout: Double = 0, bidirectional: Bool = false, dtype: DType = .float32
    ) {
        super.init(
            .rnn(nonlinearity), inputSize, hiddenSize, numLayers: numLayers, bias: bias,
            batchFirst: batchFirst, dropout: dropout, bidirectional: bidirectional, projSize: 0,
            dtype: dtype)
    }

    /// Runs over [length, batch, input] (or batch first, or without a batch) from the state h,
    /// [layers · directions, batch, hidden], zeros unless given.
    ///
    /// - Returns: The last layer's output at each step, directions side by side; the last states.
    /// - Errors: `.shape` where sizes do not fit or there is no step, `.dtype` where types differ.
    public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> (output: Tensor, h: Tensor) {
        let results = run(x, h, nil)
        return (results[0], results[1])
    }
}

/// Gated recurrent units over sequences: with reset r and update z, sigmoids of W x + b + V h + c,
/// n = tanh(W x + b + r (V h + c)) and h' = (1 - z) n + z h (Cho et al., 2014).
public final class GRU: RecurrentLayer, @unchecked Sendable {
    /// Weights start uniform in ±1/√hidden; their names are PyTorch's, such as "weight_ih_l0".
    public init(
        _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true,
        batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false,
        dtype: DType = .float32
    ) {
        super.init(
            .gru, inputSize, hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
            dropout: dropout, bidirectional: bidirectional, projSize: 0, dtype: dtype)
    }

    /// As `RNN`.
    public func callAsFunction(_ x: Tensor, _ h: Tensor? = nil) -> (output: Tensor, h: Tensor) {
        let results = run(x, h, nil)
        return (results[0], results[1])
    }
}

/// Long short-term memory over sequences: with gates i, f, o, sigmoids of W x + b + V h + c, and
/// g = tanh of the same, c' = f c + i g and h' = o tanh(c') (Hochreiter and Schmidhuber, 1997).
public final class LSTM: RecurrentLayer, @unchecked Sendable {
    /// Weights start uniform in ±1/√hidden; their names are PyTorch's, such as "weight_ih_l0".
    ///
    /// - Parameters:
    ///   - inputSize: The width of each step's input.
    ///   - hiddenSize: The width of the state.
    ///   - numLayers: How many layers stand on each other.
    ///   - bias: Whether the steps add one.
    ///   - batchFirst: Whether sequences are [batch, length, width] rather than [length, batch,
    ///     width].
    ///   - dropout: The probability with which an output of a layer but the last becomes 0 in
    ///     training.
    ///   - bidirectional: Whether a second walk goes from the last step to the first.
    ///   - projSize: Where above 0, h is a learnt projection to so many numbers.
    ///   - dtype: The type of the parameters.
    public init(
        _ inputSize: Int, _ hiddenSize: Int, numLayers: Int = 1, bias: Bool = true,
        batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false,
        projSize: Int = 0, dtype: DType = .float32
    ) {
        super.init(
            .lstm, inputSize, hiddenSize, numLayers: numLayers, bias: bias, batchFirst: batchFirst,
            dropout: dropout, bidirectional: bidirectional, projSize: projSize, dtype: dtype)
    }

    /// Runs over [length, batch, input] (or batch first, or without a batch) from the state (h, c),
    /// [layers · directions, batch, output] and [layers · directions, batch, hidden], zeros unless
    /// given.
    ///
    /// - Returns: The last layer's output at each step, directions side by side; the last states.
    /// - Errors: `.shape` where sizes do not fit or there is no step, `.dtype` where types differ.
    public func callAsFunction(_ x: Tensor, _ state: (h: Tensor, c: Tensor)? = nil) -> (
        output: Tensor, state: (h: Tensor, c: Tensor)
    ) {
        let results = run(x, state?.h, state?.c)
        return (results[0], (results[1], results[2]))
    }
}
