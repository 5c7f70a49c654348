/// 0 below zero, 1 above, and `b` at zero. PyTorch knows no derivative for it, nor do we.
public struct Heaviside: BinaryChainOp {
    public static let info = OpInfo(
        "heaviside", family: .pointwise, formula: "a < 0 ? 0 : a = 0 ? b : 1")
    public static var differentiability: Differentiability { .missing }
    public static var samples: [Sample] {
        Sample.binary(Heaviside(), .these([-1, 0, 2]), .these([0.5]))
    }
    /// The operation; it has no parameters.
    public init() {}
    public func value<T: Real>(_ a: T, _ b: T) -> T { a.isNaN ? a : a == 0 ? b : a < 0 ? 0 : 1 }
    public func value(_ a: Int64, _ b: Int64) -> Int64 { a == 0 ? b : a < 0 ? 0 : 1 }
    /// Recording is refused at the door; this is for forward mode.
    public func chain(_ flow: Tensor, wrt i: Int, _ saved: Saved) -> Tensor {
        Failure.poison(
            TensorError(
                .autograd, "the derivative of heaviside is not implemented",
                operation: Self.info.name), like: flow.sizes, flow.dtype)
    }
}

extension Tensor {
    /// 0 where an element is negative, 1 where positive, that of `values` where zero. Same as
    /// `torch.heaviside`.
    ///
    /// - Errors: `.autograd` where a gradient would be needed: the derivative is not known.
    public func heaviside(_ values: Tensor) -> Tensor {
        apply(Heaviside(), Operands(self, values))
    }
}
