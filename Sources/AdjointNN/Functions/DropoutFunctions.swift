public import AdjointCore

/// `dropout` of whole channels of [batch, channels, length], or of [channels, length]. Same as
/// `torch.nn.functional.dropout1d`.
///
/// - Errors: `.shape` for other numbers of dimensions; `.argument` for a `p` outside 0...1.
public func dropout1d(_ x: Tensor, p: Double = 0.5, training: Bool = true) -> Tensor {
    channels("dropout1d", x, 2...3, isSample: x.ndim == 2) {
        dropChannels($0, p, training)
    }
}

/// `dropout` of whole channels of [batch, channels, height, width]. Three dimensions are taken for
/// [batch, channels, length], as PyTorch takes them. Same as `torch.nn.functional.dropout2d`.
///
/// - Errors: `.shape` for other numbers of dimensions; `.argument` for a `p` outside 0...1.
public func dropout2d(_ x: Tensor, p: Double = 0.5, training: Bool = true) -> Tensor {
    channels("dropout2d", x, 3...4, isSample: false) { dropChannels($0, p, training) }
}

/// `dropout` of whole channels of [batch, channels, depth, height, width], or without the batch.
/// Same as `torch.nn.functional.dropout3d`.
///
/// - Errors: `.shape` for other numbers of dimensions; `.argument` for a `p` outside 0...1.
public func dropout3d(_ x: Tensor, p: Double = 0.5, training: Bool = true) -> Tensor {
    channels("dropout3d", x, 4...5, isSample: x.ndim == 4) {
        dropChannels($0, p, training)
    }
}

/// Dropout that keeps mean 0 and variance 1: elements take the lowest value of `selu` with
/// probability `p`, and all are scaled and shifted (Klambauer et al., 2017). Same as
/// `torch.nn.functional.alpha_dropout`.
///
/// - Errors: `.argument` for a `p` outside 0...1.
public func alphaDropout(_ x: Tensor, p: Double = 0.5, training: Bool = false) -> Tensor {
    alphaDrop("alphaDropout", x, p, training) { x.shape }
}

/// `alphaDropout` of whole channels of [batch, channels, ...]. Same as
/// `torch.nn.functional.feature_alpha_dropout`.
///
/// - Errors: `.argument` for a `p` outside 0...1; `.shape` for less than 2 dimensions.
public func featureAlphaDropout(_ x: Tensor, p: Double = 0.5, training: Bool = false) -> Tensor {
    channels("featureAlphaDropout", x, 2...Int.max, isSample: false) { x in
        alphaDrop("featureAlphaDropout", x, p, training) { oneForEachChannel(x) }
    }
}

/// `body` of [batch, channels, ...]; a batch of one is put around a sample.
private func channels(
    _ name: String, _ x: Tensor, _ ranks: ClosedRange<Int>, isSample: Bool,
    _ body: (Tensor) -> Tensor
) -> Tensor {
    if x.isPoisoned { return x }
    guard ranks.contains(x.ndim) else {
        let wanted = ranks.upperBound == Int.max ? "at least" : "\(ranks.lowerBound) or"
        let bound = ranks.upperBound == Int.max ? ranks.lowerBound : ranks.upperBound
        return Failure.poison(
            TensorError(
                .shape,
                "expected an input of \(wanted) \(bound) dimensions, but got shape \(x.shape)",
                operation: name))
    }
    return isSample ? body(x.unsqueeze(0)).squeeze(0) : body(x)
}

private func oneForEachChannel(_ x: Tensor) -> [Int] {
    Array(x.shape.prefix(2)) + [Int](repeating: 1, count: x.ndim - 2)
}

private func dropChannels(_ x: Tensor, _ p: Double, _ training: Bool) -> Tensor {
    if !training || p == 0 || !(0...1).contains(p) {
        return dropout(x, p: p, training: training)
    }
    let ones = Tensor.ones(oneForEachChannel(x), dtype: x.dtype, device: x.device)
    return x * dropout(ones, p: p, training: true)
}

private func alphaDrop(
    _ name: String, _ x: Tensor, _ p: Double, _ training: Bool, _ shape: () -> [Int]
) -> Tensor {
    guard (0...1).contains(p) else {
        return Failure.poison(
            TensorError(
                .argument, "a dropout probability lies between 0 and 1, but is \(p)",
                operation: name))
    }
    if !training || p == 0 || x.isPoisoned { return x }
    if p == 1 { return x * 0 }
    // The product of selu's scale and alpha: -alpha is its limit at -∞.
    let alpha = 1.7580993408473766
    let scale = 1 / ((alpha * alpha * p + 1) * (1 - p)).squareRoot()
    let mask = Tensor.bernoulli(1 - p, shape(), dtype: x.dtype, device: x.device)
    let shift = (mask - 1) * (alpha * scale) + alpha * scale * p
    return x * (mask * scale) + shift
}
