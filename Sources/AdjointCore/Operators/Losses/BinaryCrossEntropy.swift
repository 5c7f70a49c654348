/// -(t log x + (1 - t) log(1 - x)), element by element, for probabilities x; logarithms are not
/// taken below -100.
struct BinaryCrossEntropy: BinaryPointwiseOp {
    static let info = OpInfo(
        "binaryCrossEntropy", family: .composite, formula: "-(t log x + (1 - t) log(1 - x))",
        derivative: "(x - t) / (x (1 - x)), log(1 - x) - log x",
        torch: "torch.nn.functional.binary_cross_entropy", dtypes: .floating)
    static var samples: [Sample] {
        Sample.binary(BinaryCrossEntropy(), .uniform(0.1, 0.9), .uniform(0.1, 0.9))
    }

    func value<T: Real>(_ x: T, _ t: T) -> T {
        let (p, q) = (T.log(x), T.log1p(-x))
        return (t - 1) * (q < -100 ? -100 : q) - t * (p < -100 ? -100 : p)
    }

    func derivative(wrt i: Int, _ saved: Saved) -> Tensor {
        let (x, t) = saved.pair
        if i == 1 { return (-x).log1p() - x.log() }
        let variance = x * (1 - x)
        return (x - t) / Tensor.where(variance .< 1e-12, 1e-12, variance)
    }
}

/// The binary cross entropy of probabilities `x` against targets between 0 and 1.
///
/// - Parameters:
///   - x: Probabilities, 0...1.
///   - target: What the probabilities should be, 0...1, of the same shape.
///   - weight: A factor for each element, broadcast.
///   - reduction: The mean, the sum, or the losses as they are.
public func binaryCrossEntropy(
    _ x: Tensor, _ target: Tensor, weight: Tensor? = nil, reduction: Reduction = .mean
) -> Tensor {
    let losses = apply(BinaryCrossEntropy(), Operands(x, target))
    return reduction(weight.map { losses * $0 } ?? losses)
}

/// The binary cross entropy of sigmoid(`logits`) against targets between 0 and 1, without overflow.
///
/// - Parameters:
///   - logits: Scores of any size.
///   - target: What the probabilities should be, 0...1, of the same shape.
///   - weight: A factor for each element, broadcast.
///   - posWeight: A factor for the part of the positive targets, broadcast.
///   - reduction: The mean, the sum, or the losses as they are.
public func binaryCrossEntropyWithLogits(
    _ logits: Tensor, _ target: Tensor, weight: Tensor? = nil, posWeight: Tensor? = nil,
    reduction: Reduction = .mean
) -> Tensor {
    let (logits, target) = (logits.unhalved, target.unhalved)
    var logs = logits.logSigmoid()
    if let posWeight { logs = logs * ((posWeight - 1) * target + 1) }
    let losses = (1 - target) * logits - logs
    return reduction(weight.map { losses * $0 } ?? losses)
}
