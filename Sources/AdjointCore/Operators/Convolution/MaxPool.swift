/// The largest element of each window over the last dimensions, and its position in its plane.
/// The first of equal ones is taken, and a NaN before any number.
public struct MaxPool: MultiOperator {
    public static let info = OpInfo(
        "maxPool", family: .convolution, formula: "max over each window",
        derivative: "1 at the largest element, 0 elsewhere",
        torch: "torch.nn.functional.max_pool2d", dtypes: .floating, results: 2)
    let window: Window
    let ceilMode: Bool

    public static func isDifferentiable(output: Int) -> Bool { output == 0 }
    public func saves(for wanted: InputSet) -> SavedSet { .output(1) }

    public func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        try check(x.dtype)
        for i in 0..<window.dims where window.padding[i] * 2 > window.reach(i) {
            throw TensorError(
                .argument,
                "padding \(window.padding) must be at most half of the kernel \(window.kernel)")
        }
        let sizes = try window.pooled(x.sizes, ceilMode: ceilMode)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    public func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.maxPool(inputs.first, window, into: outputs[0], outputs[1])
    }

    public func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        TensorSlots(
            cotangents.a.map {
                apply(
                    PlaneScatter(sizes: saved.sizes(0), dims: window.dims),
                    Operands($0, saved.output(1)))
            })
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        TensorSlots(
            tangents.a.map {
                apply(PlaneGather(dims: window.dims), Operands($0, saved.output(1)))
            })
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        inputs.foldingRows(window.dims) { apply(self, Operands($0)) }
    }

    public static var samples: [Sample] {
        func sample(_ x: Dims, _ kernel: Int, _ stride: Int, _ padding: Int, ceil: Bool = false)
            -> Sample?
        {
            (try? Window(x.count - 2, kernel: kernel, stride: stride, padding: padding)).map {
                Sample(MaxPool(window: $0, ceilMode: ceil), .init(x, .distinct))
            }
        }
        return [
            sample([2, 2, 5, 4], 2, 2, 0), sample([1, 2, 5, 5], 3, 2, 1),
            sample([1, 2, 6], 3, 2, 0, ceil: true), sample([1, 1, 3, 4, 3], 2, 1, 0),
            sample([0, 2, 4, 4], 2, 2, 0),
        ].compactMap { $0 }
    }
}

extension Window {
    /// The shape after pooling the last dimensions of `sizes`.
    func pooled(_ sizes: Dims, ceilMode: Bool) throws(TensorError) -> Dims {
        if sizes.count != dims + 1 && sizes.count != dims + 2 {
            throw TensorError(
                .shape,
                "expected an input of \(dims + 1) or \(dims + 2) dimensions, but got shape "
                    + "\(sizes)")
        }
        let lead = Array(sizes.dropLast(dims))
        return Dims(lead + (try outputSizes(Array(sizes.suffix(dims)), ceilMode: ceilMode)))
    }
}

/// The largest element of each window of `x`, [batch, channels, length] or [channels, length].
/// See `maxPool2d`.
public func maxPool1d(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
) -> Tensor {
    maxPool("maxPool1d", 1, x, kernelSize, stride, padding, dilation, ceilMode).values
}

/// The largest element of each window of `x`, [batch, channels, height, width] or without the
/// batch.
///
/// - Parameters:
///   - x: [batch, channels, height, width], or without the batch.
///   - kernelSize: The size of the window, one number or one a dimension.
///   - stride: The step of the window; the kernel's size if nil.
///   - padding: Positions on both sides that never win; at most half the kernel.
///   - dilation: How far apart the window's elements lie; 1 for neighbours.
///   - ceilMode: Whether a last window may reach beyond the end.
/// - Errors: `.shape` where the window does not fit, `.argument` for sizes below 1 and the like.
public func maxPool2d(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
) -> Tensor {
    maxPool("maxPool2d", 2, x, kernelSize, stride, padding, dilation, ceilMode).values
}

/// The largest element of each window over the last three dimensions of `x`. See `maxPool2d`.
public func maxPool3d(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
) -> Tensor {
    maxPool("maxPool3d", 3, x, kernelSize, stride, padding, dilation, ceilMode).values
}

/// `maxPool1d` with the position of each largest element in its plane (int64).
public func maxPool1dWithIndices(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
    maxPool("maxPool1d", 1, x, kernelSize, stride, padding, dilation, ceilMode)
}

/// `maxPool2d` with the position of each largest element in its plane (int64).
public func maxPool2dWithIndices(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
    maxPool("maxPool2d", 2, x, kernelSize, stride, padding, dilation, ceilMode)
}

/// `maxPool3d` with the position of each largest element in its volume (int64).
public func maxPool3dWithIndices(
    _ x: Tensor, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
    maxPool("maxPool3d", 3, x, kernelSize, stride, padding, dilation, ceilMode)
}

/// `maxPool1d` to `maxPool3d`, by the number of `dims`, with the position of each largest element
/// in its plane (int64).
public func maxPoolWithIndices(
    _ x: Tensor, dims: Int, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
    maxPool("maxPool\(dims)d", dims, x, kernelSize, stride, padding, dilation, ceilMode)
}

private func maxPool(
    _ name: String, _ dims: Int, _ x: Tensor, _ kernelSize: any SpatialSize,
    _ stride: (any SpatialSize)?, _ padding: any SpatialSize, _ dilation: any SpatialSize,
    _ ceilMode: Bool
) -> (values: Tensor, indices: Tensor) {
    do throws(TensorError) {
        if !(1...3).contains(dims) {
            throw TensorError(.argument, "pooling goes over 1 to 3 dimensions, not \(dims)")
        }
        let window = try Window(
            dims, kernel: kernelSize, stride: stride ?? kernelSize, padding: padding,
            dilation: dilation)
        let op = MaxPool(window: window, ceilMode: ceilMode)
        // Whole numbers below 2⁵³ are exact; PyTorch pools them over planes and volumes alone.
        let outputs = apply(op, Operands(dims > 1 && x.dtype.isInteger ? x.to(.float64) : x))
        return outputs.count == 2
            ? (outputs[0].to(x.dtype), outputs[1])
            : (Tensor.poisoned(x.sizes, x.dtype), Tensor.poisoned(x.sizes, .int64))
    } catch {
        let poison = Failure.poison(
            TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
        return (poison, Tensor.poisoned(x.sizes, .int64))
    }
}
