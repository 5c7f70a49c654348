/// The largest element of each of so many ranges that share out the last dimensions, and its
/// position in its plane. The first of equal ones is taken, and a NaN before any number.
struct AdaptiveMaxPool: MultiOperator {
    static let info = OpInfo(
        "adaptiveMaxPool", family: .convolution, formula: "max over each range",
        derivative: "1 at the largest element, 0 elsewhere",
        torch: "torch.nn.functional.adaptive_max_pool2d", dtypes: .floating, results: 2)
    /// How many ranges each of the last dimensions is shared out to.
    let output: [Int]

    static func isDifferentiable(output: Int) -> Bool { output == 0 }
    func saves(for wanted: InputSet) -> SavedSet { .output(1) }

    func results(_ inputs: Operands) throws(TensorError) -> [TensorSpec] {
        let x = inputs.first
        try check(x.dtype)
        try checkAdaptive(x, output.count)
        let sizes = Dims(Array(x.sizes.dropLast(output.count)) + output)
        return [TensorSpec(sizes, x.dtype), TensorSpec(sizes, .int64)]
    }

    func compute(_ inputs: Operands, into outputs: [Tensor]) throws(TensorError) {
        try CPU.adaptiveMaxPool(inputs.first, dims: output.count, into: outputs[0], outputs[1])
    }

    func pull(_ cotangents: TensorSlots, _ wanted: InputSet, _ saved: Saved) -> TensorSlots {
        TensorSlots(
            cotangents.a.map {
                apply(
                    PlaneScatter(sizes: saved.sizes(0), dims: output.count),
                    Operands($0, saved.output(1)))
            })
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> TensorSlots {
        TensorSlots(
            tangents.a.map {
                apply(PlaneGather(dims: output.count), Operands($0, saved.output(1)))
            })
    }

    func batched(_ inputs: Batch) throws(TensorError) -> [Tensor]? {
        inputs.foldingRows(output.count) { apply(self, Operands($0)) }
    }

    static var samples: [Sample] {
        [
            Sample(AdaptiveMaxPool(output: [2, 3]), .init([2, 1, 5, 4], .distinct)),
            Sample(AdaptiveMaxPool(output: [4]), .init([2, 6], .distinct)),
            Sample(AdaptiveMaxPool(output: [1, 2, 3]), .init([1, 1, 3, 2, 2], .distinct)),
            Sample(AdaptiveMaxPool(output: [2]), .init([0, 2, 3], .distinct)),
        ]
    }
}

/// A shape that can be shared out to ranges: [channels, ...] or [batch, channels, ...], without
/// empty dimensions but the batch.
private func checkAdaptive(_ x: Tensor, _ dims: Int) throws(TensorError) {
    if x.ndim != dims + 1 && x.ndim != dims + 2 {
        throw TensorError(
            .shape,
            "expected an input of \(dims + 1) or \(dims + 2) dimensions, but got shape \(x.shape)")
    }
    if x.shape.suffix(dims).contains(0) {
        throw TensorError(
            .shape, "expected dimensions with elements to pool over, but got shape \(x.shape)")
    }
}

/// The sizes that are asked for, those of `x` in place of nil; one for all dimensions alike.
private func adaptiveSizes(_ x: Tensor, _ dims: Int, _ asked: [Int?]) throws(TensorError) -> [Int] {
    try checkAdaptive(x, dims)
    let sizes = asked.count == 1 ? [Int?](repeating: asked[0], count: dims) : asked
    if sizes.count != dims {
        throw TensorError(
            .argument, "outputSize takes one number or \(dims), one a dimension; got \(asked)")
    }
    if let bad = sizes.compactMap({ $0 }).first(where: { $0 < 0 || $0 > 1 << 30 }) {
        throw TensorError(.argument, "outputSize must be between 0 and 2³⁰, but is \(bad)")
    }
    return zip(x.shape.suffix(dims), sizes).map { $1 ?? $0 }
}

private func adaptiveAveragePool(
    _ name: String, _ dims: Int, _ x: Tensor, _ asked: [Int?]
) -> Tensor {
    if x.isPoisoned { return x }
    do throws(TensorError) {
        if !x.dtype.isFloatingPoint {
            throw TensorError(.dtype, "not implemented for \(x.dtype) tensors")
        }
        return resampled(x, to: try adaptiveSizes(x, dims, asked)) { _ in .ranges }
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype)
    }
}

