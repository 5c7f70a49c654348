/// Each channel of [batch, channels, ...] scaled to mean 0 and variance 1 over the batch and the
/// other dimensions. Results: y, the mean, the biased variance, 1/√(variance + eps).
struct BatchNormalization: NormalizationRule {
    static let info = OpInfo(
        "batchNorm", family: .normalization, formula: "(x - mean) / √(var + ε) · γ + β",
        derivative: "rstd (v - mean v - x̂ mean(v x̂)), v = ȳ γ; Σ ȳ x̂; Σ ȳ",
        torch: "torch.nn.functional.batch_norm", dtypes: .floating, results: 4)
    static let statistics = (mean: 1, rstd: 3)
    let eps: Double

    func axes(_ sizes: Dims) -> [Int] { sizes.indices.filter { $0 != 1 } }

    func sizes(_ sizes: Dims) -> NormalizationSizes {
        .channels(batch: sizes[0], sizes[1], spatial: sizes.dropFirst(2).reduce(1, &*))
    }

    func spread(_ parameter: Tensor, over sizes: Dims) -> Tensor {
        parameter.reshape([-1] + [Int](repeating: 1, count: sizes.count - 2))
    }

    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        try check(x.dtype)
        if x.ndim < 2 {
            throw TensorError(
                .shape, "expected an input of shape [batch, channels, ...], but got \(x.shape)")
        }
        try checkParameters(inputs, [x.sizes[1]])
        let statistics = TensorSpec([x.sizes[1]], statisticsType(x))
        return [x.spec, statistics, statistics, statistics]
    }

    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.normalize(
            inputs.first, inputs.second, inputs.third, sizes(inputs.first.sizes), eps: eps,
            into: outputs[0], mean: outputs[1], rstd: outputs[3], variance: outputs[2])
        if inputs.first.numel == 0 {
            for statistics in outputs.dropFirst() { CPU.fill(statistics, .float(.nan)) }
        }
    }

    // The channels of all samples side by side.
    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        let parameters = (1..<inputs.count).map { inputs.whole($0).flatten() }
        let results = apply(self, Operands([inputs.whole(0).joiningChannels()] + parameters))
        return results.enumerated().map { i, result in
            i == 0 ? result.splittingChannels(inputs.size) : result.reshape([inputs.size, -1])
        }
    }

    static var samples: [Sample] {
        let op = BatchNormalization(eps: 1e-5)
        return [
            Sample(op, .init([3, 2, 2, 2]), .init([2]), .init([2])),
            Sample(op, .init([4, 3]), .init([3])), Sample(op, .init([2, 2, 3])),
        ]
    }
}

/// Scales each channel of `x`, [batch, channels, ...], to mean 0 and variance 1, then by `weight`,
/// and adds `bias`. Same as `torch.nn.functional.batch_norm`.
///
/// - Parameters:
///   - x: [batch, channels, ...].
///   - runningMean: The running mean, [channels]. In training it moves towards the batch's mean,
///     where it is given; in evaluation it is used in its place.
///   - runningVar: The running variance, [channels]. In training it moves towards the batch's
///     unbiased variance.
///   - weight: The scale of each channel, [channels]; 1 if nil.
///   - bias: The shift of each channel, [channels]; 0 if nil.
///   - training: Whether the batch's statistics count, and not the running ones.
///   - momentum: The weight of this batch in them.
///   - eps: Added to the variance.
/// - Errors: `.shape` where sizes do not fit, and in training for one number a channel;
///   `.argument` in evaluation without statistics.
public func batchNorm(
    _ x: Tensor, runningMean: Tensor?, runningVar: Tensor?, weight: Tensor? = nil,
    bias: Tensor? = nil, training: Bool = false, momentum: Double = 0.1, eps: Double = 1e-5
) -> Tensor {
    func refuse(_ kind: TensorError.Kind, _ message: String) -> Tensor {
        Failure.poison(TensorError(kind, message, operation: "batchNorm"), like: x.sizes, x.dtype)
    }
    if x.isPoisoned { return x }
    if x.shape == [0] {
        // PyTorch takes an empty vector for no batch of no channels.
        return batchNorm(
            x.unsqueeze(0), runningMean: runningMean, runningVar: runningVar, weight: weight,
            bias: bias, training: training, momentum: momentum, eps: eps
        ).squeeze(0)
    }
    let op = BatchNormalization(eps: eps)
    guard x.ndim >= 2 else {
        return refuse(
            .shape, "expected an input of shape [batch, channels, ...], but got \(x.shape)")
    }
    let channels = x.shape[1]
    for statistics in [runningMean, runningVar] {
        if let statistics, statistics.shape != [channels] {
            return refuse(
                .shape,
                "expected running statistics of shape [\(channels)] for an input of shape "
                    + "\(x.shape), but got \(statistics.shape)")
        }
    }
    func column(_ t: Tensor) -> Tensor { op.spread(t, over: x.sizes) }
    if !training {
        guard let runningMean, let runningVar else {
            return refuse(.argument, "evaluation needs runningMean and runningVar")
        }
        // One factor and one summand for each channel.
        var scale = (runningVar.detach() + eps).rsqrt()
        if let weight { scale = scale * weight }
        var shift = -(runningMean.detach() * scale)
        if let bias { shift = shift + bias }
        return x * column(scale) + column(shift)
    }
    let count = x.numel / Swift.max(channels, 1)
    if count == 1 {
        return refuse(
            .shape,
            "expected more than 1 value per channel when training, but got an input of shape "
                + "\(x.shape)")
    }
    let (y, results) = normalized(op, x, weight, bias, column)
    if results.count == 4, !y.isPoisoned, count > 0 {
        let unbiased = Double(count) / Double(count - 1)
        noGrad {
            for (running, batch, factor) in [
                (runningMean, results[1], momentum), (runningVar, results[2], momentum * unbiased),
            ] {
                guard let running else { continue }
                running.mul_(1 - momentum).add_(batch.detach() * factor)
            }
        }
    }
    return y
}
