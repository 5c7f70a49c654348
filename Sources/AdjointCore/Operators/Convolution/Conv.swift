/// The 1-dimensional convolution of `x`, [batch, channels, length] or [channels, length], with
/// `weight`, [output channels, channels / groups, width]. See `conv2d`.
public func conv1d(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: any SpatialSize = 1,
    padding: some ConvolutionPadding = 0, dilation: any SpatialSize = 1, groups: Int = 1
) -> Tensor {
    convolve("conv1d", 1, x, weight, bias, stride, padding.convolutionPadding, dilation, groups)
}

/// The 2-dimensional convolution (cross-correlation) of `x`, [batch, channels, height, width] or
/// without the batch, with `weight`, [output channels, channels / groups, height, width].
///
/// - Parameters:
///   - x: [batch, channels, height, width], or without the batch.
///   - weight: [output channels, channels / groups, height, width].
///   - bias: A number for each output channel.
///   - stride: The step of the window, one number or one a dimension.
///   - padding: The zeros on both sides, one number or one a dimension, `.same` or `.valid`.
///   - dilation: The distance between the elements that the kernel meets.
///   - groups: Into how many groups the channels fall that do not mix.
/// - Errors: `.shape` where the channels or the kernel do not fit, `.dtype` where the dtypes
///   differ, `.argument` for a stride below 1 and the like.
public func conv2d(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: any SpatialSize = 1,
    padding: some ConvolutionPadding = 0, dilation: any SpatialSize = 1, groups: Int = 1
) -> Tensor {
    convolve("conv2d", 2, x, weight, bias, stride, padding.convolutionPadding, dilation, groups)
}

/// The 3-dimensional convolution of `x`, [batch, channels, depth, height, width] or without the
/// batch, with `weight`, [output channels, channels / groups, depth, height, width]. See `conv2d`.
public func conv3d(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: any SpatialSize = 1,
    padding: some ConvolutionPadding = 0, dilation: any SpatialSize = 1, groups: Int = 1
) -> Tensor {
    convolve("conv3d", 3, x, weight, bias, stride, padding.convolutionPadding, dilation, groups)
}

private func convolve(
    _ name: String, _ dims: Int, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?,
    _ stride: any SpatialSize, _ padding: Padding, _ dilation: any SpatialSize, _ groups: Int
) -> Tensor {
    do throws(TensorError) {
        guard weight.ndim == dims + 2, x.ndim == dims + 2 || x.ndim == dims + 1 else {
            throw TensorError(
                .shape,
                "expected an input of \(dims + 1) or \(dims + 2) dimensions and a weight of "
                    + "\(dims + 2), but got shapes \(x.shape) and \(weight.shape)")
        }
        let kernel = Array(weight.shape.dropFirst(2))
        if kernel.contains(where: { $0 < 1 }) {
            throw TensorError(.shape, "a kernel of shape \(weight.shape) has no elements")
        }
        let (zeros, surplus) = try zeros(padding, kernel, stride, dilation)
        let window = try Window(
            dims, kernel: kernel, stride: stride, padding: zeros, dilation: dilation)
        let op = Convolution(geometry: .init(window: window, groups: groups))
        let batched = x.ndim == dims + 1 ? x.unsqueeze(0) : x
        var y: Tensor
        if [x, weight, bias ?? weight].allSatisfy({ $0.dtype == .int64 }) {
            // Whole numbers below 2⁵³ are exact.
            let wide = Operands(batched.to(.float64), weight.to(.float64), bias?.to(.float64))
            y = apply(op, wide).to(.int64)
        } else {
            y = apply(op, Operands(batched, weight, bias))
        }
        // What the larger side's padding made on the smaller side is cut away.
        for (i, isOdd) in surplus.enumerated() where isOdd && !y.isPoisoned {
            y = apply(Slice(dim: 2 + i, start: 1, length: y.shape[2 + i] - 1), y)
        }
        return x.ndim == dims + 1 ? y.squeeze(0) : y
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
    }
}

/// The zeros on each side, and where one side of `.same` needs one less.
private func zeros(
    _ padding: Padding, _ kernel: [Int], _ stride: any SpatialSize, _ dilation: any SpatialSize
) throws(TensorError) -> (zeros: [Int], surplus: [Bool]) {
    switch padding {
    case .zeros(let sizes): return (sizes, [])
    case .none: return ([0], [])
    case .sameSize:
        if stride.spatialSizes.contains(where: { $0 != 1 }) {
            throw TensorError(
                .argument,
                "padding .same keeps the size only with a stride of 1, but it is "
                    + "\(stride.spatialSizes)")
        }
        let window = try Window(kernel.count, kernel: kernel, stride: 1, dilation: dilation)
        let totals = kernel.indices.map { window.reach($0) - 1 }
        return (totals.map { ($0 + 1) / 2 }, totals.map { $0 % 2 == 1 })
    }
}
