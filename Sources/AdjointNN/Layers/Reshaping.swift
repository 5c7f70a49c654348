public import AdjointCore

/// The dimensions from `startDim` to `endDim` as one; by default all but the batch.
public final class Flatten: HookedLayer {
    /// The first dimension that is joined.
    public let startDim: Int
    /// The last dimension that is joined.
    public let endDim: Int

    /// Joins the dimensions from `startDim` to `endDim`; negative ones count from the end.
    public init(startDim: Int = 1, endDim: Int = -1) {
        self.startDim = startDim
        self.endDim = endDim
    }

    public func forward(_ x: Tensor) -> Tensor { x.flatten(startDim: startDim, endDim: endDim) }
}

/// One dimension as several, whose sizes have its size as their product.
public final class Unflatten: HookedLayer {
    /// The dimension that is divided.
    public let dim: Int
    /// The sizes that it is divided into; one of them may be -1.
    public let unflattenedSize: [Int]

    /// - Parameters:
    ///   - dim: The dimension that is divided.
    ///   - unflattenedSize: The sizes; one of them may be -1, for what is left.
    public init(_ dim: Int, _ unflattenedSize: [Int]) {
        self.dim = dim
        self.unflattenedSize = unflattenedSize
    }

    public func forward(_ x: Tensor) -> Tensor { x.unflatten(dim: dim, sizes: unflattenedSize) }
}

/// [..., channels · r², h, w] as [..., channels, h · r, w · r] (Shi et al., 2016).
public final class PixelShuffle: HookedLayer {
    /// r: by how much height and width grow.
    public let upscaleFactor: Int
    /// Grows height and width by `upscaleFactor`.
    ///
    /// - Errors: `.shape`, when it is called, for channels that r² does not divide.
    public init(_ upscaleFactor: Int) { self.upscaleFactor = upscaleFactor }
    public func forward(_ x: Tensor) -> Tensor { pixelShuffle(x, upscaleFactor) }
}

/// [..., channels, h · r, w · r] as [..., channels · r², h, w]: the inverse of `PixelShuffle`.
public final class PixelUnshuffle: HookedLayer {
    /// r: by how much height and width shrink.
    public let downscaleFactor: Int
    /// Shrinks height and width by `downscaleFactor`.
    ///
    /// - Errors: `.shape`, when it is called, for sizes that r does not divide.
    public init(_ downscaleFactor: Int) { self.downscaleFactor = downscaleFactor }
    public func forward(_ x: Tensor) -> Tensor { pixelUnshuffle(x, downscaleFactor) }
}

/// The channels in `groups` groups, and one of each group in turn (Zhang et al., 2018).
public final class ChannelShuffle: HookedLayer {
    /// How many groups the channels are divided into.
    public let groups: Int
    /// Shuffles `groups` groups.
    ///
    /// - Errors: `.shape`, when it is called, for channels that they do not divide.
    public init(_ groups: Int) { self.groups = groups }
    public func forward(_ x: Tensor) -> Tensor { channelShuffle(x, groups) }
}

/// The blocks that a window meets, one a column: [batch, channels, h, w] gives
/// [batch, channels · window, positions].
public final class Unfold: HookedLayer {
    /// The size of the window.
    public let kernelSize: any SpatialSize
    /// How far apart the window's elements lie in the input; 1 for neighbours.
    public let dilation: any SpatialSize
    /// How many zeros are added on both sides.
    public let padding: any SpatialSize
    /// How far the window moves at a time.
    public let stride: any SpatialSize

    /// One number for both dimensions of a size, or one for each.
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
    /// Height and width of the result.
    public let outputSize: any SpatialSize
    /// The size of the window.
    public let kernelSize: any SpatialSize
    /// How far apart the window's elements lie in the result; 1 for neighbours.
    public let dilation: any SpatialSize
    /// How many positions are taken away on both sides.
    public let padding: any SpatialSize
    /// How far the window moves at a time.
    public let stride: any SpatialSize

    /// One number for both dimensions of a size, or one for each.
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
    /// The new sizes; nil where `scaleFactor` says them.
    public let size: (any SpatialSize)?
    /// By how much the sizes grow; nil where `size` says them.
    public let scaleFactor: (any SpatialScale)?
    /// What stands between the positions of the input.
    public let mode: InterpolationMode
    /// Whether the first and last elements keep their places; nil for the mode's default.
    public let alignCorners: Bool?
    /// Whether the factor is taken anew from the sizes, which are whole; nil for no.
    public let recomputeScaleFactor: Bool?

    /// - Parameters:
    ///   - size: The new sizes; or `scaleFactor`, by how much they grow.
    ///   - scaleFactor: By how much the sizes grow.
    ///   - mode: What stands between the positions of the input.
    ///   - alignCorners: Whether the first and last elements keep their places.
    ///   - recomputeScaleFactor: Whether the factor is taken anew from the sizes.
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
    /// The new sizes; nil where `scaleFactor` says them.
    public let size: (any SpatialSize)?
    /// By how much the sizes grow; nil where `size` says them.
    public let scaleFactor: (any SpatialScale)?

    /// One of the two says the new height and width.
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
    /// The new sizes; nil where `scaleFactor` says them.
    public let size: (any SpatialSize)?
    /// By how much the sizes grow; nil where `size` says them.
    public let scaleFactor: (any SpatialScale)?

    /// One of the two says the new height and width.
    public init(size: (any SpatialSize)? = nil, scaleFactor: (any SpatialScale)? = nil) {
        self.size = size
        self.scaleFactor = scaleFactor
    }

    public func forward(_ x: Tensor) -> Tensor {
        upsampleBilinear(x, size: size, scaleFactor: scaleFactor)
    }
}
