/// The channels of `x`, [batch, channels, ...], in `groups`, each scaled to mean 0 and (biased)
/// variance 1; then each channel times `weight`, plus `bias` (Wu and He, 2018). Same as
/// `torch.nn.functional.group_norm`.
///
/// - Parameters:
///   - x: [batch, channels, ...].
///   - groups: How many groups; a divisor of the channels.
///   - weight: The scale of each channel, [channels]; 1 if nil.
///   - bias: The shift of each channel, [channels]; 0 if nil.
///   - eps: Added to the variance.
/// - Errors: `.shape` where the groups do not divide the channels, a group has a single number,
///   or a parameter is not one number a channel; `.argument` for no groups.
public func groupNorm(
    _ x: Tensor, _ groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-5
) -> Tensor {
    if x.isPoisoned { return x }
    do throws(TensorError) {
        if groups < 1 { throw TensorError(.argument, "expected groups, but got \(groups)") }
        if x.ndim < 2 || x.shape[1] % groups != 0 {
            throw TensorError(
                .shape,
                "expected [batch, channels, ...] with channels that \(groups) divides, but got "
                    + "shape \(x.shape)")
        }
        try checkChannels(x, [weight, bias])
        let rows = try Door.product([x.shape[0], groups])
        let width = try Door.product([x.shape[1] / groups] + x.shape.dropFirst(2))
        if rows &* width == groups {
            throw TensorError(
                .shape,
                "expected more than 1 value per group, but got an input of shape \(x.shape)")
        }
        let op = LayerNormalization(normalized: 1, eps: eps)
        let y = normalized(op, x.reshape([rows, width]), nil, nil, { $0 }).y.reshape(x.shape)
        return scaled(y, weight, bias)
    } catch {
        return refused(error, "groupNorm", x)
    }
}

/// Each channel of each sample of `x`, [batch, channels, ...], scaled to mean 0 and variance 1;
/// then times `weight`, plus `bias`. Same as `torch.nn.functional.instance_norm`.
///
/// - Parameters:
///   - x: [batch, channels, ...].
///   - runningMean: The running mean, [channels]. It moves towards the mean of the samples' means
///     where `useInputStats`, and takes their place otherwise.
///   - runningVar: The running variance, [channels], likewise.
///   - weight: The scale of each channel, [channels]; 1 if nil.
///   - bias: The shift of each channel, [channels]; 0 if nil.
///   - useInputStats: Whether each sample's own statistics count, and not the running ones.
///   - momentum: The weight of this batch in them.
///   - eps: Added to the variance.
/// - Errors: `.shape` where sizes do not fit, or for one number a channel; `.argument` for
///   running statistics that are needed and missing.
public func instanceNorm(
    _ x: Tensor, runningMean: Tensor? = nil, runningVar: Tensor? = nil, weight: Tensor? = nil,
    bias: Tensor? = nil, useInputStats: Bool = true, momentum: Double = 0.1, eps: Double = 1e-5
) -> Tensor {
    if x.isPoisoned { return x }
    if !useInputStats {
        return batchNorm(
            x, runningMean: runningMean, runningVar: runningVar, weight: weight, bias: bias,
            training: false, momentum: momentum, eps: eps)
    }
    do throws(TensorError) {
        let spatial = Array(x.shape.dropFirst(2))
        let count = try Door.product(spatial)
        if x.ndim < 2 || count == 1 {
            throw TensorError(
                .shape,
                "expected [batch, channels, ...] with more than 1 value per channel, but got shape "
                    + "\(x.shape)")
        }
        try checkChannels(x, [weight, bias, runningMean, runningVar])
        let op = BatchNormalization(eps: eps)
        let (batch, channels) = (x.shape[0], x.shape[1])
        let rows = x.reshape([1, try Door.product([batch, channels])] + spatial)
        let (y, results) = normalized(op, rows, nil, nil, { $0 })
        if results.count == 4, !y.isPoisoned, batch > 0, count > 0 {
            let unbiased = Double(count) / Double(count - 1)
            noGrad {
                for (running, statistics, factor) in [
                    (runningMean, results[1], momentum),
                    (runningVar, results[2], momentum * unbiased),
                ] {
                    guard let running else { continue }
                    let mean = statistics.detach().reshape([batch, channels]).mean(dim: 0)
                    running.mul_(1 - momentum).add_(mean * factor)
                }
            }
        }
        return scaled(y.reshape(x.shape), weight, bias)
    } catch {
        return refused(error, "instanceNorm", x)
    }
}

private func checkChannels(_ x: Tensor, _ parameters: [Tensor?]) throws(TensorError) {
    for case let parameter? in parameters where parameter.shape != [x.shape[1]] {
        throw TensorError(
            .shape,
            "expected parameters of shape [\(x.shape[1])] for an input of shape \(x.shape), but "
                + "got \(parameter.shape)")
    }
}

/// One factor and one summand a channel.
private func scaled(_ y: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    var y = y
    let column = [-1] + [Int](repeating: 1, count: y.ndim - 2)
    if let weight { y = y * weight.reshape(column) }
    if let bias { y = y + bias.reshape(column) }
    return y
}

private func refused(_ error: TensorError, _ name: String, _ x: Tensor) -> Tensor {
    Failure.poison(
        TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
}
