/// What `pad` puts at the new positions.
public enum PaddingMode: Sendable, Hashable {
    /// A number.
    case constant
    /// The elements beside the border mirrored at it, without the border itself.
    case reflect
    /// The element at the border.
    case replicate
    /// The elements from the other side.
    case circular
}

/// `x` with `pad` more positions at the ends of its last dimensions: before and after the last
/// one, before and after the last but one, and so on. Negative counts take positions away. Same
/// as `torch.nn.functional.pad`.
///
/// - Parameters:
///   - x: The tensor to pad, of any shape that the mode takes.
///   - pad: Two counts a dimension, the last dimension first.
///   - mode: What the new positions hold. Modes other than `constant` pad one to three dimensions
///     of [channels, ...] or [batch, channels, ...].
///   - value: The number of mode `constant`.
/// - Errors: `.argument` for counts that do not fit the shape, `.shape` for shapes that the mode
///   does not take, `.dtype` for booleans in modes `reflect` and `replicate`.
public func pad(
    _ x: Tensor, _ pad: [Int], mode: PaddingMode = .constant, value: some TensorScalar = 0
) -> Tensor {
    if x.isPoisoned { return x }
    do throws(TensorError) {
        if pad.count % 2 != 0 || pad.count / 2 > x.ndim {
            throw TensorError(
                .argument,
                "expected two counts for each of up to \(x.ndim) dimensions, but got \(pad)")
        }
        let dims = pad.count / 2
        if mode == .constant { return x.constantPadNd(pad, value: value) }
        try checkPadding(x, pad, mode)
        var y = x
        for i in 0..<dims where pad[2 * i] != 0 || pad[2 * i + 1] != 0 {
            let dim = x.ndim - 1 - i
            let sources = mode.sources(x.shape[dim], pad[2 * i], pad[2 * i + 1])
            let index = Tensor(sources, shape: [sources.count], dtype: .int64).to(x.device)
            y = y.indexSelect(dim: dim, index: index)
        }
        return y === x ? x.clone() : y
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: "pad"), like: x.sizes, x.dtype)
    }
}

private func checkPadding(_ x: Tensor, _ pad: [Int], _ mode: PaddingMode) throws(TensorError) {
    let dims = pad.count / 2
    if !(1...3).contains(dims) || (x.ndim != dims + 1 && x.ndim != dims + 2) {
        throw TensorError(
            .shape,
            "mode \(mode) pads one to three dimensions of [channels, ...] or [batch, channels, "
                + "...]; got padding \(pad) for shape \(x.shape)")
    }
    if x.dtype == .bool && mode != .circular {
        throw TensorError(.dtype, "not implemented for bool tensors in mode \(mode)")
    }
    for i in 0..<dims {
        let size = x.shape[x.ndim - 1 - i]
        let (before, after) = (pad[2 * i], pad[2 * i + 1])
        // Bounds that no mode exceeds keep the sums from overflowing.
        let bound = 1 << 40
        if abs(before.clamped(bound)) >= bound || abs(after.clamped(bound)) >= bound {
            throw TensorError(.argument, "padding \(pad) is too large")
        }
        let most = mode == .reflect ? size - 1 : size
        if mode != .replicate && Swift.max(before, after) > most {
            throw TensorError(
                .argument,
                "mode \(mode) pads at most \(most) positions of a dimension of size \(size), but "
                    + "got \(before) and \(after)")
        }
        let total = size + before + after
        if !TensorMemory.hasRoom(for: Swift.max(total, 0), of: Int.self) {
            throw TensorError(.argument, "padding \(pad) is too large for the memory that is left")
        }
        let kept = size + Swift.min(before, 0) + Swift.min(after, 0)
        if total < 0 || size == 0 && total > 0 || mode == .circular && kept <= 0 && total > 0 {
            throw TensorError(
                .argument,
                "padding of \(before) and \(after) leaves nothing of size \(size) to repeat")
        }
    }
}

extension Int {
    fileprivate func clamped(_ bound: Int) -> Int { Swift.min(Swift.max(self, -bound), bound) }
}

extension PaddingMode {
    /// Where the elements of a padded dimension come from.
    fileprivate func sources(_ size: Int, _ before: Int, _ after: Int) -> [Int] {
        let last = size - 1
        let start = Swift.max(-before, 0)
        let kept = Swift.max(size - start - Swift.max(-after, 0), 1)
        return (0..<(size + before + after)).map { j in
            let i = j - before
            switch self {
            case .circular:
                let place = (j - Swift.max(before, 0)) % kept
                return start + (place < 0 ? place + kept : place)
            case .reflect: return i < 0 ? -i : i > last ? 2 * last - i : i
            case .constant, .replicate: return Swift.min(Swift.max(i, 0), last)
            }
        }
    }
}
