/// Every position along one dimension as a weighted sum of positions: linear and cubic
/// interpolation, means over ranges, and their transposes.
struct Resample: LinearOp {
    static let info = OpInfo(
        "resample", family: .convolution, formula: "y[j] = Σ w[j, k] x[k]",
        derivative: "the transposed sums", torch: "torch.nn.functional.interpolate",
        dtypes: .floating)
    let rule: ResampleRule
    /// How many dimensions come after the one that is resampled.
    let after: Int
    /// Its size, and that of the result; the other way round where transposed.
    let input: Int
    let output: Int
    var isTransposed = false

    func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let x = inputs.first
        try check(x.dtype)
        let (from, to) = isTransposed ? (output, input) : (input, output)
        if x.ndim <= after || x.sizes[x.ndim - 1 - after] != from {
            throw TensorError(
                .shape,
                "expected size \(from) before the last \(after) dimensions, but got shape \(x.shape)"
            )
        }
        var sizes = x.sizes
        sizes[x.ndim - 1 - after] = to
        return TensorSpec(sizes, x.dtype)
    }

    func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        // The transposed table is made beside the other, from a list of all positions.
        let room = rule.room(input, self.output)
        let all = isTransposed ? room.addingReportingOverflow(room &+ input) : (room, false)
        try TensorMemory.checkList(
            of: (Int64, Double).self, all.1 ? .max : all.0, for: inputs.first.sizes)
        let table = rule.table(input, self.output)
        try CPU.resample(
            inputs.first, isTransposed ? table.transposed : table, dim: output.ndim - 1 - after,
            into: output)
    }

    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        var op = self
        op.isTransposed.toggle()
        return apply(op, Operands(cotangent))
    }

    func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        apply(self, Operands(inputs[0]))
    }

    static var samples: [Sample] {
        let rules: [(ResampleRule, Int, Int)] = [
            (.ranges, 5, 3), (.ranges, 2, 5), (.linear(scale: 0.6, alignsCorners: false), 3, 5),
            (.linear(scale: 2, alignsCorners: true), 5, 3),
            (.cubic(scale: 0.75, alignsCorners: false), 3, 4), (.smoothLinear(scale: 2.5), 5, 2),
            (.smoothCubic(scale: 2), 6, 3),
        ]
        return rules.flatMap { rule, input, output in
            [
                Sample(
                    Resample(rule: rule, after: 1, input: input, output: output),
                    .init([2, input, 3])),
                Sample(
                    Resample(
                        rule: rule, after: 0, input: input, output: output, isTransposed: true),
                    .init([output])),
            ]
        }
    }
}
