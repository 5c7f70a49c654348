public import AdjointCore

/// The weights of a convolution over `dims` dimensions: uniform in ±1/√(channels · kernel) at the
/// start, as PyTorch's are.
private func convolutionWeights(
    _ dims: Int, _ inChannels: Int, _ outChannels: Int, _ kernelSize: any SpatialSize,
    _ groups: Int, _ bias: Bool, _ dtype: DType
) -> (weight: Parameter, bias: Parameter?) {
    let given = kernelSize.spatialSizes
    let kernel = given.count == 1 ? [Int](repeating: given[0], count: dims) : given
    let channels = groups > 0 ? inChannels / groups : inChannels
    let bound = Init.bound(fanIn: kernel.reduce(channels, &*))
    return (
        Parameter(Init.uniform([outChannels, channels] + kernel, bound, dtype)),
        bias ? Parameter(Init.uniform([outChannels], bound, dtype)) : nil
    )
}

/// A convolution over [batch, channels, length].
public final class Conv1d: HookedLayer {
    /// [out channels, in channels / groups, width].
    public let weight: Parameter
    /// [out channels].
    public let bias: Parameter?
    public let stride: any SpatialSize
    public let padding: Padding
    public let dilation: any SpatialSize
    public let groups: Int

    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: some ConvolutionPadding = 0,
        dilation: any SpatialSize = 1, groups: Int = 1, bias: Bool = true, dtype: DType = .float32
    ) {
        (weight, self.bias) = convolutionWeights(
            1, inChannels, outChannels, kernelSize, groups, bias, dtype)
        self.stride = stride
        self.padding = padding.convolutionPadding
        self.dilation = dilation
        self.groups = groups
    }

    public func forward(_ x: Tensor) -> Tensor {
        conv1d(
            x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
            groups: groups)
    }
}

/// A convolution over [batch, channels, height, width].
public final class Conv2d: HookedLayer {
    /// [out channels, in channels / groups, height, width].
    public let weight: Parameter
    /// [out channels].
    public let bias: Parameter?
    public let stride: any SpatialSize
    public let padding: Padding
    public let dilation: any SpatialSize
    public let groups: Int

    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: some ConvolutionPadding = 0,
        dilation: any SpatialSize = 1, groups: Int = 1, bias: Bool = true, dtype: DType = .float32
    ) {
        (weight, self.bias) = convolutionWeights(
            2, inChannels, outChannels, kernelSize, groups, bias, dtype)
        self.stride = stride
        self.padding = padding.convolutionPadding
        self.dilation = dilation
        self.groups = groups
    }

    public func forward(_ x: Tensor) -> Tensor {
        conv2d(
            x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
            groups: groups)
    }
}

/// A convolution over [batch, channels, depth, height, width].
public final class Conv3d: HookedLayer {
    /// [out channels, in channels / groups, depth, height, width].
    public let weight: Parameter
    /// [out channels].
    public let bias: Parameter?
    public let stride: any SpatialSize
    public let padding: Padding
    public let dilation: any SpatialSize
    public let groups: Int

    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: some ConvolutionPadding = 0,
        dilation: any SpatialSize = 1, groups: Int = 1, bias: Bool = true, dtype: DType = .float32
    ) {
        (weight, self.bias) = convolutionWeights(
            3, inChannels, outChannels, kernelSize, groups, bias, dtype)
        self.stride = stride
        self.padding = padding.convolutionPadding
        self.dilation = dilation
        self.groups = groups
    }

    public func forward(_ x: Tensor) -> Tensor {
        conv3d(
            x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation,
            groups: groups)
    }
}
