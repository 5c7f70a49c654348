// Rearrangements between channels and positions, all of them a reshape, a permutation and another.

/// [..., c r², h, w] as [..., c, h r, w r]: channels become positions (Shi et al., 2016). Same as
/// `torch.nn.functional.pixel_shuffle`.
///
/// - Errors: `.shape` where r² does not divide the channels, `.argument` for a factor below 1.
public func pixelShuffle(_ x: Tensor, _ upscaleFactor: Int) -> Tensor {
    if x.isPoisoned { return x }
    let r = upscaleFactor
    do throws(TensorError) {
        let (lead, channels, h, w) = try planes(x, r, "upscaleFactor")
        if channels % (r * r) != 0 {
            throw TensorError(
                .shape, "\(r)² does not divide the \(channels) channels of shape \(x.shape)")
        }
        let c = channels / (r * r)
        let n = lead.count
        return x.reshape(lead + [c, r, r, h, w])
            .permute(Array(0...n) + [n + 3, n + 1, n + 4, n + 2])
            .reshape(lead + [c, try Door.product([h, r]), try Door.product([w, r])])
    } catch {
        return refused(error, "pixelShuffle", x)
    }
}

/// [..., c, h r, w r] as [..., c r², h, w]: the inverse of `pixelShuffle`. Same as
/// `torch.nn.functional.pixel_unshuffle`.
///
/// - Errors: `.shape` where r does not divide the sizes, `.argument` for a factor below 1.
public func pixelUnshuffle(_ x: Tensor, _ downscaleFactor: Int) -> Tensor {
    if x.isPoisoned { return x }
    let r = downscaleFactor
    do throws(TensorError) {
        let (lead, c, height, width) = try planes(x, r, "downscaleFactor")
        if height % r != 0 || width % r != 0 {
            throw TensorError(
                .shape, "\(r) does not divide the last two sizes of shape \(x.shape)")
        }
        let (h, w) = (height / r, width / r)
        let n = lead.count
        return x.reshape(lead + [c, h, r, w, r])
            .permute(Array(0...n) + [n + 2, n + 4, n + 1, n + 3])
            .reshape(lead + [try Door.product([c, r, r]), h, w])
    } catch {
        return refused(error, "pixelUnshuffle", x)
    }
}

/// The channels of `x`, [batch, channels, ...], dealt out to `groups`: the first of each group,
/// the second of each, and so on (Zhang et al., 2018). Same as
/// `torch.nn.functional.channel_shuffle`.
///
/// - Errors: `.shape` where the groups do not divide the channels, `.argument` for none.
public func channelShuffle(_ x: Tensor, _ groups: Int) -> Tensor {
    if x.isPoisoned { return x }
    do throws(TensorError) {
        if groups < 1 {
            throw TensorError(.argument, "groups must be positive, but is \(groups)")
        }
        if x.ndim < 3 || x.shape[1] % groups != 0 {
            throw TensorError(
                .shape,
                "expected [batch, channels, ...] with channels that \(groups) divides, but got "
                    + "shape \(x.shape)")
        }
        let rest = Array(x.shape.dropFirst(2))
        return x.reshape([x.shape[0], groups, x.shape[1] / groups] + rest).transpose(1, 2)
            .reshape(x.shape)
    } catch {
        return refused(error, "channelShuffle", x)
    }
}

/// The shape of `x` as leading dimensions, channels, height and width.
private func planes(
    _ x: Tensor, _ factor: Int, _ name: String
) throws(TensorError) -> (lead: [Int], channels: Int, height: Int, width: Int) {
    if x.ndim < 3 {
        throw TensorError(
            .shape, "expected [..., channels, height, width], but got shape \(x.shape)")
    }
    if factor < 1 || factor > 1 << 20 {
        throw TensorError(.argument, "\(name) must be between 1 and 2²⁰, but is \(factor)")
    }
    let last = x.shape.suffix(3)
    return (Array(x.shape.dropLast(3)), last[x.ndim - 3], last[x.ndim - 2], last[x.ndim - 1])
}

private func refused(_ error: TensorError, _ name: String, _ x: Tensor) -> Tensor {
    Failure.poison(
        TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
}
