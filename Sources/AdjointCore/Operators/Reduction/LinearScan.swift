/// y_i = b_i + a_i y_{i-1} along a dimension, from y_0 = b_0: the recurrence behind the derivatives
/// of running products. No division, so zeros are harmless. Inputs are (b, a).
///
/// With c the gradient of y, that of b is the same recurrence run backwards,
/// b̄_i = c_i + a_{i+1} b̄_{i+1}, and ā_i = b̄_i y_{i-1}.
struct LinearScan: Operator {
    static let info = OpInfo(
        "linearScan", family: .reduction, formula: "yᵢ = bᵢ + aᵢ yᵢ₋₁",
        derivative: "b̄ᵢ = cᵢ + aᵢ₊₁ b̄ᵢ₊₁, b̄ᵢ yᵢ₋₁", torch: "", dtypes: .floating)
    let dim: Int
    /// True where i counts from the end of the dimension.
    let reversed: Bool

    init(dim: Int, reversed: Bool = false) {
        self.dim = dim
        self.reversed = reversed
    }

    func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(1) ? [.second, .output] : .second
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (b, a) = (inputs.first, inputs.second!)
        try check(b.dtype)
        _ = try Dim.resolve(dim, b.ndim)
        if b.ndim == 0 || b.sizes != a.sizes || b.dtype != a.dtype {
            throw TensorError(
                .shape,
                "addends and factors have one shape, of at least one dimension, and one dtype; "
                    + "these are \(b.shape) \(b.dtype) and \(a.shape) \(a.dtype)")
        }
        return b.spec
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let i = try Dim.resolve(dim, output.ndim)
        try CPU.linearScan(inputs.first, inputs.second!, dim: i, reversed: reversed, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        let next = saved[1].shifted(reversed ? 1 : -1, dim: dim, fill: 0)
        let addend = apply(
            LinearScan(dim: dim, reversed: !reversed), Operands(cotangent, next))
        return i == 0 ? addend : addend * before(saved.output)
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        Chain.sum(tangents.a, tangents.b.map { $0 * before(saved.output) })
            .map { apply(self, Operands($0, saved[1])) }
    }

    private func before(_ y: Tensor) -> Tensor {
        y.shifted(reversed ? -1 : 1, dim: dim, fill: 0)
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        try inputs.along(dim) { apply(LinearScan(dim: $1, reversed: reversed), $0) }
    }

    static var samples: [Sample] {
        [
            Sample(LinearScan(dim: 0), .init([3, 2]), .init([3, 2])),
            Sample(LinearScan(dim: -1, reversed: true), .init([2, 3]), .init([2, 3])),
            Sample(LinearScan(dim: 0), .init([1]), .init([1])),
        ]
    }
}

extension Tensor {
    /// Every element one position on along `dim` (or back, for -1); `fill` comes in at the end
    /// that is left free. Not for 0-dimensional or empty tensors.
    func shifted(_ by: Int, dim: Int, fill: Double) -> Tensor {
        let i = dim < 0 ? dim + ndim : dim
        var edge = shape
        edge[i] = 1
        let filling = Tensor.full(edge, fill, dtype: dtype, device: device)
        let rest = narrow(dim: i, start: by > 0 ? 0 : 1, length: sizes[i] - 1)
        return Tensor.cat(by > 0 ? [filling, rest] : [rest, filling], dim: i)
    }
}
