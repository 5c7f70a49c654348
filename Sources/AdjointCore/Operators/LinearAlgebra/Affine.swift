/// x wᵀ + b for rows x, [rows, in], a weight [out, in] and a bias [out], in one pass: the layer
/// that networks consist of. The bias may be missing.
public struct Affine: Operator {
    public static let info = OpInfo(
        "linear", family: .linearAlgebra, formula: "x wᵀ + b", derivative: "ȳ w, ȳᵀ x, Σ ȳ",
        torch: "torch.nn.functional.linear", dtypes: .floating)
    public static let autocast = AutocastRule.half

    public func saves(for wanted: InputSet) -> SavedSet { .factors(wanted) }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, w) = (inputs.first, inputs.second!)
        for other in inputs where other.dtype != x.dtype {
            throw TensorError(
                .dtype,
                "expected input, weight and bias of one dtype, but got \(x.dtype) and "
                    + "\(other.dtype); convert one with to(_:)")
        }
        try check(x.dtype)
        if x.ndim != 2 || w.ndim != 2 {
            throw TensorError(
                .shape,
                "expected rows [n, in] and a weight [out, in], but got shapes \(x.shape) and "
                    + "\(w.shape)")
        }
        if x.sizes[1] != w.sizes[1] {
            throw TensorError(
                .shape,
                "a weight of shape \(w.shape) takes rows of \(w.sizes[1]) numbers, but the input "
                    + "has rows of \(x.sizes[1])")
        }
        if let b = inputs.third, b.sizes != [w.sizes[0]] {
            throw TensorError(
                .shape,
                "expected a bias of shape [\(w.sizes[0])] for a weight of shape \(w.shape), but "
                    + "got \(b.shape)")
        }
        return TensorSpec([x.sizes[0], w.sizes[0]], x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.affine(inputs.first, inputs.second!, inputs.third, into: output)
    }

    public func multiplyAdds(_ inputs: [Tensor], _ outputs: [Tensor]) -> Int {
        outputs[0].numel &* inputs[0].shape[1]
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        switch i {
        case 0: cotangent.matmul(saved[1])
        case 1: cotangent.mT.matmul(saved[0])
        default: cotangent.sum(dim: 0)
        }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let (x, w) = (inputs.first, inputs.second!)
        var sum = tangents.a.map { apply(Affine(), Operands($0, w)) }
        sum = Chain.sum(sum, tangents.b.map { apply(Affine(), Operands(x, $0)) })
        return Chain.sum(sum, tangents.c)
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let (x, w) = (inputs[0], inputs[1])
        let bias = inputs.count > 2 ? inputs[2] : nil
        if !inputs.isBatched(1), bias == nil || !inputs.isBatched(2) {
            let flat = x.reshape([x.shape[0] &* x.shape[1], x.shape[2]])
            return apply(self, Operands(flat, w, bias)).reshape([
                x.shape[0], x.shape[1], w.shape[0],
            ])
        }
        let product = x.matmul(w.mT)
        return bias.map { product + (inputs.isBatched(2) ? $0.unsqueeze(1) : $0) } ?? product
    }

    public static var samples: [Sample] {
        [
            Sample(Affine(), .init([3, 4]), .init([2, 4]), .init([2])),
            Sample(Affine(), .init([1, 4]), .init([3, 4])),
            Sample(Affine(), .init([0, 4]), .init([3, 4]), .init([3])),
            Sample(Affine(), .init([2, 0]), .init([3, 0]), .init([3])),
        ]
    }
}

/// `x` times the transpose of `weight`, plus `bias`: x is [..., in], weight [out, in] or [in], bias
/// [out] or [].
///
/// - Errors: `.shape` where the sizes do not fit; `.dtype` where the dtypes differ.
public func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
    if x.ndim == 0 || weight.ndim == 0 || weight.ndim > 2 || x.isPoisoned {
        return x.isPoisoned
            ? x
            : Failure.poison(
                TensorError(
                    .shape,
                    "expected an input of shape [..., in] and a weight of shape [out, in], but "
                        + "got \(x.shape) and \(weight.shape)", operation: "linear"),
                like: x.sizes, x.dtype)
    }
    if weight.ndim == 1 || !x.dtype.isFloatingPoint {
        let product = x.matmul(weight.ndim == 1 ? weight : weight.mT)
        return bias.map { product + $0 } ?? product
    }
    if x.ndim == 2 { return apply(Affine(), Operands(x, weight, bias)) }
    let width = x.shape[x.ndim - 1]
    let lead = Array(x.shape.dropLast())
    let rows = x.reshape([lead.reduce(1, &*), width])
    return apply(Affine(), Operands(rows, weight, bias)).reshape(lead + [weight.shape[0]])
}
