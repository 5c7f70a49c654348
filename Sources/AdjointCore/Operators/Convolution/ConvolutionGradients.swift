/// The gradient of a convolution's input: the transposed convolution of the output's gradient
/// with the weight. Linear in either.
struct ConvolutionInputGradient: MultilinearOp {
    static let info = OpInfo(
        "convolutionInputGradient", family: .convolution, formula: "Σ over o of w[o, i] ⋆ᵀ ȳ[o]",
        derivative: "convolution with w; the weight's gradient",
        torch: "torch.nn.grad.conv2d_input",
        dtypes: .floating)
    static let autocast = AutocastRule.half
    let geometry: ConvolutionGeometry
    /// The shape of the input.
    let sizes: Dims

    /// Each element of the output's gradient goes to the kernel's elements of its group's channels.
    func multiplyAdds(_ inputs: [Tensor], _ outputs: [Tensor]) -> Int {
        inputs[0].numel &* inputs[1].shape.dropFirst().reduce(1, &*)
    }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        try geometry.checkGradient(inputs, input: sizes, weight: inputs.second!.sizes)
        return TensorSpec(sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (gradient, w) = (inputs.first, inputs.second!)
        let shape = try geometry.shape(input: sizes, weight: w.sizes)
        try CPU.convolveInputGradient(gradient, w, shape, into: output)
    }

    /// <c, wᵀ ȳ> = <w c, ȳ>, and by the weight it is <ȳ, w ⋆ c>.
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0
            ? apply(Convolution(geometry: geometry), Operands(cotangent, saved[1]))
            : apply(
                ConvolutionWeightGradient(geometry: geometry, sizes: saved.sizes(1)),
                Operands(saved[0], cotangent))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        if !inputs.isBatched(1) {
            var whole = sizes
            whole[0] = whole[0] &* inputs.size
            return inputs.foldingRows {
                apply(
                    ConvolutionInputGradient(geometry: geometry, sizes: whole),
                    Operands($0, inputs[1]))
            }
        }
        if inputs.size == 0 { return nil }
        var whole = sizes
        whole[1] = whole[1] &* inputs.size
        return apply(
            ConvolutionInputGradient(geometry: geometry.repeated(inputs.size), sizes: whole),
            Operands(inputs.whole(0).joiningChannels(), inputs[1].flatten(startDim: 0, endDim: 1))
        ).splittingChannels(inputs.size)
    }

    static var samples: [Sample] {
        gradientSamples { shape, geometry in
            Sample(
                ConvolutionInputGradient(geometry: geometry, sizes: shape.input),
                .init(shape.output), .init(shape.weight))
        }
    }
}

/// The gradient of a convolution's weight: the correlation of the output's gradient with the
/// input. Linear in either.
struct ConvolutionWeightGradient: MultilinearOp {
    static let info = OpInfo(
        "convolutionWeightGradient", family: .convolution, formula: "w̄[o, i] = ȳ[o] ⋆ x[i]",
        derivative: "convolution with the gradient; the input's gradient",
        torch: "torch.nn.grad.conv2d_weight", dtypes: .floating)
    let geometry: ConvolutionGeometry
    /// The shape of the weight.
    let sizes: Dims

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        try geometry.checkGradient(inputs, input: inputs.second!.sizes, weight: sizes)
        return TensorSpec(sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let (gradient, x) = (inputs.first, inputs.second!)
        let shape = try geometry.shape(input: x.sizes, weight: sizes)
        try CPU.convolveWeightGradient(gradient, x, shape, into: output)
    }

    /// <c, ȳ ⋆ x> = <c ⋆ x, ȳ>: a convolution of x with c; by x it is cᵀ ȳ.
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        i == 0
            ? apply(Convolution(geometry: geometry), Operands(saved[1], cotangent))
            : apply(
                ConvolutionInputGradient(geometry: geometry, sizes: saved.sizes(1)),
                Operands(saved[0], cotangent))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        if inputs.size == 0 { return nil }
        var whole = sizes
        whole[0] = whole[0] &* inputs.size
        return apply(
            ConvolutionWeightGradient(geometry: geometry.repeated(inputs.size), sizes: whole),
            Operands(inputs.whole(0).joiningChannels(), inputs.whole(1).joiningChannels())
        ).reshape([inputs.size] + sizes)
    }

    static var samples: [Sample] {
        gradientSamples { shape, geometry in
            Sample(
                ConvolutionWeightGradient(geometry: geometry, sizes: shape.weight),
                .init(shape.output), .init(shape.input))
        }
    }
}

private func gradientSamples(
    _ make: (ConvolutionShape, ConvolutionGeometry) -> Sample
) -> [Sample] {
    let cases: [(Dims, Dims, Int, Int, Int)] = [
        ([2, 2, 5, 4], [3, 2, 3, 2], 1, 1, 1), ([1, 4, 6], [2, 2, 3], 2, 0, 2),
        ([1, 1, 3, 3, 4], [2, 1, 2, 2, 2], 2, 1, 1),
    ]
    return cases.compactMap { x, w, stride, padding, groups in
        guard
            let window = try? Window(
                x.count - 2, kernel: Array(w.dropFirst(2)), stride: stride, padding: padding)
        else { return nil }
        let geometry = ConvolutionGeometry(window: window, groups: groups)
        guard let shape = try? geometry.shape(input: x, weight: w) else { return nil }
        return make(shape, geometry)
    }
}
