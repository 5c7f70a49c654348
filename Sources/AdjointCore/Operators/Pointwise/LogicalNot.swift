/// ¬x, element by element: true where x is 0.
public struct LogicalNot: ConstantOp {
    public static let info = OpInfo(
        "logicalNot", family: .pointwise, formula: "¬x", torch: "torch.logical_not")
    public static var samples: [Sample] { Sample.unary(LogicalNot(), over: .mask) }
    /// The operation; it has no parameters.
    public init() {}

    public func result(_ inputs: Operands) throws(TensorError) -> TensorSpec {
        TensorSpec(inputs.first.sizes, .bool)
    }

    public func compute(_ inputs: Operands, into output: Tensor) throws(TensorError) {
        let truth = try CPU.dense(inputs.first, .bool)
        try CPU.writing(output, as: .bool) { target in
            let (x, y) = (truth.elements(UInt8.self), target.elements(UInt8.self))
            CPU.parallel(target.numel) { begin, end in
                for i in begin..<end { y[i] = x[i] ^ 1 }
            }
        }
    }
}

extension Tensor {
    /// True where an element is 0 or false. Same as `torch.logical_not`.
    public func logicalNot() -> Tensor { apply(LogicalNot(), Operands(self)) }
    /// Writes 1 over elements that are 0 or false, and 0 over the others.
    @discardableResult public func logicalNot_() -> Tensor { copy_(logicalNot()) }
    /// True where an element is 0 or false.
    public static prefix func .! (x: Tensor) -> Tensor { x.logicalNot() }
}
