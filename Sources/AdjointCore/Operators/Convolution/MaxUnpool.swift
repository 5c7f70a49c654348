/// The elements of `x` at the positions `indices` of planes of zeros: the inverse of `maxPool1d`,
/// for [batch, channels, length] or [channels, length]. See `maxUnpool2d`.
public func maxUnpool1d(
    _ x: Tensor, _ indices: Tensor, kernelSize: any SpatialSize,
    stride: (any SpatialSize)? = nil, padding: any SpatialSize = 0, outputSize: [Int]? = nil
) -> Tensor {
    maxUnpool("maxUnpool1d", 1, x, indices, kernelSize, stride, padding, outputSize)
}

/// The elements of `x`, [batch, channels, height, width] or without the batch, at the positions
/// `indices` of planes of zeros: the inverse of `maxPool2d` but for what did not win. Same as
/// `torch.nn.functional.max_unpool2d`.
///
/// - Parameters:
///   - x: [batch, channels, height, width], or without the batch.
///   - indices: Where each element goes in its plane, int64, as `maxPool2dWithIndices` gives them.
///   - kernelSize: The window of the pooling.
///   - stride: The step of the pooling; the kernel's size if nil.
///   - padding: The positions that the pooling added on both sides.
///   - outputSize: The sizes of the planes, where several pool to the same; less than a stride away
///     from those.
/// - Errors: `.shape` where shapes do not fit, `.index` for a position outside its plane, `.dtype`
///   for positions that are not int64.
public func maxUnpool2d(
    _ x: Tensor, _ indices: Tensor, kernelSize: any SpatialSize,
    stride: (any SpatialSize)? = nil, padding: any SpatialSize = 0, outputSize: [Int]? = nil
) -> Tensor {
    maxUnpool("maxUnpool2d", 2, x, indices, kernelSize, stride, padding, outputSize)
}

/// The same for volumes, the inverse of `maxPool3d`. See `maxUnpool2d`.
public func maxUnpool3d(
    _ x: Tensor, _ indices: Tensor, kernelSize: any SpatialSize,
    stride: (any SpatialSize)? = nil, padding: any SpatialSize = 0, outputSize: [Int]? = nil
) -> Tensor {
    maxUnpool("maxUnpool3d", 3, x, indices, kernelSize, stride, padding, outputSize)
}

private func maxUnpool(
    _ name: String, _ dims: Int, _ x: Tensor, _ indices: Tensor, _ kernelSize: any SpatialSize,
    _ stride: (any SpatialSize)?, _ padding: any SpatialSize, _ outputSize: [Int]?
) -> Tensor {
    if x.isPoisoned || indices.isPoisoned { return Tensor.poisoned(x.sizes, x.dtype) }
    do throws(TensorError) {
        let window = try Window(
            dims, kernel: kernelSize, stride: stride ?? kernelSize, padding: padding)
        if indices.dtype != .int64 {
            throw TensorError(.dtype, "positions are int64, but these are \(indices.dtype)")
        }
        if x.ndim != dims + 1 && x.ndim != dims + 2 || x.shape != indices.shape {
            throw TensorError(
                .shape,
                "expected \(dims + 1) or \(dims + 2) dimensions and a position for each element, "
                    + "but got shapes \(x.shape) and \(indices.shape)")
        }
        if let outputSize, outputSize.count != dims, outputSize.count != x.ndim {
            throw TensorError(
                .argument, "outputSize has \(dims) entries, or one a dimension; got \(outputSize)")
        }
        let asked = outputSize.map { Array($0.suffix(dims)) }
        var sizes: [Int] = []
        for i in 0..<dims {
            let (span, over) = (x.shape[x.ndim - dims + i] - 1).multipliedReportingOverflow(
                by: window.stride[i])
            let usual = over ? 0 : span &- 2 * window.padding[i] &+ window.kernel[i]
            sizes.append(asked?[i] ?? usual)
            let (gap, far) = sizes[i].subtractingReportingOverflow(usual)
            if sizes[i] < 1 || far || gap.magnitude >= Swift.max(window.stride[i], 1) {
                throw TensorError(
                    .shape,
                    "planes of size \(sizes[i]) do not pool to \(x.shape); \(usual) would, or "
                        + "what is less than \(window.stride[i]) away from it")
            }
        }
        let plane = sizes.reduce(1, &*)
        if indices.device == .cpu, indices.numel > 0 {
            let places = indices.underlying
            if (places.min().item() as Int) < 0 || (places.max().item() as Int) >= plane {
                throw TensorError(
                    .index, "a position lies outside a plane of \(plane) elements")
            }
        }
        let lead = Array(x.shape.dropLast(dims))
        let flat = lead + [x.shape.suffix(dims).reduce(1, &*)]
        // Where windows overlapped a position may be named twice: the last one stays.
        return Tensor.zeros(lead + [plane], dtype: x.dtype, device: x.device)
            .scatter(dim: -1, index: indices.reshape(flat), src: x.reshape(flat))
            .reshape(lead + sizes)
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
    }
}
