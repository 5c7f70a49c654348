/// The fraction that trunc cuts off.
public struct Frac: UnaryChainOp {
    public static let info = OpInfo(
        "frac", family: .pointwise, formula: "x - trunc x", derivative: "1", dtypes: .floating)
    public static let saves: SavedSet = .none
    public static var samples: [Sample] { Sample.unary(Frac(), over: .uniform(0.1, 0.9)) }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ x: T) -> T { x - x.rounded(.towardZero) }
    public func chain(_ flow: Tensor, _ saved: Saved) -> Tensor {
        flow
    }
}

extension Tensor {
    /// The fraction of each element, with its sign. Same as `torch.frac`.
    public func frac() -> Tensor { apply(Frac(), Operands(self)) }
    /// Writes x - trunc x over each element `x`.
    @discardableResult public func frac_() -> Tensor { applyInPlace(Frac(), self) }
}
