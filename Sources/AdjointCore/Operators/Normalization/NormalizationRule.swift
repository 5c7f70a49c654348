/// What layer and batch normalisation have in common: y = x̂ γ + β with x̂ = (x - mean) rstd, over
/// some axes. Operands are x, γ, β, of which the last ones may be missing.
///
/// The derivative of x̂ is its own transpose: v ↦ rstd (v - mean(v) - x̂ mean(v x̂)). Where nothing
/// will be differentiated again the backward pass is one kernel; otherwise it is that formula in
/// public operations.
protocol NormalizationRule: MultiOperator, Hashable {
    var eps: Double { get }
    /// The dimensions that statistics are taken over.
    func axes(_ sizes: Dims) -> [Int]
    func sizes(_ sizes: Dims) -> NormalizationSizes
    /// γ or β in a shape that broadcasts over x.
    func spread(_ parameter: Tensor, over sizes: Dims) -> Tensor
    /// Which results hold the mean and rstd.
    static var statistics: (mean: Int, rstd: Int) { get }
}

extension NormalizationRule {
    static func isDifferentiable(output: Int) -> Bool { output == 0 }

    func saves(for wanted: InputSet) -> SavedSet {
        if !wanted.contains(0) && !wanted.contains(1) { return .none }
        let results: SavedSet = [.output(Self.statistics.mean), .output(Self.statistics.rstd)]
        return wanted.contains(0) ? results.union(.inputs) : results.union(.input)
    }

    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        guard let cotangent = cotangents.a else { return TensorSlots() }
        let (x, scale) = (saved.kept(0), saved.kept(1))
        let flags = Operands([cotangent] + [x, scale].compactMap { $0 }).flags
        if let x, !Mode.current.records, flags.isDisjoint(with: [.dual, .batched]) {
            return fused(cotangent, wanted, x, scale, saved)
        }
        var gradients = TensorSlots()
        if let x {
            let (normal, rstd) = standardized(x)
            if wanted.contains(0) {
                let flow = scale.map { cotangent * spread($0, over: x.sizes) } ?? cotangent
                gradients[0] = derivative(flow, normal, rstd)
            }
            if wanted.contains(1) { gradients[1] = gathered(cotangent * normal) }
        }
        if wanted.contains(2) { gradients[2] = gathered(cotangent) }
        return gradients
    }

    private func fused(
        _ cotangent: Tensor, _ wanted: InputSet, _ x: Tensor, _ scale: Tensor?, _ saved: Saved
    ) -> TensorSlots {
        let op = NormalizationGradient(
            rule: self, wanted: (0..<3).map { wanted.contains($0) },
            parameterSizes: parameterSizes(x.sizes))
        let (mean, rstd) = (
            saved.output(Self.statistics.mean), saved.output(Self.statistics.rstd)
        )
        var found = apply(op, Operands([cotangent, x, mean, rstd] + (scale.map { [$0] } ?? [])))[
            ...]
        var gradients = TensorSlots()
        for i in 0..<3 where op.wanted[i] { gradients[i] = found.popFirst() }
        return gradients
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        let x = inputs.first
        let (normal, rstd) = standardized(x)
        var sum = tangents.a.map { derivative($0, normal, rstd) }
        if let scale = inputs.second { sum = sum.map { $0 * spread(scale, over: x.sizes) } }
        sum = Chain.sum(sum, tangents.b.map { normal * spread($0, over: x.sizes) })
        return TensorSlots(Chain.sum(sum, tangents.c.map { spread($0, over: x.sizes) }))
    }

    /// x̂ and rstd in public operations.
    private func standardized(_ x: Tensor) -> (normal: Tensor, rstd: Tensor) {
        let axes = axes(x.sizes)
        let centred = x - x.mean(dim: axes, keepDim: true)
        let rstd = ((centred * centred).mean(dim: axes, keepDim: true) + eps).rsqrt()
        return (centred * rstd, rstd)
    }

    private func derivative(_ v: Tensor, _ normal: Tensor, _ rstd: Tensor) -> Tensor {
        let axes = axes(normal.sizes)
        let moment = (v * normal).mean(dim: axes, keepDim: true)
        return rstd * (v - v.mean(dim: axes, keepDim: true) - normal * moment)
    }

    /// The gradient of γ or β from one at every element of x.
    private func gathered(_ gradient: Tensor) -> Tensor {
        // The engine sums over what was broadcast; channels lie in the middle.
        if case .rows = sizes(gradient.sizes) { return gradient }
        return gradient.sum(dim: axes(gradient.sizes))
    }

    func parameterSizes(_ sizes: Dims) -> Dims {
        if case .channels = self.sizes(sizes) { return [sizes[1]] }
        return Dims(axes(sizes).map { sizes[$0] })
    }

    /// The dtype of the statistics.
    func statisticsType(_ x: Tensor) -> DType { x.dtype.computeType }

    func checkParameters(_ inputs: Operands, _ sizes: Dims) throws(TensorError) {
        for (i, parameter) in inputs.enumerated().dropFirst() {
            if parameter.sizes != sizes {
                throw TensorError(
                    .shape,
                    "expected a \(i == 1 ? "weight" : "bias") of shape \(sizes) for an input of "
                        + "shape \(inputs.first.shape), but got \(parameter.shape)")
            }
            if !parameter.dtype.isFloatingPoint {
                throw TensorError(
                    .dtype, "weight and bias must be floating-point, not \(parameter.dtype)")
            }
        }
    }
}

/// The wanted gradients of a normalisation in one kernel.
struct NormalizationGradient<Rule: NormalizationRule>: MultiOperator {
    static var info: OpInfo {
        OpInfo("\(Rule.info.name)Gradient", family: .normalization, formula: "", dtypes: .floating)
    }
    static var differentiability: Differentiability { .missing }
    static var samples: [Sample] { [] }
    let rule: Rule
    let wanted: [Bool]
    let parameterSizes: Dims

    func saves(for wanted: InputSet) -> SavedSet { .none }

    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs[1]
        let scaleType = inputs.count > 4 ? inputs[4].dtype : x.dtype
        var specs: [TensorSpec] = []
        if wanted[0] { specs.append(TensorSpec(x.sizes, x.dtype)) }
        if wanted[1] { specs.append(TensorSpec(parameterSizes, scaleType)) }
        if wanted[2] { specs.append(TensorSpec(parameterSizes, scaleType)) }
        return specs
    }

    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        var rest = outputs[...]
        let targets = wanted.map { $0 ? rest.popFirst() : nil }
        try CPU.normalizeGradient(
            inputs[0], inputs[1], inputs.count > 4 ? inputs[4] : nil, mean: inputs[2],
            rstd: inputs[3], rule.sizes(inputs[1].sizes), into: targets[0], targets[1], targets[2])
    }

    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        TensorSlots()
    }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        TensorSlots()
    }
}