private func adaptiveMaxPool(
    _ name: String, _ dims: Int, _ x: Tensor, _ asked: [Int?]
) -> (values: Tensor, indices: Tensor) {
    func poisoned(_ values: Tensor) -> (Tensor, Tensor) {
        (values, Tensor.poisoned(values.sizes, .int64))
    }
    if x.isPoisoned { return poisoned(x) }
    do throws(TensorError) {
        let op = AdaptiveMaxPool(output: try adaptiveSizes(x, dims, asked))
        let outputs = apply(op, Operands(x))
        return outputs.count == 2
            ? (outputs[0], outputs[1]) : poisoned(Tensor.poisoned(x.sizes, x.dtype))
    } catch {
        return poisoned(
            Failure.poison(
                TensorError(error.kind, error.message, operation: name), like: x.sizes, x.dtype))
    }
}

/// The means of `outputSize` ranges of `x`, [batch, channels, length] or [channels, length]. See
/// `adaptiveAvgPool2d`.
public func adaptiveAvgPool1d(_ x: Tensor, _ outputSize: Int) -> Tensor {
    adaptiveAveragePool("adaptiveAvgPool1d", 1, x, [outputSize])
}

/// The means of ranges that share out the last two dimensions of `x`, [batch, channels, height,
/// width] or without the batch. Same as `torch.nn.functional.adaptive_avg_pool2d`.
///
/// - Parameters:
///   - x: [batch, channels, height, width], or without the batch.
///   - outputSize: How many ranges, one number or one a dimension; nil keeps a size.
/// - Errors: `.shape` for other shapes and empty dimensions, `.argument` for negative sizes.
public func adaptiveAvgPool2d(_ x: Tensor, _ outputSize: [Int?]) -> Tensor {
    adaptiveAveragePool("adaptiveAvgPool2d", 2, x, outputSize)
}
/// The means of `outputSize` × `outputSize` ranges of the last two dimensions.
public func adaptiveAvgPool2d(_ x: Tensor, _ outputSize: Int) -> Tensor {
    adaptiveAvgPool2d(x, [outputSize])
}

/// The means of ranges that share out the last three dimensions. See `adaptiveAvgPool2d`.
public func adaptiveAvgPool3d(_ x: Tensor, _ outputSize: [Int?]) -> Tensor {
    adaptiveAveragePool("adaptiveAvgPool3d", 3, x, outputSize)
}
/// The means of `outputSize` ranges along each of the last three dimensions.
public func adaptiveAvgPool3d(_ x: Tensor, _ outputSize: Int) -> Tensor {
    adaptiveAvgPool3d(x, [outputSize])
}

/// The largest elements of `outputSize` ranges of `x`, [batch, channels, length] or [channels,
/// length]. See `adaptiveAvgPool2d`.
public func adaptiveMaxPool1d(_ x: Tensor, _ outputSize: Int) -> Tensor {
    adaptiveMaxPool1dWithIndices(x, outputSize).values
}
/// The same with the position of each in its plane (int64).
public func adaptiveMaxPool1dWithIndices(
    _ x: Tensor, _ outputSize: Int
) -> (values: Tensor, indices: Tensor) {
    adaptiveMaxPool("adaptiveMaxPool1d", 1, x, [outputSize])
}

/// The largest elements of ranges that share out the last two dimensions. See `adaptiveAvgPool2d`.
public func adaptiveMaxPool2d(_ x: Tensor, _ outputSize: [Int?]) -> Tensor {
    adaptiveMaxPool2dWithIndices(x, outputSize).values
}
/// The largest elements of `outputSize` × `outputSize` ranges of the last two dimensions.
public func adaptiveMaxPool2d(_ x: Tensor, _ outputSize: Int) -> Tensor {
    adaptiveMaxPool2d(x, [outputSize])
}
/// The same with the position of each in its plane (int64).
public func adaptiveMaxPool2dWithIndices(
    _ x: Tensor, _ outputSize: [Int?]
) -> (values: Tensor, indices: Tensor) {
    adaptiveMaxPool("adaptiveMaxPool2d", 2, x, outputSize)
}

/// The largest elements of ranges that share out the last three dimensions. See
/// `adaptiveAvgPool2d`.
public func adaptiveMaxPool3d(_ x: Tensor, _ outputSize: [Int?]) -> Tensor {
    adaptiveMaxPool3dWithIndices(x, outputSize).values
}
/// The largest elements of `outputSize` ranges along each of the last three dimensions.
public func adaptiveMaxPool3d(_ x: Tensor, _ outputSize: Int) -> Tensor {
    adaptiveMaxPool3d(x, [outputSize])
}
/// The same with the position of each in its plane (int64).
public func adaptiveMaxPool3dWithIndices(
    _ x: Tensor, _ outputSize: [Int?]
) -> (values: Tensor, indices: Tensor) {
    adaptiveMaxPool("adaptiveMaxPool3d", 3, x, outputSize)
}
