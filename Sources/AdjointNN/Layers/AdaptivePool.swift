public import AdjointCore

/// The sizes of an adaptive pool's output.
private func sizes(_ size: [Int?], _ dims: Int) -> [Int?] {
    size.count == 1 ? [Int?](repeating: size[0], count: dims) : size
}

/// The size of a pool over one dimension: nil is the input's.
private func size(_ sizes: [Int?], _ x: Tensor) -> Int {
    (sizes.first ?? nil) ?? (x.shape.last ?? 0)
}

/// Means over as many windows as the output has positions, over two dimensions unless a subclass
/// says otherwise.
public class AdaptiveAvgPoolLayer: HookedLayer, @unchecked Sendable {
    /// One size for all dimensions, or one for each; nil keeps the input's.
    public final let outputSize: [Int?]
    class var dims: Int { 2 }

    /// - Parameter outputSize: One for each dimension; nil keeps the input's.
    public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

    /// The same size along all dimensions.
    public init(_ outputSize: Int) { self.outputSize = [outputSize] }

    public final func forward(_ x: Tensor) -> Tensor {
        switch Self.dims {
        case 1: adaptiveAvgPool1d(x, size(outputSize, x))
        case 2: adaptiveAvgPool2d(x, sizes(outputSize, 2))
        default: adaptiveAvgPool3d(x, sizes(outputSize, 3))
        }
    }
}

/// [batch, channels, length] averaged to `outputSize` positions.
public final class AdaptiveAvgPool1d: AdaptiveAvgPoolLayer, @unchecked Sendable {
    override class var dims: Int { 1 }
}

/// [batch, channels, height, width] averaged to `outputSize` positions.
public final class AdaptiveAvgPool2d: AdaptiveAvgPoolLayer, @unchecked Sendable {}

/// [batch, channels, depth, height, width] averaged to `outputSize` positions.
public final class AdaptiveAvgPool3d: AdaptiveAvgPoolLayer, @unchecked Sendable {
    override class var dims: Int { 3 }
}

/// Largest elements of as many windows as the output has positions, over two dimensions unless a
/// subclass says otherwise.
public class AdaptiveMaxPoolLayer: HookedLayer, @unchecked Sendable {
    /// One size for all dimensions, or one for each; nil keeps the input's.
    public final let outputSize: [Int?]
    class var dims: Int { 2 }

    /// - Parameter outputSize: One for each dimension; nil keeps the input's.
    public init(_ outputSize: [Int?]) { self.outputSize = outputSize }

    /// The same size along all dimensions.
    public init(_ outputSize: Int) { self.outputSize = [outputSize] }

    public final func forward(_ x: Tensor) -> Tensor { pool(x).values }

    /// The largest elements and where they lie, counted over the pooled dimensions. The hooks of
    /// the layer run.
    public final func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        let results = callWithHooks([x]) {
            let (values, indices) = pool($0[0])
            return [values, indices]
        }
        return (results[0], results[1])
    }

    private func pool(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
        switch Self.dims {
        case 1: adaptiveMaxPool1dWithIndices(x, size(outputSize, x))
        case 2: adaptiveMaxPool2dWithIndices(x, sizes(outputSize, 2))
        default: adaptiveMaxPool3dWithIndices(x, sizes(outputSize, 3))
        }
    }
}

/// The largest elements of [batch, channels, length] at `outputSize` positions.
public final class AdaptiveMaxPool1d: AdaptiveMaxPoolLayer, @unchecked Sendable {
    override class var dims: Int { 1 }
}

/// The largest elements of [batch, channels, height, width] at `outputSize` positions.
public final class AdaptiveMaxPool2d: AdaptiveMaxPoolLayer, @unchecked Sendable {}

/// The largest elements of [batch, channels, depth, height, width] at `outputSize` positions.
public final class AdaptiveMaxPool3d: AdaptiveMaxPoolLayer, @unchecked Sendable {
    override class var dims: Int { 3 }
}

/// The inverse of a max pool: its values at their places, zeros elsewhere; over two dimensions
/// unless a subclass says otherwise.
public class MaxUnpoolLayer: Module, @unchecked Sendable {
    /// The size of the pool's window.
    public final let kernelSize: any SpatialSize
    /// How far the pool's window moved.
    public final let stride: any SpatialSize
    /// How many positions the pool added on both sides.
    public final let padding: any SpatialSize
    class var dims: Int { 2 }

    /// The stride is the kernel's size unless given.
    public init(
        _ kernelSize: any SpatialSize, stride: (any SpatialSize)? = nil,
        padding: any SpatialSize = 0
    ) {
        self.kernelSize = kernelSize
        self.stride = stride ?? kernelSize
        self.padding = padding
    }

    /// - Parameters:
    ///   - x: What the pool gave.
    ///   - indices: As `withIndices` of the pool gave them.
    ///   - outputSize: The sizes of the pool's input, which several may share an output.
    public final func callAsFunction(_ x: Tensor, _ indices: Tensor, outputSize: [Int]? = nil)
        -> Tensor
    {
        let unpool =
            switch Self.dims {
            case 1: maxUnpool1d
            case 2: maxUnpool2d
            default: maxUnpool3d
            }
        return callWithHooks([x, indices]) {
            [unpool($0[0], $0[1], kernelSize, stride, padding, outputSize)]
        }[0]
    }
}

/// The inverse of `MaxPool1d`.
public final class MaxUnpool1d: MaxUnpoolLayer, @unchecked Sendable {
    override class var dims: Int { 1 }
}

/// The inverse of `MaxPool2d`.
public final class MaxUnpool2d: MaxUnpoolLayer, @unchecked Sendable {}

/// The inverse of `MaxPool3d`.
public final class MaxUnpool3d: MaxUnpoolLayer, @unchecked Sendable {
    override class var dims: Int { 3 }
}
