/// A number put around the elements. Negative widths cut positions off.
public struct ConstantPad: Operator {
    public static let info = OpInfo(
        "constantPadNd", family: .movement, formula: "x among copies of c",
        derivative: "the gradient without its margins", torch: "torch.constant_pad_nd")
    /// For each padded dimension, from the last one backwards, its width before and after.
    let widths: [Int]
    let value: Scalar

    init(_ widths: [Int], _ value: Scalar) {
        self.widths = widths
        self.value = value
    }

    /// The same widths with 0, of which the transpose is that with the opposite widths.
    private func linear(_ sign: Int) -> ConstantPad {
        ConstantPad(widths.map { sign * $0 }, .int(0))
    }

    public func saves(for wanted: InputSet) -> SavedSet { .none }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        var sizes = inputs.first.sizes
        if widths.count % 2 != 0 || widths.count > 2 * sizes.count {
            throw TensorError(
                .argument,
                "two widths, before and after, are needed for each of at most \(sizes.count) "
                    + "dimensions; got \(widths)")
        }
        for (k, i) in zip(0..<(widths.count / 2), sizes.indices.reversed()) {
            let (before, after) = (widths[2 * k], widths[2 * k + 1])
            let (once, first) = sizes[i].addingReportingOverflow(before)
            let (size, second) = once.addingReportingOverflow(after)
            if first || second || size < 0 || before == .min || after == .min {
                throw TensorError(
                    .argument,
                    "widths \(before) and \(after) leave no valid size of dimension \(i), which "
                        + "has \(sizes[i])")
            }
            sizes[i] = size
        }
        return TensorSpec(sizes, inputs.first.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        CPU.fill(output, value)
        var (from, to) = (inputs.first.layout, output.layout)
        for (k, i) in zip(0..<(widths.count / 2), from.sizes.indices.reversed()) {
            let (before, after) = (widths[2 * k], widths[2 * k + 1])
            // What is left after cuts; none where they meet.
            let length = from.sizes[i] + Swift.min(before, 0) + Swift.min(after, 0)
            if length <= 0 { return }
            from = try Slice(dim: i, start: Swift.max(-before, 0), length: length).view(from)
            to = try Slice(dim: i, start: Swift.max(before, 0), length: length).view(to)
        }
        let x = inputs.first
        try CPU.copy(
            Block(x.storage, from, x.dtype, .cpu),
            into: Block(output.storage, to, output.dtype, .cpu))
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Chain.carried(cotangent) { apply(linear(-1), Operands($0)) }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(linear(1), Operands($0)) }
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    public static var samples: [Sample] {
        [
            Sample(ConstantPad([1, 2], .float(1.5)), .init([2, 3])),
            Sample(ConstantPad([-1, 1, 2, -1], .int(0)), .init([2, 3, 4])),
            Sample(ConstantPad([-2, -1], .int(1)), .init([2, 3])),
            Sample(ConstantPad([-3, 1], .float(0.5)), .init([2, 3])),
            Sample(ConstantPad([], .int(0)), .init([])),
            Sample(ConstantPad([1, 1], .int(2)), .init([0])),
        ]
    }
}

extension Tensor {
    /// This tensor with `value` around it: two widths, before and after, for each dimension that
    /// is padded, from the last one backwards. Negative widths cut positions off. Same as
    /// `torch.constant_pad_nd`.
    ///
    /// - Errors: `.argument` for an odd number of widths, more than there are dimensions, or cuts
    ///   beyond a dimension's size.
    public func constantPadNd(_ pad: [Int], value: some TensorScalar = 0) -> Tensor {
        apply(ConstantPad(pad, value.scalar), Operands(self))
    }
}
