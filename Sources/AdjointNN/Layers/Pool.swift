public import AdjointCore

/// The largest element of each window over [batch, channels, height, width].
public final class MaxPool2d: HookedLayer {
    public let kernelSize: any SpatialSize
    public let stride: any SpatialSize
    public let padding: any SpatialSize
    public let dilation: any SpatialSize
    public let ceilMode: Bool

    /// The stride is the kernel's size unless given.
    public init(
        _ kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
        padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
    ) {
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
        self.padding = padding
        self.dilation = dilation
        self.ceilMode = ceilMode
    }

    /// The same with PyTorch's label.
    public convenience init(
        kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
        padding: any SpatialSize = 0, dilation: any SpatialSize = 1, ceilMode: Bool = false
    ) {
        self.init(
            kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    }

    public func forward(_ x: Tensor) -> Tensor {
        maxPool2d(
            x, kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
            ceilMode: ceilMode)
    }
}

/// The mean of each window over [batch, channels, height, width].
public final class AvgPool2d: HookedLayer {
    public let kernelSize: any SpatialSize
    public let stride: any SpatialSize
    public let padding: any SpatialSize
    public let ceilMode: Bool
    public let countIncludePad: Bool
    public let divisorOverride: Int?

    /// The stride is the kernel's size unless given.
    public init(
        _ kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
        padding: any SpatialSize = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
        divisorOverride: Int? = nil
    ) {
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
        self.padding = padding
        self.ceilMode = ceilMode
        self.countIncludePad = countIncludePad
        self.divisorOverride = divisorOverride
    }

    /// The same with PyTorch's label.
    public convenience init(
        kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
        padding: any SpatialSize = 0, ceilMode: Bool = false, countIncludePad: Bool = true,
        divisorOverride: Int? = nil
    ) {
        self.init(
            kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
            countIncludePad: countIncludePad, divisorOverride: divisorOverride)
    }

    public func forward(_ x: Tensor) -> Tensor {
        avgPool2d(
            x, kernelSize: kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
            countIncludePad: countIncludePad, divisorOverride: divisorOverride)
    }
}
