/// log Σ eˣ over some dimensions, without overflow.
public struct LogSumExp: Operator, Hashable {
    public static let info = OpInfo(
        "logSumExp", family: .reduction, formula: "log Σ eˣ", derivative: "e^(x - y)",
        torch: "torch.logsumexp", dtypes: .floating)
    let axes: Axes

    init(_ axes: Axes) { self.axes = axes }

    public func saves(for wanted: InputSet) -> SavedSet { [.input, .output] }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        try check(inputs.first.dtype)
        return TensorSpec(try axes.reduced(inputs.first.sizes), inputs.first.dtype)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.reduce(inputs.first, axes, into: output, CPU.logSumExp)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        axes.spread(cotangent, to: saved.sizes(0)) * weights(saved)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        tangents.a.map { apply(Sum(axes), Operands($0 * weights(saved))) }
    }

    private func weights(_ saved: Saved) -> Tensor {
        let x = saved[0]
        return (x - axes.spread(saved.output, to: x.sizes)).exp()
    }

    public func batched(_ inputs: Batch) throws(TensorError) -> Tensor? {
        inputs.reduced(axes) { apply(LogSumExp($1), $0) }
    }

    public static var samples: [Sample] {
        [
            Sample(LogSumExp(Axes([0])), .init([3, 2])),
            Sample(LogSumExp(Axes([0, -1], keeps: true)), .init([2, 3, 2])),
            Sample(LogSumExp(.all), .init([])), Sample(LogSumExp(Axes([1])), .init([0, 2])),
        ]
    }
}

extension Tensor {
    /// log Σ eˣ along one dimension, or several, without overflow; -infinity over nothing. Whole
    /// numbers are converted to float32.
    ///
    /// - Errors: `.index` for a dimension that is not there.
    public func logSumExp(dim: Int, keepDim: Bool = false) -> Tensor {
        logSumExp(dim: [dim], keepDim: keepDim)
    }
    /// log Σ eˣ along several dimensions, without overflow.
    public func logSumExp(dim: [Int], keepDim: Bool = false) -> Tensor {
        apply(
            LogSumExp(Axes(dim, keeps: keepDim)),
            Operands(dtype.isFloatingPoint ? self : to(.float32)))
    }
}
