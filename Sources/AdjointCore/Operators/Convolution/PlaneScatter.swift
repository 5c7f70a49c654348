/// Each element of the first operand added at its position, which the second one gives, in a
/// plane of zeros; planes are the last dimensions. Linear in the first.
struct PlaneScatter: Operator {
    static let info = OpInfo(
        "planeScatter", family: .convolution, formula: "y[plane, index] += x",
        derivative: "the gradient at the same positions", torch: "torch.nn.functional.max_unpool2d",
        dtypes: .floating)
    /// The shape of the result.
    let sizes: Dims
    let dims: Int

    func saves(for wanted: InputSet) -> SavedSet { .second }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (x, indices) = (inputs.first, inputs.second!)
        try check(x.dtype)
        try checkPlanes(indices, of: sizes, dims)
        if x.sizes != indices.sizes {
            throw TensorError(
                .shape,
                "expected a number for each position of shape \(indices.shape), but got "
                    + "shape \(x.shape)")
        }
        return TensorSpec(sizes, x.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.scatterPlanes(inputs.first, inputs.second!, dims: dims, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        apply(PlaneGather(dims: dims), Operands(cotangent, saved[1]))
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(self, Operands($0, saved[1])) }
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        let whole = Dims([inputs.size] + sizes)
        return apply(PlaneScatter(sizes: whole, dims: dims), Operands(inputs.wholes))
    }

    static var samples: [Sample] {
        [
            Sample(
                PlaneScatter(sizes: [2, 1, 3, 3], dims: 2), .init([2, 1, 2, 2]),
                .init([2, 1, 2, 2], .indices(9)))
        ]
    }
}

/// The elements of each plane of the first operand at the positions that the second one gives.
/// Linear in the first.
struct PlaneGather: Operator {
    static let info = OpInfo(
        "planeGather", family: .convolution, formula: "y = x[plane, index]",
        derivative: "the gradient added at the same positions", torch: "", dtypes: .floating)
    let dims: Int

    func saves(for wanted: InputSet) -> SavedSet { .second }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        try checkPlanes(inputs.second!, of: inputs.first.sizes, dims)
        return TensorSpec(inputs.second!.sizes, inputs.first.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.gatherPlanes(inputs.first, inputs.second!, dims: dims, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        apply(
            PlaneScatter(sizes: saved.sizes(0), dims: dims), Operands(cotangent, saved[1]))
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(self, Operands($0, saved[1])) }
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs.wholes))
    }

    static var samples: [Sample] {
        [
            Sample(
                PlaneGather(dims: 2), .init([2, 1, 3, 3]), .init([2, 1, 2, 2], .indices(9)))
        ]
    }
}

/// Positions are int64, in as many planes as there are.
private func checkPlanes(_ indices: Tensor, of sizes: Dims, _ dims: Int) throws(TensorError) {
    let lead = sizes.dropLast(dims)
    if indices.dtype != .int64 {
        throw TensorError(.dtype, "positions are int64, but these are \(indices.dtype)")
    }
    if sizes.count < dims || indices.ndim != sizes.count
        || !lead.elementsEqual(indices.sizes.dropLast(dims))
    {
        throw TensorError(
            .shape,
            "positions of shape \(indices.shape) do not fit planes of shape \(sizes), of \(dims) "
                + "dimensions each")
    }
}
