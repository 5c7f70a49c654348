public import AdjointCore

/// The largest element of each window, over two dimensions unless a subclass says otherwise.
public class MaxPoolLayer: HookedLayer, @unchecked Sendable {
    /// The size of the window, one number or one a dimension.
    public final let kernelSize: any SpatialSize
    /// How far the window moves at a time.
    public final let stride: any SpatialSize
    /// How many positions are added on both sides, none of which is ever the largest.
    public final let padding: any SpatialSize
    /// How far apart the window's elements lie in the input; 1 for neighbours.
    public final let dilation: any SpatialSize
    /// Whether a window that hangs over the end counts.
    public final let ceilMode: Bool
    class var dims: Int { 2 }

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

    public final func forward(_ x: Tensor) -> Tensor {
        let pool =
            switch Self.dims {
            case 1: maxPool1d
            case 2: maxPool2d
            default: maxPool3d
            }
        return pool(x, kernelSize, stride, padding, dilation, ceilMode)
    }

    /// The largest elements and where they lie, counted over the pooled dimensions: what
    /// `MaxUnpool1d` and its kin take. The hooks of the layer run.
    public final func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        let results = callWithHooks([x]) { inputs in
            let pool =
                switch Self.dims {
                case 1: maxPool1dWithIndices
                case 2: maxPool2dWithIndices
                default: maxPool3dWithIndices
                }
            let (values, indices) = pool(
                inputs[0], kernelSize, stride, padding, dilation, ceilMode)
            return [values, indices]
        }
        return (results[0], results[1])
    }
}

/// The largest element of each window over [batch, channels, length].
public final class MaxPool1d: MaxPoolLayer, @unchecked Sendable {
    override class var dims: Int { 1 }
}

/// The largest element of each window over [batch, channels, height, width].
public final class MaxPool2d: MaxPoolLayer, @unchecked Sendable {}

/// The largest element of each window over [batch, channels, depth, height, width].
public final class MaxPool3d: MaxPoolLayer, @unchecked Sendable {
    override class var dims: Int { 3 }
}

/// The mean of each window, over two dimensions unless a subclass says otherwise.
public class AvgPoolLayer: HookedLayer, @unchecked Sendable {
    /// The size of the window, one number or one a dimension.
    public final let kernelSize: any SpatialSize
    /// How far the window moves at a time.
    public final let stride: any SpatialSize
    /// How many zeros are added on both sides.
    public final let padding: any SpatialSize
    /// Whether a window that hangs over the end counts.
    public final let ceilMode: Bool
    /// Whether the zeros around the input count as elements.
    public final let countIncludePad: Bool
    /// What sums are divided by in place of their number of elements. `AvgPool1d` has none.
    public final let divisorOverride: Int?
    class var dims: Int { 2 }

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

    public final func forward(_ x: Tensor) -> Tensor {
        if Self.dims == 1 {
            if divisorOverride != nil {
                return Failure.poison(
                    TensorError(
                        .argument, "avgPool1d takes no divisorOverride; scale its output",
                        operation: "avgPool1d"))
            }
            return avgPool1d(
                x, kernelSize: kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
                countIncludePad: countIncludePad)
        }
        let pool = Self.dims == 2 ? avgPool2d : avgPool3d
        return pool(x, kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride)
    }
}

/// The mean of each window over [batch, channels, length].
public final class AvgPool1d: AvgPoolLayer, @unchecked Sendable {
    override class var dims: Int { 1 }
}

/// The mean of each window over [batch, channels, height, width].
public final class AvgPool2d: AvgPoolLayer, @unchecked Sendable {}

/// The mean of each window over [batch, channels, depth, height, width].
public final class AvgPool3d: AvgPoolLayer, @unchecked Sendable {
    override class var dims: Int { 3 }
}

/// The p-norm of each window, (Σ xᵖ)^(1/p), over two dimensions unless a subclass says otherwise.
public class LPPoolLayer: HookedLayer, @unchecked Sendable {
    /// p.
    public final let normType: Double
    /// The size of the window, one number or one a dimension.
    public final let kernelSize: any SpatialSize
    /// How far the window moves at a time.
    public final let stride: any SpatialSize
    /// Whether a window that hangs over the end counts.
    public final let ceilMode: Bool
    class var dims: Int { 2 }

    /// The stride is the kernel's size unless given.
    public init(
        _ normType: Double, _ kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
        ceilMode: Bool = false
    ) {
        self.normType = normType
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
        self.ceilMode = ceilMode
    }

    public final func forward(_ x: Tensor) -> Tensor {
        let pool =
            switch Self.dims {
            case 1: lpPool1d
            case 2: lpPool2d
            default: lpPool3d
            }
        return pool(x, normType, kernelSize, stride, ceilMode)
    }
}

/// The p-norm of each window over [batch, channels, length].
public final class LPPool1d: LPPoolLayer, @unchecked Sendable {
    override class var dims: Int { 1 }
}

/// The p-norm of each window over [batch, channels, height, width].
public final class LPPool2d: LPPoolLayer, @unchecked Sendable {}

/// The p-norm of each window over [batch, channels, depth, height, width].
public final class LPPool3d: LPPoolLayer, @unchecked Sendable {
    override class var dims: Int { 3 }
}
