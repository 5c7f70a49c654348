/// Positions in several dimensions, broadcast together, as one row-major position. Negative ones
/// count from the end.
struct FlatPositions: ConstantOp {
    static let info = OpInfo(
        "index", family: .indexing, formula: "Σ indexₖ strideₖ", torch: "")
    static let operandCount = 1...Int.max
    let sizes: [Int]

    init(_ sizes: [Int]) { self.sizes = sizes }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        if inputs.count != sizes.count {
            throw TensorError(
                .argument, "sizes are given for \(sizes.count) tensors, not \(inputs.count)")
        }
        var common: Dims = []
        for index in inputs {
            if !index.dtype.isInteger || index.dtype == .uint8 {
                throw TensorError(
                    .dtype,
                    "tensors used as indices hold signed integers or booleans, and this one "
                        + "\(index.dtype)")
            }
            guard let sizes = Layout.broadcastSizes(common, index.sizes) else {
                throw TensorError(
                    .shape,
                    "index tensors of shapes "
                        + inputs.map { "\($0.shape)" }.joined(separator: ", ")
                        + " do not broadcast together")
            }
            common = sizes
        }
        return TensorSpec(common, .int64)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        CPU.fill(output, .int(0))
        let flat = output.elements(Int64.self)
        for (k, index) in inputs.enumerated() {
            let positions = try CPU.positions(index, below: sizes[k], wraps: true)
            let layout = positions.layout.broadcast(to: output.sizes)
            let spread = try CPU.dense(Block(positions.storage, layout, .int64, .cpu), .int64)
            let p = spread.elements(Int64.self)
            let size = Int64(sizes[k])
            for i in 0..<output.numel { flat[i] = flat[i] &* size &+ p[i] }
        }
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, inputs.aligned())
    }

    static var samples: [Sample] {
        [
            Sample(FlatPositions([3, 4]), .init([2, 1], .indices(3)), .init([3], .indices(4)))
        ]
    }
}
