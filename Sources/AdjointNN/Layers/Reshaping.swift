public import AdjointCore

/// The dimensions from `startDim` to `endDim` as one; by default all but the batch.
public final class Flatten: HookedLayer {
    public let startDim: Int
    public let endDim: Int

    public init(startDim: Int = 1, endDim: Int = -1) {
        self.startDim = startDim
        self.endDim = endDim
    }

    public func forward(_ x: Tensor) -> Tensor { x.flatten(startDim: startDim, endDim: endDim) }
}

/// One dimension as several, whose sizes have its size as their product.
public final class Unflatten: HookedLayer {
    public let dim: Int
    public let unflattenedSize: [Int]

    /// - Parameter unflattenedSize: The sizes; one of them may be -1, for what is left.
    public init(_ dim: Int, _ unflattenedSize: [Int]) {
        self.dim = dim
        self.unflattenedSize = unflattenedSize
    }

    public func forward(_ x: Tensor) -> Tensor { x.unflatten(dim: dim, sizes: unflattenedSize) }
}

/// [..., channels · r², h, w] as [..., channels, h · r, w · r] (Shi et al., 2016).
public final class PixelShuffle: HookedLayer {
    public let upscaleFactor: Int
    public init(_ upscaleFactor: Int) { self.upscaleFactor = upscaleFactor }
    public func forward(_ x: Tensor) -> Tensor { pixelShuffle(x, upscaleFactor) }
}

/// [..., channels, h · r, w · r] as [..., channels · r², h, w]: the inverse of `PixelShuffle`.
public final class PixelUnshuffle: HookedLayer {
    public let downscaleFactor: Int
    public init(_ downscaleFactor: Int) { self.downscaleFactor = downscaleFactor }
    public func forward(_ x: Tensor) -> Tensor { pixelUnshuffle(x, downscaleFactor) }
}

/// The channels in `groups` groups, and one of each group in turn (Zhang et al., 2018).
public final class ChannelShuffle: HookedLayer {
    public let groups: Int
    public init(_ groups: Int) { self.groups = groups }
    public func forward(_ x: Tensor) -> Tensor { channelShuffle(x, groups) }
}

/// The blocks that a window meets, one a column: [batch, channels, h, w] gives
/// [batch, channels · window, positions].
public final class Unfold: HookedLayer {
    public let kernelSize: any SpatialSize
    public let dilation: any SpatialSize
    public let padding: any SpatialSize
    public let stride: any SpatialSize

    public init(
        _ kernelSize: any SpatialSize, dilation: any SpatialSize = 1,
        padding: any SpatialSize = 0, stride: any SpatialSize = 1
    ) {
        self.kernelSize = kernelSize
        self.dilation = dilation
        self.padding = padding
        self.stride = stride
    }

    public func forward(_ x: Tensor) -> Tensor {
        unfold(
            x, kernelSize: kernelSize, dilation: dilation, padding: padding, stride: stride)
    }
}

/// The blocks of `Unfold` put back, and added up where they overlap:
/// [batch, channels · window, positions] gives [batch, channels] + `outputSize`.
public final class Fold: HookedLayer {
    public let outputSize: any SpatialSize
    public let kernelSize: any SpatialSize
    public let dilation: any SpatialSize
    public let padding: any SpatialSize
    public let stride: any SpatialSize

    public init(
        _ outputSize: any SpatialSize, _ kernelSize: any SpatialSize,
        dilation: any SpatialSize = 1, padding: any SpatialSize = 0, stride: any SpatialSize = 1
    ) {
        self.outputSize = outputSize
        self.kernelSize = kernelSize
        self.dilation = dilation
        self.padding = padding
        self.stride = stride
    }

    public func forward(_ x: Tensor) -> Tensor {
        fold(
            x, outputSize: outputSize, kernelSize: kernelSize, dilation: dilation,
            padding: padding, stride: stride)
    }
}

/// Another number of positions along the last dimensions, by `interpolate`.
public final class Upsample: HookedLayer {
    public let size: (any SpatialSize)?
    public let scaleFactor: (any SpatialScale)?
    public let mode: InterpolationMode
    public let alignCorners: Bool?
    public let recomputeScaleFactor: Bool?

    /// - Parameters:
    ///   - size: The new sizes; or `scaleFactor`, by how much they grow.
    ///   - alignCorners: Whether the first and last elements keep their places.
    public init(
        size: (any SpatialSize)? = nil, scaleFactor: (any SpatialScale)? = nil,
        mode: InterpolationMode = .nearest, alignCorners: Bool? = nil,
        recomputeScaleFactor: Bool? = nil
    ) {
        self.size = size
        self.scaleFactor = scaleFactor
        self.mode = mode
        self.alignCorners = alignCorners
        self.recomputeScaleFactor = recomputeScaleFactor
    }

    public func forward(_ x: Tensor) -> Tensor {
        interpolate(
            x, size: size, scaleFactor: scaleFactor, mode: mode, alignCorners: alignCorners,
            recomputeScaleFactor: recomputeScaleFactor)
    }
}

/// `Upsample` of [batch, channels, height, width] in mode `nearest`.
public final class UpsamplingNearest2d: HookedLayer {
    public let size: (any SpatialSize)?
    public let scaleFactor: (any SpatialScale)?

    public init(size: (any SpatialSize)? = nil, scaleFactor: (any SpatialScale)? = nil) {
        self.size = size
        self.scaleFactor = scaleFactor
    }

    public func forward(_ x: Tensor) -> Tensor {
        upsampleNearest(x, size: size, scaleFactor: scaleFactor)
    }
}

/// `Upsample` of [batch, channels, height, width] in mode `bilinear` with aligned corners.
public final class UpsamplingBilinear2d: HookedLayer {
    public let size: (any SpatialSize)?
    public let scaleFactor: (any SpatialScale)?

    public init(size: (any SpatialSize)? = nil, scaleFactor: (any SpatialScale)? = nil) {
        self.size = size
        self.scaleFactor = scaleFactor
    }

    public func forward(_ x: Tensor) -> Tensor {
        upsampleBilinear(x, size: size, scaleFactor: scaleFactor)
    }
}
