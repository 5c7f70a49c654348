/// The cross entropy of logits [n, classes] against class numbers [n], and the log-softmax of the
/// logits, which is all that its derivative reads beside the targets.
struct CrossEntropy: MultiOperator {
    static let info = OpInfo(
        "crossEntropy", family: .composite, formula: "-Σ log softmax(x)[target] / count",
        derivative: "(softmax x - one-hot) / count",
        torch: "torch.nn.functional.cross_entropy", dtypes: .floating, results: 2)
    let isMean: Bool
    let ignoreIndex: Int

    func saves(for wanted: InputSet) -> SavedSet { [.second, .output(1)] }

    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let (x, targets) = (inputs.first, inputs.second!)
        try check(x.dtype)
        if x.ndim != 2 || targets.sizes != [x.sizes[0]] || !targets.dtype.isInteger {
            throw TensorError(
                .shape,
                "expected logits [n, classes] and class numbers [n], but got \(x.dtype) "
                    + "\(x.shape) and \(targets.dtype) \(targets.shape)")
        }
        return [TensorSpec([], x.dtype), TensorSpec(x.sizes, x.dtype.computeType)]
    }

    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        let (x, targets) = (inputs.first, inputs.second!)
        try CPU.checkClasses(targets, x.sizes[1], ignore: ignoreIndex)
        try CPU.crossEntropy(
            x, targets, ignore: ignoreIndex, isMean: isMean, into: outputs[0], outputs[1])
    }

    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        let (targets, logSoftmax) = (saved[1], saved.output(1))
        var sum: Tensor?
        if let g = cotangents.a {
            let flags = Operands(g, logSoftmax, targets).flags
            if !Mode.current.records, flags.isDisjoint(with: [.dual, .batched]) {
                sum = apply(
                    CrossEntropyGradient(isMean: isMean, ignoreIndex: ignoreIndex),
                    Operands(g, logSoftmax, targets))
            } else {
                let (keep, safe, count) = rows(targets, logSoftmax)
                let classes = Tensor.arange(logSoftmax.shape[1]).to(logSoftmax.device)
                let oneHot = (safe.unsqueeze(1) .== classes).to(logSoftmax.dtype)
                let flow = (g / count) * keep.to(logSoftmax.dtype).unsqueeze(1)
                sum = flow * (logSoftmax.exp() - oneHot)
            }
        }
        // The log-softmax is a result of its own in higher derivatives.
        let through = cotangents.b.map {
            $0 - logSoftmax.exp() * $0.sum(dim: 1, keepDim: true)
        }
        return TensorSlots(Chain.sum(sum, through))
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        guard let tangent = tangents.a else { return TensorSlots() }
        let (targets, logSoftmax) = (saved[1], saved.output(1))
        let mean = (logSoftmax.exp() * tangent).sum(dim: 1, keepDim: true)
        let moved = tangent - mean
        let (keep, safe, count) = rows(targets, logSoftmax)
        let picked = moved.gather(dim: 1, index: safe.unsqueeze(1)).squeeze(1)
        let loss = Tensor.where(keep, -picked, 0).sum() / count
        return TensorSlots([loss, moved])
    }

    /// Which rows count, their classes with 0 for the others, and what the sum is divided by.
    private func rows(_ targets: Tensor, _ like: Tensor)
        -> (keep: Tensor, safe: Tensor, count: Tensor)
    {
        let keep = targets .!= ignoreIndex
        let safe = Tensor.where(keep, targets.to(.int64), 0)
        if !isMean {
            return (keep, safe, Tensor.ones([], dtype: like.dtype, device: like.device))
        }
        // Where every row is ignored the gradient is 0, though the loss is 0 / 0.
        let count = keep.sum().to(like.dtype)
        return (keep, safe, count + (count .== 0).to(like.dtype))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        let (x, targets) = (inputs.whole(0), inputs.whole(1))
        let logs = x.to(x.dtype.computeType).logSoftmax(dim: 2)
        let keep = targets .!= ignoreIndex
        let safe = Tensor.where(keep, targets.to(.int64), 0)
        let picked = logs.gather(dim: 2, index: safe.unsqueeze(2)).squeeze(2)
        let sum = Tensor.where(keep, -picked, 0).sum(dim: 1)
        return [isMean ? sum / keep.sum(dim: 1).to(logs.dtype) : sum, logs]
    }

    static var samples: [Sample] {
        [
            Sample(
                CrossEntropy(isMean: true, ignoreIndex: -100), .init([3, 4]),
                .init([3], .indices(4))),
            Sample(
                CrossEntropy(isMean: false, ignoreIndex: 1), .init([4, 3]), .init([4], .indices(3))),
        ]
    }
}

/// The gradient of `CrossEntropy` in one kernel, where nothing will be differentiated again.
private struct CrossEntropyGradient: Operator {
    static let info = OpInfo(
        "crossEntropyGradient", family: .composite, formula: "g (softmax x - one-hot) / count",
        dtypes: .floating)
    static var differentiability: Differentiability { .missing }
    static var samples: [Sample] { [] }
    let isMean: Bool
    let ignoreIndex: Int

    func saves(for wanted: InputSet) -> SavedSet { .none }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(inputs.second!.sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        // Hooks on saved tensors may give back other classes than there were.
        try CPU.checkClasses(inputs.third!, inputs.second!.sizes[1], ignore: ignoreIndex)
        try CPU.crossEntropyGradient(
            inputs.first, inputs.second!, inputs.third!, ignore: ignoreIndex, isMean: isMean,
            into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? { nil }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? { nil }
}
