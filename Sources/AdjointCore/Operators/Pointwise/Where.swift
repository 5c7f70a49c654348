/// a where a condition holds, b elsewhere; all three broadcast.
public struct Where: Operator {
    public static let info = OpInfo(
        "where", family: .pointwise, formula: "c ? a : b", derivative: "-, c, ¬c", dtypes: .bool)
    public static var samples: [Sample] {
        let shapes: [(Dims, Dims, Dims)] = [
            ([2, 3], [2, 3], [2, 3]), ([2, 3], [3], [2, 1]), ([3], [2, 3], []), ([], [], []),
            ([2, 1], [], []), ([0], [0], [1]),
        ]
        return shapes.map {
            Sample(Where(), .init($0.0, .mask), .init($0.1), .init($0.2))
        }
    }
    /// The operation; it has no parameters.
    public init() {}

    public func saves(for wanted: InputSet) -> SavedSet { .input }

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        let (condition, a, b) = (inputs.first, inputs.second!, inputs.third!)
        if condition.dtype != .bool {
            throw TensorError(
                .dtype,
                "expected the condition to be a bool tensor, but got \(condition.dtype); "
                    + "compare it first, as in x .!= 0")
        }
        let branches = try broadcastSizes(a, b)
        guard let sizes = Layout.broadcastSizes(condition.sizes, branches) else {
            throw TensorError(
                .shape,
                "a condition of shape \(condition.shape) does not broadcast with \(branches)")
        }
        return TensorSpec(sizes, promotedType(a, b))
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        try CPU.select(inputs.first, inputs.second!, inputs.third!, into: output)
    }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        switch i {
        case 1: Chain.branch(cotangent, switchedOff: saved[0].logicalNot())
        case 2: Chain.branch(cotangent, switchedOff: saved[0])
        default: nil
        }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        if tangents.b == nil && tangents.c == nil { return nil }
        return Tensor.where(saved[0], tangents.b ?? .number(0), tangents.c ?? .number(0))
    }
}

extension Tensor {
    /// `a` where `condition` is true, `b` elsewhere; all three broadcast, dtypes promote. Same as
    /// `torch.where`. No gradient, and no NaN, comes back from what was not chosen.
    public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
        apply(Where(), Operands(condition, a, b))
    }
    /// `a` where `condition` is true, a number elsewhere.
    public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: some TensorScalar) -> Tensor {
        apply(Where(), Operands(condition, a, .number(b)))
    }
    /// A number where `condition` is true, `b` elsewhere.
    public static func `where`(_ condition: Tensor, _ a: some TensorScalar, _ b: Tensor) -> Tensor {
        apply(Where(), Operands(condition, .number(a), b))
    }
    /// One number where `condition` is true, another elsewhere. Two whole numbers give int64,
    /// others float32.
    public static func `where`(
        _ condition: Tensor, _ a: some TensorScalar, _ b: some TensorScalar
    ) -> Tensor {
        apply(Where(), Operands(condition, .number(a), .number(b)))
    }
}
