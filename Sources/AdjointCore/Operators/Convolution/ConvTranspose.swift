/// The transposed 1-dimensional convolution of `x`, [batch, channels, length] or [channels,
/// length], with `weight`, [channels, output channels / groups, width]. See `convTranspose2d`.
public func convTranspose1d(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: any SpatialSize = 1,
    padding: any SpatialSize = 0, outputPadding: any SpatialSize = 0, groups: Int = 1,
    dilation: any SpatialSize = 1
) -> Tensor {
    convolveTransposed(
        "convTranspose1d", 1, x, weight, bias, stride, padding, outputPadding, groups, dilation)
}

/// The transposed 2-dimensional convolution of `x`, [batch, channels, height, width] or without
/// the batch, with `weight`, [channels, output channels / groups, height, width]: what the gradient
/// of a convolution's input is. Same as `torch.nn.functional.conv_transpose2d`.
///
/// - Parameters:
///   - x: [batch, channels, height, width], or without the batch.
///   - weight: [channels, output channels / groups, height, width].
///   - bias: A number for each output channel.
///   - stride: The distance between the places of neighbours in the result.
///   - padding: How many positions are cut off on both sides of the result.
///   - outputPadding: How many more it has on the far side; below the stride or the dilation.
///   - groups: Into how many groups the channels fall that do not mix.
///   - dilation: The distance between the elements of the kernel.
/// - Errors: `.shape` where the channels or the kernel do not fit, `.dtype` where the dtypes
///   differ, `.argument` for a stride below 1 and the like.
public func convTranspose2d(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: any SpatialSize = 1,
    padding: any SpatialSize = 0, outputPadding: any SpatialSize = 0, groups: Int = 1,
    dilation: any SpatialSize = 1
) -> Tensor {
    convolveTransposed(
        "convTranspose2d", 2, x, weight, bias, stride, padding, outputPadding, groups, dilation)
}

/// The transposed 3-dimensional convolution of `x`, [batch, channels, depth, height, width] or
/// without the batch. See `convTranspose2d`.
public func convTranspose3d(
    _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: any SpatialSize = 1,
    padding: any SpatialSize = 0, outputPadding: any SpatialSize = 0, groups: Int = 1,
    dilation: any SpatialSize = 1
) -> Tensor {
    convolveTransposed(
        "convTranspose3d", 3, x, weight, bias, stride, padding, outputPadding, groups, dilation)
}

private func convolveTransposed(
    _ name: String, _ dims: Int, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?,
    _ stride: any SpatialSize, _ padding: any SpatialSize, _ outputPadding: any SpatialSize,
    _ groups: Int, _ dilation: any SpatialSize
) -> Tensor {
    if x.isPoisoned || weight.isPoisoned || bias?.isPoisoned == true {
        return Tensor.poisoned(x.sizes, x.dtype)
    }
    do throws(TensorError) {
        let plan = try TransposedPlan(
            dims, x, weight, bias, stride, padding, outputPadding, groups, dilation)
        if x.dtype == .int64 {
            // Whole numbers below 2⁵³ are exact.
            let y = plan.run(
                x.to(.float64), weight.to(.float64), bias?.to(.float64))
            return y.to(.int64)
        }
        return plan.run(x, weight, bias)
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
    }
}

/// The arguments of a transposed convolution, checked.
private struct TransposedPlan {
    let window: Window
    let groups: Int
    /// The sizes of the result, and by how many zeros the input grows on the far sides.
    let output: [Int]
    let extra: [Int]

    init(
        _ dims: Int, _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ stride: any SpatialSize,
        _ padding: any SpatialSize, _ outputPadding: any SpatialSize, _ groups: Int,
        _ dilation: any SpatialSize
    ) throws(TensorError) {
        guard weight.ndim == dims + 2, x.ndim == dims + 2 || x.ndim == dims + 1 else {
            throw TensorError(
                .shape,
                "expected an input of \(dims + 1) or \(dims + 2) dimensions and a weight of "
                    + "\(dims + 2), but got shapes \(x.shape) and \(weight.shape)")
        }
        for other in [weight, bias].compactMap({ $0 }) where other.dtype != x.dtype {
            throw TensorError(
                .dtype,
                "expected input, weight and bias of one dtype, but got \(x.dtype) and "
                    + "\(other.dtype); convert one with to(_:)")
        }
        if !x.dtype.isFloatingPoint && x.dtype != .int64 {
            throw TensorError(.dtype, "not implemented for \(x.dtype) tensors")
        }
        let kernel = Array(weight.shape.dropFirst(2))
        if kernel.contains(where: { $0 < 1 }) {
            throw TensorError(.shape, "a kernel of shape \(weight.shape) has no elements")
        }
        let channels = x.shape[x.ndim - dims - 1]
        if groups < 1 || groups > 1 << 30 || channels % groups != 0 || weight.shape[0] != channels {
            throw TensorError(
                .shape,
                "weight of shape \(weight.shape) with groups \(groups) takes \(weight.shape[0]) "
                    + "input channels, but the input has shape \(x.shape)")
        }
        let (features, overflow) = weight.shape[1].multipliedReportingOverflow(by: groups)
        if overflow || (bias.map { $0.shape != [features] } ?? false) {
            throw TensorError(
                .shape,
                "expected a bias of shape [\(features)], one number an output channel, but got "
                    + "shape \(bias?.shape ?? [])")
        }
        let window = try Window(
            dims, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
        // Counts are checked as those of a window's padding are.
        let more = try Window(dims, kernel: kernel, stride: 1, padding: outputPadding).padding
        var (output, extra) = ([Int](), [Int]())
        for i in 0..<dims {
            if more[i] >= Swift.max(window.stride[i], window.dilation[i]) {
                throw TensorError(
                    .argument,
                    "outputPadding must be below the stride or the dilation, but is \(more[i])")
            }
            let length = x.shape[x.ndim - dims + i]
            let (span, over) = (length - 1).multipliedReportingOverflow(by: window.stride[i])
            let size = over ? 0 : span &- 2 * window.padding[i] &+ window.reach(i) &+ more[i]
            if length < 1 || size < 1 {
                throw TensorError(
                    .shape,
                    "the result has no positions: \(length) of them with a window of "
                        + "\(window.reach(i)) and \(window.padding[i]) of padding give \(size)")
            }
            output.append(size)
            extra.append(more[i] / window.stride[i])
        }
        (self.window, self.groups, self.output, self.extra) = (window, groups, output, extra)
    }

    func run(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor {
        var rows = x.ndim == window.dims + 1 ? x.unsqueeze(0) : x
        if extra.contains(where: { $0 > 0 }) {
            rows = pad(rows, extra.reversed().flatMap { [0, $0] })
        }
        let sizes = Dims([rows.shape[0], weight.shape[1] * groups] + output)
        let op = ConvolutionInputGradient(
            geometry: ConvolutionGeometry(window: window, groups: groups), sizes: sizes)
        var y = apply(op, Operands(rows, weight))
        if let bias {
            y = y + bias.reshape([-1] + [Int](repeating: 1, count: window.dims))
        }
        return x.ndim == window.dims + 1 ? y.squeeze(0) : y
    }
}
