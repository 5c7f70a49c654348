public import AdjointCore

/// The p-norm of each window over [batch, channels, length], (Σ xᵖ)^(1/p), with the stride that is
/// the kernel's size unless given. Same as `torch.nn.functional.lp_pool1d`: where a sum of odd
/// powers is negative, the result is 0 or NaN as the root says.
///
/// - Errors: as `avgPool1d`.
public func lpPool1d(
    _ x: Tensor, normType: Double, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    ceilMode: Bool = false
) -> Tensor {
    let mean = avgPool1d(
        x ** normType, kernelSize: kernelSize, stride: stride, ceilMode: ceilMode)
    return root(mean, 1, normType, kernelSize)
}

/// The p-norm of each window over [batch, channels, height, width]. See `lpPool1d`.
public func lpPool2d(
    _ x: Tensor, normType: Double, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    ceilMode: Bool = false
) -> Tensor {
    let mean = avgPool2d(
        x ** normType, kernelSize: kernelSize, stride: stride, ceilMode: ceilMode)
    return root(mean, 2, normType, kernelSize)
}

/// The p-norm of each window over [batch, channels, depth, height, width]. See `lpPool1d`.
public func lpPool3d(
    _ x: Tensor, normType: Double, kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
    ceilMode: Bool = false
) -> Tensor {
    let mean = avgPool3d(
        x ** normType, kernelSize: kernelSize, stride: stride, ceilMode: ceilMode)
    return root(mean, 3, normType, kernelSize)
}

/// (mean · elements)^(1/p), with sign(m) relu(|m|) in the place of the mean m as PyTorch has it,
/// whose derivative at 0 is 0 · ∞.
private func root(_ mean: Tensor, _ dims: Int, _ p: Double, _ kernel: any SpatialSize) -> Tensor {
    let sizes = kernel.spatialSizes
    let side = sizes.count == 1 ? [Int](repeating: sizes[0], count: dims) : sizes
    let count = side.reduce(1.0) { $0 * Double($1) }
    return (mean.sign() * mean.abs().relu() * count) ** (1 / p)
}
