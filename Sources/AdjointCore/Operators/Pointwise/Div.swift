import CAdjoint

/// a / b, element by element, broadcast. Whole numbers give float32.
public struct Div: BinaryChainOp {
    public static let info = OpInfo(
        "div", family: .pointwise, formula: "a / b", derivative: "1 / b, -a / b²")
    public static let kernel: BinaryKernel? = BinaryKernel(adj_div_f32, adj_div_f64)
    public static var resultKind: ResultKind { .floating }
    public static var samples: [Sample] {
        Sample.binary(Div(), .uniform(-2, 2), .uniform(0.5, 2))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func saves(for wanted: InputSet) -> SavedSet {
        wanted.contains(1) ? .inputs : .second
    }
    public func value<T: Real>(_ a: T, _ b: T) -> T { a / b }
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        if i == 0 { return flow / saved[1] }
        let (a, b) = saved.pair
        return flow * -(a / b / b)
    }
}

extension Tensor {
    /// The quotient, element by element; shapes broadcast, whole numbers give float32.
    public static func / (a: consuming Tensor, b: Tensor) -> Tensor {
        apply(Div(), a, b)
    }
    /// Each element over a number; whole numbers give float32.
    public static func / (a: consuming Tensor, b: some TensorScalar) -> Tensor {
        apply(Div(), Operands(a, .number(b)))
    }
    /// A number over each element; whole numbers give float32.
    public static func / (a: some TensorScalar, b: consuming Tensor) -> Tensor {
        apply(Div(), Operands(.number(a), b))
    }

    /// This tensor divided by `other`. Same as `torch.div`.
    public func div(_ other: Tensor) -> Tensor { apply(Div(), Operands(self, other)) }
    /// This tensor over a number. Same as `torch.div`.
    public func div(_ other: some TensorScalar) -> Tensor { self / other }
    /// Divides in place.
    ///
    /// - Errors: `.dtype` for a tensor of whole numbers, which cannot hold the quotient.
    @discardableResult public func div_(_ other: Tensor) -> Tensor {
        applyInPlace(Div(), self, other)
    }
    /// Divides by a number in place.
    ///
    /// - Errors: `.dtype` for whole numbers, whose quotients are float32.
    @discardableResult public func div_(_ other: some TensorScalar) -> Tensor {
        div_(.number(other))
    }
    /// Divides in place: a write to this memory, also through a constant.
    public static func /= (a: Tensor, b: Tensor) { a.div_(b) }
    /// Divides by a number in place: a write to this memory, also through a constant.
    public static func /= (a: Tensor, b: some TensorScalar) { a.div_(b) }
}
