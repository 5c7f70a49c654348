/// The last dimensions, `normalized` of them, scaled to mean 0 and variance 1.
struct LayerNormalization: NormalizationRule {
    static let info = OpInfo(
        "layerNorm", family: .normalization, formula: "(x - mean) / √(var + ε) · γ + β",
        derivative: "rstd (v - mean v - x̂ mean(v x̂)), v = ȳ γ; Σ ȳ x̂; Σ ȳ",
        torch: "torch.nn.functional.layer_norm", dtypes: .floating, results: 3)
    static let statistics = (mean: 1, rstd: 2)
    let normalized: Int
    let eps: Double

    func axes(_ sizes: Dims) -> [Int] { Array((sizes.count - normalized)..<sizes.count) }

    func sizes(_ sizes: Dims) -> NormalizationSizes {
        let width = sizes.suffix(normalized).reduce(1, &*)
        return .rows(sizes.dropLast(normalized).reduce(1, &*), width: width)
    }

    func spread(_ parameter: Tensor, over sizes: Dims) -> Tensor { parameter }

    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        try check(x.dtype)
        if normalized < 1 || normalized > x.ndim {
            throw TensorError(
                .shape, "cannot normalise \(normalized) dimensions of an input of shape \(x.shape)")
        }
        try checkParameters(inputs, parameterSizes(x.sizes))
        let rows = Dims(Array(x.sizes.dropLast(normalized)))
        let statistics = TensorSpec(rows, statisticsType(x))
        return [x.spec, statistics, statistics]
    }

    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.normalize(
            inputs.first, inputs.second, inputs.third, sizes(inputs.first.sizes), eps: eps,
            into: outputs[0], mean: outputs[1], rstd: outputs[2], variance: nil)
    }

    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        let shared = (1..<inputs.count).allSatisfy { !inputs.isBatched($0) }
        if shared, inputs.isBatched(0) {
            return apply(self, Operands((0..<inputs.count).map { inputs[$0] }))
        }
        var results = apply(self, Operands(inputs.whole(0)))
        if results.count != 3 { return results }
        let rank = inputs.rank(0)
        if inputs.count > 1 { results[0] = results[0] * inputs.padded(1, to: rank) }
        if inputs.count > 2 { results[0] = results[0] + inputs.padded(2, to: rank) }
        return results
    }

    static var samples: [Sample] {
        let one = LayerNormalization(normalized: 1, eps: 1e-5)
        let two = LayerNormalization(normalized: 2, eps: 1e-3)
        return [
            Sample(one, .init([3, 4]), .init([4]), .init([4])),
            Sample(two, .init([2, 3, 4]), .init([3, 4])), Sample(one, .init([5])),
            Sample(one, .init([0, 4]), .init([4]), .init([4])),
        ]
    }
}

/// Scales the last dimensions of `x` to mean 0 and (biased) variance 1, then by `weight`, and adds
/// `bias`. Same as `torch.nn.functional.layer_norm`.
///
/// - Parameters:
///   - x: [..., `normalizedShape`].
///   - normalizedShape: The sizes of those dimensions, and the shape of weight and bias.
///   - weight: The scale of each element; 1 if nil.
///   - bias: The shift of each element; 0 if nil.
///   - eps: Added to the variance.
/// - Errors: `.shape` where `x` does not end in `normalizedShape`, or a parameter differs from it.
public func layerNorm(
    _ x: Tensor, _ normalizedShape: [Int], weight: Tensor? = nil, bias: Tensor? = nil,
    eps: Double = 1e-5
) -> Tensor {
    if !x.isPoisoned,
        normalizedShape.isEmpty || !x.shape.reversed().starts(with: normalizedShape.reversed())
    {
        return Failure.poison(
            TensorError(
                .shape,
                "expected an input whose last sizes are \(normalizedShape), but got shape "
                    + "\(x.shape)", operation: "layerNorm"), like: x.sizes, x.dtype)
    }
    let op = LayerNormalization(normalized: normalizedShape.count, eps: eps)
    return normalized(op, x, weight, bias) { $0 }.y
}

/// Applies a normalisation to the operands that there are; a bias without a weight is added after.
func normalized(
    _ op: some NormalizationRule, _ x: Tensor, _ weight: Tensor?, _ bias: Tensor?,
    _ column: (Tensor) -> Tensor
) -> (y: Tensor, results: [Tensor]) {
    let operands = [x] + (weight.map { [$0] + (bias.map { [$0] } ?? []) } ?? [])
    let results = apply(op, Operands(operands))
    guard let y = results.first else { return (Tensor.poisoned(x.sizes, x.dtype), []) }
    if weight == nil, let bias { return (y + column(bias), results) }
    return (y, results)
}
