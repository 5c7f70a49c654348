/// A factor for each spatial dimension: one number for all of them alike, or an array with one
/// entry a dimension.
public protocol SpatialScale: Sendable {
    /// One entry for all dimensions, or one for each.
    var spatialScales: [Double] { get }
}

extension Int: SpatialScale {
    public var spatialScales: [Double] { [Double(self)] }
}

extension Double: SpatialScale {
    public var spatialScales: [Double] { [self] }
}

extension [Double]: SpatialScale {
    public var spatialScales: [Double] { self }
}

/// How `interpolate` finds what lies between elements.
public enum InterpolationMode: Sendable, Hashable {
    /// The element at ⌊j · scale⌋.
    case nearest
    /// The element whose middle is nearest.
    case nearestExact
    /// Between neighbours, over one, two or three dimensions.
    case linear, bilinear, trilinear
    /// A cubic convolution over two dimensions (Keys, 1981).
    case bicubic
    /// The mean of what an element covers.
    case area

    /// The number of spatial dimensions that it is for.
    var dims: ClosedRange<Int> {
        switch self {
        case .linear: 1...1
        case .bilinear, .bicubic: 2...2
        case .trilinear: 3...3
        case .nearest, .nearestExact, .area: 1...3
        }
    }

    /// Whether it may align corners.
    fileprivate var aligns: Bool {
        switch self {
        case .nearest, .nearestExact, .area: false
        default: true
        }
    }
}

/// `x`, [batch, channels, ...] with one to three spatial dimensions, in other sizes. Same as
/// `torch.nn.functional.interpolate`.
///
/// - Parameters:
///   - x: [batch, channels, ...] with one to three spatial dimensions.
///   - size: The new sizes, one number or one a dimension.
///   - scaleFactor: In place of `size`, what the sizes are multiplied by, rounded down.
///   - mode: How values are found. Bytes are rounded to the nearest.
///   - alignCorners: Whether the middles of the corners coincide, and not the corners themselves;
///     for the linear and cubic modes alone.
///   - recomputeScaleFactor: Whether the distance between sources follows from the new sizes, and
///     not from `scaleFactor`.
///   - antialias: Whether shrinking weighs all that it covers (`bilinear` and `bicubic`).
/// - Errors: `.shape` for other shapes, `.argument` where both or none of `size` and
///   `scaleFactor` are given, or what the mode does not take; `.dtype` for integers but bytes.
public func interpolate(
    _ x: Tensor, size: (any SpatialSize)? = nil, scaleFactor: (any SpatialScale)? = nil,
    mode: InterpolationMode = .nearest, alignCorners: Bool? = nil,
    recomputeScaleFactor: Bool? = nil, antialias: Bool = false
) -> Tensor {
    if x.isPoisoned { return x }
    do throws(TensorError) {
        let plan = try InterpolationPlan(
            x, size?.spatialSizes, scaleFactor?.spatialScales, mode, alignCorners,
            recomputeScaleFactor ?? false, antialias)
        return plan.run(x)
    } catch {
        return Failure.poison(
            TensorError(error.kind, error.message, operation: "interpolate"), like: x.sizes,
            x.dtype)
    }
}

/// `interpolate` to the nearest element.
public func upsampleNearest(
    _ x: Tensor, size: (any SpatialSize)? = nil, scaleFactor: (any SpatialScale)? = nil
) -> Tensor {
    interpolate(x, size: size, scaleFactor: scaleFactor, mode: .nearest)
}

/// `interpolate` in the mode `bilinear`, with the middles of the corners aligned.
public func upsampleBilinear(
    _ x: Tensor, size: (any SpatialSize)? = nil, scaleFactor: (any SpatialScale)? = nil
) -> Tensor {
    interpolate(x, size: size, scaleFactor: scaleFactor, mode: .bilinear, alignCorners: true)
}

/// The arguments of an interpolation, checked.
private struct InterpolationPlan {
    let mode: InterpolationMode
    let aligns: Bool
    let antialias: Bool
    let input: [Int]
    let output: [Int]
    /// The distance between sources, where corners are not aligned.
    let scales: [Double]

