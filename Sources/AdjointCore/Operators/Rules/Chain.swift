/// The two steps of the chain rule.
enum Chain {
    static func sum(_ a: Tensor?, _ b: Tensor?) -> Tensor? {
        guard let a else { return b }
        guard let b else { return a }
        return a + b
    }

    /// `op.chain(flow, saved)` in one loop; nil where there is none, or where something is
    /// recorded or carries a tangent, so that the composed rule has to run.
    @inline(__always)
    static func fused<Op: UnaryChainOp>(_ op: Op, _ flow: Tensor, _ saved: Saved) -> Tensor? {
        guard let kernel = op.backwardKernel else { return nil }
        let point = Op.saves == .output ? saved.output : saved[0]
        guard flow.dtype == point.dtype, flow.sizes == point.sizes,
            flow.dtype == .float32 || flow.dtype == .float64, flow.state == nil,
            flow.flags.union(point.flags).isDisjoint(with: [.dual, .batched]),
            !Mode.current.records
        else { return nil }
        return apply(BackwardLoop(kernel: kernel), Operands(flow, point))
    }
}

/// A flow times the derivative of a pointwise operation, in one loop. The chain rule uses it where
/// the result will not be differentiated again.
struct BackwardLoop: Operator {
    static let info = OpInfo(
        "backward", family: .pointwise, formula: "g · f'(x)", dtypes: .floating)
    static var differentiability: Differentiability { .missing }
    static var worksInPlace: Bool { true }
    static var samples: [Sample] { [] }
    let kernel: BackwardKernel

    func saves(for wanted: InputSet) -> SavedSet { .none }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec { inputs.first.spec }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.backward(kernel, inputs.first, inputs.second!, into: output)
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? { nil }
    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? { nil }
    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs.wholes))
    }
}
