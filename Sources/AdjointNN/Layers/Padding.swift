public import AdjointCore

/// More positions around the last dimensions of [batch, channels, ...] or [channels, ...].
public class PaddingLayer: HookedLayer, @unchecked Sendable {
    /// Before and after the last dimension, before and after the last but one, and so on.
    public final let padding: [Int]
    /// What constant padding holds.
    public final let value: Double
    fileprivate final let mode: PaddingMode

    /// - Parameter padding: One count for all sides, or two for each dimension.
    fileprivate init(_ dims: Int, _ padding: any SpatialSize, _ mode: PaddingMode, _ value: Double)
    {
        let counts = padding.spatialSizes
        self.padding =
            counts.count == 1 ? [Int](repeating: counts[0], count: 2 * dims) : counts
        self.mode = mode
        self.value = value
        expected = 2 * dims
    }

    private let expected: Int

    public final func forward(_ x: Tensor) -> Tensor {
        if padding.count != expected {
            return Failure.poison(
                TensorError(
                    .argument, "expected 1 count or \(expected), but got \(padding)",
                    operation: "pad"))
        }
        return pad(x, padding, mode: mode, value: value)
    }
}

/// Padding with a number of [batch, channels, length], or without the batch.
public final class ConstantPad1d: PaddingLayer, @unchecked Sendable {
    /// - Parameters:
    ///   - padding: One count for all 2 sides, or one for each, the last dimension first.
    ///   - value: What the new positions hold.
    public init(_ padding: any SpatialSize, _ value: Double) {
        super.init(1, padding, .constant, value)
    }
}

/// Padding with a number of [batch, channels, height, width], or without the batch.
public final class ConstantPad2d: PaddingLayer, @unchecked Sendable {
    /// - Parameters:
    ///   - padding: One count for all 4 sides, or one for each, the last dimension first.
    ///   - value: What the new positions hold.
    public init(_ padding: any SpatialSize, _ value: Double) {
        super.init(2, padding, .constant, value)
    }
}

/// Padding with a number of [batch, channels, depth, height, width], or without the batch.
public final class ConstantPad3d: PaddingLayer, @unchecked Sendable {
    /// - Parameters:
    ///   - padding: One count for all 6 sides, or one for each, the last dimension first.
    ///   - value: What the new positions hold.
    public init(_ padding: any SpatialSize, _ value: Double) {
        super.init(3, padding, .constant, value)
    }
}

/// Padding with zeros of [batch, channels, length], or without the batch.
public final class ZeroPad1d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 2 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(1, padding, .constant, 0) }
}

/// Padding with zeros of [batch, channels, height, width], or without the batch.
public final class ZeroPad2d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 4 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(2, padding, .constant, 0) }
}

/// Padding with zeros of [batch, channels, depth, height, width], or without the batch.
public final class ZeroPad3d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 6 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(3, padding, .constant, 0) }
}

/// Padding with the elements beside the border, mirrored at it of [batch, channels, length], or without the batch.
public final class ReflectionPad1d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 2 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(1, padding, .reflect, 0) }
}

/// Padding with the elements beside the border, mirrored at it of [batch, channels, height, width], or without the batch.
public final class ReflectionPad2d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 4 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(2, padding, .reflect, 0) }
}

/// Padding with the elements beside the border, mirrored at it of [batch, channels, depth, height, width], or without the batch.
public final class ReflectionPad3d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 6 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(3, padding, .reflect, 0) }
}

/// Padding with the element at the border of [batch, channels, length], or without the batch.
public final class ReplicationPad1d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 2 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(1, padding, .replicate, 0) }
}

/// Padding with the element at the border of [batch, channels, height, width], or without the batch.
public final class ReplicationPad2d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 4 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(2, padding, .replicate, 0) }
}

/// Padding with the element at the border of [batch, channels, depth, height, width], or without the batch.
public final class ReplicationPad3d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 6 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(3, padding, .replicate, 0) }
}

/// Padding with the elements from the other side of [batch, channels, length], or without the batch.
public final class CircularPad1d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 2 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(1, padding, .circular, 0) }
}

/// Padding with the elements from the other side of [batch, channels, height, width], or without the batch.
public final class CircularPad2d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 4 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(2, padding, .circular, 0) }
}

/// Padding with the elements from the other side of [batch, channels, depth, height, width], or without the batch.
public final class CircularPad3d: PaddingLayer, @unchecked Sendable {
    /// - Parameter padding: One count for all 6 sides, or one for each, the last dimension first.
    public init(_ padding: any SpatialSize) { super.init(3, padding, .circular, 0) }
}
