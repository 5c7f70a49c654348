/// A tensor with more positions at both ends of some dimensions, filled with a number, or with
/// fewer where the counts are negative.
struct PadConstant: Operator {
    static let info = OpInfo(
        "pad", family: .movement, formula: "x among positions that hold v",
        derivative: "the gradient without the new positions",
        torch: "torch.nn.functional.pad")
    /// How many positions go before and after each dimension, the first one first.
    let before: [Int]
    let after: [Int]
    let value: Scalar

    func saves(for wanted: InputSet) -> SavedSet { .none }

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        var sizes = x.sizes
        if before.count != x.ndim || after.count != x.ndim {
            throw TensorError(
                .shape, "expected \(before.count) dimensions, but got shape \(x.shape)")
        }
        for i in 0..<x.ndim {
            let (sum, p) = sizes[i].addingReportingOverflow(before[i])
            let (size, q) = sum.addingReportingOverflow(after[i])
            if p || q || size < 0 || before[i] < -sizes[i] || after[i] < -sizes[i] {
                throw TensorError(
                    .argument,
                    "padding of \(before[i]) and \(after[i]) leaves nothing of dimension \(i) of "
                        + "shape \(x.shape)")
            }
            sizes[i] = size
        }
        return TensorSpec(sizes, x.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        CPU.fill(output, value)
        var (from, to) = (inputs.first.layout, output.layout)
        for i in 0..<from.rank {
            let lost = Swift.max(-before[i], 0)
            let length = Swift.max(from.sizes[i] - lost - Swift.max(-after[i], 0), 0)
            if length == 0 { return }
            from = try Slice(dim: i, start: lost, length: length).view(from)
            to = try Slice(dim: i, start: Swift.max(before[i], 0), length: length).view(to)
        }
        let x = inputs.first
        CPU.copy(
            Block(x.storage, from, x.dtype, x.device),
            into: Block(output.storage, to, output.dtype, output.device))
    }

    func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Chain.carried(cotangent) {
            apply(
                PadConstant(before: before.map { -$0 }, after: after.map { -$0 }, value: .int(0)),
                Operands($0))
        }
    }

    func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map {
            apply(PadConstant(before: before, after: after, value: .int(0)), Operands($0))
        }
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(
            PadConstant(before: [0] + before, after: [0] + after, value: value), Operands(inputs[0])
        )
    }

    static var samples: [Sample] {
        [
            Sample(
                PadConstant(before: [1, 0], after: [2, 1], value: .float(1.5)), .init([2, 3])),
            Sample(PadConstant(before: [-1, 2], after: [1, -1], value: .int(0)), .init([3, 2])),
            Sample(PadConstant(before: [1], after: [1], value: .int(2)), .init([0])),
            Sample(PadConstant(before: [-2], after: [3], value: .int(2)), .init([2])),
            Sample(PadConstant(before: [], after: [], value: .int(2)), .init([])),
        ]
    }
}