    init(
        _ x: Tensor, _ size: [Int]?, _ factor: [Double]?, _ mode: InterpolationMode,
        _ alignCorners: Bool?, _ recomputes: Bool, _ antialias: Bool
    ) throws(TensorError) {
        let dims = x.ndim - 2
        if !mode.dims.contains(dims) {
            throw TensorError(
                .shape,
                "mode \(mode) takes [batch, channels, ...] with \(mode.dims) spatial dimensions, "
                    + "but got shape \(x.shape)")
        }
        if alignCorners != nil && !mode.aligns {
            throw TensorError(.argument, "mode \(mode) has no corners to align")
        }
        if antialias && mode != .bilinear && mode != .bicubic {
            throw TensorError(.argument, "antialias is for the modes bilinear and bicubic")
        }
        let takesBytes = mode.dims.upperBound != 1 && mode != .trilinear && mode != .area
        if !x.dtype.isFloatingPoint && !(x.dtype == .uint8 && takesBytes) {
            throw TensorError(.dtype, "not implemented for \(x.dtype) tensors in mode \(mode)")
        }
        if (size == nil) == (factor == nil) {
            throw TensorError(.argument, "expected either size or scaleFactor")
        }
        let given = size?.count ?? factor!.count
        if given != 1 && given != dims {
            throw TensorError(
                .argument, "expected one size or factor, or \(dims), one a dimension; got \(given)")
        }
        let input = Array(x.shape.dropFirst(2))
        let factors = factor.map { $0.count == 1 ? [Double](repeating: $0[0], count: dims) : $0 }
        var output = size.map { $0.count == 1 ? [Int](repeating: $0[0], count: dims) : $0 } ?? []
        if let factors {
            for (length, factor) in zip(input, factors) {
                let size = (Double(length) * factor).rounded(.down)
                output.append(size >= 1 && size <= 0x1p30 ? Int(size) : 0)
            }
        }
        if input.contains(0) || output.contains(where: { $0 < 1 || $0 > 1 << 30 }) {
            throw TensorError(
                .argument,
                "sizes must be positive, before and after: \(input) cannot become "
                    + (factors.map { "\($0) times that" } ?? "\(output)"))
        }
        if mode == .nearest || mode == .nearestExact {
            for size in output {
                try TensorMemory.checkList(of: (Int, Int64).self, size, for: Dims(output))
            }
        }
        self.mode = mode
        self.aligns = alignCorners ?? false
        self.antialias = antialias
        self.input = input
        self.output = output
        let keepsFactors = !recomputes && mode != .area
        scales = input.indices.map { i in
            if let factors, keepsFactors { return 1 / factors[i] }
            return Double(input[i]) / Double(output[i])
        }
    }

    func run(_ x: Tensor) -> Tensor {
        if mode == .nearest || mode == .nearestExact { return nearest(x) }
        if x.dtype == .uint8 {
            let y = resampled(x.to(.float32), to: output, rule)
            return y.round().clamp(min: 0, max: 255).to(.uint8)
        }
        return resampled(x, to: output, rule)
    }

    private func rule(_ i: Int) -> ResampleRule {
        var scale = scales[i]
        if aligns { scale = output[i] > 1 ? Double(input[i] - 1) / Double(output[i] - 1) : 0 }
        switch mode {
        case .area: return .ranges
        case .bicubic:
            return antialias
                ? .smoothCubic(scale: scale) : .cubic(scale: scale, alignsCorners: aligns)
        default:
            return antialias
                ? .smoothLinear(scale: scale) : .linear(scale: scale, alignsCorners: aligns)
        }
    }

    private func nearest(_ x: Tensor) -> Tensor {
        var y = x
        for i in input.indices {
            let sources = (0..<output[i]).map { j in
                // In the type of the elements, as the tie between two elements is decided there.
                x.dtype == .float64
                    ? source(j, scales[i], input[i]) : source(j, Float(scales[i]), input[i])
            }
            let index = Tensor(sources, shape: [output[i]], dtype: .int64).to(x.device)
            y = y.indexSelect(dim: 2 + i, index: index)
        }
        return y
    }

    private func source<T: Real>(_ j: Int, _ scale: T, _ input: Int) -> Int {
        let place =
            mode == .nearest
            ? scale * T(j) : Swift.max(scale * (T(j) + 0.5) - 0.5, 0) + 0.5
        let below = Float(place).rounded(.down)
        return below < 0x1p62 ? Swift.min(Int(below), input - 1) : input - 1
    }
}

/// The last dimensions of `x` in other sizes, one after the other, the last one first. Half-width
/// floats are rounded once, at the end.
func resampled(_ x: Tensor, to sizes: [Int], _ rule: (Int) -> ResampleRule) -> Tensor {
    var y = x.to(x.dtype.computeType)
    let lead = x.ndim - sizes.count
    for i in sizes.indices.reversed() {
        let size = x.shape[lead + i]
        let rule = rule(i)
        if rule.isIdentity(size, sizes[i]) { continue }
        let op = Resample(
            rule: rule, after: sizes.count - 1 - i, input: size, output: sizes[i])
        y = apply(op, Operands(y))
    }
    return y === x ? x.clone() : y.to(x.dtype)
}
