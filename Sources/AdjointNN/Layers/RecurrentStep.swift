import AdjointCore

/// The kinds of recurrent layers: how many gates a step has, and what a step computes.
enum RecurrentKind: Sendable {
    case rnn(Nonlinearity)
    case lstm
    case gru

    /// Rows of the weights in units of the hidden size.
    var gates: Int {
        switch self {
        case .rnn: 1
        case .lstm: 4
        case .gru: 3
        }
    }

    /// The operation that errors name.
    var name: String {
        switch self {
        case .rnn: "rnn"
        case .lstm: "lstm"
        case .gru: "gru"
        }
    }
}

/// The function of a step of `RNN` and `RNNCell`.
public enum Nonlinearity: Sendable, Hashable {
    /// The hyperbolic tangent.
    case tanh
    /// The positive part.
    case relu
}

/// The weights of one direction of one layer, as PyTorch names them: rows are the gates one after
/// the other, input, forget, cell and output for LSTM; reset, update and new for GRU.
struct RecurrentWeights: Sendable {
    /// [gates · hidden, input].
    let inputs: Parameter
    /// [gates · hidden, hidden or projection].
    let hidden: Parameter
    /// [gates · hidden]; nil without bias.
    let inputBias: Parameter?
    let hiddenBias: Parameter?
    /// [projection, hidden]; nil without projection.
    let projection: Parameter?

    /// All start uniform in ±1/√hidden.
    init(
        _ kind: RecurrentKind, _ inputSize: Int, _ hiddenSize: Int, projection: Int, bias: Bool,
        _ dtype: DType
    ) {
        let rows = kind.gates &* hiddenSize
        let bound = Init.bound(fanIn: hiddenSize)
        func make(_ shape: [Int]) -> Parameter { Parameter(Init.uniform(shape, bound, dtype)) }
        inputs = make([rows, inputSize])
        hidden = make([rows, projection > 0 ? projection : hiddenSize])
        inputBias = bias ? make([rows]) : nil
        hiddenBias = bias ? make([rows]) : nil
        self.projection = projection > 0 ? make([projection, hiddenSize]) : nil
    }

    func parts(_ suffix: String) -> [ModulePart] {
        let named = [
            ("weight_ih", inputs), ("weight_hh", hidden), ("bias_ih", inputBias),
            ("bias_hh", hiddenBias), ("weight_hr", projection),
        ]
        return named.compactMap { name, tensor in
            tensor.map { ModulePart(name + suffix, .parameter($0)) }
        }
    }
}

/// One direction of one layer at work. What does not depend on the state is computed for all steps
/// at once: the inputs' share of the gates is one product.
struct RecurrentStep {
    let kind: RecurrentKind
    let weights: RecurrentWeights
    let hiddenSize: Int
    /// hidden ᵀ, shared by all steps.
    private let hiddenT: Tensor

    init(_ kind: RecurrentKind, _ weights: RecurrentWeights, hiddenSize: Int) {
        self.kind = kind
        self.weights = weights
        self.hiddenSize = hiddenSize
        hiddenT = weights.hidden.t()
    }

    /// The inputs' share of the gates: [..., input] gives [..., gates · hidden]. Both biases are in
    /// it, but for GRU, whose reset gate acts on the second.
    func inputGates(_ x: Tensor) -> Tensor {
        if case .gru = kind { return linear(x, weights.inputs, weights.inputBias) }
        var bias: Tensor?
        if let a = weights.inputBias, let b = weights.hiddenBias { bias = a + b }
        return linear(x, weights.inputs, bias)
    }

    /// All steps in one operation, where there is one for them: LSTM without projection.
    func walk(_ gates: Tensor, _ h: Tensor, _ c: Tensor?, isReversed: Bool)
        -> (output: Tensor, h: Tensor, c: Tensor)?
    {
        guard case .lstm = kind, weights.projection == nil, let c else { return nil }
        return lstmWalk(gates, weights.hidden, h, c, isReversed: isReversed)
    }

    /// The next state, from the inputs' share of the gates, [batch, gates · hidden], and the state:
    /// h is [batch, hidden or projection], c is [batch, hidden] for LSTM.
    func next(_ gates: Tensor, _ h: Tensor, _ c: Tensor?) -> (h: Tensor, c: Tensor?) {
        let n = hiddenSize
        switch kind {
        case .rnn(let nonlinearity):
            let sum = gates + h.matmul(hiddenT)
            return (nonlinearity == .tanh ? sum.tanh() : sum.relu(), nil)
        case .lstm:
            // i f g o: the sigmoid of i and f is one call.
            let parts = (gates + h.matmul(hiddenT)).split([2 &* n, n, n], dim: 1)
            let inputForget = parts[0].sigmoid().split([n, n], dim: 1)
            let kept = inputForget[1] * (c ?? h)
            let cell = kept + inputForget[0] * parts[1].tanh()
            let out = parts[2].sigmoid() * cell.tanh()
            return (weights.projection.map { linear(out, $0) } ?? out, cell)
        case .gru:
            let own = linear(h, weights.hidden, weights.hiddenBias).split([2 &* n, n], dim: 1)
            let given = gates.split([2 &* n, n], dim: 1)
            let resetUpdate = (given[0] + own[0]).sigmoid().split([n, n], dim: 1)
            let new = (given[1] + resetUpdate[0] * own[1]).tanh()
            return (new + resetUpdate[1] * (h - new), nil)
        }
    }
}
