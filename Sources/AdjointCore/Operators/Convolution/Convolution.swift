/// What a convolution, its transposes and their derivatives have in common.
struct ConvolutionGeometry: Sendable, Hashable {
    let window: Window
    let groups: Int

    /// The sizes of all three tensors, checked.
    func shape(input: Dims, weight: Dims) throws(TensorError) -> ConvolutionShape {
        let spatial = try window.outputSizes(Array(input.dropFirst(2)))
        return ConvolutionShape(
            window: window, groups: groups, input: input, weight: weight,
            output: Dims([input[0], weight[0]] + spatial))
    }

    /// What the gradient operations share: an operand of the shape of the output, and of one dtype
    /// with the other.
    func checkGradient(_ inputs: Operands, input: Dims, weight: Dims) throws(TensorError) {
        let (gradient, other) = (inputs.first, inputs.second!)
        try check(input, weight, nil)
        let output = try shape(input: input, weight: weight).output
        if gradient.sizes != output || gradient.dtype != other.dtype {
            throw TensorError(
                gradient.dtype == other.dtype ? .shape : .dtype,
                "expected the gradient of an output of shape \(output) and dtype \(other.dtype), "
                    + "but got \(gradient.shape) and \(gradient.dtype)")
        }
    }

    func check(_ x: Dims, _ w: Dims, _ bias: Dims?) throws(TensorError) {
        let dims = window.dims
        if x.count != dims + 2 || w.count != dims + 2 {
            throw TensorError(
                .shape,
                "expected an input of \(dims + 1) or \(dims + 2) dimensions and a weight of "
                    + "\(dims + 2), but got shapes \(x) and \(w)")
        }
        if Array(w.dropFirst(2)) != window.kernel {
            throw TensorError(
                .shape, "expected a kernel of \(window.kernel), but the weight has shape \(w)")
        }
        if groups < 1 || w[0] % groups != 0 || w[1] != x[1] / groups || x[1] % groups != 0 {
            throw TensorError(
                .shape,
                "weight of shape \(w) with groups \(groups) takes "
                    + "\(w[1].multipliedReportingOverflow(by: groups).partialValue) input channels "
                    + "and a number of output channels that the groups divide, but the input has "
                    + "shape \(x)")
        }
        if let bias, bias != [w[0]] {
            throw TensorError(
                .shape,
                "expected a bias of shape [\(w[0])], one number an output channel, but got "
                    + "shape \(bias)")
        }
    }
}

/// The cross-correlation of an input [batch, channels, ...] with a weight, over one to three
/// spatial dimensions, plus a bias for each output channel where there is a third operand.
public struct Convolution: Operator {
    public static let info = OpInfo(
        "convolution", family: .convolution, formula: "y[o] = Σ w[o, i] ⋆ x[i] + b[o]",
        derivative: "transposed convolutions with w and with x; Σ ȳ", torch: "torch.convolution",
        dtypes: .floating)
    public static let autocast = AutocastRule.half
    let geometry: ConvolutionGeometry

    public func saves(for wanted: InputSet) -> SavedSet { .factors(wanted) }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, w) = (inputs.first, inputs.second!)
        for other in inputs where other.dtype != x.dtype {
            throw TensorError(
                .dtype,
                "expected input, weight and bias of one dtype, but got \(x.dtype) and "
                    + "\(other.dtype); convert one with to(_:)")
        }
        try check(x.dtype)
        try geometry.check(x.sizes, w.sizes, inputs.third?.sizes)
        return TensorSpec(try geometry.shape(input: x.sizes, weight: w.sizes).output, x.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (x, w) = (inputs.first, inputs.second!)
        let shape = try geometry.shape(input: x.sizes, weight: w.sizes)
        try CPU.convolve(x, w, bias: inputs.third, shape, into: output)
    }

    /// Each result gathers the kernel's elements of its group's channels.
    public func multiplyAdds(_ inputs: [Tensor], _ outputs: [Tensor]) -> Int {
        outputs[0].numel &* inputs[1].shape.dropFirst().reduce(1, &*)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        switch i {
        case 0:
            apply(
                ConvolutionInputGradient(geometry: geometry, sizes: saved.sizes(0)),
                Operands(cotangent, saved[1]))
        case 1:
            apply(
                ConvolutionWeightGradient(geometry: geometry, sizes: saved.sizes(1)),
                Operands(cotangent, saved[0]))
        // First along the rows in memory: summing over [0, 2, ...] at once would copy.
        default: cotangent.sum(dim: Array(2..<cotangent.ndim)).sum(dim: 0)
        }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        let (x, w) = (inputs.first, inputs.second!)
        var sum = tangents.a.map { apply(self, Operands($0, w)) }
        sum = Chain.sum(sum, tangents.b.map { apply(self, Operands(x, $0)) })
        let column = [-1] + [Int](repeating: 1, count: geometry.window.dims)
        return Chain.sum(sum, tangents.c.map { $0.reshape(column) })
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let bias = inputs.count > 2 ? inputs[2] : nil
        if !inputs.isBatched(1) {
            let shared = bias != nil && inputs.isBatched(2) ? nil : bias
            let y = inputs.foldingRows { apply(self, Operands($0, inputs[1], shared)) }
            return shared == nil ? y.adding(bias, inputs) : y
        }
        if inputs.size == 0 { return nil }
        let y = apply(
            Convolution(geometry: geometry.repeated(inputs.size)),
            Operands(inputs.whole(0).joiningChannels(), inputs[1].flatten(startDim: 0, endDim: 1)))
        return y.splittingChannels(inputs.size).adding(bias, inputs)
    }

    public static var samples: [Sample] {
        func sample(
            _ x: Dims, _ w: Dims, bias: Bool = true, stride: Int = 1, padding: Int = 0,
            dilation: Int = 1, groups: Int = 1
        ) -> Sample? {
            guard
                let window = try? Window(
                    x.count - 2, kernel: Array(w.dropFirst(2)), stride: stride, padding: padding,
                    dilation: dilation)
            else { return nil }
            let op = Convolution(geometry: .init(window: window, groups: groups))
            return Sample(op, [.init(x), .init(w)] + (bias ? [.init([w[0]])] : []))
        }
        return [
            sample([2, 2, 5, 4], [3, 2, 3, 2], padding: 1),
            sample([1, 4, 6], [2, 2, 3], stride: 2, dilation: 2, groups: 2),
            sample([1, 2, 3, 3, 4], [2, 2, 2, 2, 2], bias: false, stride: 2, padding: 1),
            sample([0, 2, 4, 4], [3, 2, 3, 3]),
        ].compactMap { $0 }
    }
}
