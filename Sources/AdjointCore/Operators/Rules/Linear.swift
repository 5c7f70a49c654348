/// An operation that is linear in all its tensors together: sums, copies, rearrangements. The
/// author writes the transpose; the tangent of the result is the operation on the tangents.
public protocol LinearOp: Operator {
    /// The gradient for input `i`.
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor
}

extension LinearOp {
    public func saves(for wanted: InputSet) -> SavedSet { .none }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        Chain.carried(cotangent) { transpose($0, wrt: i, saved) }
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        apply(
            self,
            Operands(
                inputs.enumerated().map { i, input in
                    tangents[i] ?? Tangents.zeros(input.spec, input.device)
                }))
    }
}

/// An operation that is linear in each of its tensors: products. The author writes one transpose
/// an input; the tangent of the result follows by the product rule.
public protocol MultilinearOp: Operator {
    /// The gradient for input `i`, which reads the other inputs.
    func transpose(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor
}

extension MultilinearOp {
    /// The gradient of each input needs the others, and not itself.
    public func saves(for wanted: InputSet) -> SavedSet { .factors(wanted) }

    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? {
        transpose(cotangent, wrt: i, saved)
    }

    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? {
        var sum: Tensor?
        for i in inputs.indices {
            guard let tangent = tangents[i] else { continue }
            sum = Chain.sum(sum, apply(self, inputs.replacing(i, with: tangent)))
        }
        return sum
    }
}

/// An operation whose result does not change with small changes of its inputs.
public protocol ConstantOp: Operator {}

extension ConstantOp {
    public static var differentiability: Differentiability { .constant }
    public func saves(for wanted: InputSet) -> SavedSet { .none }
    public func pull(_ cotangent: Tensor, wrt i: Int, _ saved: Saved) -> Tensor? { nil }
    public func push(_ tangents: TensorSlots, _ inputs: Operands, _ saved: Saved) -> Tensor? { nil }
}

extension SavedSet {
    /// What a product of two keeps: for the gradient of each factor the other one.
    static func factors(_ wanted: InputSet) -> SavedSet {
        var set: SavedSet = []
        if wanted.contains(0) { set.insert(.second) }
        if wanted.contains(1) { set.insert(.input) }
        return set
    }
}
