public import AdjointCore

/// What the three transposed convolutions share: weights, bias, and how the window moves.
public class ConvTransposeLayer: HookedLayer, @unchecked Sendable {
    /// [in channels, out channels / groups, kernel...].
    public final let weight: Parameter
    /// [out channels].
    public final let bias: Parameter?
    /// How far the window moves at a time in the output.
    public final let stride: any SpatialSize
    /// How many positions are taken away on both sides of the output.
    public final let padding: any SpatialSize
    /// How many positions are added at one end of each dimension of the output.
    public final let outputPadding: any SpatialSize
    /// How many parts the channels are divided into, each convolved by itself.
    public final let groups: Int
    /// How far apart the window's elements lie in the output; 1 for neighbours.
    public final let dilation: any SpatialSize
    private let dims: Int

    /// The weights are uniform in ±1/√(out channels / groups · kernel) at the start, as PyTorch's.
    fileprivate init(
        dims: Int, _ inChannels: Int, _ outChannels: Int, _ kernelSize: any SpatialSize,
        _ stride: any SpatialSize, _ padding: any SpatialSize, _ outputPadding: any SpatialSize,
        _ groups: Int, _ bias: Bool, _ dilation: any SpatialSize, _ dtype: DType
    ) {
        let given = kernelSize.spatialSizes
        let kernel = given.count == 1 ? [Int](repeating: given[0], count: dims) : given
        let channels = groups > 0 ? outChannels / groups : outChannels
        let bound = Init.bound(fanIn: kernel.reduce(channels, &*))
        weight = Parameter(Init.uniform([inChannels, channels] + kernel, bound, dtype))
        self.bias = bias ? Parameter(Init.uniform([outChannels], bound, dtype)) : nil
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.groups = groups
        self.dilation = dilation
        self.dims = dims
    }

    public final func forward(_ x: Tensor) -> Tensor { convolve(x, outputPadding) }

    /// The convolution whose output has the given last sizes: strides above 1 leave a choice.
    ///
    /// - Errors: `.argument` for sizes that no output padding gives.
    public final func callAsFunction(_ x: Tensor, outputSize: [Int]) -> Tensor {
        callWithHooks(x) { x in
            if x.isPoisoned || x.ndim < dims { return convolve(x, outputPadding) }
            let wanted = Array(outputSize.suffix(dims))
            let kernel = Array(weight.shape.suffix(dims))
            func all(_ size: any SpatialSize) -> [Int] {
                let sizes = size.spatialSizes
                return sizes.count == 1 ? [Int](repeating: sizes[0], count: dims) : sizes
            }
            let (strides, pads, spacing) = (all(stride), all(padding), all(dilation))
            guard wanted.count == dims, kernel.count == dims, strides.count == dims,
                pads.count == dims, spacing.count == dims
            else { return refuse(outputSize) }
            let surplus = (0..<dims).map { i in
                let least =
                    (x.shape[x.ndim - dims + i] - 1) &* strides[i] &- 2 &* pads[i]
                    &+ spacing[i] &* (kernel[i] - 1) &+ 1
                return wanted[i] &- least
            }
            guard zip(surplus, strides).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
                return refuse(outputSize)
            }
            return convolve(x, surplus)
        }
    }

    private func refuse(_ size: [Int]) -> Tensor {
        Failure.poison(
            TensorError(
                .argument, "no output padding below the stride gives outputs of size \(size)",
                operation: "convTranspose\(dims)d"))
    }

    private func convolve(_ x: Tensor, _ outputPadding: any SpatialSize) -> Tensor {
        let convolve =
            switch dims {
            case 1: convTranspose1d
            case 2: convTranspose2d
            default: convTranspose3d
            }
        return convolve(x, weight, bias, stride, padding, outputPadding, groups, dilation)
    }
}

/// The transpose of `Conv1d`, over [batch, channels, length].
public final class ConvTranspose1d: ConvTransposeLayer, @unchecked Sendable {
    /// Weights and bias start uniform in ±1/√(out channels / groups · kernel), as PyTorch's do.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: any SpatialSize = 0,
        outputPadding: any SpatialSize = 0, groups: Int = 1, bias: Bool = true,
        dilation: any SpatialSize = 1, dtype: DType = .float32
    ) {
        super.init(
            dims: 1, inChannels, outChannels, kernelSize, stride, padding, outputPadding, groups,
            bias, dilation, dtype)
    }
}

/// The transpose of `Conv2d`, over [batch, channels, height, width].
public final class ConvTranspose2d: ConvTransposeLayer, @unchecked Sendable {
    /// Weights and bias start uniform in ±1/√(out channels / groups · kernel), as PyTorch's do.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: any SpatialSize = 0,
        outputPadding: any SpatialSize = 0, groups: Int = 1, bias: Bool = true,
        dilation: any SpatialSize = 1, dtype: DType = .float32
    ) {
        super.init(
            dims: 2, inChannels, outChannels, kernelSize, stride, padding, outputPadding, groups,
            bias, dilation, dtype)
    }
}

/// The transpose of `Conv3d`, over [batch, channels, depth, height, width].
public final class ConvTranspose3d: ConvTransposeLayer, @unchecked Sendable {
    /// Weights and bias start uniform in ±1/√(out channels / groups · kernel), as PyTorch's do.
    public init(
        _ inChannels: Int, _ outChannels: Int, kernelSize: any SpatialSize,
        stride: any SpatialSize = 1, padding: any SpatialSize = 0,
        outputPadding: any SpatialSize = 0, groups: Int = 1, bias: Bool = true,
        dilation: any SpatialSize = 1, dtype: DType = .float32
    ) {
        super.init(
            dims: 3, inChannels, outChannels, kernelSize, stride, padding, outputPadding, groups,
            bias, dilation, dtype)
    }
}
