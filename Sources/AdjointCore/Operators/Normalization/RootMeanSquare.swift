/// The last dimensions of `x` divided by the root of the mean of their squares; then times
/// `weight` (Zhang and Sennrich, 2019). Same as `torch.nn.functional.rms_norm`.
///
/// - Parameters:
///   - x: [..., `normalizedShape`].
///   - normalizedShape: The sizes of those dimensions, and the shape of the weight.
///   - weight: The scale of each element; 1 if nil.
///   - eps: Added to the mean of the squares; the spacing of the dtype's numbers at 1 if nil.
/// - Errors: `.shape` where `x` does not end in `normalizedShape`, or the weight differs from it;
///   `.dtype` for integers and booleans.
public func rmsNorm(
    _ x: Tensor, _ normalizedShape: [Int], weight: Tensor? = nil, eps: Double? = nil
) -> Tensor {
    func refuse(_ kind: TensorError.Kind, _ message: String) -> Tensor {
        Failure.poison(
            TensorError(kind, message, operation: "rmsNorm"), like: x.sizes, x.dtype)
    }
    if x.isPoisoned { return x }
    if !x.dtype.isFloatingPoint {
        return refuse(.dtype, "not implemented for \(x.dtype) tensors")
    }
    if normalizedShape.isEmpty || !x.shape.reversed().starts(with: normalizedShape.reversed()) {
        return refuse(
            .shape,
            "expected an input whose last sizes are \(normalizedShape), but got shape \(x.shape)")
    }
    if let weight, weight.shape != normalizedShape {
        return refuse(
            .shape, "expected a weight of shape \(normalizedShape), but got \(weight.shape)")
    }
    let dims = Array((x.ndim - normalizedShape.count)..<x.ndim)
    let wide = x.to(x.dtype.computeType)
    let root = (wide.square().mean(dim: dims, keepDim: true) + (eps ?? x.dtype.spacing)).rsqrt()
    let y = (wide * root).to(x.dtype)
    return weight.map { y * $0 } ?? y
}

extension DType {
    /// The distance from 1 to the next number of a floating-point type.
    fileprivate var spacing: Double {
        switch self {
        case .float64: Double.ulpOfOne
        case .float16: 0x1p-10
        case .bfloat16: 0x1p-7
        default: Double(Float.ulpOfOne)
        }
    }
}

/// `x` divided by its p-norm along `dim`, or by `eps` where that is larger. Same as
/// `torch.nn.functional.normalize`.
///
/// - Errors: `.dtype` for integers and booleans.
public func normalize(
    _ x: Tensor, p: Double = 2, dim: Int = 1, eps: Double = 1e-12
) -> Tensor {
    normalize(x, p: p, dim: [dim], eps: eps)
}
/// `x` divided by its p-norm over several dimensions, or by `eps` where that is larger.
///
/// - Errors: `.dtype` for integers and booleans.
public func normalize(
    _ x: Tensor, p: Double = 2, dim: [Int], eps: Double = 1e-12
) -> Tensor {
    x / x.norm(p, dim: dim, keepDim: true).clamp(min: eps)
}

/// Each element of `x`, [batch, channels, ...], divided by (k + alpha · m)ᵝ, where m is the mean of
/// the squares over the `size` channels around it, with zeros beyond the last ones (Krizhevsky et
/// al., 2012). Same as `torch.nn.functional.local_response_norm`.
///
/// - Errors: `.shape` for fewer than three dimensions, `.argument` for a size below 1.
public func localResponseNorm(
    _ x: Tensor, size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1
) -> Tensor {
    func refuse(_ kind: TensorError.Kind, _ message: String) -> Tensor {
        Failure.poison(
            TensorError(kind, message, operation: "localResponseNorm"), like: x.sizes, x.dtype)
    }
    if x.isPoisoned { return x }
    if x.ndim < 3 { return refuse(.shape, "expected [batch, channels, ...], got \(x.shape)") }
    if size < 1 || size > 1 << 30 { return refuse(.argument, "size must be positive, not \(size)") }
    if x.numel == 0 { return x / 1 }
    let rest = x.shape.dropFirst(2).reduce(1, *)
    let squares = (x * x).reshape([x.shape[0], 1, x.shape[1], rest])
    let padded = pad(squares, [0, 0, size / 2, (size - 1) / 2])
    let means = avgPool2d(padded, kernelSize: [size, 1], stride: 1).reshape(x.shape)
    return x / (means * alpha + k) ** beta
}
