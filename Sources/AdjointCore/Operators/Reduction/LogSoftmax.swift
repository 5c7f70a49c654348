/// x - log Σ eˣ along a dimension.
public struct LogSoftmax: Operator {
    public static let info = OpInfo(
        "logSoftmax", family: .reduction, formula: "x - log Σ eˣ", derivative: "g - eʸ Σ g",
        torch: "torch.log_softmax", dtypes: .floating)
    let dim: Int

    init(dim: Int) { self.dim = dim }

    public func saves(for wanted: InputSet) -> SavedSet { .output }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        _ = try Dim.resolve(dim, inputs.first.ndim)
        return inputs.first.spec
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let i = try Dim.resolve(dim, output.ndim)
        try CPU.normalize(inputs.first, dim: i, .logSoftmax, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        apply(LogSoftmaxBackward(dim: dim), Operands(cotangent, saved.output))
    }

    /// ẏ = ẋ - Σ eʸ ẋ
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { t in
            t - (saved.output.exp() * t).sum(dim: dim, keepDim: true)
        }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(LogSoftmax(dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(LogSoftmax(dim: 0), .init([3, 2])), Sample(LogSoftmax(dim: -1), .init([2, 3])),
            Sample(LogSoftmax(dim: 1), .init([2, 3, 2])), Sample(LogSoftmax(dim: 0), .init([])),
            Sample(LogSoftmax(dim: 0), .init([0, 2])),
        ]
    }
}

/// g - eʸ Σ g: the transposed Jacobian of log-softmax at its result y, times g.
struct LogSoftmaxBackward: Operator {
    static let info = OpInfo(
        "logSoftmaxBackward", family: .reduction, formula: "g - eʸ Σ g",
        derivative: "c - Σ eʸ c, -eʸ c Σ g", torch: "", dtypes: .floating)
    let dim: Int

    func saves(for wanted: InputSet) -> SavedSet { wanted.contains(1) ? .inputs : .second }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        try check(inputs[1].dtype)
        try inputs[1].check(sizes: inputs[0].sizes)
        return inputs[1].spec
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let i = try Dim.resolve(dim, output.ndim)
        try CPU.normalizeBackward(inputs.first, inputs.second!, dim: i, .logSoftmax, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let p = saved[1].exp()
        return i == 0
            ? cotangent - row(p * cotangent) : -(p * cotangent * row(saved[0]))
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Chain.sum(
            tangents.a.map { apply(self, Operands($0, saved[1])) },
            tangents.b.map { -(saved[1].exp() * $0 * row(saved[0])) })
    }

    private func row(_ x: Tensor) -> Tensor { x.sum(dim: dim, keepDim: true) }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(LogSoftmaxBackward(dim: $1), $0) }
    }

    static var samples: [Sample] {
        [
            Sample(LogSoftmaxBackward(dim: -1), .init([2, 3]), .init([2, 3])),
            Sample(LogSoftmaxBackward(dim: 0), .init([2, 2]), .init([2, 2])),
        ]
    }
}

extension Tensor {
    /// x - log Σ eˣ along `dim`, without overflow. Same as `torch.log_softmax`.
    ///
    /// - Errors: `.dtype` for integers, unless `dtype` is given; `.index` for a dimension that is
    ///   not there.
    public func logSoftmax(dim: Int, dtype: DType? = nil) -> Tensor {
        apply(LogSoftmax(dim: dim), Operands(dtype.map { to($0) } ?? self))
    }
}
