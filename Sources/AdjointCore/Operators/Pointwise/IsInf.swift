/// Is the element an infinity?
public struct IsInf: UnaryTestOp {
    public static let info = OpInfo("isinf", family: .pointwise, formula: "isinf x")
    public static var samples: [Sample] {
        Sample.unary(IsInf(), over: .these([0, .nan, .infinity, -.infinity, 1, -2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func test<T: Real>(_ x: T) -> Bool { x.isInfinite }
    public var wholeAnswer: Bool { false }
}

extension Tensor {
    /// True where an element is infinite, of either sign. Same as `torch.isinf`.
    public func isinf() -> Tensor { apply(IsInf(), Operands(self)) }
}
