public import AdjointCore

/// What the three convolutions share: weights, bias, and how the window moves.
public class ConvolutionLayer: HookedLayer, @unchecked Sendable {
    /// [out channels, in channels / groups, kernel...].
    public final let weight: Parameter
    /// [out channels].
    public final let bias: Parameter?
    /// How far the window moves at a time, one number or one a dimension.
    public final let stride: any SpatialSize
    /// The zeros around the input.
    public final let padding: Padding
    /// How far apart the window's elements lie in the input; 1 for neighbours.
    public final let dilation: any SpatialSize
    /// How many parts the channels are divided into, each convolved by itself.
    public final let groups: Int
    /// What stands around the input: zeros, or what its border says.
    public final let paddingMode: PaddingMode
    private let dims: Int

    /// The weights are uniform in ±1/√(channels · kernel) at the start, as PyTorch's are.
    fileprivate init(
        dims: Int, _ inChannels: Int, _ outChannels: Int, _ kernelSize: any SpatialSize,
        _ stride: any SpatialSize, _ padding: Padding, _ dilation: any SpatialSize, _ groups: Int,
        _ bias: Bool, _ paddingMode: PaddingMode, _ dtype: DType
    ) {
        let given = kernelSize.spatialSizes
        let kernel = given.count == 1 ? [Int](repeating: given[0], count: dims) : given
        let channels = groups > 0 ? inChannels / groups : inChannels
        let bound = Init.bound(fanIn: kernel.reduce(channels, &*))
        weight = Parameter(Init.uniform([outChannels, channels] + kernel, bound, dtype))
        self.bias = bias ? Parameter(Init.uniform([outChannels], bound, dtype)) : nil
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.paddingMode = paddingMode
        self.dims = dims
    }

    public final func forward(_ x: Tensor) -> Tensor {
        let convolve:
            (Tensor, Tensor, Tensor?, any SpatialSize, Padding, any SpatialSize, Int)
                -> Tensor
        switch dims {
        case 1: convolve = conv1d
        case 2: convolve = conv2d
        default: convolve = conv3d
        }
        if paddingMode == .constant {
            return convolve(x, weight, bias, stride, padding, dilation, groups)
        }
        let padded = pad(x, sides, mode: paddingMode)
        return convolve(padded, weight, bias, stride, .valid, dilation, groups)
    }

    /// How many positions stand before and after each dimension, the last dimension first.
    private var sides: [Int] {
        func count(_ i: Int, _ sizes: [Int]) -> Int { sizes.count == 1 ? sizes[0] : sizes[i] }
        return (0..<dims).reversed().flatMap { i -> [Int] in
            switch padding {
            case .none: return [0, 0]
            // An odd number of counts is for `pad` to refuse.
            case .zeros(let sizes):
                let fits = sizes.count == 1 || sizes.count == dims
                return fits ? [count(i, sizes), count(i, sizes)] : [0]
            case .sameSize:
                let spacing = dilation.spatialSizes
                guard spacing.count == 1 || spacing.count == dims, weight.ndim == dims + 2
                else { return [0] }
                let total = count(i, spacing) &* (weight.shape[i + 2] - 1)
                return [total / 2, total - total / 2]
            }
        }
    }
}

/// A convolution over [batch, channels, length].
public final class Conv1d: ConvolutionLayer, @unchecked Sendable {
    /// Weights and bias start uniform in ±1/√(in channels / groups · kernel), as PyTorch's do.
    ///
    /// - Parameters:
    ///   - inChannels: The input's channels.
    ///   - outChannels: The result's channels.
    ///   - kernelSize: How many positions the window spans.
    ///   - stride: How far the window moves at a time, one number or one a dimension.
    ///   - padding: Positions on both sides, or `.same`, or `.valid`.
    ///   - dilation: How far apart the window's elements lie; 1 for neighbours.
    ///   - groups: Into how many groups the channels fall that do not mix.
    ///   - bias: Whether there are shifts.
    ///   - paddingMode: What stands around the input: zeros, or what its border says.
    ///   - dtype: The type of the parameters.
    /// - Errors: `.shape`, when it is called, for channels that `groups` does not divide.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: some ConvolutionPadding = 0,
        dilation: any SpatialSize = 1, groups: Int = 1, bias: Bool = true,
        paddingMode: PaddingMode = .zeros, dtype: DType = .float32
    ) {
        super.init(
            dims: 1, inChannels, outChannels, kernelSize, stride, padding.convolutionPadding,
            dilation, groups, bias, paddingMode, dtype)
    }
}

/// A convolution over [batch, channels, height, width].
public final class Conv2d: ConvolutionLayer, @unchecked Sendable {
    /// Weights and bias start uniform in ±1/√(in channels / groups · kernel), as PyTorch's do.
    ///
    /// - Parameters:
    ///   - inChannels: The input's channels.
    ///   - outChannels: The result's channels.
    ///   - kernelSize: One number for both dimensions, or one for each.
    ///   - stride: How far the window moves at a time, one number or one a dimension.
    ///   - padding: Positions on both sides, or `.same`, or `.valid`.
    ///   - dilation: How far apart the window's elements lie; 1 for neighbours.
    ///   - groups: Into how many groups the channels fall that do not mix.
    ///   - bias: Whether there are shifts.
    ///   - paddingMode: What stands around the input: zeros, or what its border says.
    ///   - dtype: The type of the parameters.
    /// - Errors: `.shape`, when it is called, for channels that `groups` does not divide.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: some ConvolutionPadding = 0,
        dilation: any SpatialSize = 1, groups: Int = 1, bias: Bool = true,
        paddingMode: PaddingMode = .zeros, dtype: DType = .float32
    ) {
        super.init(
            dims: 2, inChannels, outChannels, kernelSize, stride, padding.convolutionPadding,
            dilation, groups, bias, paddingMode, dtype)
    }
}

/// A convolution over [batch, channels, depth, height, width].
public final class Conv3d: ConvolutionLayer, @unchecked Sendable {
    /// Weights and bias start uniform in ±1/√(in channels / groups · kernel), as PyTorch's do.
    ///
    /// - Parameters:
    ///   - inChannels: The input's channels.
    ///   - outChannels: The result's channels.
    ///   - kernelSize: One number for all three dimensions, or one for each.
    ///   - stride: How far the window moves at a time, one number or one a dimension.
    ///   - padding: Positions on both sides, or `.same`, or `.valid`.
    ///   - dilation: How far apart the window's elements lie; 1 for neighbours.
    ///   - groups: Into how many groups the channels fall that do not mix.
    ///   - bias: Whether there are shifts.
    ///   - paddingMode: What stands around the input: zeros, or what its border says.
    ///   - dtype: The type of the parameters.
    /// - Errors: `.shape`, when it is called, for channels that `groups` does not divide.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: some ConvolutionPadding = 0,
        dilation: any SpatialSize = 1, groups: Int = 1, bias: Bool = true,
        paddingMode: PaddingMode = .zeros, dtype: DType = .float32
    ) {
        super.init(
            dims: 3, inChannels, outChannels, kernelSize, stride, padding.convolutionPadding,
            dilation, groups, bias, paddingMode, dtype)
    }
}

extension PaddingMode {
    /// Zeros: PyTorch's word for what convolutions have around their input.
    public static var zeros: PaddingMode { .constant }
}
