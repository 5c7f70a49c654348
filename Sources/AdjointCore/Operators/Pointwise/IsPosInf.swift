/// Is the element +∞?
public struct IsPosInf: UnaryTestOp {
    public static let info = OpInfo("isposinf", family: .pointwise, formula: "isposinf x")
    public static var samples: [Sample] {
        Sample.unary(IsPosInf(), over: .these([0, .nan, .infinity, -.infinity, 1, -2]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func test<T: Real>(_ x: T) -> Bool { x == .infinity }
    public var wholeAnswer: Bool { false }
}

extension Tensor {
    /// True where an element is +∞. Same as `torch.isposinf`.
    public func isposinf() -> Tensor { apply(IsPosInf(), Operands(self)) }
}
