import CAdjoint

/// The sizes of a convolution, as all three of its kernels take them.
struct ConvolutionShape {
    let window: Window
    let groups: Int
    /// [batch, channels, spatial...].
    let input: Dims
    /// [output channels, input channels / groups, kernel...].
    let weight: Dims
    /// [batch, output channels, spatial...].
    let output: Dims

    /// True where no product is summed anywhere: the results are zeros, or nothing.
    fileprivate var isEmpty: Bool {
        input.product == 0 || weight.product == 0 || output.product == 0
    }

    fileprivate var kernelShape: adj_conv_shape {
        var shape = adj_conv_shape()
        shape.batch = input[0]
        shape.inChannels = input[1]
        shape.outChannels = weight[0]
        shape.groups = groups
        shape.dims = window.dims
        func triple(_ value: (Int) -> Int) -> (Int, Int, Int) {
            (value(0), window.dims > 1 ? value(1) : 1, window.dims > 2 ? value(2) : 1)
        }
        shape.in = triple { input[2 + $0] }
        shape.kernel = triple { weight[2 + $0] }
        shape.out = triple { output[2 + $0] }
        shape.stride = triple { window.stride[$0] }
        shape.padding = triple { window.padding[$0] }
        shape.dilation = triple { window.dilation[$0] }
        return shape
    }
}

extension CPU {
    /// output = x convolved with w, plus `bias` for each output channel.
    static func convolve(
        _ x: Block, _ w: Block, bias: Block?, _ shape: ConvolutionShape, into output: Block
    ) throws(TensorError) {
        if output.dtype.computeType == .float64 {
            try run(x, w, shape, output, .float64, adj_conv_forward_f64, bias, adj_add_f64)
        } else {
            try run(x, w, shape, output, .float32, adj_conv_forward_f32, bias, adj_add_f32)
        }
    }

    /// The gradient of the input of a convolution, from that of its output.
    static func convolveInputGradient(
        _ gradient: Block, _ w: Block, _ shape: ConvolutionShape, into output: Block
    ) throws(TensorError) {
        if output.dtype.computeType == .float64 {
            try run(gradient, w, shape, output, .float64, adj_conv_backward_input_f64)
        } else {
            try run(gradient, w, shape, output, .float32, adj_conv_backward_input_f32)
        }
    }

    /// The gradient of the weight of a convolution, from that of its output.
    static func convolveWeightGradient(
        _ gradient: Block, _ x: Block, _ shape: ConvolutionShape, into output: Block
    ) throws(TensorError) {
        if output.dtype.computeType == .float64 {
            try run(gradient, x, shape, output, .float64, adj_conv_backward_weight_f64)
        } else {
            try run(gradient, x, shape, output, .float32, adj_conv_backward_weight_f32)
        }
    }

    private static func run<T: Real>(
        _ a: Block, _ b: Block, _ shape: ConvolutionShape, _ output: Block, _ dtype: DType,
        _ kernel: (
            UnsafePointer<adj_conv_shape>?, UnsafePointer<T>?, UnsafePointer<T>?,
            UnsafeMutablePointer<T>?
        ) -> Void,
        _ bias: Block? = nil,
        _ add: (
            (
                UnsafePointer<T>?, Int, UnsafePointer<T>?, Int, UnsafeMutablePointer<T>?, Int, Int
            ) -> Void
        )? = nil
    ) throws(TensorError) {
        if output.numel == 0 { return }
        let (p, q) = try (dense(a, dtype), dense(b, dtype))
        var sizes = shape.kernelShape
        try writing(output, as: dtype) { (target) throws(TensorError) in
            if shape.isEmpty {
                fill(target, .int(0))
            } else {
                kernel(&sizes, p.elements(T.self), q.elements(T.self), target.elements(T.self))
            }
            guard let bias, let add else { return }
            let offsets = try dense(bias, dtype)
            let (b, y) = (offsets.elements(T.self), target.elements(T.self))
            let channels = shape.weight[0]
            let plane = target.numel / (shape.input[0] * channels)
            parallel(shape.input[0] * channels, grain: Swift.max(grain / plane, 1)) { begin, end in
                for i in begin..<end {
                    add(y + i * plane, 1, b + i % channels, 0, y + i * plane, 1, plane)
                }
            }
        }
    }
}
