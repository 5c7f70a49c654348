/// eˣ / Σ eˣ along a dimension.
public struct Softmax: Operator {
    public static let info = OpInfo(
        "softmax", family: .reduction, formula: "eˣ / Σ eˣ", derivative: "y (g - Σ g y)",
        dtypes: .floating)
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
        try CPU.normalize(inputs.first, dim: i, .softmax, into: output)
    }

    // The Jacobian, diag(y) - y yᵀ, is symmetric: both modes use the same operation.
    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        apply(SoftmaxBackward(dim: dim), Operands(cotangent, saved.output))
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(SoftmaxBackward(dim: dim), Operands($0, saved.output)) }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(Softmax(dim: $1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(Softmax(dim: 0), .init([3, 2])), Sample(Softmax(dim: -1), .init([2, 3])),
            Sample(Softmax(dim: 1), .init([2, 3, 2])), Sample(Softmax(dim: 0), .init([])),
            Sample(Softmax(dim: 0), .init([0, 2])),
        ]
    }
}

/// y (g - Σ g y): the Jacobian of softmax at its result y, times g.
struct SoftmaxBackward: Operator {
    static let info = OpInfo(
        "softmaxBackward", family: .reduction, formula: "y (g - Σ g y)",
        derivative: "y (c - Σ c y), c (g - Σ g y) - g Σ c y", torch: "", dtypes: .floating)
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
        try CPU.normalizeBackward(inputs.first, inputs.second!, dim: i, .softmax, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        if i == 0 { return apply(self, Operands(cotangent, saved[1])) }
        return along(cotangent, saved[0], saved[1])
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Chain.sum(
            tangents.a.map { apply(self, Operands($0, saved[1])) },
            tangents.b.map { t in
                let (g, y) = (saved[0], saved[1])
                return t * (g - row(g * y)) - y * row(g * t)
            })
    }

    /// c (g - Σ g y) - g Σ c y
    private func along(_ c: Tensor, _ g: Tensor, _ y: Tensor) -> Tensor {
        c * (g - row(g * y)) - g * row(c * y)
    }

    private func row(_ x: Tensor) -> Tensor { x.sum(dim: dim, keepDim: true) }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(SoftmaxBackward(dim: $1), $0) }
    }

    static var samples: [Sample] {
        [
            Sample(SoftmaxBackward(dim: -1), .init([2, 3]), .init([2, 3], .uniform(0, 1))),
            Sample(SoftmaxBackward(dim: 0), .init([2, 2]), .init([2, 2], .uniform(0, 1))),
        ]
    }
}

extension Tensor {
    /// eˣ / Σ eˣ along `dim`, without overflow. Same as `torch.softmax`.
    ///
    /// - Errors: `.dtype` for integers, unless `dtype` is given; `.index` for a dimension that is
    ///   not there.
    public func softmax(dim: Int, dtype: DType? = nil) -> Tensor {
        apply(Softmax(dim: dim), Operands(dtype.map { to($0) } ?? self))
    }
}
